"""Telegram is asked nothing while another process may be asking it."""

from __future__ import annotations

import pytest
from aiogram.methods import SendAudio

from navaar_runtime.lease import NotLeading
from navaar_telegram_gateway.settings import TelegramSettings
from navaar_telegram_gateway.telegram import TelegramBot


def overtaken() -> None:
    raise NotLeading("another process acts now")


async def test_every_request_of_the_bot_and_every_upload_is_refused() -> None:
    settings = TelegramSettings(telegram_bot_token="1:token", telegram_api_base="http://127.0.0.1:9")
    telegram = TelegramBot(settings, overtaken)
    try:
        with pytest.raises(NotLeading):
            await telegram.updates(None)
        with pytest.raises(NotLeading):
            await telegram.bot.send_message(1, "an alert")
        with pytest.raises(NotLeading):
            await telegram.uploads(telegram.bot, SendAudio(chat_id=1, audio="file"))
    finally:
        await telegram.close()
