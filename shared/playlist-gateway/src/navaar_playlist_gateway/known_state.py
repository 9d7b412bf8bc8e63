"""What a watcher knows of its collection between two looks. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from navaar_playlist_gateway.snapshot import ChangeCheck, Snapshot


@dataclass
class KnownState:
    """The last complete reading, what was added since, and whether a new answer is to be believed at once."""

    settle_s: float
    mark: str | None = None
    count: int = 0
    ids: frozenset[str] = frozenset()
    unlisted: int = 0
    read_once: bool = False
    extended: bool = False
    """Our own additions were counted in without reading: the mark alone proves nothing, the count must fit as well."""
    _added: dict[str, float] = field(default_factory=dict)

    def agrees(self, check: ChangeCheck) -> bool:
        """Whether the check shows exactly what is known."""
        if not self.read_once or check.mark != self.mark:
            return False
        return check.count == self.count or (check.count is None and not self.extended)

    def doubts(self, reading: Snapshot, now: float) -> bool:
        """Whether the reading shows less than there should be, so that a second one must confirm it.

        Our own additions of the last seconds may be missing without anything being wrong: reads lag.
        """
        if not self.read_once:
            return not reading.entries or reading.unlisted > 0
        lost = self.ids - reading.ids - self.settling(now)
        shrunken = bool(lost) and reading.count < self.count
        return shrunken or reading.unlisted > self.unlisted or (not reading.entries and bool(lost))

    def take(self, reading: Snapshot) -> None:
        """Believe a reading."""
        self.mark, self.count, self.ids = reading.mark, reading.count, reading.ids
        self.unlisted = reading.unlisted
        self.read_once, self.extended = True, False

    def added(self, external_id: str, mark: str | None, now: float) -> None:
        """Count in our own addition."""
        self._added[external_id] = now
        self.ids |= {external_id}
        self.count += 1
        self.extended = True
        if mark is not None:
            self.mark = mark

    def removed(self, external_id: str) -> None:
        """Count our own removal out; the next look reads everything."""
        self._added.pop(external_id, None)
        self.ids -= {external_id}
        self.mark = None

    def unsettled(self, external_id: str, now: float) -> None:
        """Somebody was helped to add this: it is there, and has still to be read."""
        self._added[external_id] = now
        self.mark = None

    def settling(self, now: float) -> frozenset[str]:
        """What we added so recently that a read may not show it yet."""
        self._added = {i: at for i, at in self._added.items() if now - at < self.settle_s}
        return frozenset(self._added)
