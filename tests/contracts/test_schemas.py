"""The messages of yesterday must still be readable today.

`tests/contracts/schemas` holds each message's JSON Schema as it was when it was last changed on purpose. After such a
change run `uv run python -m tests.contracts.snapshot`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from navaar_contracts.commands import COMMANDS
from navaar_contracts.events import EVENTS
from navaar_contracts.message import Message
from navaar_contracts.queries import QUERIES
from tests.contracts.snapshot import FOLDER, schema_of

ALL = (*COMMANDS, *EVENTS, *QUERIES, *(query.answer for query in QUERIES))
BY_NAME = {cls.__name__: cls for cls in ALL}


@pytest.mark.parametrize("name", BY_NAME)
def test_snapshot_is_what_the_code_says(name: str) -> None:
    path = FOLDER / f"{name}.json"
    assert path.is_file(), f"{name} is new: run `uv run python -m tests.contracts.snapshot`"
    assert json.loads(path.read_text(encoding="utf-8")) == schema_of(BY_NAME[name])


def test_no_message_disappeared() -> None:
    assert {p.stem for p in FOLDER.glob("*.json")} <= set(BY_NAME)


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "samples").glob("*.json")), ids=lambda p: p.stem)
def test_messages_written_by_earlier_versions_still_parse(path: Path) -> None:
    sample: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    cls = BY_NAME[sample["type"]]
    message = cls.model_validate(sample["body"])
    if isinstance(message, Message):
        assert message.subject() == sample["subject"]
        assert message.message_id() == sample["message_id"]


def test_unknown_fields_are_ignored_so_that_newer_senders_may_add_some() -> None:
    cls = BY_NAME["DiscardAudio"]
    assert cls.model_validate({"link": "main", "track_id": 1, "names": [], "a_new_field": 1})


@pytest.mark.parametrize("cls", (*COMMANDS, *EVENTS), ids=lambda c: c.__name__)
def test_every_message_says_what_it_is(cls: type[Message]) -> None:
    assert cls.__doc__
    assert all(
        token and token == token.lower() and not set(token) & set(" *>")
        for token in (getattr(cls, "topic", None) or getattr(cls, "imperative", "")).split(".")
    )
