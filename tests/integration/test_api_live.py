"""The live feed: one change is told to every open page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx

from navaar_contracts.commands import DeleteTrack
from navaar_contracts.events import DeliverySynced, TrackIdentified
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.music import Recording
from navaar_contracts.records import RequestTaken
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load
from tests.support.api_service import Api, api_service
from tests.support.stub_ledger import StubLedger, running, track
from tests.support.whole_system import eventually


async def events(api: Api) -> AsyncIterator[tuple[str, Any]]:
    async with (
        httpx.AsyncClient(base_url=api.url, trust_env=False, timeout=20) as http,
        http.stream("GET", "/live") as live,
    ):
        kind = ""
        async for line in live.aiter_lines():
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield kind, json.loads(line.removeprefix("data: "))


async def until(stream: AsyncIterator[tuple[str, Any]], kind: str) -> Any:
    async with asyncio.timeout(15):
        async for name, data in stream:
            if name == kind:
                return data
    raise AssertionError("the stream ended")


def identified(number: int) -> TrackIdentified:
    return TrackIdentified(link="main", track_id=number, recording=Recording(title="x"), method="yt_metadata")


def synced(number: int) -> DeliverySynced:
    return DeliverySynced(
        link="main",
        track_id=number,
        direction=Direction.YT_TO_SP,
        state=DeliveryState.SYNCED,
        display="x",
        seconds=1,
    )


async def test_a_change_is_told_to_every_page_with_one_look_at_the_ledger(nats_environment: dict[str, str]) -> None:
    ledger = StubLedger()
    speaker = Service("speaker", load(RuntimeSettings, nats_environment))
    async with running(speaker), api_service(nats_environment, ledger=ledger) as api:
        pages = [events(api) for _ in range(3)]
        for page in pages:
            await until(page, "hello")
        ledger.put(track(4, "Fresh <b>Song</b>", states={Platform.SPOTIFY: DeliveryState.SEARCHING}))
        before = ledger.questions
        await speaker.publisher.publish(identified(4))
        for page in pages:
            told = await until(page, "track")
            assert told["id"] == 4
            assert "Searching" in told["row"]
            assert "<b>" not in told["row"]
            assert told["everywhere"] is False
        assert ledger.questions - before == 1
        ledger.put(track(4, "Fresh"))
        await speaker.publisher.publish(synced(4))
        for page in pages:
            assert (await until(page, "track"))["everywhere"] is True
        figures = await until(pages[0], "figures")
        assert set(figures["lanes"]) == {d.value for d in Direction}
        for page in pages:
            await page.aclose()  # type: ignore[attr-defined]


async def test_a_track_that_a_person_deletes_goes_from_open_pages(nats_environment: dict[str, str]) -> None:
    ledger, now = StubLedger(), datetime.now(UTC)
    ledger.put(track(4, "Dropped", state="deleted"))
    speaker = Service("speaker", load(RuntimeSettings, nats_environment))
    async with running(speaker), api_service(nats_environment, ledger=ledger) as api:
        page = events(api)
        await until(page, "hello")
        request = DeleteTrack(link="main", track_id=4, asked_at=now)
        await speaker.publisher.publish(RequestTaken(link="main", delete=request, taken_at=now))
        assert (await until(page, "gone"))["id"] == 4
        await page.aclose()  # type: ignore[attr-defined]


async def test_a_track_that_turns_out_to_be_another_goes(nats_environment: dict[str, str]) -> None:
    ledger = StubLedger()
    ledger.put(track(4, "Twin", state="merged", merged_into=3))
    speaker = Service("speaker", load(RuntimeSettings, nats_environment))
    async with running(speaker), api_service(nats_environment, ledger=ledger) as api:
        page = events(api)
        await until(page, "hello")
        await speaker.publisher.publish(identified(4))
        assert (await until(page, "gone"))["id"] == 4
        await page.aclose()  # type: ignore[attr-defined]


async def test_what_was_delivered_before_the_start_is_in_the_charts(nats_environment: dict[str, str]) -> None:
    ledger = StubLedger()
    ledger.put(track(1, "Old"))
    speaker = Service("speaker", load(RuntimeSettings, nats_environment))
    async with running(speaker):
        await speaker.publisher.publish(synced(1))
        await speaker.publisher.publish(synced(2))
        async with api_service(nats_environment, ledger=ledger) as api:

            async def shown() -> bool:
                text = (await api.http.get("/", headers={"accept": "text/html"})).text
                return "YouTube Music to Spotify: 2 songs in the last 24 hours" in text

            await eventually(shown)
            assert datetime.now(UTC) > ledger.started_at
