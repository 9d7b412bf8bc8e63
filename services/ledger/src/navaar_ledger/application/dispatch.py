"""Runs the queues: starts and places what `queue.dispatch` says, until nothing more can move."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from navaar_contracts.identifiers import Direction, Platform
from navaar_ledger.application.unit_of_work import Decider, Outcome, work_on
from navaar_ledger.domain.decide import conclude
from navaar_ledger.domain.decision import Change, Decision, Facts
from navaar_ledger.domain.match import start
from navaar_ledger.domain.placement import place
from navaar_ledger.domain.queue import DeliveryQueue, QueueEntry, dispatch
from navaar_ledger.domain.track import Track
from navaar_ledger.ports import Ports

WINDOW = 4
"""How far into a queue one looks, in multiples of what may be under way at once: a longer look costs every message."""
MOST_STEPS = 1000


async def run_queues(ports: Ports, queues: Iterable[DeliveryQueue]) -> Outcome:
    """Everything that can start or be placed in these queues, and in those that this touches, paused ones excepted."""
    outcome = Outcome()
    todo = {queue for queue in queues if queue.link in ports.policy.links}
    links = sorted({queue.link for queue in todo})
    paused = {link: await ports.store.paused(link) for link in links}
    away = {link: await _away(ports, link) for link in links}
    for _ in range(MOST_STEPS):
        todo = {queue for queue in todo if queue.direction not in paused.get(queue.link, ())}
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
    entries = await ports.store.queue(queue, WINDOW * ports.policy.working)
    # Nothing is searched on a platform that is away, as in a direction that a person holds back.
    unsearched = paused | {each for each in Direction if each.target in away}
    placing_allowed = any(entry.ready for entry in entries) and await _placing_allowed(ports, queue, unsearched, now)
    plan = dispatch(entries, now, ports.policy, placing_allowed=placing_allowed, paused=away)
    outcome = Outcome()
    for entry in plan.start:
        outcome.add(await work_on(ports, entry.track_id, _stepping(start, entry)))
    placing = partial(place, known_at=ports.known_until())
    for entry in plan.together:
        outcome.add(await work_on(ports, entry.track_id, _stepping(placing, entry)))
    return outcome


async def _placing_allowed(ports: Ports, queue: DeliveryQueue, paused: frozenset[Direction], now: datetime) -> bool:
    """Whether all that is in the target's collection is known, so that nothing is placed that it holds already.

    What is not polled has no first reading: its history cannot be read.
    """
    target = queue.direction.target
    if target.spec.is_polled and await ports.store.collection(queue.link, target) is None:
        return False
    return not await ports.store.is_resolving(queue.link, target, now - ports.policy.head_of_line_timeout, paused)


def _stepping(step: Callable[[Track, Platform, Facts], Change], entry: QueueEntry) -> Decider:
    """`step` for one queue entry, as `work_on` wants it. The entry's document may have been joined meanwhile."""

    def decider(track: Track, facts: Facts) -> Decision:
        if not track.is_alive:
            return Decision()
        return conclude(track, step(track, entry.target, facts), facts.at)

    return decider
