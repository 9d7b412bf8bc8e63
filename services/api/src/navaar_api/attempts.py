"""Wrong tokens are counted per address, so that nobody can try many."""

from __future__ import annotations

from collections import OrderedDict, deque

ALLOWED = 10
WINDOW_S = 60.0
_MOST_ADDRESSES = 1000


class Attempts:
    """Failed sign-ins of the last minute."""

    def __init__(self) -> None:
        self._failed: OrderedDict[str, deque[float]] = OrderedDict()

    def failed(self, address: str, now: float) -> None:
        times = self._failed.setdefault(address, deque(maxlen=ALLOWED))
        self._failed.move_to_end(address)
        times.append(now)
        if len(self._failed) > _MOST_ADDRESSES:
            self._failed.popitem(last=False)

    def wait_s(self, address: str, now: float) -> float:
        """Seconds until this address may try again; 0 means now."""
        times = self._failed.get(address)
        if times is None or len(times) < ALLOWED:
            return 0.0
        return max(0.0, times[0] + WINDOW_S - now)
