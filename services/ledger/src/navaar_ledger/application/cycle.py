"""What a cycle, the clock and a person set in motion again, over many tracks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from navaar_ledger.application.recovery import AT_ONCE, Idle, overdue
from navaar_ledger.application.unit_of_work import Decider, Outcome, work_on
from navaar_ledger.domain.decide import conclude
from navaar_ledger.domain.decision import Change
from navaar_ledger.domain.queue import DeliveryQueue
from navaar_ledger.domain.retry import ask_again, hold, let_go, release, retry_due
from navaar_ledger.domain.track import Track
from navaar_ledger.ports import Ports


async def let_plans_go(ports: Ports, link: str) -> Outcome:
    """Planned tracks, once no plan stands any more."""
    outcome = Outcome()
    if ports.policy.plans(link):
        return outcome
    for track in await ports.store.held(link, 0, AT_ONCE):
        outcome.add(await work_on(ports, track.id, lambda t, facts: conclude(t, let_go(t, facts), facts)))
    return outcome


async def hold_queue(ports: Ports, queue: DeliveryQueue) -> None:
    """While a plan stands: write down of what was in this queue before that it waits now, so that people see it."""
    if not ports.policy.plans(queue.link):
        return
    for entry in await ports.store.queue(queue, AT_ONCE * 5):
        if not entry.held:
            await work_on(ports, entry.track_id, _change(hold))


async def release_queue(ports: Ports, queue: DeliveryQueue, outcome: Outcome) -> int:
    """What waited for this direction's own cycle; returns how many deliveries."""
    now = ports.now()
    released = 0
    for entry in await ports.store.queue(queue, AT_ONCE * 5):
        if entry.released:
            continue
        step = await work_on(ports, entry.track_id, _change(lambda t: release(t, queue.direction, now)))
        released += step.changed
        outcome.add(step)
    return released


async def start_due(ports: Ports, outcome: Outcome) -> int:
    """Scheduled retries whose time has come; returns how many tracks."""
    now = ports.now()
    retried = 0
    for track_id in await ports.store.due(now, AT_ONCE):
        step = await work_on(ports, track_id, _change(lambda t: retry_due(t, now)))
        retried += step.changed
        outcome.add(step)
    return retried


async def ask_stuck(ports: Ports, outcome: Outcome) -> int:
    """Steps without news for long, whose command nobody has in hand any more; returns how many tracks."""
    now = ports.now()
    before = now - timedelta(seconds=ports.policy.stuck_after_s)
    idle = Idle(ports)
    asked = 0
    for track_id in await ports.store.waiting(before, AT_ONCE):
        track = await ports.load(track_id)
        if track is None or not await idle.all_of(overdue(track, before)):
            continue
        if ports.policy.plans(track.link) and not overdue(track, before):
            # It waited for an order from before the plan.
            await work_on(ports, track_id, _change(hold))
        step = await work_on(ports, track_id, _change(lambda t: ask_again(t, before, now)))
        asked += step.changed
        outcome.add(step)
    return asked


def _change(step: Callable[[Track], Change]) -> Decider:
    return lambda track, facts: conclude(track, step(track), facts)
