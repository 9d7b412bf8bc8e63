"""What this gateway counts and shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiogram import Bot
from aiogram import exceptions as ai
from aiogram.methods import TelegramMethod

from navaar_runtime import metrics, platform_requests
from navaar_runtime.failures import AuthRejected, RateLimited
from navaar_telegram_session.session import PLATFORM

_UPLOADS = metrics.counter(
    "navaar_tg_upload_total", "Posts sent to the channel; one that Telegram put off is not counted", "result"
)
_DOWNLOADS = metrics.counter(
    "navaar_tg_download_total", "Posted files fetched; one that Telegram put off is not counted", "result"
)
_STATUSES: tuple[tuple[type[ai.TelegramAPIError], int], ...] = (
    (ai.TelegramRetryAfter, 429),
    (ai.TelegramUnauthorizedError, 401),
    (ai.TelegramForbiddenError, 403),
    (ai.TelegramNotFound, 404),
    (ai.TelegramConflictError, 409),
    (ai.TelegramEntityTooLarge, 413),
    (ai.TelegramBadRequest, 400),
    (ai.TelegramServerError, 500),
)


def begin_at_zero() -> None:
    """Show what has not happened yet."""
    for result in ("success", "failure"):
        _UPLOADS.add(0, result=result)
        _DOWNLOADS.add(0, result=result)
    platform_requests.begin_at_zero(PLATFORM)


async def count_request(make_request: Any, bot: Bot, method: TelegramMethod[Any]) -> Any:
    """Middleware of an aiogram session: counts every request to the Bot API."""
    # The address with its placeholders: the real one holds the token.
    address = bot.session.api.base
    with platform_requests.asking(PLATFORM, method.__api_method__, "POST", address) as answered:
        try:
            answer = await make_request(bot, method)
        except ai.TelegramNetworkError as error:
            if isinstance(error, ai.TelegramEntityTooLarge):
                answered(413)
            raise
        except ai.TelegramAPIError as error:
            if isinstance(error, ai.TelegramRetryAfter):
                platform_requests.told_to_pause(PLATFORM, error.retry_after)
            answered(next((status for kind, status in _STATUSES if isinstance(error, kind)), 400))
            raise
        except ai.ClientDecodeError:
            answered(200)
            raise
        answered(200)
        return answer


@contextmanager
def uploading() -> Iterator[None]:
    """Around one post."""
    with _counting(_UPLOADS):
        yield


@contextmanager
def downloading() -> Iterator[None]:
    """Around fetching one file."""
    with _counting(_DOWNLOADS):
        yield


@contextmanager
def _counting(counter: metrics.Counter) -> Iterator[None]:
    try:
        yield
    except (RateLimited, AuthRejected):
        raise
    except Exception:
        counter.add(result="failure")
        raise
    counter.add(result="success")
