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
