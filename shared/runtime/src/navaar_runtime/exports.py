"""What a gateway reads out of its platform's own export of a collection, for `navaar import`.

An export is a file that a person brings: everything in it is hostile until it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from navaar_contracts.identifiers import Platform
from navaar_contracts.links import Link
from navaar_contracts.music import ItemMetadata

GROUP = "navaar.exports"
"""The entry point group of readers: what follows `navaar import`, and an ExportReader."""


class NotRead(Exception):
    """Nothing can be taken from the file; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class ExportedItem:
    """One item of the collection, as the export describes it."""

    external_id: str
    """As in ItemSighted."""
    item: ItemMetadata
    added_at: datetime
    media: Path | None = None
    """Its file, where the export brought it along; never outside the export's folder."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry that looks like an item and cannot be synced, and why."""

    external_id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Exported:
    """All that is of use in an export: the items in the collection's order, each once."""

    title: str
    """What people call the collection."""
    items: tuple[ExportedItem, ...]
    left: tuple[LeftOut, ...]
    entries: int
    """Of every kind, items or not."""


Tell = Callable[[float], None]
"""Told how much of the file is read, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class ExportReader:
    """How exports of one platform are read."""

    platform: Platform
    about: str
    """One sentence for the command's help."""
    read: Callable[[Path, Link, Mapping[str, str], Tell], Exported]
    """The link's collection out of a file or folder. Raises NotRead, SettingsError."""
