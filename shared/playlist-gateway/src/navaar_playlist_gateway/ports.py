"""What watching and placing need from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar, runtime_checkable

from navaar_contracts.queries import Reply
from navaar_playlist_gateway.facts import PlaylistFacts
from navaar_playlist_gateway.snapshot import Addition, ChangeCheck, Snapshot, Tail

R = TypeVar("R", bound=Reply)


class PlaylistAdapter(Protocol):
    """One playlist. Methods raise the failures of `navaar_runtime.failures` and nothing else, unless they say so."""

    async def check_for_change(self) -> ChangeCheck:
        """Ask as cheaply as the platform allows whether anything changed."""

    async def read(self) -> Snapshot:
        """Read everything. May lag behind a write by seconds."""

    async def add(self, external_id: str) -> Addition:
        """Add one item at the end, once, without any retry of its own.

        Raises:
            Transient: the outcome is unknown; the item may have been added.
            RateLimited, AuthRejected, Permanent: nothing was added.
            AlreadyThere: the platform says that the item is in there.
        """

    async def remove(self, external_id: str, set_video_id: str | None) -> bool:
        """Take one item out; `set_video_id` names YouTube's entry where it is known.

        Returns:
            False where the list, which may lag behind an addition, shows no such entry, so that nothing was done.
        """


@runtime_checkable
class Described(Protocol):
    """What an adapter has as well where looking at the playlist shows what it is."""

    @property
    def facts(self) -> PlaylistFacts | None:
        """As the playlist was described last; None before the first look."""


@runtime_checkable
class Limited(Protocol):
    """What an adapter has as well where its collection holds another number of items than the specification says."""

    holds_at_most: int | None


@runtime_checkable
class SeveralAdder(Protocol):
    """What an adapter has as well where one request adds several items."""

    @property
    def at_once(self) -> int:
        """How many it takes at present; no more than its specification says."""

    async def add_several(self, external_ids: Sequence[str]) -> Sequence[Addition | None]:
        """Add items at the end in this order, once, without any retry of its own.

        Returns:
            For each what confirms it, in the same order; None where the answer does not tell what became of it.

        Raises:
            Transient: the outcome is unknown; any of them may have been added.
            RateLimited, AuthRejected, Permanent: none of them was added.
            AlreadyThere: none of them was added, it seems because at least one is in there.
        """


@runtime_checkable
class TailReader(Protocol):
    """What an adapter has as well where additions append and the platform lists from some place on.

    Its mark may then lag behind what the collection holds; its count may not.
    """

    mark_lag_s: float
    """Seconds after a change for which the mark says nothing; 0 where it is always the present one."""

    async def read_tail(self, start: int) -> Tail:
        """Read the entries from the place `start`, or one before it, to the end.

        A tail that cannot be read this way has a count below 0. Raises what `PlaylistAdapter.read` does.
        """


@runtime_checkable
class Counted(Protocol):
    """What an adapter has as well whose platform allows only so much a day."""

    def polled_every(self, interval_s: float) -> None:
        """From now on about every `interval_s` seconds somebody checks for a change."""

    def admit_addition(self) -> None:
        """Raise RateLimited while nothing can be added, so that nobody looks in vain; asks the platform nothing."""
