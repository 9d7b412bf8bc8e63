"""Wiring of the api service."""

from __future__ import annotations

from collections.abc import Mapping

from navaar_api.app import build
from navaar_api.health import examine
from navaar_api.http_server import HttpServer
from navaar_api.settings import ApiSettings
from navaar_contracts.health import HealthReply
from navaar_shared.run import run
from navaar_shared.service import Service
from navaar_shared.settings import RuntimeSettings, load


class _Examiner:
    def __init__(self, service: Service) -> None:
        self._service = service

    async def examine(self) -> dict[str, HealthReply]:
        return await examine(self._service.asker.health, await self._service.health())


def create(environment: Mapping[str, str]) -> Service:
    """The service; raises SettingsError when its configuration is wrong."""
    settings = load(ApiSettings, environment)
    service = Service("api", load(RuntimeSettings, environment))
    app = build(service.asker, _Examiner(service), answer_s=settings.api_answer_seconds)
    service.background("http", HttpServer(app, host=settings.api_host, port=settings.api_port).serve)
    return service


def main() -> None:
    run(create)


if __name__ == "__main__":
    main()
