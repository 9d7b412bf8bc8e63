"""How many messages of one kind may be sent unasked. Pure."""

from __future__ import annotations

from collections import deque


class Allowance:
    """At most `most` in any `seconds`; the first one beyond that may say that there are more."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._taken: deque[float] = deque()
        self._told_more = False

    def take(self, now: float) -> bool:
        """Whether one more may be sent; counts it."""
        self._forget(now)
        if len(self._taken) >= self._most:
            return False
        self._taken.append(now)
        self._told_more = False
        return True

    def tell_more(self, now: float) -> bool:
        """Whether to say, once, that there are more."""
        self._forget(now)
        if self._told_more:
            return False
        self._told_more = True
        return True

    def _forget(self, now: float) -> None:
        while self._taken and self._taken[0] <= now - self._seconds:
            self._taken.popleft()
