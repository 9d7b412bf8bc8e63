"""Gives the ledger what was translated, and waits until it has taken it over."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

import nats.errors
from nats.aio.client import Client
from nats.js.errors import Error as StreamError

from navaar_client.ledger_client import LedgerClient
from navaar_contracts.events import TrackImported
from navaar_contracts.identifiers import Platform
from navaar_contracts.queries import UnknownItems
from navaar_contracts.streams import EVENTS, LEDGER_EVENTS
from navaar_launcher.connection import Unanswered, client_over, connected
from navaar_launcher.registry import entry
from navaar_launcher.up import up
from navaar_runtime.settings import RuntimeSettings, load

NEEDED = ("ledger", "identifier")
"""The gateways stay away while this Navaar has no other: they would report what the ledger is about to learn."""

SLICE = 1000
STORE_S = 10.0
START_S = 60.0
STALLED_S = 60.0
"""So long without any progress means that nobody takes anything over."""


@contextlib.asynccontextmanager
async def somewhere(environment: Mapping[str, str]) -> AsyncIterator[Client]:
    """A connection to the Navaar that runs, or to a ledger and an identifier that run for as long as this does.

    Raises:
        Unanswered: NAVAAR_NATS_URL names a server that does not answer.
        SettingsError, NatsNotStarted: this Navaar cannot be started.
    """
    if load(RuntimeSettings, environment).nats_url is not None or await _runs(environment):
        async with connected(environment) as client:
            yield client
        return
    stop, started = asyncio.Event(), asyncio.Event()
    services = [found for name in NEEDED if (found := entry(name)) is not None]
    # Any free port: nobody else is to find this short-lived server.
    running = asyncio.create_task(
        up({**environment, "NAVAAR_NATS_PORT": "0"}, stop, started=started, services=services)
    )
    waiting = asyncio.create_task(started.wait())
    try:
        await asyncio.wait({running, waiting}, timeout=START_S, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running
        async with connected(environment) as client:
            yield client
    finally:
        waiting.cancel()
        stop.set()
        await running


async def send(
    client: Client, events: Sequence[TrackImported], progress: Callable[[int], None] = lambda taken: None
) -> list[TrackImported]:
    """Every event in order, then wait for the ledger; returns those that it did not take over.

    Args:
        progress: told how many the ledger has taken over.

    Raises:
        Unanswered: NATS or the ledger does not answer, or takes nothing for a minute.
    """
    if not events:
        return []
    ledger = client_over(client)
    for event in events:
        await ledger.send(event)
    await _taken(client, len(events), progress)
    return await not_known(ledger, events)


async def _runs(environment: Mapping[str, str]) -> bool:
    try:
        async with connected(environment):
            return True
    except Unanswered:
        return False


async def _taken(client: Client, total: int, progress: Callable[[int], None]) -> None:
    """Wait until the ledger's consumer is through with everything that the stream holds now."""
    loop = asyncio.get_running_loop()
    floor, last, moved = -1, 0, loop.time()
    while floor < last:
        try:
            last = last or (await client.jetstream(timeout=STORE_S).stream_info(EVENTS.name)).state.last_seq
            seen = await client.jetstream(timeout=STORE_S).consumer_info(EVENTS.name, LEDGER_EVENTS.durable)
        except (TimeoutError, nats.errors.Error, StreamError) as error:
            raise Unanswered(f"NATS does not tell how far the ledger is: {error or type(error).__name__}") from None
        now = seen.ack_floor.stream_seq if seen.ack_floor is not None else 0
        if seen.num_pending == 0 and not seen.num_ack_pending:
            now = max(now, last)
        if now > floor:
            floor, moved = now, loop.time()
            progress(max(0, total - max(0, last - floor)))
        elif loop.time() - moved > STALLED_S:
            raise Unanswered("the ledger takes nothing over: is it running, and is its store there?")
        if floor < last:
            await asyncio.sleep(0.2)


async def not_known(ledger: LedgerClient, events: Sequence[TrackImported]) -> list[TrackImported]:
    """Those whose items belong to no track yet. Raises Unanswered, or Transient, when the ledger does not answer."""
    left: list[TrackImported] = []
    for platform in Platform:
        mine = [event for event in events if event.platform == platform]
        for start in range(0, len(mine), SLICE):
            part = mine[start : start + SLICE]
            ids = tuple(event.external_id for event in part)
            answer = await ledger.ask(UnknownItems(link=part[0].link, platform=platform, external_ids=ids), STORE_S)
            unknown = set(answer.unknown)
            left += [event for event in part if event.external_id in unknown]
    return left
