"""Queues: which deliveries start and which one is placed next, so that a list arrives in the order of its origin.

A queue is one direction of one link; what a first sync brings has a queue of its own, so that new posts do not wait
behind it. Pure: entries and the time in, a plan out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AliasChoices, Field

from navaar_contracts.identifiers import DeliveryState, Direction, LinkName, Platform
from navaar_contracts.message import AwareDatetime
from navaar_contracts.music import Value
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Track


@dataclass(frozen=True, slots=True)
class DeliveryQueue:
    link: LinkName
    direction: Direction
    backfill: bool

    @property
    def key(self) -> str:
        return f"{self.link}|{self.direction}|{int(self.backfill)}"


class QueueEntry(Value):
    """What a queue needs to know of one delivery that is not at rest."""

    queue: str = Field(validation_alias=AliasChoices("queue", "lane"), serialization_alias="lane")
    """Stored under its earlier name."""
    track_id: int
    target: Platform
    order: int
    """The id of the item's own track: its place in the order of its origin."""
    state: DeliveryState
    released: bool = True
    ready: bool = False
    ready_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    held: bool = False
    settled: bool = True
    """No other delivery of the track is looking for its match, which may turn out to belong to another track."""
    seeking: frozenset[Platform] = frozenset()
    """The other targets of the track where it is looking."""

    def is_settled(self, paused: Collection[Platform]) -> bool:
        """Whether nothing that may come soon can still show that this is another track."""
        return self.settled or bool(self.seeking and self.seeking.issubset(paused))

    def may_start(self, now: datetime) -> bool:
        if self.state is not DeliveryState.PENDING or self.ready or self._is_early(now):
            return False
        return not self.target.spec.needs_audio if self.held else self.released

    def may_place(
        self, now: datetime, head_of_line_timeout: timedelta, paused: Collection[Platform] = frozenset()
    ) -> bool:
        if self.state is not DeliveryState.PENDING or not self.ready or self._is_early(now):
            return False
        return self.released and not self.held and (self.is_settled(paused) or self.waited(now) >= head_of_line_timeout)

    def waited(self, now: datetime) -> timedelta:
        return now - (self.ready_at or now)

    @property
    def is_worked_on(self) -> bool:
        """It takes one of the queue's places: a step is under way, or its audio waits in the object store."""
        if self.state is DeliveryState.PENDING:
            # A match that waits costs nothing; counting it would let queues that wait for each other stand still.
            return self.target.spec.needs_audio and self._is_ready_to_go
        return self.state.is_moving and self.state is not DeliveryState.IDENTIFYING

    @property
    def keeps_others_waiting(self) -> bool:
        """It is under way and will be placed before those behind it."""
        return self.state.is_moving or self._is_ready_to_go

    @property
    def _is_ready_to_go(self) -> bool:
        return self.state is DeliveryState.PENDING and self.ready and self.released and not self.held

    def _is_early(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at > now


@dataclass(frozen=True, slots=True)
class Plan:
    start: tuple[QueueEntry, ...] = ()
    place: QueueEntry | None = None
    beside: tuple[QueueEntry, ...] = ()
    """Next in order and ready as well: they go out together with `place`, after it and in this order."""

    @property
    def together(self) -> tuple[QueueEntry, ...]:
        """All that goes out now, in order."""
        return () if self.place is None else (self.place, *self.beside)


def entries_of(track: Track) -> Iterator[QueueEntry]:
    """The track's queue entries: derived data that a store keeps with the document."""
    if not track.is_alive:
        return
    for delivery in track.deliveries.values():
        state = delivery.state
        if not (state is DeliveryState.PENDING or state.is_moving) or delivery.removing is not None:
            continue
        seeking = frozenset(
            other.target
            for other in track.deliveries.values()
            if other.target is not delivery.target
            and other.state in (DeliveryState.SEARCHING, DeliveryState.MATCHING)
            and not other.is_following
        )
        yield QueueEntry(
            queue=DeliveryQueue(track.link, delivery.direction, delivery.backfill).key,
            track_id=track.id,
            target=delivery.target,
            order=delivery.track_id,
            state=state,
            released=delivery.released,
            ready=delivery.ready,
            ready_at=delivery.ready_at,
            due_at=delivery.due_at,
            held=track.held,
            settled=not seeking,
            seeking=seeking,
        )


def dispatch(
    entries: Sequence[QueueEntry],
    now: datetime,
    policy: Policy,
    *,
    placing_allowed: bool = True,
    paused: Collection[Platform] = frozenset(),
) -> Plan:
    """What to start and what to place in one queue.

    At most `policy.working` deliveries are under way, those on their way into the collection counted as one. As many
    are on their way at a time as the target takes in one request; a ready delivery waits for earlier ones that are
    under way, but no longer than the head-of-line timeout: one bad song never blocks a list.

    Args:
        entries: the queue's, in order.
        placing_allowed: False while the target's collection holds something that is not known yet and may be the same.
        paused: platforms that are asked nothing for a while; what a search there would show is not waited for.
    """
    placing = any(entry.state is DeliveryState.SYNCING for entry in entries)
    worked_on = sum(entry.is_worked_on for entry in entries if entry.state is not DeliveryState.SYNCING)
    startable = [entry for entry in entries if entry.may_start(now)]
    # What comes in later goes out together in the next request: no slower, and fewer of them.
    chosen = _next(entries, now, policy.head_of_line_timeout, paused) if placing_allowed and not placing else []
    return Plan(
        tuple(startable[: max(0, policy.working - worked_on - placing)]),
        chosen[0] if chosen else None,
        tuple(chosen[1:]),
    )


def _next(
    entries: Sequence[QueueEntry], now: datetime, head_of_line_timeout: timedelta, paused: Collection[Platform]
) -> list[QueueEntry]:
    chosen: list[QueueEntry] = []
    is_next = True
    for entry in entries:
        if entry.may_place(now, head_of_line_timeout, paused) and (
            is_next or entry.waited(now) >= head_of_line_timeout
        ):
            chosen.append(entry)
            if len(chosen) == entry.target.spec.takes_at_once:
                break
        elif entry.keeps_others_waiting:
            is_next = False
    return chosen
