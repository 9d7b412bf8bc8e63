"""Requests to the Bot API, posts and files are counted by what became of them."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram import Bot
from aiogram import exceptions as ai
from aiogram.methods import GetMe
from prometheus_client import REGISTRY

from navaar_runtime.failures import AuthRejected, Permanent, RateLimited
from navaar_telegram_gateway import metrics
from navaar_telegram_gateway.rate_limiter import RateLimiter
from navaar_telegram_session.error_mapping import OutcomeUnknown

METHOD = GetMe()
BOT = Bot("123456789:AAExampleExampleExampleExampleExample")


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"navaar_{name}", labels) or 0.0


def api(kind: type[Any], message: str = "no", **more: Any) -> Exception:
    made: Exception = kind(method=METHOD, message=message, **more)
    return made


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, "ok"),
        (api(ai.TelegramRetryAfter, retry_after=30), "rate_limited"),
        (api(ai.TelegramUnauthorizedError), "refused"),
        (api(ai.TelegramForbiddenError), "refused"),
        (api(ai.TelegramBadRequest), "client_error"),
        (api(ai.TelegramEntityTooLarge), "client_error"),
        (api(ai.TelegramServerError), "server_error"),
        (api(ai.TelegramNetworkError), "no_answer"),
        (TimeoutError(), "no_answer"),
        (ai.ClientDecodeError("unread", ValueError(), {"ok": True}), "ok"),
    ],
)
async def test_every_request_is_counted_under_its_method_and_outcome(error: Exception | None, outcome: str) -> None:
    async def make_request(bot: Bot, method: Any) -> str:
        if error is not None:
            raise error
        return "answer"

    labels = {"platform": "telegram", "operation": "getMe", "outcome": outcome}
    before = value("platform_requests_total", **labels)
    if error is None:
        assert await metrics.count_request(make_request, BOT, METHOD) == "answer"
    else:
        with pytest.raises(type(error)):
            await metrics.count_request(make_request, BOT, METHOD)
    assert value("platform_requests_total", **labels) == before + 1


@pytest.mark.parametrize(
    ("error", "counted"),
    [
        (None, {"success": 1, "failure": 0}),
        (Permanent("no"), {"success": 0, "failure": 1}),
        (OutcomeUnknown("perhaps"), {"success": 0, "failure": 1}),
        (RateLimited(5, "later"), {"success": 0, "failure": 0}),
        (AuthRejected("no"), {"success": 0, "failure": 0}),
    ],
)
def test_posts_and_files_count_once_they_ended(error: Exception | None, counted: dict[str, int]) -> None:
    for around, name in ((metrics.uploading, "tg_upload_total"), (metrics.downloading, "tg_download_total")):
        before = {result: value(name, result=result) for result in counted}
        try:
            with around():
                if error is not None:
                    raise error
        except (Permanent, OutcomeUnknown, RateLimited, AuthRejected) as raised:
            assert raised is error
        assert {result: value(name, result=result) - was for result, was in before.items()} == counted


async def test_the_posts_left_in_a_minute_are_told() -> None:
    limiter = RateLimiter(0.0, 3)
    assert limiter.left() == 3
    await limiter.turn()
    await limiter.turn()
    assert limiter.left() == 1
    limiter.give_back()
    assert limiter.left() == 2
    assert RateLimiter(0.0).left() is None
