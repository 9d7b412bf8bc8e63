"""A playlist gateway at work: the real service on a real nats-server, with a ledger that only remembers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from navaar_contracts import streams
from navaar_contracts.commands import FindCandidates, PlaceTrack, PollPlaylist
from navaar_contracts.events import (
    CandidatesFound,
    CollectionOpened,
    CredentialsAccepted,
    CredentialsRejected,
    ItemSighted,
    ItemSkipped,
    StepFailed,
    TrackPlaced,
    TrackRemoved,
)
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Message
from navaar_contracts.music import Recording
from navaar_contracts.queries import UnknownItems, UnknownItemsReply
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load
from navaar_sandbox import Fault, Sandbox
from navaar_sandbox.playlist import Playlist

DEADLINE_S = 60

E = TypeVar("E", bound=Message)

QUICK = {
    "NAVAAR_SYNC_INTERVAL_YT_TO_TG": "3600",
    "NAVAAR_SYNC_INTERVAL_YT_TO_SP": "3600",
    "NAVAAR_SYNC_INTERVAL_SP_TO_TG": "3600",
    "NAVAAR_SYNC_INTERVAL_SP_TO_YT": "3600",
    "NAVAAR_SETTLE_SECONDS": "1.5",
    "NAVAAR_CONFIRM_SECONDS": "0.1",
    "NAVAAR_AUTH_PROBE_SECONDS": "0.2",
}
"""Polls come from commands, and patience is short."""


@dataclass
class RememberingLedger:
    """Claims what it is told of, and keeps every event in order."""

    service: Service
    claimed: set[str] = field(default_factory=set)
    opened: bool = False
    events: list[Message] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    def start_listening(self) -> None:
        async def remember(event: Message) -> None:
            self.events.append(event)
            if isinstance(event, ItemSighted):
                self.claimed.add(event.external_id)
            if isinstance(event, CollectionOpened):
                self.opened = True

        async def unknown(query: UnknownItems) -> UnknownItemsReply:
            self.asked.append(len(query.external_ids))
            missing = tuple(i for i in query.external_ids if i not in self.claimed)
            return UnknownItemsReply(unknown=missing, opened=self.opened)

        kinds = (
            ItemSighted,
            ItemSkipped,
            CollectionOpened,
            TrackPlaced,
            TrackRemoved,
            StepFailed,
            CandidatesFound,
            CredentialsRejected,
            CredentialsAccepted,
        )
        self.service.on(streams.LEDGER_EVENTS, *kinds, handler=remember)
        self.service.answer(UnknownItems, unknown)

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    async def wait(self, kind: type[E], count: int = 1) -> list[E]:
        """The events of that kind once there are `count`."""
        await until(lambda: len(self.of(kind)) >= count)
        return self.of(kind)


@dataclass
class Stage:
    """One platform's playlist in the sandbox, the ledger, and what a test does to them."""

    platform: Platform
    sandbox: Sandbox
    environment: dict[str, str]
    ledger: RememberingLedger
    _track: int = 0

    @property
    def playlist(self) -> Playlist:
        """The truth on the platform's side."""
        world = self.sandbox.world
        return world.youtube_playlist if self.platform is Platform.YOUTUBE else world.spotify_playlist

    @property
    def ids(self) -> list[str]:
        """What the playlist holds, whatever reads may show."""
        return [entry.item for entry in self.playlist.entries]

    def song(self, number: int) -> str:
        """The platform's id of song `number`."""
        return self.sandbox.catalogue.original(self.platform.value, number).id

    def add(self, *numbers: int) -> list[str]:
        """A person adds songs."""
        ids = [self.song(number) for number in numbers]
        self.playlist.add(ids, by="a person")
        return ids

    def fault(self, operation: str, **fields: Any) -> Fault:
        return self.sandbox.fault(self.platform.value, operation, **fields)

    def calls(self, operation: str) -> int:
        return self.sandbox.gate.counts().get(f"{self.platform.value}/{operation}", 0)

    async def poll(self) -> None:
        await self.ledger.service.publisher.publish(
            PollPlaylist(link="main", platform=self.platform, asked_at=datetime.now(UTC))
        )

    async def place(self, external_id: str, *, track: int = 1, attempt: int = 1, ago_s: float = 0.0) -> None:
        """The ledger, which knows the id from now on, decided `ago_s` seconds ago to place it."""
        self.ledger.claimed.add(external_id)
        await self.ledger.service.publisher.publish(
            PlaceTrack(
                link="main",
                track_id=track,
                attempt=attempt,
                target=self.platform,
                external_id=external_id,
                recording=Recording(title="A song"),
                decided_at=datetime.now(UTC) - timedelta(seconds=ago_s),
            )
        )

    async def find(self, query: str, *, track: int = 1, limit: int = 10) -> None:
        await self.ledger.service.publisher.publish(
            FindCandidates(link="main", track_id=track, target=self.platform, query=query, limit=limit)
        )


@contextlib.asynccontextmanager
async def stage(
    platform: Platform,
    nats_environment: Mapping[str, str],
    folder: Path,
    *,
    tracks: int = 12,
    youtube_auth: Literal["browser", "oauth"] = "browser",
    spotify_auth: Literal["secret", "pkce"] = "secret",
    **variables: str,
) -> AsyncIterator[Stage]:
    """A sandbox and a ledger; the gateway itself is started by the test."""
    async with Sandbox(tracks=tracks, spotify_calls_per_30_seconds=10_000) as sandbox:
        leads_there = sandbox.environment(folder, youtube_auth=youtube_auth, spotify_auth=spotify_auth)
        environment = {**nats_environment, **QUICK, **leads_there, **variables}
        async with remembering_ledger(environment) as ledger:
            yield Stage(platform, sandbox, environment, ledger)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for an outcome, at most 60 s."""
    async with asyncio.timeout(DEADLINE_S):
        while not condition():
            await asyncio.sleep(0.02)


async def part(service: Service, name: str) -> str:
    """What is wrong with a part of the service's health, once something is."""
    async with asyncio.timeout(DEADLINE_S):
        while not (problem := (await service.health()).parts.get(name)):
            await asyncio.sleep(0.02)
    return problem


@contextlib.asynccontextmanager
async def remembering_ledger(environment: Mapping[str, str]) -> AsyncIterator[RememberingLedger]:
    service = Service("ledger", load(RuntimeSettings, environment))
    ledger = RememberingLedger(service)
    ledger.start_listening()
    await service.start()
    try:
        yield ledger
    finally:
        await service.stop()


@contextlib.asynccontextmanager
async def running(service: Service) -> AsyncIterator[asyncio.Task[None]]:
    """The service at work, stopped at the end; what made it fail comes out."""
    stop = asyncio.Event()
    task = asyncio.create_task(service.run(stop))
    try:
        yield task
    finally:
        stop.set()
        await task
