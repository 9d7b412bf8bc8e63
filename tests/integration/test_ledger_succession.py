"""A ledger that takes over on another data folder knows what the one before it knew, or does not act."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import nats
import pytest

from navaar_contracts.events import CollectionOpened, ItemSighted
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import ItemMetadata
from navaar_contracts.queries import GetTrack, UnknownItems
from navaar_ledger.__main__ import create
from navaar_ledger.succession import Succession
from navaar_runtime.failures import Transient
from navaar_runtime.run import Supervisor
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load
from tests.support.gateways import until


@pytest.fixture
def environment(nats_environment: dict[str, str]) -> dict[str, str]:
    return {
        **nats_environment,
        "NAVAAR_TELEGRAM_CHANNEL_ID": "-100",
        "NAVAAR_YTMUSIC_PLAYLIST_ID": "PL1",
        "NAVAAR_SPOTIFY_PLAYLIST_ID": "SP1",
    }


@contextlib.asynccontextmanager
async def asker(environment: dict[str, str]) -> AsyncIterator[Service]:
    """Who sends facts and asks the ledger that acts."""
    service = Service("asker", load(RuntimeSettings, environment))
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


@contextlib.asynccontextmanager
async def supervised(environment: dict[str, str], folder: Path) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(create, {**environment, "NAVAAR_DATA_DIR": str(folder)})
    stop = asyncio.Event()
    task = asyncio.create_task(supervisor.run(stop))
    try:
        yield supervisor
    finally:
        stop.set()
        await task


def sighted(number: int) -> ItemSighted:
    item = ItemMetadata(title=f"Song {number}", artists=("Somebody",), duration_s=240)
    at = datetime.now(UTC)
    return ItemSighted(link="main", platform=Platform.TELEGRAM, external_id=str(number), item=item, sighted_at=at)


async def known(at: Service, *numbers: int) -> None:
    """Wait until the ledger that acts knows these items."""
    question = UnknownItems(link="main", platform=Platform.TELEGRAM, external_ids=tuple(map(str, numbers)))
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(Transient):
                if not (await at.queries.ask(question)).unknown:
                    return
            await asyncio.sleep(0.02)


async def test_a_ledger_on_another_folder_stands_by_and_catches_up_before_it_acts(
    environment: dict[str, str], tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    async with asker(environment) as at:
        async with contextlib.AsyncExitStack() as stack:
            acting = await stack.enter_async_context(supervised(environment, first))
            await at.publisher.publish(
                CollectionOpened(link="main", platform=Platform.TELEGRAM, items=0, opened_at=datetime.now(UTC))
            )
            await at.publisher.publish(sighted(1))
            await known(at, 1)
            async with supervised(environment, second) as standby:
                async with asyncio.timeout(60):
                    while not (await standby.details()).get("lease", "").endswith("is active"):
                        await asyncio.sleep(0.02)
                # It has opened nothing, and takes no message from the other.
                assert not second.exists()
                await at.publisher.publish(sighted(2))
                await known(at, 1, 2)
                assert (await acting.report())["store"] is None
                await stack.aclose()
                await known(at, 1, 2)
                await at.publisher.publish(sighted(3))
                await known(at, 3)
                tracks = [(await at.queries.ask(GetTrack(track_id=number))).track for number in (1, 2, 3)]
                assert [track.origin_external_id for track in tracks if track] == ["1", "2", "3"]
        # The first folder has missed something by now, and takes it over.
        async with supervised(environment, first):
            await known(at, 1, 2, 3)


async def test_one_that_cannot_catch_up_does_not_act_and_says_what_to_do(
    environment: dict[str, str], tmp_path: Path
) -> None:
    async with asker(environment) as at:
        async with supervised(environment, tmp_path / "first"):
            for number in (1, 2):
                await at.publisher.publish(sighted(number))
            await known(at, 1, 2)
        client = await nats.connect(environment["NAVAAR_NATS_URL"])
        js = client.jetstream()
        await js.purge_stream("NAVAAR_EVENTS", keep=1)
        async with supervised(environment, tmp_path / "second") as other:
            await until(lambda: "does not reach back to what this one knows" in (other.problem or ""))
            assert "nats kv del navaar-leases ledger" in (other.problem or "")
        await (await js.key_value("navaar-leases")).delete("ledger")
        await client.close()
        async with supervised(environment, tmp_path / "second"):
            await at.publisher.publish(sighted(3))
            await known(at, 3)


async def test_one_that_is_stopped_while_it_takes_over_leaves_everything_to_the_next(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, going = asyncio.Event(), asyncio.Event()

    async def slowly(self: Succession) -> None:
        begun.set()
        await going.wait()

    async with asker(environment) as at:
        async with supervised(environment, tmp_path / "first"):
            await at.publisher.publish(sighted(1))
            await known(at, 1)
            monkeypatch.setattr(Succession, "check", slowly)
            standby = create({**environment, "NAVAAR_DATA_DIR": str(tmp_path / "second")})
            await standby.start()
            assert "standing by" in (await standby.details())["lease"]
        async with asyncio.timeout(60):
            await begun.wait()
        await standby.stop()
        monkeypatch.undo()
        async with supervised(environment, tmp_path / "second"):
            await known(at, 1)
