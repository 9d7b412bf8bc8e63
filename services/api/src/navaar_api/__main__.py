"""Wiring of the api service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from navaar_api.app import Parts, build
from navaar_api.credentials import obtain_token
from navaar_api.health import SystemHealth
from navaar_api.http_server import HttpServer
from navaar_api.live.broadcaster import Broadcaster
from navaar_api.live.feed import Feed
from navaar_api.live.throughput import Throughput, recall
from navaar_api.pages.rendering import Renderer
from navaar_api.settings import ApiSettings
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.events import EVENTS, DeliverySynced
from navaar_contracts.message import Message
from navaar_contracts.streams import EVENTS as EVENT_STREAM
from navaar_runtime.run import run
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load


def create(environment: Mapping[str, str]) -> Service:
    """The service; raises SettingsError when its configuration is wrong."""
    settings, runtime = load(ApiSettings, environment), load(RuntimeSettings, environment)
    service = Service("api", runtime)
    service.show(settings)
    client = LedgerClient(service.queries, service.publisher, answer_s=settings.api_answer_seconds)
    health = SystemHealth(client, service.health)
    broadcaster, throughput, renderer = Broadcaster(), Throughput(), Renderer()
    feed = Feed(client, broadcaster, renderer, throughput)

    def delivered(since: datetime) -> AsyncIterator[tuple[datetime, Message]]:
        subject = f"navaar.evt.{DeliverySynced.topic}.*"
        return service.past(EVENT_STREAM.name, subject, DeliverySynced, since=since)

    async def heard(message: Message) -> None:
        if isinstance(message, DeliverySynced):
            throughput.add(message, client.now())
        await feed.heard(message)

    async def serve() -> None:
        parts = Parts(client, health, broadcaster, throughput, renderer)
        app = build(parts, settings, obtain_token(settings.api_token, runtime.data_dir))
        server = HttpServer(
            app,
            host=settings.api_host,
            port=settings.api_port,
            before_stop=broadcaster.close,
            trusted_proxies=settings.proxies,
        )
        await server.serve()

    service.listen("navaar.evt.>", *EVENTS, heard=heard)
    service.background("http", serve)
    service.background("live", feed.run)
    service.background("history", lambda: recall(delivered, throughput, client.now))
    return service


def main() -> None:
    run(create)


if __name__ == "__main__":
    main()
