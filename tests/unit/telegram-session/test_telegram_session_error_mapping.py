"""What each error of the client means."""

from __future__ import annotations

import asyncio
import traceback
from typing import Any

import aiohttp
import pytest
from aiogram import exceptions as ai
from aiogram.methods import GetMe
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from navaar_runtime.failures import AuthRejected, Failure, Permanent, RateLimited, Transient
from navaar_telegram_session.error_mapping import OutcomeUnknown, Refusal, meaning_of, refusal_of, translated

TOKEN = "123456789:AAExampleExampleExampleExampleExample"
ADDRESS = f"https://api.telegram.org/file/bot{TOKEN}/music/file_1.mp3"
METHOD = GetMe()


def api(kind: type[Any], message: str, **more: Any) -> Any:
    return kind(method=METHOD, message=message, **more)


def network(cause: BaseException | None = None) -> ai.TelegramNetworkError:
    error = ai.TelegramNetworkError(method=METHOD, message=f"ClientError: {ADDRESS}")
    error.__cause__ = cause
    return error


def answer(status: int) -> aiohttp.ClientResponseError:
    headers: CIMultiDictProxy[str] = CIMultiDictProxy(CIMultiDict())
    info = aiohttp.RequestInfo(URL(ADDRESS), "GET", headers, URL(ADDRESS))
    return aiohttp.ClientResponseError(info, (), status=status, message="no")


def unreachable() -> aiohttp.ClientConnectorError:
    return aiohttp.ClientConnectorError(None, OSError(111, "refused"))  # type: ignore[arg-type]


CERTAIN: list[tuple[BaseException, type[Failure], str]] = [
    (api(ai.TelegramRetryAfter, "Too Many Requests", retry_after=7), RateLimited, "7 s"),
    (api(ai.TelegramUnauthorizedError, "Unauthorized"), AuthRejected, "NAVAAR_TELEGRAM_BOT_TOKEN"),
    (api(ai.TelegramNotFound, "Not Found"), AuthRejected, "NAVAAR_TELEGRAM_API_BASE"),
    (api(ai.TelegramNotFound, "Not Found: method not found"), Permanent, "method not found"),
    (api(ai.TelegramEntityTooLarge, "Request Entity Too Large"), Permanent, "too large"),
    (api(ai.TelegramMigrateToChat, "moved", migrate_to_chat_id=-5), Permanent, "-5"),
    (api(ai.TelegramForbiddenError, "Forbidden: bot was kicked from the channel chat"), Permanent, "was removed"),
    (api(ai.TelegramForbiddenError, "Forbidden: bot is not a member of the channel chat"), Permanent, "not in the"),
    (api(ai.TelegramBadRequest, "Bad Request: chat not found"), Permanent, "NAVAAR_TELEGRAM_CHANNEL_ID"),
    (api(ai.TelegramBadRequest, "Bad Request: need administrator rights in the channel chat"), Permanent, "no admin"),
    (api(ai.TelegramBadRequest, "Bad Request: not enough rights to send audios to the chat"), Permanent, "allowed"),
    (api(ai.TelegramBadRequest, "Bad Request: CHAT_WRITE_FORBIDDEN"), Permanent, "allowed"),
    (api(ai.TelegramBadRequest, "Bad Request: file is too big"), Permanent, "20 MB"),
    (api(ai.TelegramBadRequest, "Bad Request: something new"), Permanent, "something new"),
    (api(ai.TelegramConflictError, "Conflict: terminated by other getUpdates"), Transient, "Another program"),
    (api(ai.TelegramAPIError, "Too Many Requests"), RateLimited, "too many"),
    (api(ai.TelegramAPIError, "I'm a teapot"), Permanent, "teapot"),
    (network(unreachable()), Transient, "cannot be reached"),
    (unreachable(), Transient, "cannot be reached"),
    (aiohttp.InvalidURL(ADDRESS), Permanent, "NAVAAR_TELEGRAM_API_BASE"),
    (answer(401), AuthRejected, "NAVAAR_TELEGRAM_BOT_TOKEN"),
    (answer(429), RateLimited, "too many"),
]
UNCLEAR: list[tuple[BaseException, str]] = [
    (api(ai.TelegramServerError, "Internal Server Error"), "internal error"),
    (network(), "connection broke"),
    (network(TimeoutError()), "in time"),
    (ai.ClientDecodeError("Failed to decode", ValueError(ADDRESS), ADDRESS), "none of the Bot API's"),
    (aiohttp.ServerDisconnectedError(), "connection broke"),
    (TimeoutError(), "in time"),
    (ConnectionResetError(104, "reset"), "reset"),
    (answer(404), "HTTP 404"),
    (ValueError(ADDRESS), "ValueError"),
]


@pytest.mark.parametrize(("error", "kind", "words"), CERTAIN)
@pytest.mark.parametrize("writing", [False, True])
def test_certain_error_means_the_same_for_reads_and_writes(
    error: BaseException, kind: type[Failure], words: str, writing: bool
) -> None:
    meaning = meaning_of(error, "does not do it", writing=writing)
    assert type(meaning) is kind
    assert words in meaning.reason


@pytest.mark.parametrize(("error", "words"), UNCLEAR)
def test_unclear_error_is_transient_for_reads_and_an_unknown_outcome_for_writes(
    error: BaseException, words: str
) -> None:
    assert isinstance(meaning_of(error, "does not do it"), Transient)
    unknown = meaning_of(error, "does not do it", writing=True)
    assert isinstance(unknown, OutcomeUnknown)
    assert words in unknown.reason


REFUSALS: list[tuple[BaseException, Refusal | None]] = [
    (api(ai.TelegramBadRequest, "Bad Request: message to edit not found"), Refusal.NO_MESSAGE),
    (api(ai.TelegramBadRequest, "Bad Request: message to be replied not found"), Refusal.NO_MESSAGE),
    (api(ai.TelegramBadRequest, "Bad Request: MESSAGE_ID_INVALID"), Refusal.NO_MESSAGE),
    (api(ai.TelegramBadRequest, "Bad Request: message can't be edited"), Refusal.NOT_EDITABLE),
    (api(ai.TelegramBadRequest, "Bad Request: message is not modified: same"), Refusal.NOT_MODIFIED),
    (api(ai.TelegramBadRequest, "Bad Request: message can't be forwarded"), Refusal.NOT_FORWARDABLE),
    (api(ai.TelegramBadRequest, "Bad Request: chat not found"), Refusal.NO_CHAT),
    (api(ai.TelegramForbiddenError, "Forbidden: bot was blocked by the user"), Refusal.NO_CHAT),
    (api(ai.TelegramForbiddenError, "Forbidden: bot was kicked from the channel chat"), Refusal.FORBIDDEN),
    (api(ai.TelegramBadRequest, "Bad Request: IMAGE_PROCESS_FAILED"), Refusal.PICTURE),
    (api(ai.TelegramBadRequest, "Bad Request: not enough rights to send photos to the chat"), Refusal.OTHER),
    (api(ai.TelegramBadRequest, "Bad Request: something new"), Refusal.OTHER),
    (api(ai.TelegramRetryAfter, "message not found", retry_after=7), None),
    (network(), None),
]


@pytest.mark.parametrize(("error", "kind"), REFUSALS)
def test_what_telegram_refused_is_a_kind(error: BaseException, kind: Refusal | None) -> None:
    assert refusal_of(error) is kind


def test_pause_is_the_one_telegram_asks_for() -> None:
    meaning = meaning_of(api(ai.TelegramRetryAfter, "Flood", retry_after=31), "x")
    assert isinstance(meaning, RateLimited)
    assert meaning.retry_after_s == 31


@pytest.mark.parametrize("error", [error for error, *_ in (*CERTAIN, *UNCLEAR)])
async def test_token_is_nowhere_in_what_a_failure_carries(
    error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("navaar_runtime.failures.redact", lambda text: text)

    async def call() -> None:
        raise error

    with pytest.raises((Failure, OutcomeUnknown)) as caught:
        await translated(call(), "does not do it", writing=True)
    shown = "".join(traceback.format_exception(caught.value))
    assert "AAExample" not in shown
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_description_that_quotes_the_token_is_masked() -> None:
    meaning = meaning_of(api(ai.TelegramBadRequest, f"Bad Request: wrong bot{TOKEN}"), "x")
    assert "AAExample" not in str(meaning)


async def test_own_errors_are_not_taken_for_telegrams() -> None:
    async def call() -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        await translated(call(), "x")


async def test_stopping_is_no_error() -> None:
    task = asyncio.create_task(translated(asyncio.Event().wait(), "x", writing=True))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
