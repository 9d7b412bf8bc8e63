"""Which services there are. The launcher alone imports their entry points, to run them in one process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from navaar_runtime.run import Create
from navaar_runtime.service import Service


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    """As on the command line and as the folder under services/ is called."""
    module: str
    subject_name: str
    """As spelled in subjects."""

    def create(self, environment: Mapping[str, str]) -> Service:
        """Build the service; its libraries are imported only now.

        Raises:
            SettingsError: its configuration is wrong.
        """
        return cast("Create", self._main().create)(environment)

    def run(self) -> None:
        """Run it alone in this process until a signal."""
        self._main().main()

    def _main(self) -> Any:
        return import_module(f"{self.module}.__main__")


SERVICES = (
    Entry("ledger", "navaar_ledger", "ledger"),
    Entry("identifier", "navaar_identifier", "identifier"),
    Entry("downloader", "navaar_downloader", "downloader"),
    Entry("telegram-gateway", "navaar_telegram_gateway", "telegram"),
    Entry("ytmusic-gateway", "navaar_ytmusic_gateway", "youtube"),
    Entry("spotify-gateway", "navaar_spotify_gateway", "spotify"),
    Entry("api", "navaar_api", "api"),
)


def entry(name: str) -> Entry | None:
    """The service of that name."""
    return next((e for e in SERVICES if e.name == name), None)
