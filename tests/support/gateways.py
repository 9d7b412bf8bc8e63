"""A playlist gateway at work: the real service on a real nats-server, with a ledger that only remembers."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

import pytest

from navaar_contracts import streams
from navaar_contracts.commands import FindCandidates, PlaceTrack, PollPlaylist
from navaar_contracts.events import (
    CandidatesFound,
    CollectionOpened,
    CredentialsAccepted,
    CredentialsRejected,
    ItemSighted,
    ItemSkipped,
    NoticeGiven,
    PresenceKnown,
    StepFailed,
    TrackPlaced,
    TrackRemoved,
)
from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.message import Message
from navaar_contracts.music import Kind, Recording
from navaar_contracts.queries import UnknownItems, UnknownItemsReply
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load
from navaar_sandbox import Fault, Sandbox
from navaar_sandbox.faults import Gate
from navaar_sandbox.playlist import Playlist

DEADLINE_S = 120.0

E = TypeVar("E", bound=Message)

PLAYLIST_PLATFORMS = tuple(platform for platform in Platform if platform.spec.is_polled)
"""The contract of a playlist platform holds for each that is registered where the tests run."""
BY_DATA_API = "youtube by the Data API"
PLAYLIST_WAYS = (*PLAYLIST_PLATFORMS, BY_DATA_API)
"""It holds for each way to one, too."""
YOUTUBE_AUTH: Literal["browser", "oauth"] = "browser"
"""With which sign-in a stage reaches YouTube unless the test says."""


def reached(way: str, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """The platform of a way, which the test's stages go from now on."""
    if way != BY_DATA_API:
        return Platform(way)
    monkeypatch.setattr(sys.modules[__name__], "YOUTUBE_AUTH", "oauth")
    return Platform.YOUTUBE


def polled_every(seconds: int) -> dict[str, str]:
    """The variables that set how often each playlist is scanned."""
    ways = (direction for direction in Direction if direction.origin.spec.is_polled)
    return {f"NAVAAR_SYNC_INTERVAL_{direction.value.upper()}": str(seconds) for direction in ways}


QUICK = {
    **polled_every(3600),
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
            PresenceKnown,
            StepFailed,
            CandidatesFound,
            CredentialsRejected,
            CredentialsAccepted,
        )
        self.service.on(streams.LEDGER_EVENTS, *kinds, handler=remember)
        self.service.answer(UnknownItems, unknown)
        self.service.listen("navaar.evt.notice.given.*", NoticeGiven, heard=remember)

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    async def wait(self, kind: type[E], count: int = 1) -> list[E]:
        """The events of that kind once there are `count`."""
        await until(lambda: len(self.of(kind)) >= count)
        return self.of(kind)


class Pretend(Protocol):
    """A platform's pretend service, as far as these tests need it."""

    operations: Mapping[str, str]
    """add, remove, read and check: what its gate calls them."""
    unknown_id: str
    unknown_playlist: str

    @property
    def gate(self) -> Gate: ...
    @property
    def playlist(self) -> Playlist:
        """The truth on the platform's side."""

    def song(self, number: int) -> str:
        """The id of song `number`."""

    def environment(self) -> dict[str, str]:
        """The variables that lead there, beside the sandbox's."""

    def revoke(self) -> None:
        """From now on the sign-in is refused."""


@dataclass
class InSandbox:
    """One of the sandbox's own platforms."""

    sandbox: Sandbox
    name: Literal["youtube", "spotify"]
    by_data_api: bool = False

    @property
    def operations(self) -> Mapping[str, str]:
        if self.by_data_api:
            return {"add": "items.insert", "remove": "items.delete", "read": "items.list", "check": "items.list"}
        if self.name == "youtube":
            return {
                "add": "edit_playlist.add",
                "remove": "edit_playlist.remove",
                "read": "browse",
                "check": "browse",
            }
        return {"add": "items.add", "remove": "items.remove", "read": "items", "check": "playlist"}

    @property
    def unknown_id(self) -> str:
        return "AAAAAAAAAAA" if self.name == "youtube" else "A" * 22

    @property
    def unknown_playlist(self) -> str:
        return "PLnobodyhasthis" if self.name == "youtube" else "7777777777777777777777"

    @property
    def gate(self) -> Gate:
        return self.sandbox.gate

    def environment(self) -> dict[str, str]:
        """The sandbox itself leads there."""
        return {}

    @property
    def playlist(self) -> Playlist:
        world = self.sandbox.world
        return world.youtube_playlist if self.name == "youtube" else world.spotify_playlist

    def song(self, number: int) -> str:
        return self.sandbox.catalogue.original(self.name, number).id

    def revoke(self) -> None:
        self.sandbox.settings(youtube_session_revoked=True, youtube_grant_revoked=True, spotify_revoked=True)


def create(platform: Platform, environment: Mapping[str, str]) -> Service:
    """The platform's gateway."""
    package = entry_points(group="navaar.gateways")[platform.value].value
    service: Service = import_module(f"{package}.__main__").create(environment)
    return service


@dataclass
class Stage:
    """One platform's playlist, the ledger, and what a test does to them."""

    platform: Platform
    sandbox: Sandbox
    pretend: Pretend
    environment: dict[str, str]
    ledger: RememberingLedger
    _track: int = 0

    @property
    def playlist(self) -> Playlist:
        """The truth on the platform's side."""
        return self.pretend.playlist

    @property
    def ids(self) -> list[str]:
        """What the playlist holds, whatever reads may show."""
        return [entry.item for entry in self.playlist.entries]

    def song(self, number: int) -> str:
        """The platform's id of song `number`."""
        return self.pretend.song(number)

    def add(self, *numbers: int) -> list[str]:
        """A person adds songs."""
        ids = [self.song(number) for number in numbers]
        self.playlist.add(ids, by="a person")
        return ids

    def gateway(self) -> Service:
        return create(self.platform, self.environment)

    def fault(self, operation: str, **fields: Any) -> Fault:
        """Plan a failure of add, remove, read, check or an operation as the platform's gate calls it."""
        operation = self.pretend.operations.get(operation, operation)
        return self.pretend.gate.add(Fault(self.platform.value, operation, **fields))

    def calls(self, operation: str) -> int:
        operation = self.pretend.operations.get(operation, operation)
        return self.pretend.gate.counts().get(f"{self.platform.value}/{operation}", 0)

    def moments(self, operation: str) -> list[float]:
        """When each call came, in unix seconds."""
        operation = self.pretend.operations.get(operation, operation)
        return [call.at for call in self.pretend.gate.calls if call.operation == operation]

    async def poll(self) -> None:
        await self.ledger.service.publisher.publish(
            PollPlaylist(link="main", platform=self.platform, asked_at=datetime.now(UTC))
        )

    async def place(
        self, external_id: str, *, track: int = 1, attempt: int = 1, ago_s: float = 0.0, identity: str = ""
    ) -> None:
        """The ledger, which knows the id from now on, decided `ago_s` seconds ago to place it."""
        self.ledger.claimed.add(external_id)
        await self.ledger.service.publisher.publish(
            PlaceTrack(
                link="main",
                track_id=track,
                attempt=attempt,
                identity=identity,
                target=self.platform,
                external_id=external_id,
                recording=Recording(title="A song"),
                decided_at=datetime.now(UTC) - timedelta(seconds=ago_s),
            )
        )

    async def find(self, query: str, *, track: int = 1, limit: int = 10, among: Kind | None = None) -> None:
        await self.ledger.service.publisher.publish(
            FindCandidates(link="main", track_id=track, target=self.platform, query=query, limit=limit, among=among)
        )


@contextlib.asynccontextmanager
async def stage(
    platform: Platform,
    nats_environment: Mapping[str, str],
    folder: Path,
    *,
    tracks: int = 12,
    youtube_auth: Literal["browser", "oauth"] | None = None,
    spotify_auth: Literal["secret", "pkce"] = "secret",
    **variables: str,
) -> AsyncIterator[Stage]:
    """A sandbox and a ledger; the gateway itself is started by the test."""
    async with Sandbox(tracks=tracks, spotify_calls_per_30_seconds=10_000) as sandbox:
        youtube_auth = youtube_auth or YOUTUBE_AUTH
        leads_there = sandbox.environment(folder, youtube_auth=youtube_auth, spotify_auth=spotify_auth)
        environment = {**nats_environment, **QUICK, **leads_there, **variables}
        by_data_api = platform == "youtube" and youtube_auth == "oauth"
        async with pretend_service(platform, sandbox, by_data_api=by_data_api) as pretend:
            environment |= pretend.environment()
            async with remembering_ledger(environment) as ledger:
                yield Stage(platform, sandbox, pretend, environment, ledger)


@contextlib.asynccontextmanager
async def pretend_service(platform: Platform, sandbox: Sandbox, *, by_data_api: bool = False) -> AsyncIterator[Any]:
    """The sandbox's, or the one that the platform's package registers for its tests; same songs."""
    if platform.value in ("youtube", "spotify"):
        yield InSandbox(sandbox, platform.value, by_data_api)
        return
    made = entry_points(group="navaar.pretend")[platform.value].load()
    async with made(sandbox.catalogue) as running_service:
        yield running_service


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
