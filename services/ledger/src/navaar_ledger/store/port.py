"""What the ledger needs of a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.queries import LogEntry
from navaar_ledger.domain.admission import AdmissionQueue
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.overrides import Override
from navaar_ledger.domain.queue import DeliveryQueue, QueueEntry
from navaar_ledger.domain.track import Track


@dataclass(frozen=True, slots=True)
class OpenedCollection:
    link: str
    platform: Platform
    opened_at: datetime
    items: int


@dataclass(frozen=True, slots=True)
class PlatformPause:
    """A platform of a link is asked nothing: it refuses the sign-in, asks for a pause or does not answer.

    Until `until`; None where only an answer ends it. One that is over ends when it begins.
    """

    link: str
    platform: Platform
    since: datetime
    until: datetime | None
    reason: str
    refused: bool = False
    """The sign-in is refused: a person is needed."""

    def told(self) -> str:
        """For people: why, and until when."""
        end = f"{self.until:%Y-%m-%d %H:%M} UTC" if self.until is not None else ""
        # Some reasons name the end themselves.
        return self.reason if end in self.reason else f"{self.reason} (until {end})"

    def lasts(self, now: datetime) -> bool:
        return self.until is None or self.until > now


def over(link: str, platform: Platform, at: datetime) -> PlatformPause:
    """The word that a pause has ended at `at`."""
    return PlatformPause(link, platform, at, at, "")


@dataclass(frozen=True, slots=True)
class Counters:
    """Counters as kept, never counted: tracks, items per platform, deliveries per direction and state."""

    tracks: int = 0
    items: Mapping[Platform, int] = field(default_factory=dict)
    deliveries: Mapping[Direction, Mapping[DeliveryState, int]] = field(default_factory=dict)
    held: Mapping[Direction, int] = field(default_factory=dict)
    """Deliveries that wait for a plan's approval, whatever their state."""


@dataclass(frozen=True, slots=True)
class Found:
    """Tracks by their words. `looked_until` is the id below which one has to continue, None when there is no more."""

    tracks: tuple[Track, ...] = ()
    looked_until: int | None = None


class Store(Protocol):
    """The truth. Every call may raise Transient; a returned write is on disk.

    One document is changed at a time, by compare-and-set on its version. Its projection (queues, lists, counters,
    identity keys) follows it by itself.
    """

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def problem(self) -> str | None:
        """What keeps the store from working, or None."""
        ...

    def together(self) -> AbstractAsyncContextManager[None]:
        """Writes within may be on disk only at its end: for who tells nobody of them before. Raises Transient there."""
        ...

    async def about(self) -> dict[str, str]:
        """What is kept about the ledger as a whole, by name; see `life`."""
        ...

    async def keep_about(self, values: Mapping[str, str]) -> None:
        """Keep these values. They may be on disk only with the next write."""
        ...

    async def next_track_id(self) -> int:
        """A number nobody has had. It may be on disk only with the next write: until then nothing bears it."""
        ...

    async def highest_number(self) -> int:
        """The highest number that a track, a claim or a line of the log has; 0 where none has."""
        ...

    async def raise_number(self, floor: int) -> bool:
        """Let every further number be above `floor`; whether that had not been so."""
        ...

    async def claim(self, key: str, track_id: int, *, at_once: bool = True) -> int:
        """Give `key` to `track_id` unless somebody has it; returns who has it then.

        Unless `at_once`, it may be on disk only with the next write: for who writes before anything is told to others.
        """
        ...

    async def owners(self, keys: Sequence[str]) -> dict[str, int]:
        """Who has which of `keys`; unclaimed ones are absent."""
        ...

    async def release(self, key: str, holders: Sequence[int]) -> None:
        """Take `key` from whoever of `holders` has it; nothing happens when nobody of them does."""
        ...

    async def load(self, track_id: int) -> Track | None: ...
    async def save(self, track: Track, expected_version: int, entries: Sequence[AuditEntry] = ()) -> bool:
        """Write `track` (its version is the new one) and its log entries, or return False: somebody was faster."""
        ...

    async def sharing(self, link: str, keys: Sequence[str], limit: int, least: int = 1) -> tuple[Track, ...]:
        """Tracks with at least `least` of these identity keys, those with most of them first, then the lowest id."""
        ...

    async def queue(self, queue: DeliveryQueue | AdmissionQueue, limit: int) -> tuple[QueueEntry, ...]:
        """The first entries of a queue in order."""
        ...

    async def unsettled(
        self,
        link: str,
        platform: Platform,
        since: datetime,
        limit: int,
        paused: frozenset[Direction] = frozenset(),
    ) -> tuple[int, ...]:
        """Tracks of items of this collection, updated after `since`, that are not known yet for what they are.

        The newest first. What only a search in a paused direction would show does not count.
        """
        ...

    async def due(self, now: datetime, limit: int) -> tuple[int, ...]:
        """Tracks with a retry whose time has come, most overdue first."""
        ...

    async def newest(self) -> datetime | None:
        """When a track was last changed; None without any."""
        ...

    async def waiting(self, before: datetime, limit: int) -> tuple[int, ...]:
        """Tracks with a step that has not moved since `before`, longest first."""
        ...

    async def held(self, link: str, after: int, limit: int) -> tuple[Track, ...]:
        """Planned tracks in the order of their ids, from the one after `after`."""
        ...

    async def tracks(
        self,
        link: str | None,
        direction: Direction | None,
        state: DeliveryState | None,
        limit: int,
        before: int | None = None,
    ) -> tuple[Track, ...]:
        """Living tracks, newest first, below id `before`."""
        ...

    async def in_state(self, link: str | None, state: DeliveryState, limit: int, after: int = 0) -> tuple[Track, ...]:
        """Living tracks with a delivery in `state`, oldest first, above id `after`."""
        ...

    async def find(
        self,
        link: str | None,
        direction: Direction | None,
        state: DeliveryState | None,
        asked: Sequence[str],
        limit: int,
        before: int | None = None,
    ) -> Found:
        """Living tracks that have every word of `asked` (folded, longest first), newest first, below id `before`.

        A question of many common words that hardly ever meet ends early, with the place to continue from.
        """
        ...

    async def keep_overrides(self, overrides: Sequence[tuple[str, Override | None]]) -> None:
        """Keep what a person settled under each key; None forgets what was kept."""
        ...

    async def overrides(self, keys: Sequence[str]) -> dict[str, Override]:
        """What is kept under `keys`; others are absent."""
        ...

    async def pause(self, link: str, direction: Direction, paused: bool, at: datetime) -> None:
        """Keep whether a direction is held back, unless something later than `at` is kept."""
        ...

    async def paused(self, link: str) -> frozenset[Direction]:
        """The directions that are held back."""
        ...

    async def pause_platform(self, pause: PlatformPause) -> bool:
        """Keep the newest word about a platform; False when a newer one, or this one, is kept."""
        ...

    async def paused_platforms(self, link: str) -> tuple[PlatformPause, ...]:
        """The newest word about each platform of which there was one, those that are over included."""
        ...

    async def note(self, entry: LogEntry, once: str) -> bool:
        """Log something that belongs to no track, once for ever under the name `once`."""
        ...

    async def log(
        self, link: str | None, track_id: int | None, limit: int, before: str | None = None
    ) -> tuple[LogEntry, ...]:
        """Newest first, below the entry with id `before`."""
        ...

    async def counters(self, link: str) -> Counters: ...
    async def open_collection(self, collection: OpenedCollection) -> bool:
        """Record the first complete reading; False when one is recorded already."""
        ...

    async def collection(self, link: str, platform: Platform) -> OpenedCollection | None: ...
    async def record_cycle(self, link: str, direction: Direction, number: int, at: datetime) -> None: ...
    async def cycles(self, link: str) -> dict[Direction, datetime]:
        """When each direction's last cycle ended."""
        ...
