"""What each error of aiogram and aiohttp means. Pure; adapters ask here, beside every call.

Telegram words its refusals in English sentences, which tdlib/telegram-bot-api fixes. They are matched loosely, here and
nowhere else; one that is not known is passed on as it is.
"""

from __future__ import annotations

from collections.abc import Awaitable
from enum import Enum, auto
from typing import Any, TypeVar

from aiogram import exceptions as ai
from aiohttp import ClientConnectorError, ClientError, ClientResponseError, InvalidURL

from navaar_runtime.failures import AuthRejected, Failure, Permanent, RateLimited, Transient
from navaar_runtime.redaction import redact

T = TypeVar("T")


class OutcomeUnknown(Exception):
    """A write got no clear answer: it may have taken effect. `reason` is a sentence without secrets."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refusal(Enum):
    """What Telegram said no to, where an adapter does something about it."""

    NO_MESSAGE = auto()
    """The message to change, delete, forward or reply to is not there."""
    NOT_EDITABLE = auto()
    """It is there, and is none that the bot may edit that way."""
    NOT_MODIFIED = auto()
    """It says so already."""
    NOT_FORWARDABLE = auto()
    """It is a service message, or the chat is protected."""
    NO_CHAT = auto()
    """Nobody has opened the chat with the bot, or it was blocked there."""
    PICTURE = auto()
    """The thumbnail, not the file."""
    FORBIDDEN = auto()
    """The bot is shut out there."""
    OTHER = auto()


FAILING = (ai.AiogramError, ClientError, TimeoutError, OSError, ValueError)
"""What a call through aiogram may raise. ValueError: an address that is none."""

_FLOOD_WITHOUT_TIME_S = 30.0

_NO_ACCESS = "Make the bot an administrator of the channel that may post messages."
_REFUSALS: tuple[tuple[str, str], ...] = (
    ("chat not found", f"Telegram knows no such chat for this bot: check NAVAAR_TELEGRAM_CHANNEL_ID. {_NO_ACCESS}"),
    ("need administrator rights", f"The bot is no administrator of the channel. {_NO_ACCESS}"),
    ("not enough rights", f"The bot is not allowed to post in the channel. {_NO_ACCESS}"),
    ("have no rights", f"The bot is not allowed to post in the channel. {_NO_ACCESS}"),
    ("chat_write_forbidden", f"The bot is not allowed to post in the channel. {_NO_ACCESS}"),
    ("chat_admin_required", f"The bot is no administrator of the channel. {_NO_ACCESS}"),
    ("channel_private", f"The bot no longer has access to the channel. {_NO_ACCESS}"),
    ("bot was kicked", f"The bot was removed from the channel. {_NO_ACCESS}"),
    ("bot is not a member", f"The bot is not in the channel. {_NO_ACCESS}"),
    ("bot was blocked", "The bot was blocked there: open the chat with the bot and press Start, then retry."),
    (
        "can't initiate conversation",
        "The bot may not write first: open the chat with the bot and press Start, then retry.",
    ),
    ("file is too big", "The file is larger than 20 MB, the most Telegram lets a bot download."),
    ("too large", "Telegram refuses the file as too large to upload; a local Bot API server lifts the limit."),
    ("file must be non-empty", "The file is empty."),
    ("invalid file_id", "Telegram does not know this file any more: post it again."),
    ("wrong file identifier", "Telegram does not know this file any more: post it again."),
    ("wrong remote file", "Telegram does not know this file any more: post it again."),
)

_KINDS: tuple[tuple[str, Refusal], ...] = (
    ("message_id_invalid", Refusal.NO_MESSAGE),
    ("not modified", Refusal.NOT_MODIFIED),
    ("can't be edited", Refusal.NOT_EDITABLE),
    ("no caption in the message", Refusal.NOT_EDITABLE),
    ("no text in the message", Refusal.NOT_EDITABLE),
    ("message can't be forwarded", Refusal.NOT_FORWARDABLE),
    ("chat not found", Refusal.NO_CHAT),
    ("bot was blocked", Refusal.NO_CHAT),
    ("can't initiate conversation", Refusal.NO_CHAT),
    ("user is deactivated", Refusal.NO_CHAT),
    # The rights to send pictures are no matter of the picture.
    *((words, Refusal.OTHER) for words, _ in _REFUSALS),
    ("thumb", Refusal.PICTURE),
    ("image", Refusal.PICTURE),
    ("photo", Refusal.PICTURE),
)


async def translated(call: Awaitable[T], doing: str, *, writing: bool = False) -> T:
    """The call's result, or what its error means.

    Args:
        doing: what was tried, to follow "Telegram " in a sentence: "does not give the file".
        writing: the call is no read, so that an unclear end is an unknown outcome.

    Raises:
        Failure, OutcomeUnknown: never with the client's error as cause or context, since that may quote the bot token.
    """
    try:
        return await call
    except FAILING as error:
        meaning = meaning_of(error, doing, writing=writing)
    raise meaning


def unread_result(error: BaseException) -> Any:
    """What Telegram answered where aiogram could not read a good answer; None in any other case.

    Happens when the server is newer or older than aiogram's types: the call itself went well.
    """
    data = error.data if isinstance(error, ai.ClientDecodeError) else None
    return data.get("result") if isinstance(data, dict) and data.get("ok") is True else None


def refusal_of(error: BaseException) -> Refusal | None:
    """What Telegram said no to; None when it did not refuse the call as such."""
    if not isinstance(error, ai.TelegramBadRequest | ai.TelegramForbiddenError):
        return None
    lowered = error.message.lower()
    if "message" in lowered and "not found" in lowered:
        return Refusal.NO_MESSAGE
    other = Refusal.FORBIDDEN if isinstance(error, ai.TelegramForbiddenError) else Refusal.OTHER
    found = next((kind for words, kind in _KINDS if words in lowered), other)
    return other if found is Refusal.OTHER else found


def meaning_of(error: BaseException, doing: str, *, writing: bool = False) -> Failure | OutcomeUnknown:
    """The failure that stands for a client error; OutcomeUnknown only for writes."""
    match error:
        case ai.TelegramRetryAfter():
            return RateLimited(float(error.retry_after), f"Telegram {doing}: it asks to wait {error.retry_after} s")
        case ai.TelegramUnauthorizedError():
            return AuthRejected(
                "Telegram refuses the bot token: set NAVAAR_TELEGRAM_BOT_TOKEN to the one from @BotFather"
            )
        case ai.TelegramNotFound() if "method" not in error.message.lower():
            # A token that cannot exist is answered like an address that does not.
            return AuthRejected(
                "The Bot API server knows no such bot: check NAVAAR_TELEGRAM_BOT_TOKEN and NAVAAR_TELEGRAM_API_BASE"
            )
        case ai.TelegramEntityTooLarge():
            return Permanent(
                "Telegram refuses the file as too large to upload; a local Bot API server lifts the limit."
            )
        case ai.TelegramMigrateToChat():
            return Permanent(
                f"The chat has moved to {error.migrate_to_chat_id}: set NAVAAR_TELEGRAM_CHANNEL_ID to that."
            )
        case ai.TelegramForbiddenError() | ai.TelegramBadRequest() | ai.TelegramNotFound():
            return Permanent(_refusal(error.message, doing))
        case ai.TelegramConflictError():
            return Transient(
                "Another program reads this bot's updates: stop it, or use a bot of its own for Navaar", delay_s=10
            )
        case ai.TelegramNetworkError() if isinstance(error.__cause__, ClientConnectorError):
            return Transient(f"Telegram {doing}: the Bot API server cannot be reached")
        case ai.TelegramServerError() | ai.TelegramNetworkError() | ai.ClientDecodeError():
            return _unclear(f"Telegram {doing}: {_kind(error)}", writing)
        case ai.TelegramAPIError() if "too many requests" in error.message.lower():
            return RateLimited(_FLOOD_WITHOUT_TIME_S, f"Telegram {doing}: too many requests")
        case ai.TelegramAPIError():
            return Permanent(_refusal(error.message, doing))
        case ClientConnectorError():
            return Transient(f"Telegram {doing}: the Bot API server cannot be reached")
        case InvalidURL():
            return Permanent("NAVAAR_TELEGRAM_API_BASE is no address that can be called")
        case ClientResponseError() if error.status in (401, 403):
            return AuthRejected(
                "Telegram refuses the bot token: set NAVAAR_TELEGRAM_BOT_TOKEN to the one from @BotFather"
            )
        case ClientResponseError() if error.status == 429:
            return RateLimited(_FLOOD_WITHOUT_TIME_S, f"Telegram {doing}: too many requests")
        case _:
            return _unclear(f"Telegram {doing}: {_kind(error)}", writing)


def _unclear(reason: str, writing: bool) -> Failure | OutcomeUnknown:
    return OutcomeUnknown(reason) if writing else Transient(reason)


def _kind(error: BaseException) -> str:
    """In a few words, never quoting the error: it may hold an address with the token."""
    match error:
        case ai.TelegramServerError():
            return "the server had an internal error"
        case ai.ClientDecodeError():
            return "the answer is none of the Bot API's"
        case ClientResponseError():
            return f"the answer was HTTP {error.status}"
        case TimeoutError():
            return "no answer in time"
        case ai.TelegramNetworkError() if isinstance(error.__cause__, TimeoutError):
            return "no answer in time"
        case ai.TelegramNetworkError() | ClientError():
            return "the connection broke"
        case OSError():
            return f"a file could not be read or written ({error.strerror or type(error).__name__})"
        case _:
            return type(error).__name__


def _refusal(description: str, doing: str) -> str:
    lowered = description.lower()
    for words, sentence in _REFUSALS:
        if words in lowered:
            return sentence
    plain = redact(" ".join(description.split()))[:200]
    return f"Telegram {doing}: {plain}"
