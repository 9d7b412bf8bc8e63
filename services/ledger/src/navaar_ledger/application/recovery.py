"""What waited when the ledger started, and what nobody has in hand any more, asked for again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from navaar_contracts.message import Message, TrackCommand
from navaar_contracts.streams import CONSUMERS, LEDGER_EVENTS, Consumer
from navaar_ledger.domain.effects import delivery_command, presence_checks, track_command
from navaar_ledger.domain.retry import is_overdue
from navaar_ledger.domain.track import Track, TrackState
from navaar_ledger.ports import Ports

AT_ONCE = 200
"""Tracks renewed in one go, so that a cycle stays short; the next continues."""
_BY_SUBJECT = {subject: consumer for consumer in CONSUMERS for subject in consumer.subjects}


class Idle:
    """Which consumers are idle, asked once each."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._known: dict[Consumer, bool] = {}

    async def all_of(self, commands: Iterable[TrackCommand]) -> bool:
        """Whether neither these commands nor their answers can still be on their way."""
        consumers = {LEDGER_EVENTS, *(consumer_of(command) for command in commands)}
        return all([await self._idle(consumer) for consumer in consumers])

    async def _idle(self, consumer: Consumer | None) -> bool:
        if consumer is None:
            # Nobody can tell, so nothing is repeated on a guess.
            return False
        if consumer not in self._known:
            self._known[consumer] = await self._ports.backlog.idle(consumer)
        return self._known[consumer]


def consumer_of(command: TrackCommand) -> Consumer | None:
    """Who takes it; None for what this version has no consumer for."""
    return _BY_SUBJECT.get(f"navaar.cmd.{command.recipient()}.{command.imperative}.*")


def overdue(track: Track, before: datetime) -> list[TrackCommand]:
    """The commands that the track waits for since before that moment."""
    commands: list[TrackCommand] = []
    command = track_command(track)
    if command is not None and track.changed_at < before:
        commands.append(command)
    if track.seeking is not None and track.seeking.since < before:
        commands += presence_checks(track)
    for delivery in track.deliveries.values() if track.state is not TrackState.MERGED else ():
        if is_overdue(track, delivery, before):
            command = delivery_command(track, delivery)
            if command is not None:
                commands.append(command)
    return commands


class Recovery:
    """Asks once more for each step that waited at the start, as soon as nobody can have it in hand.

    A stop between write and publish loses commands that no message's redelivery brings back: those of other tracks
    that the queues had started. While a consumer is busy with what came before the stop, it cannot be told whether a
    command is lost; so the question is put again until each step has moved or was asked for.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._since = ports.now() + timedelta(seconds=1)
        self._asked: set[str] = set()
        self._unclear = True
        self.is_done = False

    async def commands(self) -> list[Message]:
        """Those that are lost, as far as it can be told by now. Raises Transient."""
        idle = Idle(self._ports)
        lost: list[Message] = []
        unclear = False
        for track_id in await self._ports.store.waiting(self._since, AT_ONCE):
            track = await self._ports.load(track_id)
            if track is None:
                continue
            waited_for = [c for c in overdue(track, self._since) if c.message_id() not in self._asked]
            idly = [c for c in waited_for if await idle.all_of([c])]
            unclear |= len(idly) < len(waited_for)
            if not idly:
                continue
            # Looked at again: its answer may have been the last that made the consumers idle.
            track = await self._ports.load(track_id)
            still = {c.message_id() for c in overdue(track, self._since)} if track is not None else set()
            if track is not None and still:
                self._ports.traces.know(track)
            lost += [c for c in idly if c.message_id() in still]
        self._unclear = unclear
        return lost

    def asked(self, commands: Iterable[Message]) -> None:
        """These have been published."""
        self._asked |= {command.message_id() for command in commands}
        self.is_done = not self._unclear
