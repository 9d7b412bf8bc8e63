"""How often something may be done: a sliding window, as the platforms' flood controls behave."""

import math
from collections import defaultdict, deque
from collections.abc import Callable, Hashable


class Window:
    """At most `most` events in any `seconds`, separately for every key."""

    def __init__(self, most: int, seconds: float, now: Callable[[], float]) -> None:
        self.most = most
        self.seconds = seconds
        self._now = now
        self._seen: defaultdict[Hashable, deque[float]] = defaultdict(deque)

    def take(self, key: Hashable) -> int:
        """Count an event: 0 if it was allowed, else the whole seconds to wait (and nothing is counted)."""
        seen, now = self._seen[key], self._now()
        while seen and seen[0] <= now - self.seconds:
            seen.popleft()
        if len(seen) < self.most:
            seen.append(now)
            return 0
        return max(1, math.ceil(seen[0] + self.seconds - now))


class Allowance:
    """So many actions at once; what was used grows back evenly, all of it in `recovery_s` seconds.

    `most` None allows everything. What is refused uses nothing; what is allowed may use more than is left, and that
    must grow back as well.
    """

    def __init__(self, most: int | None, recovery_s: float, now: Callable[[], float]) -> None:
        self.most = most
        self.recovery_s = recovery_s
        self._now = now
        self._left = float(most or 0)
        self._at = now()

    def take(self, number: int = 1) -> bool:
        """Use so many; False if there is none left."""
        if self.most is None:
            return True
        now = self._now()
        self._left = min(self.most, self._left + self.most * (now - self._at) / self.recovery_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= number
        return True


class Pause:
    """A platform that refuses everything for a time. Who asks nevertheless lets it begin anew, if it is `strict`."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.says_how_long = True  # or the refusal names no time
        self.strict = False
        self.asked = 0  # requests that were made during pauses
        self._now = now
        self._seconds = 0.0
        self._until = 0.0

    def begin(self, seconds: float) -> None:
        """From now on for so many seconds; 0 ends it."""
        self._seconds = seconds
        self._until = self._now() + seconds if seconds else 0.0

    def refuses(self) -> int:
        """Whole seconds that a request now has to wait, 0 if it is served."""
        rest = self._until - self._now()
        if rest <= 0:
            return 0
        self.asked += 1
        if self.strict:
            self.begin(self._seconds)
            rest = self._seconds
        return max(1, math.ceil(rest))
