"""Reads and writes one Telegram channel per link."""

import navaar_telegram_session  # noqa: F401 - makes aiogram's import a quick one, before anybody imports it
