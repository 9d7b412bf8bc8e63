"""A track's trace goes on whoever sets its next step in motion, and the ledger's database is seen in it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import nats
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from navaar_contracts.commands import RetryDeliveries
from navaar_contracts.events import FailureKind, ItemSighted, Step, StepFailed
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import ItemMetadata
from navaar_contracts.queries import GetTrack, ListLog
from navaar_ledger.__main__ import create
from navaar_runtime import tracing
from navaar_runtime.service import Service
from tests.support.mongo_server import environment as mongo_environment
from tests.support.mongo_server import running_mongo

DEADLINE_S = 120.0
TITLE = "A title that nobody else has"


@pytest.fixture
def environment(nats_environment: dict[str, str]) -> dict[str, str]:
    ids = {"TELEGRAM_CHANNEL_ID": "-100", "YTMUSIC_PLAYLIST_ID": "PL1", "SPOTIFY_PLAYLIST_ID": "SP1"}
    return nats_environment | {f"NAVAAR_{name}": value for name, value in ids.items()}


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """What the ledger's spans tell; a step of another service's makes the messages' first spans."""
    exporter = InMemorySpanExporter()
    tracing.tracer_provider("ledger").add_span_processor(SimpleSpanProcessor(exporter))
    yield exporter
    exporter.shutdown()


@contextlib.asynccontextmanager
async def running(environment: dict[str, str]) -> AsyncIterator[Service]:
    service = create(environment)
    try:
        await service.start()
        yield service
    finally:
        await service.stop()


async def identify_commands(environment: dict[str, str], count: int) -> list[tuple[str, int]]:
    """(trace, attempt) of the commands to the identifier, once there are so many."""
    client = await nats.connect(environment["NAVAAR_NATS_URL"])
    try:
        js = client.jetstream()
        found: dict[int, tuple[str, int]] = {}
        async with asyncio.timeout(DEADLINE_S):
            while len(found) < count:
                # They stay, because nobody takes them here.
                with contextlib.suppress(nats.js.errors.NotFoundError):
                    raw = await js.get_msg(
                        "NAVAAR_COMMANDS",
                        seq=max(found, default=0) + 1,
                        next=True,
                        subject="navaar.cmd.identifier.identify-track.main",
                    )
                    headers = raw.headers or {}
                    trace, attempt = headers["traceparent"].split("-")[1], headers["Nats-Msg-Id"][-1]
                    found[raw.seq or 0] = (trace, int(attempt))
                    continue
                await asyncio.sleep(0.05)
        return list(found.values())
    finally:
        await client.close()


def sighted() -> ItemSighted:
    item = ItemMetadata(title=TITLE, artists=("Googoosh",), duration_s=240)
    return ItemSighted(
        link="main", platform=Platform.YOUTUBE, external_id="vid", item=item, sighted_at=datetime.now(UTC)
    )


async def test_a_person_s_retry_after_a_restart_goes_on_in_the_track_s_trace_and_is_linked_to_it(
    environment: dict[str, str], spans: InMemorySpanExporter
) -> None:
    async with running(environment) as ledger:
        with tracing.span("first sight") as first:
            await ledger.publisher.publish(sighted())
        trace = f"{first.get_span_context().trace_id:032x}"
        assert await identify_commands(environment, 1) == [(trace, 1)]
        # A fact that somebody sent by hand, without any context.
        await ledger.publisher.publish(
            StepFailed(link="main", track_id=1, step=Step.IDENTIFY, kind=FailureKind.PERMANENT, reason="no")
        )

        async def given_up() -> bool:
            reply = await ledger.queries.ask(GetTrack(track_id=1))
            return reply.track is not None and reply.track.state == "unidentified"

        async with asyncio.timeout(DEADLINE_S):
            while not await given_up():
                await asyncio.sleep(0.05)
    async with running(environment) as ledger:
        with tracing.span("a person asks") as person:
            await ledger.publisher.publish(RetryDeliveries(link="main", track_id=1, asked_at=datetime.now(UTC)))
        asked_in = f"{person.get_span_context().trace_id:032x}"
        assert await identify_commands(environment, 2) == [(trace, 1), (trace, 2)]
        again = next(
            span
            for span in spans.get_finished_spans()
            if span.name.startswith("send navaar.cmd.identifier") and (span.attributes or {})["navaar.attempt"] == 2
        )
        assert [f"{link.context.trace_id:032x}" for link in again.links] == [asked_in]
        log = await ledger.queries.ask(ListLog(track_id=1))
        assert {entry.trace_id for entry in log.entries} == {trace}
        reply = await ledger.queries.ask(GetTrack(track_id=1))
        assert reply.track is not None
        assert reply.track.trace_id == trace


async def test_commands_to_mongodb_are_seen_in_the_trace_without_what_they_hold(
    environment: dict[str, str], spans: InMemorySpanExporter
) -> None:
    with running_mongo() as url:
        async with running(environment | mongo_environment(url, "traces")) as ledger:
            with tracing.span("first sight") as first:
                await ledger.publisher.publish(sighted())
            await identify_commands(environment, 1)
            await ledger.queries.ask(GetTrack(track_id=1))
    commands = [span for span in spans.get_finished_spans() if _told(span).get("db.system.name") == "mongodb"]
    assert {span.context.trace_id for span in commands} == {first.get_span_context().trace_id}
    assert ("insert", "traces", "tracks") in {
        (_told(s)["db.operation.name"], _told(s)["db.namespace"], _told(s)["db.collection.name"]) for s in commands
    }
    assert all(span.parent is not None for span in commands)
    assert TITLE not in "".join(span.to_json() for span in spans.get_finished_spans())


async def test_a_question_inside_a_trace_is_answered_inside_it(
    environment: dict[str, str], spans: InMemorySpanExporter
) -> None:
    async with running(environment) as ledger:
        await ledger.queries.ask(GetTrack(track_id=1))
        assert not [span for span in spans.get_finished_spans() if "navaar.query" in span.name]
        with tracing.span("a person asks") as person:
            await ledger.queries.ask(GetTrack(track_id=1))
    named = {span.name: span for span in spans.get_finished_spans()}
    asked, answered = named["request navaar.query.ledger.track"], named["respond navaar.query.ledger.track"]
    assert asked.context.trace_id == person.get_span_context().trace_id
    assert answered.parent is not None
    assert answered.parent.span_id == asked.context.span_id


def _told(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})
