"""Slows down whoever tries tokens. The right one is never refused: nobody can lock somebody else out."""

from __future__ import annotations

import hashlib
from collections import OrderedDict, deque

ALLOWED = 10
WINDOW_S = 60.0
FIRST_PAUSE_S = 0.125
LONGEST_PAUSE_S = 4.0
MOST_WAITING = 4
"""Attempts of one client with tokens that begin alike that may wait their pause at once."""
_MOST_CLIENTS = 1000
_PREFIX = 4
_GROWING = 10


class WrongTokens:
    """Wrong tokens of the last minute, counted by the client and by how the token begins.

    By client, so that one cannot try many; by beginning, so that many who share a guess are not better off. Only the
    pause grows: a client that shares its address with one that guesses waits a little and gets in.
    """

    def __init__(self) -> None:
        self._of_client: OrderedDict[str, deque[float]] = OrderedDict()
        self._of_prefix: dict[int, deque[float]] = {}
        self._waiting: dict[tuple[str, int], int] = {}

    def failed(self, client: str, token: str, now: float) -> None:
        self._of_client.setdefault(client, _times()).append(now)
        self._of_client.move_to_end(client)
        self._of_prefix.setdefault(prefix(token), _times()).append(now)
        if len(self._of_client) > _MOST_CLIENTS:
            self._of_client.popitem(last=False)

    def pause_s(self, client: str, token: str, now: float) -> float:
        """Seconds that this attempt waits before it is looked at; 0 for those who have not tried much."""
        return max(
            _pause_s(self._of_client.get(client), now),
            _pause_s(self._of_prefix.get(prefix(token)), now),
        )

    def enter(self, client: str, token: str) -> bool:
        """Take a place among those that wait; False: this client has too many of this beginning waiting already."""
        key = (client, prefix(token))
        if self._waiting.get(key, 0) >= MOST_WAITING:
            return False
        self._waiting[key] = self._waiting.get(key, 0) + 1
        return True

    def leave(self, client: str, token: str) -> None:
        key = (client, prefix(token))
        left = self._waiting.get(key, 0) - 1
        if left > 0:
            self._waiting[key] = left
        else:
            self._waiting.pop(key, None)


def prefix(token: str) -> int:
    """One of 256 numbers, the same for tokens that begin alike; it tells nothing worth knowing about a token."""
    return hashlib.sha256(token[:_PREFIX].encode(errors="replace")).digest()[0]


def _times() -> deque[float]:
    return deque(maxlen=ALLOWED + _GROWING)


def _pause_s(times: deque[float] | None, now: float) -> float:
    recent = sum(1 for at in times or () if now - at < WINDOW_S)
    return 0.0 if recent < ALLOWED else min(FIRST_PAUSE_S * 2.0 ** (recent - ALLOWED), LONGEST_PAUSE_S)
