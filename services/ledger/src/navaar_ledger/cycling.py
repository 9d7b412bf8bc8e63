"""What a cycle, the clock and a person set in motion again, over many tracks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from navaar_contracts.commands import RetryDeliveries
from navaar_contracts.identifiers import DeliveryState, FirstSync, Platform
from navaar_contracts.message import TrackCommand
from navaar_contracts.streams import CONSUMERS, LEDGER_EVENTS, Consumer
from navaar_ledger.decide import conclude
from navaar_ledger.decision import Change, Decision, Facts
from navaar_ledger.implied import delivery_command, track_command
from navaar_ledger.lanes import Lane
from navaar_ledger.renewing import ask_again, is_overdue, let_go, release, retry_asked, retry_due
from navaar_ledger.track import Delivery, Track, TrackState
from navaar_ledger.turns import Outcome, Ports, take

AT_ONCE = 200
"""Tracks renewed in one go, so that a cycle stays short; the next goes on."""

_BY_SUBJECT = {subject: consumer for consumer in CONSUMERS for subject in consumer.subjects}


async def let_plans_go(ports: Ports, link: str) -> Outcome:
    """Planned tracks, once the policy is to sync."""
    outcome = Outcome()
    if ports.rules.first_sync is not FirstSync.SYNC:
        return outcome
    now = ports.now()
    for track in await ports.store.held(link, 0, AT_ONCE):
        outcome.add(await take(ports, track.id, _change(lambda t: let_go(t, now), now)))
    return outcome


async def release_lane(ports: Ports, lane: Lane, outcome: Outcome) -> int:
    """What waited for this direction's own cycle; returns how many deliveries."""
    now = ports.now()
    released = 0
    for entry in await ports.store.lane(lane, AT_ONCE * 5):
        if entry.released:
            continue
        step = await take(ports, entry.track_id, _change(lambda t: release(t, lane.direction, now), now))
        released += step.changed
        outcome.add(step)
    return released


async def start_due(ports: Ports, outcome: Outcome) -> int:
    """Scheduled retries whose time has come; returns how many tracks."""
    now = ports.now()
    retried = 0
    for track_id in await ports.store.due(now, AT_ONCE):
        step = await take(ports, track_id, _each_target(lambda t, target: retry_due(t, target, now), now))
        retried += step.changed
        outcome.add(step)
    return retried


async def ask_stuck(ports: Ports, outcome: Outcome) -> int:
    """Steps without news for long, whose command nobody has in hand any more; returns how many tracks."""
    now = ports.now()
    before = now - timedelta(seconds=ports.rules.stuck_after_s)
    idle = Idle(ports)
    asked = 0
    for track_id in await ports.store.waiting(before, AT_ONCE):
        track = await ports.store.load(track_id)
        if track is None or not await idle.all_of(overdue(track, before)):
            continue
        step = await take(ports, track_id, _change(lambda t: ask_again(t, before, now), now))
        asked += step.changed
        outcome.add(step)
    return asked


async def retry_failed(ports: Ports, command: RetryDeliveries) -> Outcome:
    """Failed deliveries that the command names, as many as there are."""
    outcome = Outcome()
    now = ports.now()

    def decider(track: Track, facts: Facts) -> Decision:
        root = facts.root(track)
        change = Change(root)
        for delivery in root.deliveries.values():
            if command.target not in (None, delivery.target) or command.origin not in (None, delivery.origin):
                continue
            lift = _means_just_this(command, root, delivery)
            renewed = retry_asked(change.track, delivery.target, now, lift=lift)
            change = Change(renewed.track, (*change.entries, *renewed.entries), after=change.after + renewed.after)
        return conclude(root, change, now)

    if command.track_id is not None:
        return await take(ports, command.track_id, decider)
    before: int | None = None
    while page := await ports.store.tracks(command.link, None, DeliveryState.FAILED, AT_ONCE, before):
        for track in page:
            outcome.add(await take(ports, track.id, decider))
        before = page[-1].id
    return outcome


def _means_just_this(command: RetryDeliveries, track: Track, delivery: Delivery) -> bool:
    """Whether a person names this very delivery, not one of many that have failed."""
    if command.track_id is None:
        return False
    stopped = [d.target for d in track.deliveries.values() if d.state is DeliveryState.FAILED]
    return command.target is delivery.target or stopped == [delivery.target]


class Idle:
    """Which consumers are idle, asked once each."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._known: dict[Consumer, bool] = {}

    async def all_of(self, commands: Iterable[TrackCommand]) -> bool:
        """Whether neither these commands nor their answers can still be on their way."""
        consumers = {LEDGER_EVENTS, *(consumer_of(command) for command in commands)}
        return all([await self._idle(consumer) for consumer in consumers])

    async def _idle(self, consumer: Consumer) -> bool:
        if consumer not in self._known:
            self._known[consumer] = await self._ports.backlog.idle(consumer)
        return self._known[consumer]


def consumer_of(command: TrackCommand) -> Consumer:
    return _BY_SUBJECT[f"navaar.cmd.{command.recipient()}.{command.imperative}.*"]


def overdue(track: Track, before: datetime) -> list[TrackCommand]:
    """The commands that the track waits for since before that moment."""
    commands: list[TrackCommand] = []
    command = track_command(track)
    if command is not None and track.changed_at < before:
        commands.append(command)
    for delivery in track.deliveries.values() if track.state is not TrackState.MERGED else ():
        if is_overdue(track, delivery, before):
            command = delivery_command(track, delivery)
            if command is not None:
                commands.append(command)
    return commands


def _change(step: Callable[[Track], Change], now: datetime) -> Callable[[Track, Facts], Decision]:
    return lambda track, facts: conclude(track, step(track), now)


def _each_target(step: Callable[[Track, Platform], Change], now: datetime) -> Callable[[Track, Facts], Decision]:
    def decider(track: Track, facts: Facts) -> Decision:
        change = Change(track)
        for target in Platform:
            renewed = step(change.track, target)
            change = Change(renewed.track, (*change.entries, *renewed.entries))
        return conclude(track, change, now)

    return decider
