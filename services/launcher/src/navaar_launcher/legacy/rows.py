"""What the first implementation's file holds, row by row, and which rows cannot be understood. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from navaar_contracts.identifiers import Direction, Platform

TELEGRAM, YOUTUBE, SPOTIFY = Platform("telegram"), Platform("youtube"), Platform("spotify")
"""The three that the first implementation knew."""

Raw = Mapping[str, Any]

STATUSES = frozenset(
    {
        "pending",
        "identifying",
        "searching",
        "syncing",
        "synced",
        "failed",
        "duplicate",
        "retry_scheduled",
        "unsynced",
    }
)


@dataclass(frozen=True, slots=True)
class Left:
    """A row that is not taken over, and why."""

    table: str
    row: Raw
    why: str
    needed: bool = True
    """False: it was of use to the first implementation only."""

    @property
    def name(self) -> str:
        return f"{self.table} {self.row.get('id', self.row.get('key', ''))}"


class NotUnderstood(Exception):
    """The text says what about the row."""


@dataclass(frozen=True, slots=True)
class LegacyRow:
    """One item on its way in one direction."""

    id: int
    direction: Direction
    status: str
    artist: str
    title: str
    message_id: str | None
    """Of the post in the channel."""
    file_id: str | None
    file_unique_id: str | None
    video_id: str | None
    spotify_id: str | None
    set_video_id: str | None
    duration_s: float | None
    reason: str | None
    created_at: datetime
    updated_at: datetime
    synced_at: datetime | None
    raw: Raw = field(repr=False)

    def external_id(self, platform: Platform) -> str | None:
        ids = {TELEGRAM: self.message_id, YOUTUBE: self.video_id, SPOTIFY: self.spotify_id}
        return ids[platform]


def read_row(raw: Raw, otherwise: datetime) -> LegacyRow:
    """A row of the table `tracks`; columns may be missing in older files.

    Args:
        otherwise: the date of a row whose own cannot be read.

    Raises:
        NotUnderstood: its direction, its status or an id says nothing.
    """
    direction, status = _text(raw.get("direction")), _text(raw.get("status"))
    if direction not in tuple(Direction):
        raise NotUnderstood(f"its direction is {raw.get('direction')!r}, none of the six")
    if status not in STATUSES:
        raise NotUnderstood(f"its status is {raw.get('status')!r}, none that the first implementation had")
    duration = _number(raw, "duration_seconds")
    created = moment(raw.get("created_at")) or moment(raw.get("updated_at")) or otherwise
    message = _number(raw, "tg_message_id")
    number = _number(raw, "id")
    if number is None:
        raise NotUnderstood("it has no id")
    return LegacyRow(
        id=int(number),
        direction=Direction(direction),
        status=status,
        artist=_text(raw.get("artist")) or "",
        title=_text(raw.get("title")) or "",
        message_id=str(int(message)) if message else None,
        file_id=_text(raw.get("tg_file_id")),
        file_unique_id=_text(raw.get("tg_file_unique_id")),
        video_id=_text(raw.get("yt_video_id")),
        spotify_id=_text(raw.get("sp_track_id")),
        set_video_id=_text(raw.get("yt_set_video_id")),
        duration_s=duration if duration and duration > 0 else None,
        reason=_text(raw.get("failure_reason")),
        created_at=created,
        updated_at=moment(raw.get("updated_at")) or created,
        synced_at=moment(raw.get("synced_at")),
        raw=raw,
    )


def moment(value: Any) -> datetime | None:
    """A date as SQLAlchemy writes it into SQLite: UTC, without saying so. None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _text(value: Any) -> str | None:
    """Text without surrounding space; None for nothing."""
    return None if value is None else str(value).strip() or None


def _number(raw: Raw, column: str) -> float | None:
    value = raw.get(column)
    if value is None or value == "":
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        raise NotUnderstood(f"its {column} is {value!r}, no number") from None
    if found < 0 or found != found:
        raise NotUnderstood(f"its {column} is {value!r}, below zero")
    return found
