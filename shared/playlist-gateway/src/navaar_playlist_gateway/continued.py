"""A full playlist that goes on in a second one: to everybody else they are one collection, the first before the second.

Reads are of both. Additions go to the first while it has room, removals to the one that holds the item.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from navaar_contracts.causes import Cause
from navaar_playlist_gateway.ports import Counted, PlaylistAdapter, SeveralAdder, TailReader
from navaar_playlist_gateway.snapshot import (
    Addition,
    AlreadyThere,
    ChangeCheck,
    PlaylistEntry,
    Snapshot,
    Tail,
    UnusableEntry,
)
from navaar_runtime.failures import Failure, Permanent

Entry = PlaylistEntry | UnusableEntry

SECOND = "second/"
"""Before the names of the second playlist's entries."""


class Part(PlaylistAdapter, Protocol):
    async def probe(self) -> None:
        """As `navaar_playlist_gateway.gateway.Playlist` has it."""


class ContinuedPlaylist:
    """Satisfies `PlaylistAdapter`; takes several at once and reads tails where both of its parts do.

    Args:
        most: how many items one playlist holds; None where no limit is known, and then the first says when it is full.
    """

    def __init__(self, first: Part, second: Part, most: int | None) -> None:
        self._first = first
        self._second = second
        self._most = most
        self._count = 0
        """How many the first was last seen to hold, with what was added to it since."""
        self.holds_at_most = None if most is None else 2 * most
        if isinstance(first, SeveralAdder) and isinstance(second, SeveralAdder):
            self._several = first, second
            self.add_several = self._add_several
        if isinstance(first, TailReader) and isinstance(second, TailReader):
            self._tails = first, second
            self.mark_lag_s = max(first.mark_lag_s, second.mark_lag_s)
            self.read_tail = self._read_tail

    @property
    def at_once(self) -> int:
        """As many as both take."""
        return min(each.at_once for each in self._several)

    def polled_every(self, interval_s: float) -> None:
        """Both are asked each time."""
        for part in (self._first, self._second):
            if isinstance(part, Counted):
                part.polled_every(interval_s)

    def admit_addition(self) -> None:
        """Raise RateLimited while nothing can be added to either; asks nothing."""
        for part in (self._first, self._second):
            if isinstance(part, Counted):
                part.admit_addition()

    async def check_for_change(self) -> ChangeCheck:
        first, second = await self._first.check_for_change(), await self._second.check_for_change()
        counts = (first.count, second.count)
        self._count = first.count if first.count is not None else self._count
        both = _joined(first.reading, second.reading) if first.reading and second.reading else None
        return ChangeCheck(f"{first.mark} {second.mark}", None if None in counts else sum(filter(None, counts)), both)

    async def read(self) -> Snapshot:
        first, second = await self._first.read(), await self._second.read()
        self._count = first.count
        return _joined(first, second)

    async def add(self, external_id: str) -> Addition:
        if self._room() != 0:
            try:
                added = await self._first.add(external_id)
            except Permanent as failure:
                if failure.cause is not Cause.PLAYLIST_FULL:
                    raise
            else:
                self._count += 1
                return Addition(set_video_id=added.set_video_id)
        return _of_second(await self._second.add(external_id))

    async def remove(self, external_id: str, set_video_id: str | None) -> bool:
        name, done = set_video_id or "", False
        if not name.startswith(SECOND):
            done = await self._first.remove(external_id, set_video_id)
        if not name or name.startswith(SECOND):
            done = await self._second.remove(external_id, name.removeprefix(SECOND) or None) or done
        return done

    async def probe(self) -> None:
        """Prove that the sign-in serves both playlists, without writing; raises what theirs do."""
        await self._first.probe()
        await self._second.probe()

    async def _add_several(self, external_ids: Sequence[str]) -> Sequence[Addition | None]:
        first, second = self._several
        room = self._room()
        head, rest = external_ids[:room], external_ids[room:]
        added: list[Addition | None] = []
        if head:
            added += [each and Addition(set_video_id=each.set_video_id) for each in await first.add_several(head)]
            self._count += len(head)
        if rest:
            try:
                added += [each and _of_second(each) for each in await second.add_several(rest)]
            except (Failure, AlreadyThere):
                if not head:
                    raise
                # Those before them were added: of these it has to be found out.
                added += [None] * len(rest)
        return added

    async def _read_tail(self, start: int) -> Tail:
        first, second = self._tails
        count = (await self._first.check_for_change()).count
        if count is None:
            return Tail((), start, -1)
        self._count = count
        if start >= count:
            end = await second.read_tail(start - count)
            return Tail(_named(end.entries), count + end.start, -1 if end.count < 0 else count + end.count)
        begin, end = await first.read_tail(start), await second.read_tail(0)
        if begin.count < 0 or end.count < 0 or end.start > 0:
            return Tail((), start, -1)
        return Tail((*begin.entries, *_named(end.entries)), begin.start, begin.count + end.count)

    def _room(self) -> int | None:
        """How many more the first takes, as a slice's end: None where no limit is known."""
        return None if self._most is None else max(0, self._most - self._count)


def _joined(first: Snapshot, second: Snapshot) -> Snapshot:
    entries = (*first.entries, *_named(second.entries))
    return Snapshot(entries, f"{first.mark} {second.mark}", first.count + second.count)


def _named(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries of the second playlist: what a platform calls an entry is the same in every playlist."""
    return tuple(_renamed(entry) for entry in entries)


def _renamed(entry: Entry) -> Entry:
    if entry.entry_name is None:
        return entry
    name = f"{SECOND}{entry.entry_name}"
    if isinstance(entry, UnusableEntry):
        return replace(entry, entry_name=name)
    return replace(entry, item=entry.item.model_copy(update={"set_video_id": name}))


def _of_second(added: Addition) -> Addition:
    """The mark that an addition tells is only of its own part."""
    return Addition(set_video_id=f"{SECOND}{added.set_video_id}" if added.set_video_id is not None else None)
