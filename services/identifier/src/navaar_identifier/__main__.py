"""Starts the identifier."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from navaar_contracts.music import AudioTags
from navaar_shared.run import run
from navaar_shared.service import Service
from navaar_shared.settings import RuntimeSettings, load

from navaar_identifier.settings import IdentifierSettings
from navaar_identifier.subscribers import subscribe


def create(environment: Mapping[str, str]) -> Service:
    """The service, wired but not started; SettingsError when the configuration cannot be used."""
    settings = load(IdentifierSettings, environment)
    service = Service("identifier", load(RuntimeSettings, environment))
    subscribe(service, read_tags, settings.thresholds())
    return service


async def read_tags(path: Path) -> AudioTags | None:
    """No tags are read yet."""
    return None


def main() -> None:
    run(create)


if __name__ == "__main__":
    main()
