"""The bot: commands, reviews, status cards and alerts. It stores nothing and never holds up a post."""

import navaar_telegram_session  # noqa: F401 - makes aiogram's import a quick one, before anybody imports it
