"""The demo: all of Navaar on a sandbox, with a pretend person who posts and adds songs on all three sides."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from navaar_api import dashboard_links
from navaar_client.errors import Unavailable
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.identifiers import Direction
from navaar_contracts.queries import ListTracks, TrackView
from navaar_launcher.connection import ledger_client
from navaar_launcher.up import up
from navaar_sandbox import Sandbox
from navaar_sandbox.profiles import Profile

Collections = dict[str, dict[str, int]]

QUIET_S = 4.0
"""After everything has arrived: two polls of every playlist in which nothing more may happen."""


@dataclass(frozen=True, slots=True)
class Demo:
    tracks: int
    pace_s: float
    seed: int
    folder: Path | None
    """Keep the data here; None uses a temporary folder."""
    deadline_s: float
    goes_on: bool
    """Keep running after the collections agree, until stopped."""
    profile: Profile | None = None
    """How the pretend platforms behave; None: obligingly."""


@dataclass(slots=True)
class DemoProgress:
    """What a watcher may show."""

    played: int = 0
    tracks: tuple[TrackView, ...] = ()
    collections: Collections | None = None
    seconds: float = 0.0
    dashboard: str = ""
    """A link that signs in to the demo's dashboard, once."""


Watch = Callable[[DemoProgress], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    seconds: float
    collections: Collections
    synced: bool


def complete(collections: Collections) -> bool:
    """Whether each collection holds every recording exactly once and nothing else."""
    return all(c["missing"] == c["duplicates"] == c["wrong"] == 0 for c in collections.values())


async def play(demo: Demo, watch: Watch, stop: asyncio.Event) -> DemoOutcome:
    """Run until the three collections agree (or, if wanted, on and on), the deadline is over or `stop` is set.

    Raises:
        SettingsError, NatsNotStarted: see `up`.
    """
    progress = DemoProgress()
    async with contextlib.AsyncExitStack() as stack:
        folder = demo.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="navaar-demo-")))
        sandbox = await stack.enter_async_context(Sandbox(tracks=demo.tracks, seed=demo.seed, profile=demo.profile))
        environment = _environment(sandbox, folder)
        progress.dashboard = dashboard_links.link(environment)
        await stack.enter_async_context(_navaar(environment, stop))
        client = await stack.enter_async_context(ledger_client(environment))
        begun = monotonic()
        playing = asyncio.create_task(_play(sandbox, demo, progress))
        stack.callback(playing.cancel)
        ended: float | None = None
        while not stop.is_set():
            progress.seconds = monotonic() - begun
            progress.tracks = await _tracks(client)
            progress.collections = await sandbox.compare() if playing.done() else None
            await watch(progress)
            done = progress.collections is not None and complete(progress.collections)
            ended = (ended or progress.seconds) if done else None
            if ended is not None and progress.seconds - ended > QUIET_S and not demo.goes_on:
                break
            if ended is None and progress.seconds > demo.deadline_s:
                break
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    await stop.wait()
        if playing.done():
            # What the person could not do is an error of the demo, not a result.
            playing.result()
        collections = await sandbox.compare()
        return DemoOutcome(round(ended or progress.seconds, 1), collections, playing.done() and complete(collections))


async def _play(sandbox: Sandbox, demo: Demo, progress: DemoProgress) -> None:
    for number in range(demo.tracks):
        if number:
            await asyncio.sleep(demo.pace_s)
        await sandbox.person.add(number)
        progress.played = number + 1


@contextlib.asynccontextmanager
async def _navaar(environment: dict[str, str], stop: asyncio.Event) -> AsyncIterator[None]:
    ours = asyncio.Event()
    started = asyncio.Event()
    task = asyncio.create_task(up(environment, ours, started=started))
    waiting = asyncio.create_task(started.wait())
    try:
        await asyncio.wait({task, waiting, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        yield
    finally:
        waiting.cancel()
        ours.set()
        await task


def _environment(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    intervals = {f"NAVAAR_SYNC_INTERVAL_{direction.value.upper()}": "2" for direction in Direction}
    return {
        # The system's own variables only: a configured Navaar on this machine must not be touched by a demo.
        **{k: v for k, v in os.environ.items() if not k.startswith("NAVAAR_")},
        **sandbox.environment(folder / "credentials"),
        **intervals,
        "NAVAAR_DATA_DIR": str(folder / "data"),
        "NAVAAR_NATS_PORT": "0",
        "NAVAAR_API_PORT": str(_free_port()),
        "NAVAAR_API_TOKEN": secrets.token_urlsafe(32),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _tracks(client: LedgerClient) -> tuple[TrackView, ...]:
    try:
        reply = await client.ask(ListTracks(limit=100))
    except Unavailable:
        # The ledger is still starting; the table stays as it is until it answers.
        return ()
    return tuple(track for track in reversed(reply.tracks) if track.state != "merged")
