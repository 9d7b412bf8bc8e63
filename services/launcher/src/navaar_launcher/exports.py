"""What an export of a collection means to the ledger: each item is known to be there, and open in every direction."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from navaar_contracts.events import ImportedDelivery, TrackImported
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.links import Link
from navaar_contracts.music import AudioTags, ItemMetadata
from navaar_runtime.exports import ExportedItem


def events_of(
    items: Sequence[ExportedItem], platform: Platform, link: Link, source: str, *, sync: bool = True
) -> list[TrackImported]:
    """One event for each item, in their order.

    Args:
        source: the export's name, for the audit log.
        sync: False: they are only known to be there, and go nowhere.
    """
    targets = [direction.target for direction in link.directions() if direction.origin is platform] if sync else []
    deliveries = tuple(
        ImportedDelivery(target=target, origin=platform, state=DeliveryState.PENDING) for target in targets
    )
    return [
        TrackImported(
            link=link.name,
            platform=platform,
            external_id=each.external_id,
            item=each.item,
            deliveries=deliveries,
            source=source,
            first_seen_at=each.added_at,
        )
        for each in items
    ]


def is_nameless(item: ItemMetadata) -> bool:
    """Whether nothing says what it is."""
    return not any(words and words.strip() for words in (item.title, item.file_name, item.caption))


def with_tags(item: ItemMetadata, tags: AudioTags) -> ItemMetadata:
    """The item with what only its file tells; what the platform shows of it stays as it is."""
    return item.model_copy(
        update={
            "title": item.title or tags.title or "",
            "artists": item.artists or ((tags.artist,) if tags.artist else ()),
            "album": item.album or tags.album,
            "isrc": item.isrc or tags.isrc,
            "duration_s": item.duration_s if item.duration_s is not None else tags.duration_s,
        }
    )


def name_of(file: Path) -> str:
    """As the audit log calls an export; a name may hold bytes that are no text."""
    shown = file.name.encode("utf-8", "replace").decode()
    return f"export {shown}"
