"""Who has come back into a collection, or come in although the ledger knows the id: a person's addition. Pure.

What a complete reading lacks has left; what is listed after that has come back, unless the mark of the entry (its name,
or when it was added) shows that it never was away: lists come back short now and then. What Navaar adds is never
anybody's return.
"""

from __future__ import annotations

from collections.abc import Iterable

from navaar_playlist_gateway.snapshot import PlaylistEntry, Snapshot


class Presence:
    """Of one collection, as far as this process has seen it."""

    def __init__(self, settle_s: float) -> None:
        self._settle_s = settle_s
        self._there: dict[str, str | None] = {}
        """Every id that is there, and the mark of its entry."""
        self._left: dict[str, str | None] = {}
        self._ours: dict[str, float] = {}
        """What Navaar has added so recently that a reading may lack it."""
        self._read_once = False

    def came_in(self, entries: Iterable[PlaylistEntry]) -> frozenset[str]:
        """Those that were not there before; none until there has been a complete reading."""
        if not self._read_once:
            return frozenset()
        return frozenset(entry.external_id for entry in entries if self._is_new(entry))

    def read(self, reading: Snapshot, begun_at: float) -> None:
        """A complete reading that is believed, asked for at that moment on the monotonic clock."""
        if reading.order is not None:
            self._ours = {each: at for each, at in self._ours.items() if begun_at - at < self._settle_s}
            gone = self._there.keys() - reading.ids - self._ours.keys()
            self._left |= {each: self._there.pop(each) for each in gone}
            self._read_once = True
        for each in reading.ids:
            # Also what cannot be used: it does not come in when one day it can.
            self._there.setdefault(each, None)
        self.met(reading.items)

    def met(self, entries: Iterable[PlaylistEntry]) -> None:
        """These are there."""
        for entry in entries:
            self._there[entry.external_id] = entry.mark or self._there.get(entry.external_id)
            self._left.pop(entry.external_id, None)

    def adds(self, ids: Iterable[str], now: float) -> None:
        """Navaar is about to add these: whatever is said of that, whoever lists them next has not come back."""
        for each in ids:
            self._there[each] = None
            self._ours[each] = now
            self._left.pop(each, None)

    def _is_new(self, entry: PlaylistEntry) -> bool:
        if entry.external_id in self._there:
            # Another entry of the same item: put back between two looks.
            known = self._there[entry.external_id]
            return None not in (known, entry.mark) and known != entry.mark
        before = self._left.get(entry.external_id)
        return before is None or before != entry.mark
