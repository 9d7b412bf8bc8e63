"""The bot on its Bot API server: the connection, the updates and the files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.types import Chat, Update
from pydantic import ValidationError

from navaar_runtime import http_spans
from navaar_runtime.failures import Permanent, Transient
from navaar_telegram_gateway import metrics
from navaar_telegram_gateway.settings import MEGABYTE, TelegramSettings
from navaar_telegram_gateway.uploads import Disk, OneCallSession
from navaar_telegram_session.error_mapping import FAILING, meaning_of, translated, unread_result

UPDATES = ["channel_post", "edited_channel_post", "my_chat_member", "message", "callback_query"]


@dataclass(frozen=True, slots=True)
class BadUpdate:
    """An update that aiogram cannot read; `raw` is what Telegram sent."""

    update_id: int
    raw: dict[str, Any]


class TelegramBot:
    """One bot on one Bot API server. Every error is translated beside its call."""

    def __init__(self, settings: TelegramSettings, may_ask: Callable[[], None] = lambda: None) -> None:
        """`may_ask` raises while nothing may be asked of Telegram, because another process may be doing so."""

        async def only_in_turn(make_request: Any, bot: Bot, method: TelegramMethod[Any]) -> Any:
            may_ask()
            return await make_request(bot, method)

        self.settings = settings
        server = TelegramAPIServer.from_base(settings.telegram_api_base, is_local=settings.telegram_api_local)
        self.disk = Disk()
        self.name = f"bot {settings.telegram_bot_token.get_secret_value().partition(':')[0]}"
        """The bot's @name once Telegram said it; before that its number, which a token begins with."""
        self.bot = Bot(
            settings.telegram_bot_token.get_secret_value(),
            session=AiohttpSession(api=server, timeout=settings.telegram_timeout_s),
        )
        self.uploads = OneCallSession(api=server, timeout=settings.telegram_transfer_timeout_s)
        for session in (self.bot.session, self.uploads):
            session.middleware(only_in_turn)
            session.middleware(metrics.count_request)

    async def close(self) -> None:
        await asyncio.gather(self.bot.session.close(), self.uploads.close())
        self.disk.close()

    async def check(self) -> str:
        """The bot's @name. Raises AuthRejected when the token is refused, Transient when the server does not answer."""
        me = await translated(self.bot.get_me(), "does not say who the bot is")
        self.name = f"@{me.username}"
        return self.name

    async def has_webhook(self) -> bool:
        """Whether updates go to an address of somebody's instead of waiting here."""
        info = await translated(self.bot.get_webhook_info(), "does not tell about webhooks")
        return bool(info.url)

    async def find_chat(self, chat_id: str) -> Chat:
        """A chat as it is now. Raises Permanent when the bot has no access to it."""
        return await translated(self.bot.get_chat(chat_id), "does not know the chat")

    async def end_webhook(self) -> None:
        """Make polling possible, keeping the updates that wait."""
        await translated(self.bot.delete_webhook(drop_pending_updates=False), "does not end the webhook")

    async def updates(self, offset: int | None, *, wait: bool = True) -> list[Update | BadUpdate]:
        """The updates from `offset` on, which confirms all before; None confirms nothing.

        Args:
            wait: for news, if there are none.
        """
        seconds = self.settings.telegram_poll_seconds if wait else 0
        call = self.bot.get_updates(
            offset=offset,
            timeout=seconds,
            allowed_updates=UPDATES,
            request_timeout=ceil(seconds + self.settings.telegram_timeout_s),
        )
        try:
            return list(await call)
        except FAILING as error:
            one_by_one = _readable_parts(unread_result(error), self.bot)
            meaning = meaning_of(error, "does not give the updates")
        if one_by_one is not None:
            return one_by_one
        raise meaning

    async def download(self, file_id: str, destination: Path) -> None:
        """Bring a posted file to disk.

        Raises:
            Permanent: it is too large for a bot, or gone.
        """
        with metrics.downloading():
            await self._download(file_id, destination)

    async def _download(self, file_id: str, destination: Path) -> None:
        file = await translated(self.bot.get_file(file_id), "does not give the file")
        limit = self.settings.max_download_bytes
        if file.file_path is None or (limit is not None and (file.file_size or 0) > limit):
            raise too_large_to_fetch(file.file_size)
        if self.settings.telegram_api_local:
            await translated(self.disk.copy(Path(file.file_path), destination), "does not share the file")
            return
        url = self.bot.session.api.file_url(self.bot.token, file.file_path)
        blocks = self.bot.session.stream_content(url, timeout=ceil(self.settings.telegram_transfer_timeout_s))
        # The address with its placeholders: the real one holds the token.
        with http_spans.calling("telegram file", "GET", self.bot.session.api.file):
            size = await translated(self.disk.write(destination, blocks), "does not hand out the file")
        if file.file_size is not None and size != file.file_size:
            raise Transient("Telegram handed out only a part of the file")


def too_large_to_fetch(size: int | None) -> Permanent:
    much = f"{size / MEGABYTE:.0f} MB" if size else "larger than 20 MB"
    return Permanent(
        f"The file is {much}; Telegram lets a bot download at most 20 MB. A local Bot API server lifts the limit."
    )


def _readable_parts(batch: Any, bot: Bot) -> list[Update | BadUpdate] | None:
    """One update that aiogram cannot read spoils its whole batch: read the batch one by one."""
    if not isinstance(batch, list):
        return None
    return [_update(raw, bot) for raw in batch if isinstance(raw, dict) and isinstance(raw.get("update_id"), int)]


def _update(raw: dict[str, Any], bot: Bot) -> Update | BadUpdate:
    try:
        return Update.model_validate(raw, context={"bot": bot})
    except ValidationError:
        return BadUpdate(raw["update_id"], raw)
