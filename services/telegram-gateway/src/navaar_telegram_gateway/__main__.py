"""Telegram gateway: reads and writes one channel per link, through one bot."""

from __future__ import annotations

from collections.abc import Mapping

from navaar_runtime.intervals import IntervalSettings
from navaar_runtime.run import run
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load, load_links
from navaar_telegram_gateway.bot.assembly import Assistant
from navaar_telegram_gateway.doctor import check_write_access
from navaar_telegram_gateway.gateway import Gateway
from navaar_telegram_gateway.settings import BotSettings, TelegramSettings
from navaar_telegram_gateway.subscribers import subscribe

diagnose = check_write_access


def create(environment: Mapping[str, str]) -> Service:
    """The service, configured by `environment`; raises SettingsError."""
    links = load_links(environment)
    settings = load(TelegramSettings, environment)
    bot_settings, intervals = load(BotSettings, environment), load(IntervalSettings, environment)
    service = Service("telegram", load(RuntimeSettings, environment))
    service.show(settings, bot_settings)
    gateway = Gateway(service, settings, links)
    assistant = Assistant(service, gateway, bot_settings, intervals)
    gateway.updates.on_private = assistant.dispatch.take
    subscribe(service, gateway)
    assistant.subscribe(service)
    return service


def main() -> None:
    run(create)


if __name__ == "__main__":
    main()
