"""Runs the lanes: starts and places what `lanes.dispatch` says, until nothing more can move."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from navaar_contracts.identifiers import Direction, Platform
from navaar_ledger.application.unit_of_work import Decider, Outcome, take
from navaar_ledger.domain.decide import conclude
from navaar_ledger.domain.decision import Change, Decision, Facts
from navaar_ledger.domain.match import start
from navaar_ledger.domain.placement import place
from navaar_ledger.domain.queue import Lane, LaneEntry, dispatch
from navaar_ledger.domain.track import Track
from navaar_ledger.ports import Ports

WINDOW = 4
"""How far into a lane one looks, in multiples of what may be under way at once: a longer look costs every message."""
MOST_STEPS = 1000


async def run_lanes(ports: Ports, lanes: Iterable[Lane]) -> Outcome:
    """Everything that can start or be placed in these lanes, and in those that this touches, paused ones excepted."""
    outcome = Outcome()
    todo = {lane for lane in lanes if lane.link in ports.policy.links}
    paused = {link: await ports.store.paused(link) for link in sorted({lane.link for lane in todo})}
    for _ in range(MOST_STEPS):
        todo = {lane for lane in todo if lane.direction not in paused.get(lane.link, ())}
        if not todo:
            break
        lane = min(todo, key=lambda each: each.key)
        todo.discard(lane)
        step = await _run_lane(ports, lane, paused.get(lane.link, frozenset()))
        outcome.add(step)
        todo |= step.lanes if step.changed else set()
    return outcome


async def _run_lane(ports: Ports, lane: Lane, paused: frozenset[Direction]) -> Outcome:
    now = ports.now()
    entries = await ports.store.lane(lane, WINDOW * ports.policy.working)
    gate_open = any(entry.ready for entry in entries) and await _gate_open(ports, lane, paused, now)
    plan = dispatch(entries, now, ports.policy, gate_open=gate_open)
    outcome = Outcome()
    for entry in plan.start:
        outcome.add(await take(ports, entry.track_id, _stepping(start, entry)))
    if plan.place is not None:
        placing = partial(place, known_at=ports.known_until())
        outcome.add(await take(ports, plan.place.track_id, _stepping(placing, plan.place)))
    return outcome


async def _gate_open(ports: Ports, lane: Lane, paused: frozenset[Direction], now: datetime) -> bool:
    """Whether all that is in the target's collection is known, so that nothing is placed that it holds already.

    What is not polled has no first reading: its history cannot be read.
    """
    target = lane.direction.target
    if target.spec.is_polled and await ports.store.collection(lane.link, target) is None:
        return False
    return not await ports.store.is_resolving(lane.link, target, now - ports.policy.patience, paused)


def _stepping(step: Callable[[Track, Platform, Facts], Change], entry: LaneEntry) -> Decider:
    """`step` for one lane entry, as `take` wants it. The entry's document may have been joined meanwhile."""

    def decider(track: Track, facts: Facts) -> Decision:
        if not track.is_alive:
            return Decision()
        return conclude(track, step(track, entry.target, facts), facts.at)

    return decider
