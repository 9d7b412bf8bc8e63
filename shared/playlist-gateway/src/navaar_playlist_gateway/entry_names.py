"""Under which id each entry of a playlist is known, by the platform's own name of the entry.

YouTube Music may list another video than the one that was added, another upload of the same recording, at once or
months later; the entry's name (setVideoId) stays. Whatever the list shows, the entry keeps the id under which it became
known, so that it is neither taken for a new item nor missed (https://github.com/sigma67/ytmusicapi/issues/674).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from navaar_playlist_gateway.snapshot import PlaylistEntry, Snapshot, Tail, UnusableEntry

R = TypeVar("R", Snapshot, Tail)


class Kept(Protocol):
    """Where names are kept over restarts; every call raises Transient when it cannot be reached."""

    async def get(self, key: str) -> Any: ...
    async def complete(self, key: str, outcome: dict[str, Any]) -> Any: ...
    async def delete(self, key: str) -> None: ...


class EntryNames:
    """Of one collection.

    Kept are the names of what we placed and of entries that were seen to change their id; all others are known from
    the first complete reading on.
    """

    def __init__(self, kept: Kept, link: str, platform: str, settle_s: float) -> None:
        self._records = kept
        self._prefix = f"{link}.{platform}.entry"
        self._settle_s = settle_s
        self._ids: dict[str, str] = {}
        self._kept: set[str] = set()
        self._named_at: dict[str, float] = {}

    async def named(self, name: str | None, external_id: str) -> None:
        """An addition of ours is called so; nothing where the platform has no names. Raises Transient."""
        if name is None:
            return
        self._ids[name] = external_id
        self._named_at[name] = time.monotonic()
        await self._keep(name)

    def name_of(self, external_id: str) -> str | None:
        """What the entry known under this id is called, None if that is not known."""
        return next((name for name, known in self._ids.items() if known == external_id), None)

    async def settled(self, reading: R) -> R:
        """The reading with each entry under the id that it is known by. Raises Transient."""
        entries = tuple(self._as_known(entry) for entry in reading.entries)
        changed = [entry for entry in entries if entry.entry_name is not None and entry.shown_as is not None]
        if not changed:
            return reading
        for entry in changed:
            if entry.entry_name is not None and entry.entry_name not in self._kept:
                await self._keep(entry.entry_name)
        return replace(reading, entries=entries)

    async def recall(self, entries: Iterable[PlaylistEntry]) -> frozenset[str]:
        """Those of the listed ids that nobody knows, but whose entry was known under another one before this start.

        Raises Transient.
        """
        found = set()
        for entry in entries:
            name = entry.entry_name
            if name is None or name in self._ids:
                continue
            record = await self._records.get(self._key(name))
            known = record.outcome.get("external_id") if record is not None else None
            if isinstance(known, str) and known != entry.external_id:
                self._ids[name] = known
                self._kept.add(name)
                found.add(entry.external_id)
        return frozenset(found)

    async def learn(self, reading: Snapshot, begun_at: float) -> None:
        """Remember a complete reading, and forget the names that are gone: a name may be given again.

        `begun_at` is when it was asked for, on the monotonic clock: it shows what there was then. Raises Transient.
        """
        listed = self.met(reading.entries)
        if reading.order is None or not listed:
            # An answer that lacks entries, or the names of all of them, says nothing about any.
            return
        # A reading may lag behind our own additions.
        recently = begun_at - self._settle_s
        self._named_at = {name: at for name, at in self._named_at.items() if at > recently}
        for name in self._ids.keys() - listed - self._named_at.keys():
            if name in self._kept:
                await self._records.delete(self._key(name))
                self._kept.discard(name)
            del self._ids[name]

    def met(self, entries: Iterable[PlaylistEntry | UnusableEntry]) -> frozenset[str]:
        """Remember under which ids these are known; their names."""
        listed = {entry.entry_name: entry.external_id for entry in entries if entry.entry_name is not None}
        for name, external_id in listed.items():
            self._ids.setdefault(name, external_id)
        return frozenset(listed)

    def _as_known(self, entry: PlaylistEntry | UnusableEntry) -> PlaylistEntry | UnusableEntry:
        known = self._ids.get(entry.entry_name) if entry.entry_name is not None else None
        if known is None or known == entry.external_id:
            return entry
        return replace(entry, external_id=known, shown_as=entry.external_id)

    async def _keep(self, name: str) -> None:
        await self._records.complete(self._key(name), {"external_id": self._ids[name]})
        self._kept.add(name)

    def _key(self, name: str) -> str:
        return f"{self._prefix}.{hashlib.sha256(name.encode()).hexdigest()[:32]}"
