"""Runs the queues: starts and places what `queue.dispatch` says, until nothing more can move."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_ledger.application.placed_today import Room, room_of
from navaar_ledger.application.unit_of_work import Decider, Outcome, work_on
from navaar_ledger.domain.admission import AdmissionQueue
from navaar_ledger.domain.decide import conclude
from navaar_ledger.domain.decision import Change, Decision, Facts
from navaar_ledger.domain.match import start
from navaar_ledger.domain.newcomers import may_be
from navaar_ledger.domain.owners_policy import close
from navaar_ledger.domain.placement import place
from navaar_ledger.domain.queue import DeliveryQueue, QueueEntry, dispatch
from navaar_ledger.domain.track import Track
from navaar_ledger.ports import Ports

WINDOW = 4
"""How far into a queue one looks, in multiples of what may be under way at once: a longer look costs every message."""
MOST_STEPS = 1000
NEWCOMERS = 50
"""So many are looked at one by one; of more, some will be in the way."""


async def run_queues(ports: Ports, queues: Iterable[DeliveryQueue]) -> Outcome:
    """Everything that can start or be placed in these queues, and in those that this touches, paused ones excepted."""
    outcome = Outcome()
    todo = {queue for queue in queues if queue.link in ports.policy.links}
    links = sorted({queue.link for queue in todo})
    paused = {link: await ports.store.paused(link) for link in links}
    away = {link: await _away(ports, link) for link in links}
    for _ in range(MOST_STEPS):
        # What waits in a closed direction comes to its end, paused or not.
        todo = {each for each in todo if each.direction not in paused.get(each.link, ()) or _is_closed(ports, each)}
        if not todo:
            break
        queue = min(todo, key=lambda each: each.key)
        todo.discard(queue)
        step = await _run_queue(ports, queue, paused.get(queue.link, frozenset()), away.get(queue.link, frozenset()))
        outcome.add(step)
        todo |= step.queues if step.changed else set()
    return outcome


async def _away(ports: Ports, link: str) -> frozenset[Platform]:
    """The platforms that are asked nothing for a while."""
    now = ports.now()
    return frozenset(pause.platform for pause in await ports.store.paused_platforms(link) if pause.lasts(now))


async def _run_queue(
    ports: Ports, queue: DeliveryQueue, paused: frozenset[Direction], away: frozenset[Platform]
) -> Outcome:
    now = ports.now()
    entries = [_held(each, queue, ports) for each in await ports.store.queue(queue, WINDOW * ports.policy.working)]
    closed = await _close(ports, queue, entries)
    if closed.changed or queue.direction in paused:
        # What is left is looked at anew.
        return closed
    # Nothing is searched on a platform that is away, as in a direction that a person holds back.
    unsearched = paused | {each for each in Direction if each.target in away}
    placing_allowed = any(entry.ready for entry in entries) and await _is_open(ports, queue)
    room = Room()
    if placing_allowed:
        room = await room_of(ports.store, ports.placed, ports.policy, queue.link, queue.direction.target, now)
    placing_allowed = placing_allowed and room.wait is None
    plan = dispatch(entries, now, ports.policy, placing_allowed=placing_allowed, paused=away)
    outcome = Outcome()
    for entry in plan.start:
        outcome.add(await work_on(ports, entry.track_id, _stepping(_started, entry)))
    placing = partial(place, known_at=ports.known_until(), known_to=ports.known_to())
    for entry in plan.together[: room.most]:
        if not await _is_new_there(ports, queue, entry.track_id, unsearched, now):
            # Those behind it keep their order.
            break
        outcome.add(await work_on(ports, entry.track_id, _stepping(placing, entry)))
    return outcome


def _is_closed(ports: Ports, queue: DeliveryQueue) -> bool:
    return not ports.policy.links[queue.link].is_open(queue.direction)


async def _close(ports: Ports, queue: DeliveryQueue, entries: Iterable[QueueEntry]) -> Outcome:
    """What waits in a closed direction comes to its end, but for what a person asked for by name."""
    outcome = Outcome()
    if not _is_closed(ports, queue):
        return outcome
    for entry in entries:
        if entry.state is DeliveryState.PENDING:
            outcome.add(await work_on(ports, entry.track_id, _stepping(close, entry)))
    return outcome


def _started(track: Track, target: Platform, facts: Facts) -> Change:
    """It begins, unless a rule of the link's owner leaves it out."""
    change = close(track, target, facts)
    return change if change.track is not track else start(track, target, facts)


def _held(entry: QueueEntry, queue: DeliveryQueue, ports: Ports) -> QueueEntry:
    """What was written before the plan began waits for its approval as well."""
    return entry.model_copy(update={"held": True}) if ports.policy.plans(queue.link) else entry


async def _is_open(ports: Ports, queue: DeliveryQueue) -> bool:
    """Whether the target's collection was read once. What is not polled has no first reading: its history is closed."""
    target = queue.direction.target
    return not target.spec.is_polled or await ports.store.collection(queue.link, target) is not None


async def _is_new_there(
    ports: Ports, queue: DeliveryQueue, track_id: int, paused: frozenset[Direction], now: datetime
) -> bool:
    """Whether nothing in the target's collection may still turn out to be the track, so that none is placed twice."""
    target = queue.direction.target
    if not target.spec.is_polled and await ports.store.queue(AdmissionQueue(queue.link, target, True), 1):
        # An import told of items that have no name yet, and nobody can look into the collection before placing there.
        return False
    since = now - ports.policy.head_of_line_timeout
    newcomers = await ports.store.unsettled(queue.link, target, since, NEWCOMERS, paused)
    if not newcomers:
        return True
    track = await ports.load(track_id)
    if track is None or len(newcomers) == NEWCOMERS:
        return False
    for each in newcomers:
        newcomer = await ports.load(each)
        if newcomer is not None and may_be(newcomer, track):
            return False
    return True


def _stepping(step: Callable[[Track, Platform, Facts], Change], entry: QueueEntry) -> Decider:
    """`step` for one queue entry, as `work_on` wants it. The entry's document may have been joined meanwhile."""

    def decider(track: Track, facts: Facts) -> Decision:
        if not track.is_alive:
            return Decision()
        return conclude(track, step(track, entry.target, facts), facts)

    return decider
