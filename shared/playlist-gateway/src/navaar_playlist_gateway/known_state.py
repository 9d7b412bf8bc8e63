"""What a watcher knows of its collection between two looks. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from navaar_playlist_gateway.snapshot import ChangeCheck, Snapshot, Tail

MARK_LAG_S = 60.0
"""How long after a change the mark of a collection with tails says nothing.

Spotify's takes about 30 s to become the new one and is meanwhile the old one or a third.
"""
OVERLAP = 10
"""How many known entries a tail must show again, so that it is known to continue what was read before."""


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
    mark_lag_s: float = 0.0
    """Seconds for which the mark is not looked at after a change; 0 where it is always the present one."""
    order: tuple[str, ...] | None = None
    """The ids of the entries one by one, as they were seen; None while they are not known."""
    since: float = float("-inf")
    """When this knowledge began, on the clock that `now` is of."""
    _silent_until: float = 0.0
    _awaits_mark: bool = False
    _added: dict[str, float] = field(default_factory=dict)

    def agrees(self, check: ChangeCheck) -> bool:
        """Whether the check shows exactly what is known."""
        if not self.read_once:
            return False
        if self._awaits_mark and check.count == self.count:
            # The new mark of a change that is known: from here on it tells of others again.
            self.mark, self._awaits_mark = check.mark, False
            return True
        if check.mark != self.mark:
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

    def trusts_the_tail_only(self, now: float) -> bool:
        """Whether a check says too little: the mark lags behind a change, or an addition of ours has not been seen."""
        return self.order is not None and (now < self._silent_until or (self.extended and self.mark_lag_s > 0))

    def tail_start(self) -> int:
        """From which place on to read, to see what was appended and a little of what is known before it."""
        return max(0, len(self.order or ()) - OVERLAP)

    def explained_by(self, tail: Tail) -> bool:
        """Whether the tail continues what is known, so that nothing else than appending can have changed the count."""
        if self.order is None or tail.count != tail.start + len(tail.entries):
            return False
        known = self.order[tail.start :]
        return tuple(entry.external_id for entry in tail.entries[: len(known)]) == known

    def ends_with(self, tail: Tail) -> bool:
        """Whether the tail shows what is known of the end, and nothing else."""
        return self.order is None or tuple(entry.external_id for entry in tail.entries) == self.order[tail.start :]

    def extend(self, tail: Tail, now: float) -> None:
        """Believe a tail that explains everything."""
        order = (*(self.order or ())[: tail.start], *(entry.external_id for entry in tail.entries))
        if order != self.order:
            self._changed(now)
        # What was known under a second id still is.
        self.ids |= {*order, *(entry.shown_as for entry in tail.entries if entry.shown_as)}
        self.order, self.count, self.extended = order, tail.count, False

    def _changed(self, now: float) -> None:
        if self.mark_lag_s:
            self._silent_until, self._awaits_mark = now + self.mark_lag_s, True

    def take(self, reading: Snapshot, now: float) -> None:
        """Believe a reading."""
        if reading.order != self.order:
            # The first time as well: somebody may have changed it a moment ago.
            self._changed(now)
        self.order = reading.order
        self._awaits_mark = now < self._silent_until
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
        self._changed(now)

    def removed(self, external_id: str) -> None:
        """Count our own removal out; the next look reads everything."""
        self._added.pop(external_id, None)
        self.ids -= {external_id}
        self.mark, self.order, self._awaits_mark = None, None, False

    def unsettled(self, external_id: str, now: float) -> None:
        """Somebody was helped to add this: it is there, and has still to be read."""
        self._added[external_id] = now
        self.mark = None
        self._changed(now)

    def may_lag_for(self, external_id: str, now: float) -> float:
        """For how many seconds a reading that does not show the item proves nothing: reads lag behind additions.

        An addition that this process does not know of was made before it began.
        """
        return max(0.0, self._added.get(external_id, self.since) + self.settle_s - now)

    def settling(self, now: float) -> frozenset[str]:
        """What we added so recently that a read may not show it yet."""
        self._added = {i: at for i, at in self._added.items() if now - at < self.settle_s}
        return frozenset(self._added)
