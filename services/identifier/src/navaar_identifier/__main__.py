"""Starts the identifier."""

from __future__ import annotations

from collections.abc import Mapping

from navaar_identifier.audio.probe import FileProbe
from navaar_identifier.settings import IdentifierSettings
from navaar_identifier.subscribers import subscribe
from navaar_runtime.run import run
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load


def create(environment: Mapping[str, str]) -> Service:
    """The service, wired but not started; SettingsError when the configuration cannot be used."""
    settings = load(IdentifierSettings, environment)
    service = Service("identifier", load(RuntimeSettings, environment))
    probe = FileProbe()
    subscribe(service, probe, settings.thresholds())
    service.on_stop(probe.close)
    return service


def main() -> None:
    run(create)


if __name__ == "__main__":
    main()
