"""`navaar import telegram-export`: a channel's past, as Telegram Desktop exports it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from navaar_contracts.links import Link
from navaar_runtime.exports import Exported, ExportReader, NotRead, Tell
from navaar_runtime.failures import Failure
from navaar_runtime.settings import load
from navaar_telegram_gateway.export.export_file import read_export
from navaar_telegram_gateway.settings import TelegramSettings
from navaar_telegram_gateway.telegram import TelegramBot
from navaar_telegram_session.session import PLATFORM


def read(path: Path, link: Link, environment: Mapping[str, str], tell: Tell) -> Exported:
    """The link's channel out of an export. A channel that is set by its name is asked for at Telegram once.

    Raises:
        NotRead: the file is unusable, or nobody can tell which channel is meant.
        SettingsError: the configuration is wrong.
    """
    channel = link.collections[PLATFORM]
    number = int(channel) if channel.lstrip("-").isdecimal() else asyncio.run(_number_of(channel, environment))
    return read_export(path, number, channel, tell)


async def _number_of(channel: str, environment: Mapping[str, str]) -> int:
    telegram = TelegramBot(load(TelegramSettings, environment))
    try:
        return (await telegram.find_chat(channel)).id
    except Failure as failure:
        raise NotRead(
            f"Telegram does not tell the number of {channel}, by which an export names a channel: {failure.reason}. "
            "Put the number (-100...) into NAVAAR_TELEGRAM_CHANNEL_ID, or import when Telegram answers."
        ) from None
    finally:
        await telegram.close()


EXPORT = ExportReader(PLATFORM, "Take over a channel's past from an export of Telegram Desktop.", read)
