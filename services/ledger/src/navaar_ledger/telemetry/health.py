"""Whether a direction works: told from its cycles, its deliveries and the sign-ins it needs. Pure, kept in memory."""

from __future__ import annotations

from collections import defaultdict, deque

from navaar_contracts.causes import CauseCategory
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_ledger.telemetry.moves import Move, category_of

CRASHES = 5
"""So many failed cycles in a row make a direction unhealthy."""
STOPS = 5
"""So do as many different tracks that stop one after the other for reasons beyond the songs."""


Way = tuple[str, Direction]
"""A direction of a link."""


class Soundness:
    """What was heard since the start. A direction of which nothing bad was heard is healthy."""

    def __init__(self) -> None:
        self._crashes: defaultdict[Way, int] = defaultdict(int)
        self._stops: defaultdict[Way, deque[int]] = defaultdict(lambda: deque(maxlen=STOPS))
        self._refused: set[tuple[str, Platform]] = set()

    def cycled(self, way: Way) -> None:
        self._crashes.pop(way, None)

    def crashed(self, way: Way) -> None:
        self._crashes[way] += 1

    def signed_in(self, link: str, platform: Platform, accepted: bool) -> None:
        if accepted:
            self._refused.discard((link, platform))
        else:
            self._refused.add((link, platform))

    def moved(self, move: Move) -> None:
        way = (move.track.link, move.delivery.direction)
        if move.after is DeliveryState.SYNCED:
            # One that was there already proves nothing about placing.
            self._stops.pop(way, None)
        elif (
            move.stopped
            and category_of(move.delivery) is not CauseCategory.SONG
            and move.track.id not in self._stops[way]
        ):
            self._stops[way].append(move.track.id)

    def healthy(self, way: Way) -> bool:
        link, direction = way
        if self._crashes.get(way, 0) >= CRASHES or len(self._stops.get(way, ())) >= STOPS:
            return False
        return not self._refused & {(link, direction.origin), (link, direction.target)}
