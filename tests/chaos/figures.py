"""What a run came to: counted while it goes on, and at its end from the streams themselves."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nats.aio.client import Client
from nats.js.errors import NotFoundError
from pydantic import ValidationError

from navaar_contracts.events import TrackPlaced
from navaar_contracts.streams import COMMANDS, CONSUMERS, DEAD, EVENTS
from navaar_runtime.failures import OUR_ERROR
from tests.chaos.garbage import LINK, UNKNOWN_FROM

_SLICE = 500


@dataclass(slots=True)
class Figures:
    """The figures of one run."""

    seed: int
    shape: str
    songs: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    garbage: Counter[str] = field(default_factory=Counter)
    """Messages of floods that the streams took, by what was wrong with them."""
    faults: Counter[str] = field(default_factory=Counter)
    """Faults and storms of platforms, by what they did."""
    faults_struck: int = 0
    jumps: list[int] = field(default_factory=list)
    """How many seconds the clock was off after each of its jumps; the last one, to the right time, does not count."""
    full_disks: int = 0
    backups_tried: int = 0
    restores: int = 0
    left_out: list[str] = field(default_factory=list)
    """What this machine cannot do to a run, and why."""
    messages: int = 0
    """That the streams took."""
    repeated: int = 0
    """Deliveries of a message that had been delivered before."""
    placed: int = 0
    found_instead: int = 0
    """Placements that found their song there, mostly their own that had been cut off, and added nothing."""
    dead: int = 0
    ours: int = 0
    """Dead letters because of an error that nobody expected."""
    refused: list[str] = field(default_factory=list)
    """What NATS forbade a service, where each has a user of its own."""
    missing: int = 0
    twice: int = 0
    wrong: int = 0
    unready: list[str] = field(default_factory=list)
    """Services that do not become ready again, directions that stand still."""
    failed: int = 0
    """Deliveries that gave up."""
    codes: dict[str, int] = field(default_factory=dict)
    """With which each process ended when it was asked to, at the end."""
    seconds: float = 0.0

    @property
    def is_right(self) -> bool:
        """Nothing lost, nothing twice, nothing crossed, nothing forbidden, everybody ready."""
        return not (self.missing or self.twice or self.wrong or self.refused or self.unready)

    def told(self) -> dict[str, Any]:
        """The figures as plain data."""
        return {
            "seed": self.seed,
            "shape": self.shape,
            "songs": self.songs,
            "kills": sum(self.kills.values()),
            "killed": dict(sorted(self.kills.items())),
            "steps": dict(sorted(self.steps.items())),
            "garbage": dict(sorted(self.garbage.items())),
            "faults": dict(sorted(self.faults.items())),
            "faults_struck": self.faults_struck,
            "clock_jumps_s": self.jumps,
            "full_disks": self.full_disks,
            "backups_tried": self.backups_tried,
            "restores": self.restores,
            "left_out": self.left_out,
            "messages": self.messages,
            "repeated": self.repeated,
            "placed": self.placed,
            "found_instead": self.found_instead,
            "dead": self.dead,
            "dead_by_our_error": self.ours,
            "refused": self.refused,
            "lost": self.missing,
            "twice": self.twice,
            "crossed": self.wrong,
            "unready": self.unready,
            "failed": self.failed,
            "codes": self.codes,
            "seconds": round(self.seconds),
        }

    def compared(self, tallies: Mapping[str, Mapping[str, int]]) -> None:
        """Take in what the pretend platforms say of their collections."""
        self.missing = sum(tally["missing"] for tally in tallies.values())
        self.twice = sum(tally["duplicates"] for tally in tallies.values())
        self.wrong = sum(tally["wrong"] for tally in tallies.values())

    async def read_streams(self, client: Client) -> None:
        """Count what the streams hold and how often their messages were delivered.

        Args:
            client: may read everything; it is closed.
        """
        try:
            js = client.jetstream(timeout=30)
            self.messages = 0
            for stream in (EVENTS, COMMANDS):
                self.messages += (await js.stream_info(stream.name)).state.last_seq
            self.dead = (await js.stream_info(DEAD.name)).state.messages
            delivered = 0
            for consumer in CONSUMERS:
                try:
                    info = await js.consumer_info(consumer.stream, consumer.durable)
                except NotFoundError:
                    continue
                seen = info.delivered.consumer_seq if info.delivered else 0
                if consumer.stream == EVENTS.name:
                    # Of the history each consumer skips what is not for it; what it has waits to be read is small.
                    continue
                delivered += seen
            self.repeated = max(0, delivered - (await js.stream_info(COMMANDS.name)).state.last_seq)
            await self._count_placements(js)
            await self._count_ours(js)
        finally:
            await client.close()

    async def _count_placements(self, js: Any) -> None:
        self.placed = self.found_instead = 0
        async for message in _all(js, EVENTS.name, "navaar.evt.track.placed.>"):
            with contextlib.suppress(ValidationError):
                placed = TrackPlaced.model_validate_json(message.data)
                if placed.link == LINK and placed.track_id < UNKNOWN_FROM:
                    self.placed += 1
                    self.found_instead += placed.already_there

    async def _count_ours(self, js: Any) -> None:
        self.ours = 0
        async for message in _all(js, DEAD.name, "navaar.dead.>"):
            self.ours += (message.headers or {}).get("Navaar-Reason", "").startswith(OUR_ERROR)


async def _all(js: Any, stream: str, subject: str) -> AsyncIterator[Any]:
    """Every message that a stream has on a subject."""
    reading = await js.pull_subscribe(subject, stream=stream)
    while True:
        try:
            batch = await reading.fetch(_SLICE, timeout=2)
        except TimeoutError:
            return
        for message in batch:
            yield message
            await message.ack()
