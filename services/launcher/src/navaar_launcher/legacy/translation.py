"""The first implementation's rows as what the ledger is told: one event for each item. Pure.

It kept one row for each direction of an item. Rows of one item share the id of the item at its origin; a post in the
channel had its message id in one of them only, and its file id in all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from navaar_contracts.events import ImportedDelivery, TrackImported
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.links import Link
from navaar_contracts.music import ItemMetadata, Kind
from navaar_launcher.legacy.history import Lines, lines_by_row
from navaar_launcher.legacy.legacy_file import LegacyFile
from navaar_launcher.legacy.rows import SPOTIFY, TELEGRAM, YOUTUBE, Left, LegacyRow, NotUnderstood, moment, read_row
from navaar_launcher.legacy.states import delivery_of

SNAPSHOTS = {"yt_playlist_snapshot": YOUTUBE, "sp_playlist_snapshot": SPOTIFY}
_RANK = {DeliveryState.SYNCED: 3, DeliveryState.DUPLICATE: 2, DeliveryState.PENDING: 1, DeliveryState.FAILED: 0}


@dataclass(frozen=True, slots=True)
class Translation:
    events: tuple[TrackImported, ...] = ()
    left: tuple[Left, ...] = ()
    rows: int = 0
    """Rows of tracks that the events carry."""
    lines: int = 0
    """Lines of its log that the events carry."""


@dataclass(slots=True)
class _Book:
    """What is being put together."""

    link: Link
    source: str
    lines: Lines
    left: list[Left]
    complete: bool
    rows: int = 0
    known: set[tuple[Platform, str]] = field(default_factory=set)


def translate(file: LegacyFile, link: Link, now: datetime, *, complete: bool = False) -> Translation:
    """Everything in `file` as events for `link`, in the order in which the items were first seen, and what is left.

    Args:
        now: the date of what has none that can be read.
        complete: also ask for the directions of an item for which there is no row.
    """
    left: list[Left] = []
    groups: dict[tuple[Platform, str], list[LegacyRow]] = {}
    for raw in file.rows("tracks"):
        try:
            row = read_row(raw, now)
            groups.setdefault(_item(row), []).append(row)
        except NotUnderstood as error:
            left.append(Left("tracks", raw, str(error)))
    lines, lost = lines_by_row(file.rows("sync_log"), {row.id for rows in groups.values() for row in rows}, now)
    book = _Book(link, file.name, lines, [*left, *lost], complete)
    events = [event for event in (_event(book, rows) for rows in groups.values()) if event is not None]
    seen = _snapshots(book, file, now)
    return Translation((*events, *seen), tuple(book.left), book.rows, lines.taken)


def _item(row: LegacyRow) -> tuple[Platform, str]:
    """What the rows of one item have in common. Raises NotUnderstood when there is nothing."""
    origin = row.direction.origin
    if origin is not TELEGRAM:
        external_id = row.external_id(origin)
        if external_id is None:
            raise NotUnderstood(f"it comes from {origin} and does not say which item it is")
        return origin, external_id
    name = row.file_id or row.file_unique_id or row.message_id
    if name is None:
        raise NotUnderstood("it comes from the channel and names neither a message nor a file")
    return origin, name


def _event(book: _Book, rows: Sequence[LegacyRow]) -> TrackImported | None:
    first = rows[0]
    origin = first.direction.origin
    kept = [row for row in rows if _fits(book, row)]
    if not kept:
        return None
    book.rows += len(kept)
    best: dict[Platform, ImportedDelivery] = {}
    copies: dict[Platform, tuple[str, ...]] = {}
    for row in kept:
        told = delivery_of(row)
        other = best.get(told.target)
        if other is not None and _weight(told) <= _weight(other):
            told, other = other, told
        best[told.target] = told
        if other is not None and other.external_id and other.external_id != told.external_id:
            copies[told.target] = (*copies.get(told.target, ()), other.external_id)
    if book.complete:
        for direction in book.link.directions():
            if direction.origin is origin and direction.target not in best:
                best[direction.target] = ImportedDelivery(
                    target=direction.target, origin=origin, state=DeliveryState.PENDING
                )
    external_id = _own_id(origin, kept)
    book.known.add((origin, external_id))
    book.known |= {(told.target, told.external_id) for told in best.values() if told.external_id}
    book.known |= {(platform, each) for platform, ids in copies.items() for each in ids}
    numbers = " and ".join(f"#{row.id}" for row in kept)
    taken, dropped = book.lines.of(kept, f"of {book.source}")
    book.left += dropped
    return TrackImported(
        link=book.link.name,
        platform=origin,
        external_id=external_id,
        item=_metadata(origin, kept),
        deliveries=tuple(best.values()),
        copies=copies,
        history=taken,
        source=f"{'row' if len(kept) == 1 else 'rows'} {numbers} of {book.source}",
        first_seen_at=min(row.created_at for row in kept),
    )


def _fits(book: _Book, row: LegacyRow) -> bool:
    """What is done is told anyhow; what is still to be done needs a direction that the link has."""
    if row.direction in book.link.directions() or delivery_of(row).state.is_done:
        return True
    why = f"link {book.link.name} has no {row.direction}: name the playlist in the settings and import again"
    book.left.append(Left("tracks", row.raw, why))
    return False


def _weight(told: ImportedDelivery) -> tuple[bool, int]:
    return told.external_id is not None, _RANK[told.state]


def _own_id(origin: Platform, rows: Iterable[LegacyRow]) -> str:
    if origin is not TELEGRAM:
        return next(row.external_id(origin) or "" for row in rows)
    message = next((row.message_id for row in rows if row.message_id), None)
    if message is not None:
        return message
    return next(f"file:{row.file_unique_id or row.file_id}" for row in rows)


def _metadata(origin: Platform, rows: Sequence[LegacyRow]) -> ItemMetadata:
    named = next((row for row in rows if row.artist and row.title), rows[0])
    kinds = {TELEGRAM: Kind.AUDIO, SPOTIFY: Kind.SONG}
    # Of a video it kept the channel as the artist; only a topic channel's is the label's own name.
    youtube = Kind.SONG if named.artist.endswith(" - Topic") else Kind.UPLOAD

    def first(values: Iterable[str | None]) -> str | None:
        return next((value for value in values if value), None)

    return ItemMetadata(
        title=named.title,
        artists=(named.artist,) if named.artist else (),
        duration_s=next((row.duration_s for row in rows if row.duration_s), None),
        kind=kinds.get(origin, youtube),
        file_id=first(row.file_id for row in rows),
        file_unique_id=first(row.file_unique_id for row in rows),
        set_video_id=first(row.set_video_id for row in rows) if origin is YOUTUBE else None,
    )


def _snapshots(book: _Book, file: LegacyFile, now: datetime) -> list[TrackImported]:
    """What was in a playlist at its last look and has no row: it is there, and was not to be synced any more."""
    found: list[TrackImported] = []
    for raw in file.rows("sync_state"):
        platform = SNAPSHOTS.get(str(raw.get("key")))
        if platform is None:
            book.left.append(Left("sync_state", raw, "only the first implementation's clock needs it", needed=False))
            continue
        try:
            ids = json.loads(raw.get("value") or "")
        except (TypeError, ValueError):
            ids = None
        if not isinstance(ids, list):
            book.left.append(Left("sync_state", raw, "its value is no JSON list of ids"))
            continue
        if any(not isinstance(each, str) or not each.strip() for each in ids):
            book.left.append(Left("sync_state", raw, "some of its ids are no text; the others are taken over"))
        for each in dict.fromkeys(x for x in ids if isinstance(x, str) and x.strip()):
            if (platform, each) not in book.known:
                book.known.add((platform, each))
                found.append(
                    TrackImported(
                        link=book.link.name,
                        platform=platform,
                        external_id=each,
                        item=ItemMetadata(),
                        source=f"{raw['key']} of {book.source}",
                        first_seen_at=moment(raw.get("updated_at")) or now,
                    )
                )
    return found
