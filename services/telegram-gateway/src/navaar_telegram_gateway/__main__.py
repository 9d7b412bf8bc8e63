"""Telegram gateway: reads and writes one channel per link, through one bot."""

from __future__ import annotations

from collections.abc import Mapping

from navaar_runtime.first_sync import PlanGate, plans
from navaar_runtime.live_links import LiveLinks
from navaar_runtime.run import run
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load
from navaar_telegram_gateway.doctor import check_write_access
from navaar_telegram_gateway.gateway import Gateway
from navaar_telegram_gateway.settings import TelegramSettings
from navaar_telegram_gateway.subscribers import attach_bots, subscribe

diagnose = check_write_access


def create(environment: Mapping[str, str]) -> Service:
    """The service, configured by `environment`; raises SettingsError."""
    links = LiveLinks(environment)
    settings = load(TelegramSettings, environment)
    service = Service("telegram", load(RuntimeSettings, environment))
    service.show(settings)
    # Telegram hands what is new to one reader of a bot, whatever channels it serves.
    service.one_at_a_time()
    gateway = Gateway(service, settings, links)
    subscribe(service, gateway, PlanGate(shut=plans(links.values())))
    service.background("links", links.watch)
    attach_bots(service, gateway, environment)
    return service


def main() -> None:
    run(create)


if __name__ == "__main__":
    main()
