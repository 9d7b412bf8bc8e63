"""How many connections there may be, how long each may take, and which goes when another needs its place.

A new connection is always let in where one that only waits can be closed for it, the longest waiting first: whoever
holds connections open without asking anything cannot keep out somebody who does.
"""

from __future__ import annotations

import resource
from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

MOST = 2048
"""In all, where the process may have so many files open."""
OTHER_FILES = 512
"""Of the files that a process may have open, left to NATS, the store and whatever else runs in it."""
HEAD_S = 10.0
"""From the connection's start, or from the answer before, to the end of a request's head."""
BODY_S = 20.0
"""From the end of the head to the end of the body."""
WRITE_S = 30.0
"""For a client to take some of what waits to be sent."""


class Phase(StrEnum):
    WAITING = "waiting"
    """For a request, or for the rest of its head."""
    RECEIVING = "receiving"
    """A request's body."""
    ANSWERING = "answering"
    STUCK = "stuck"
    """The client does not take the answer."""


_PATIENCE_S = {Phase.WAITING: HEAD_S, Phase.RECEIVING: BODY_S, Phase.STUCK: WRITE_S}
_GIVES_WAY = (Phase.WAITING, Phase.RECEIVING, Phase.STUCK)
"""In this order. An answer under way is finished."""


class Connection(Protocol):
    @property
    def counted_as(self) -> str | None:
        """The address that it counts for; None for a proxy that speaks for many."""

    @property
    def phase(self) -> Phase: ...
    @property
    def since(self) -> float:
        """The moment its phase began."""

    def end(self, reason: str) -> None:
        """Close it, and say why if its client waits for an answer."""


class Connections:
    """Those that are open. Not for several threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        # Others find room, whatever one address does.
        self._most_of_one = max(1, most * 3 // 4)
        self._open: dict[Connection, None] = {}

    def __len__(self) -> int:
        return len(self._open)

    def enter(self, new: Connection) -> bool:
        """Take it in, at the cost of one that gives way where there is no room; False: there is no room."""
        same = [each for each in self._open if new.counted_as is not None and each.counted_as == new.counted_as]
        if len(same) >= self._most_of_one and not self._make_room(same):
            return False
        if len(self._open) >= self._most and not self._make_room(self._open):
            return False
        self._open[new] = None
        return True

    def leave(self, gone: Connection) -> None:
        self._open.pop(gone, None)

    def sweep(self, now: float) -> None:
        """End those whose time is over."""
        for each in [each for each in self._open if is_late(each.phase, each.since, now)]:
            self._end(each, "too slow")

    def _make_room(self, among: Iterable[Connection]) -> bool:
        waiting = [each for each in among if each.phase in _GIVES_WAY]
        if not waiting:
            return False
        self._end(min(waiting, key=lambda each: (_GIVES_WAY.index(each.phase), each.since)), "too many connections")
        return True

    def _end(self, each: Connection, reason: str) -> None:
        self.leave(each)
        each.end(reason)


def room() -> int:
    """How many connections this process has files for; raises its own limit as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST if soft == resource.RLIM_INFINITY else max(1, min(MOST, soft - OTHER_FILES))


def is_late(phase: Phase, since: float, now: float) -> bool:
    """Whether a connection has been in this phase for longer than it may."""
    patience = _PATIENCE_S.get(phase)
    return patience is not None and now - since > patience
