"""aiogram's models are built when first used, and all of them can be."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref

import aiogram.methods
import aiogram.types
from aiogram.methods.base import Response
from pydantic import BaseModel

import navaar_telegram_session
from navaar_runtime.lazy_models import import_unbuilt

UNBUILT = """
import navaar_telegram_gateway, aiogram.types, aiogram.methods
models = [getattr(m, n) for m in (aiogram.types, aiogram.methods) for n in m.__all__]
models = [m for m in models if hasattr(m, "__pydantic_complete__")]
print(sum(m.__pydantic_complete__ for m in models), len(models))
"""


def models() -> list[type[BaseModel]]:
    public = (getattr(m, n) for m in (aiogram.types, aiogram.methods) for n in m.__all__)
    return [model for model in public if isinstance(model, type) and issubclass(model, BaseModel)]


def test_hardly_a_model_is_built_at_import() -> None:
    answer = subprocess.run([sys.executable, "-c", UNBUILT], capture_output=True, text=True, check=True)
    built, there = map(int, answer.stdout.split())
    assert there > 300
    assert built < there / 2


def test_every_model_can_be_built() -> None:
    assert navaar_telegram_session.import_unbuilt is import_unbuilt
    assert len(models()) > 300
    for model in models():
        assert model.model_rebuild() in (True, None), model
        assert model.__pydantic_complete__


def test_an_answer_and_an_update_are_read_whole() -> None:
    message = {"message_id": 3, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "hello"}
    answer = Response[aiogram.types.Message].model_validate({"ok": True, "result": message})
    assert isinstance(answer.result, aiogram.types.Message)
    update = aiogram.types.Update.model_validate({"update_id": 1, "message": {**message, "reply_to_message": message}})
    assert update.message is not None
    assert isinstance(update.message.reply_to_message, aiogram.types.Message)


def test_what_an_answer_is_read_with_is_built_once() -> None:
    """Nobody holds it between two answers, and garbage is collected in between."""
    built = weakref.ref(Response[list[aiogram.types.Update]])
    gc.collect()
    assert built() is Response[list[aiogram.types.Update]]
