"""Whether a direction works: told from its cycles, its deliveries and the platforms it needs. Pure.

What is heard of cycles and deliveries is kept in memory; which sign-ins are refused, the store alone knows. The gauge
shows what goes wrong; whoever asks the ledger is also told of pauses and late cycles.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import datetime

from navaar_contracts.causes import CauseCategory
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.queries import DirectionHealth, DirectionProblem
from navaar_ledger.domain.policy import Policy
from navaar_ledger.store.port import PlatformPause
from navaar_ledger.telemetry.transitions import Transition, category_of

CRASHES = 5
"""So many failed cycles in a row make a direction unhealthy."""
STOPS = 5
"""So do as many different tracks that stop one after the other for reasons beyond the songs."""


Way = tuple[str, Direction]
"""A direction of a link."""


class Health:
    """What was heard since the start. A direction of which nothing bad was heard is healthy."""

    def __init__(self) -> None:
        self._crashes: defaultdict[Way, int] = defaultdict(int)
        self._stops: defaultdict[Way, deque[int]] = defaultdict(lambda: deque(maxlen=STOPS))
        self._closed: set[tuple[str, Platform]] = set()

    def cycled(self, way: Way) -> None:
        self._crashes.pop(way, None)

    def crashed(self, way: Way) -> None:
        self._crashes[way] += 1

    def collection(self, link: str, platform: Platform, *, closed: bool) -> None:
        """The link's collection is closed to Navaar, or open again; the platform itself answers."""
        if closed:
            self._closed.add((link, platform))
        else:
            self._closed.discard((link, platform))

    def moved(self, move: Transition) -> None:
        way = (move.track.link, move.delivery.direction)
        if move.after is DeliveryState.SYNCED:
            # One that was there already proves nothing about placing.
            self._stops.pop(way, None)
        elif move.stopped and category_of(move.delivery) is not CauseCategory.SONG:
            stops = self._stops[way]
            stops.extend(() if move.track.id in stops else (move.track.id,))

    def problem(self, way: Way, away: Sequence[PlatformPause] = ()) -> DirectionProblem | None:
        """What goes wrong in it; `away` are the link's platforms that are asked nothing for now."""
        link, direction = way
        needed = (direction.origin, direction.target)
        if any(each.refused and each.platform in needed for each in away):
            return DirectionProblem.SIGN_IN_REFUSED
        if self._closed & {(link, platform) for platform in needed}:
            return DirectionProblem.SIGN_IN_REFUSED
        if self._crashes.get(way, 0) >= CRASHES:
            return DirectionProblem.CRASHING
        return DirectionProblem.FAILING if len(self._stops.get(way, ())) >= STOPS else None

    def healthy(self, way: Way, away: Sequence[PlatformPause] = ()) -> bool:
        return self.problem(way, away) is None

    def of(
        self,
        way: Way,
        last_cycle: datetime | None,
        idle_s: float,
        policy: Policy,
        *,
        paused: bool,
        away: Sequence[PlatformPause] = (),
    ) -> DirectionHealth:
        """The one rule by which a direction is said to work or not.

        Args:
            way: the direction of a link.
            last_cycle: when its latest cycle ended.
            idle_s: seconds since then, or since the ledger started if that is later.
            policy: how often it is to have a cycle, and when that is late.
            paused: whether a person holds it back.
            away: the link's platforms that are asked nothing for now.
        """
        link, direction = way
        problem = DirectionProblem.PAUSED if paused else self.problem(way)
        pause = next((each for each in away if each.platform in (direction.origin, direction.target)), None)
        if pause is not None and not paused:
            problem = DirectionProblem.SIGN_IN_REFUSED if pause.refused else DirectionProblem.PLATFORM_PAUSED
        if problem is None and idle_s > policy.late_after * policy.interval(direction, link):
            problem = DirectionProblem.LATE
        details = pause.told() if pause is not None else None
        return DirectionHealth(link=link, direction=direction, problem=problem, details=details, last_cycle=last_cycle)
