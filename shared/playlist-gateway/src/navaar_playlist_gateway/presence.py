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
        self._there: dict[str, frozenset[str]] = {}
        """Every id that is there, and the marks of its entries: somebody may have added it more than once."""
        self._left: dict[str, frozenset[str]] = {}
        self._ours: dict[str, float] = {}
        """What Navaar has added so recently that a reading may lack it."""
        self._read_once = False

    def came_in(self, entries: Iterable[PlaylistEntry]) -> frozenset[str]:
        """Those that were not there before; none until there has been a complete reading."""
        if not self._read_once:
            return frozenset()
        return frozenset(each for each, marks in _marks_of(entries).items() if self._is_new(each, marks))

    def read(self, reading: Snapshot, begun_at: float) -> None:
        """A complete reading that is believed, asked for at that moment on the monotonic clock."""
        if reading.order is not None:
            self._ours = {each: at for each, at in self._ours.items() if begun_at - at < self._settle_s}
            gone = self._there.keys() - reading.ids - self._ours.keys()
            self._left |= {each: self._there.pop(each) for each in gone}
            self._read_once = True
        for each in reading.ids:
            # Also what cannot be used: it does not come in when one day it can.
            self._there.setdefault(each, frozenset())
        marks = _marks_of(reading.usable)
        self._there |= {each: there for each, there in marks.items() if there}
        self.met(reading.usable)

    def met(self, entries: Iterable[PlaylistEntry]) -> None:
        """These are there."""
        for each, marks in _marks_of(entries).items():
            self._there[each] = self._there.get(each, frozenset()) | marks
            self._left.pop(each, None)

    def adds(self, ids: Iterable[str], now: float) -> None:
        """Navaar is about to add these: whatever is said of that, whoever lists them next has not come back."""
        for each in ids:
            self._there[each] = frozenset()
            self._ours[each] = now
            self._left.pop(each, None)

    def _is_new(self, external_id: str, marks: frozenset[str]) -> bool:
        if external_id in self._there:
            # None of the entries that were there before: put back between two looks.
            known = self._there[external_id]
            return bool(known and marks) and known.isdisjoint(marks)
        before = self._left.get(external_id)
        return before is None or not marks or before.isdisjoint(marks)


def _marks_of(entries: Iterable[PlaylistEntry]) -> dict[str, frozenset[str]]:
    """By id; an entry without a mark tells nothing."""
    found: dict[str, frozenset[str]] = {}
    for entry in entries:
        marks = frozenset() if entry.mark is None else frozenset((entry.mark,))
        found[entry.external_id] = found.get(entry.external_id, frozenset()) | marks
    return found
