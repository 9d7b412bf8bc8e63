"""Which services there are. The launcher alone imports their entry points, to run them in one process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, cast

from navaar_contracts.identifiers import Platform
from navaar_runtime.run import Create
from navaar_runtime.service import Service

GROUP = "navaar.gateways"
"""The entry point group of gateways: a platform's id, and the package whose __main__ has its service."""


@dataclass(frozen=True, slots=True)
class ServiceEntry:
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
        return cast("Create", self.main_module().create)(environment)

    def run(self) -> None:
        """Run it alone in this process until a signal."""
        self.main_module().main()

    def main_module(self) -> Any:
        """Its libraries are imported only now. A gateway's has `diagnose`, and GATEWAY where it has a catalogue."""
        return import_module(f"{self.module}.__main__")


_PACKAGES = {point.name: point.module for point in entry_points(group=GROUP)}
GATEWAYS = {
    platform: ServiceEntry(platform.spec.gateway, _PACKAGES[platform], platform.value)
    for platform in Platform
    if platform in _PACKAGES
}
"""Of every registered platform whose gateway is installed, in the order of lists."""

SERVICES = (
    ServiceEntry("ledger", "navaar_ledger", "ledger"),
    ServiceEntry("identifier", "navaar_identifier", "identifier"),
    ServiceEntry("downloader", "navaar_downloader", "downloader"),
    *GATEWAYS.values(),
    ServiceEntry("api", "navaar_api", "api"),
)


def entry(name: str) -> ServiceEntry | None:
    """The service of that name."""
    return next((e for e in SERVICES if e.name == name), None)


def file_platform() -> Platform:
    """Where items are audio files: whose habits a file on this machine is named by."""
    return next(platform for platform in Platform if platform.spec.gives_files)
