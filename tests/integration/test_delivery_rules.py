"""Every rule of delivery, on a real nats-server through the real runtime."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import nats
import pytest
from nats.js.api import ConsumerConfig

from navaar_contracts import streams
from navaar_contracts.commands import DiscardAudio, FindCandidates, RunCycle
from navaar_contracts.events import CandidatesFound, FailureKind, ItemSighted, PlatformPaused, StepFailed
from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.music import ItemMetadata
from navaar_contracts.queries import CountsReply, GetCounts
from navaar_runtime import declare
from navaar_runtime.failures import AuthRejected, Failure, Permanent, RateLimited, Transient
from navaar_runtime.service import Service, ServiceFailed
from navaar_runtime.settings import RuntimeSettings, load
from tests.support.nats_server import NatsServer

DEADLINE_S = 120.0


def runtime(server: NatsServer, **more: Any) -> RuntimeSettings:
    variables = {"NAVAAR_NATS_URL": server.url, "NAVAAR_AUTH_PROBE_SECONDS": "0.2"}
    return load(RuntimeSettings, variables | {f"NAVAAR_{k.upper()}": str(v) for k, v in more.items()})


def find(track: int = 1, attempt: int = 1) -> FindCandidates:
    return FindCandidates(link="main", track_id=track, attempt=attempt, target=Platform.SPOTIFY, query="a song")


def found(command: FindCandidates) -> CandidatesFound:
    return CandidatesFound(
        link=command.link,
        track_id=command.track_id,
        attempt=command.attempt,
        target=command.target,
        query=command.query,
        candidates=(),
    )


def sighted(external_id: str) -> ItemSighted:
    return ItemSighted(
        link="main",
        platform=Platform.YOUTUBE,
        external_id=external_id,
        item=ItemMetadata(title="A song"),
        sighted_at=datetime.now(UTC),
    )


@contextlib.asynccontextmanager
async def running(service: Service) -> AsyncIterator[Service]:
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


async def until(condition: Callable[[], bool | Awaitable[bool]]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while True:
            answer = condition()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.02)


async def stored(server: NatsServer, stream: str) -> list[tuple[str, dict[str, str], bytes]]:
    client = await nats.connect(server.url)
    js = client.jetstream()
    info = await js.stream_info(stream)
    messages = []
    for sequence in range(max(1, info.state.first_seq), info.state.last_seq + 1):
        with contextlib.suppress(nats.js.errors.NotFoundError):
            message = await js.get_msg(stream, sequence)
            messages.append((message.subject or "", dict(message.headers or {}), message.data or b""))
    await client.close()
    return messages


async def waiting(server: NatsServer, consumer: streams.Consumer) -> int:
    client = await nats.connect(server.url)
    info = await client.jetstream().consumer_info(consumer.stream, consumer.durable)
    await client.close()
    return (info.num_pending or 0) + (info.num_ack_pending or 0)


async def test_what_a_handler_returns_is_stored_and_the_command_is_gone(nats_server: NatsServer) -> None:
    service = Service("spotify", runtime(nats_server))

    async def handler(command: FindCandidates) -> CandidatesFound:
        return found(command)

    service.on(streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], FindCandidates, handler=handler)
    async with running(service):
        await service.publisher.publish(find())
        await until(lambda: _settled(nats_server, streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates]))
    (event,) = await stored(nats_server, "NAVAAR_EVENTS")
    assert event[0] == "navaar.evt.candidates.found.main"
    assert event[1]["Nats-Msg-Id"] == "found:main:1:spotify:1:0"
    assert event[1]["Navaar-Type"] == "CandidatesFound"
    assert "traceparent" in event[1]
    assert not await stored(nats_server, "NAVAAR_COMMANDS")


async def _settled(server: NatsServer, consumer: streams.Consumer) -> bool:
    return await waiting(server, consumer) == 0


async def test_the_same_message_published_three_times_is_handled_once(nats_server: NatsServer) -> None:
    service = Service("spotify", runtime(nats_server))
    handled: list[int] = []

    async def handler(command: FindCandidates) -> None:
        handled.append(command.track_id)

    service.on(streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], FindCandidates, handler=handler)
    async with running(service):
        for _ in range(3):
            await service.publisher.publish(find(7))
        await service.publisher.publish(find(8))
        await until(lambda: 8 in handled)
        await until(lambda: _settled(nats_server, streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates]))
    assert sorted(handled) == [7, 8]


async def test_transient_failure_is_tried_again_after_its_delay(nats_server: NatsServer) -> None:
    service = Service("spotify", runtime(nats_server))
    times: list[float] = []

    async def handler(command: FindCandidates) -> CandidatesFound:
        times.append(asyncio.get_running_loop().time())
        if len(times) < 3:
            raise Transient("the platform stumbled", delay_s=0.5)
        return found(command)

    service.on(streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], FindCandidates, handler=handler)
    async with running(service):
        await service.publisher.publish(find())
        await until(lambda: len(times) == 3)
        await until(lambda: _settled(nats_server, streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates]))
    assert all(later - earlier >= 0.45 for earlier, later in itertools.pairwise(times))
    assert len(await stored(nats_server, "NAVAAR_EVENTS")) == 1


async def test_exhausted_transient_becomes_a_step_failed_fact(nats_server: NatsServer) -> None:
    service = Service("spotify", runtime(nats_server, step_attempts=3))
    tries: list[int] = []

    async def handler(command: FindCandidates) -> None:
        tries.append(1)
        raise Transient("the platform is away", delay_s=0.05)

    service.on(streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], FindCandidates, handler=handler)
    async with running(service):
        await service.publisher.publish(find())
        await until(lambda: _settled(nats_server, streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates]))
    assert len(tries) == 3
    ((_, _, body),) = await stored(nats_server, "NAVAAR_EVENTS")
    failed = StepFailed.model_validate_json(body)
    assert failed.kind is FailureKind.EXHAUSTED
    assert failed.reason == "the platform is away"


async def test_rate_limit_is_waited_out_and_costs_no_attempt(nats_server: NatsServer) -> None:
    service = Service("spotify", runtime(nats_server, step_attempts=2))
    tries: list[int] = []

    async def handler(command: FindCandidates) -> CandidatesFound:
        tries.append(1)
        if len(tries) <= 6:
            raise RateLimited(0.1, "slow down")
        return found(command)

    service.on(streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], FindCandidates, handler=handler)
    async with running(service):
        await service.publisher.publish(find())
        await until(lambda: _settled(nats_server, streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates]))
    assert len(tries) == 7
    ((subject, _, _),) = await stored(nats_server, "NAVAAR_EVENTS")
    assert subject == "navaar.evt.candidates.found.main"


async def test_permanent_failure_is_a_fact_at_once(nats_server: NatsServer) -> None:
    service = Service("spotify", runtime(nats_server))
    tries: list[int] = []

    async def handler(command: FindCandidates) -> None:
        tries.append(1)
        raise Permanent("the playlist is not yours")

    service.on(streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], FindCandidates, handler=handler)
    async with running(service):
        await service.publisher.publish(find())
        await until(lambda: _settled(nats_server, streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates]))
    assert len(tries) == 1
    ((_, _, body),) = await stored(nats_server, "NAVAAR_EVENTS")
    assert StepFailed.model_validate_json(body).kind is FailureKind.PERMANENT


async def test_an_error_of_our_own_is_retried_then_reported_and_blocks_nobody(nats_server: NatsServer) -> None:
    service = Service("spotify", runtime(nats_server, step_attempts=2))
    done: list[int] = []

    async def handler(command: FindCandidates) -> CandidatesFound:
        if command.track_id == 1:
            raise KeyError("oops")
        done.append(command.track_id)
        return found(command)

    service.on(streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], FindCandidates, handler=handler)
    async with running(service):
        await service.publisher.publish(find(1))
        await service.publisher.publish(find(2))
        await until(lambda: 2 in done)
        await until(lambda: _settled(nats_server, streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates]))
    bodies = [
        json.loads(body) for subject, _, body in await stored(nats_server, "NAVAAR_EVENTS") if "failed" in subject
    ]
    assert [b["track_id"] for b in bodies] == [1]
    assert "KeyError" in bodies[0]["reason"]


@pytest.mark.parametrize(
    ("subject", "body", "reason"),
    [
        ("navaar.cmd.spotify.find-candidates.main", b"\xff\xfe not json", "JSON"),
        ("navaar.cmd.spotify.find-candidates.main", b'{"link": "main"}', "track_id"),
        ("navaar.cmd.spotify.find-candidates.other", find().model_dump_json().encode(), "link other"),
    ],
)
async def test_what_cannot_be_read_goes_to_the_dead_with_the_reason(
    nats_server: NatsServer, subject: str, body: bytes, reason: str
) -> None:
    service = Service("spotify", runtime(nats_server))

    async def handler(command: FindCandidates) -> CandidatesFound:
        return found(command)

    service.on(streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], FindCandidates, handler=handler)
    async with running(service):
        client = await nats.connect(nats_server.url)
        await client.jetstream().publish(subject, body)
        await client.close()
        await service.publisher.publish(find(2))
        await until(lambda: _settled(nats_server, streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates]))
    ((dead_subject, headers, dead_body),) = await stored(nats_server, "NAVAAR_DEAD")
    assert dead_subject == f"navaar.dead.spotify.spotify-find-candidates.{subject.rsplit('.', 1)[1]}"
    assert dead_body == body
    assert reason in headers["Navaar-Reason"]
    assert len(await stored(nats_server, "NAVAAR_EVENTS")) == 1


async def test_a_slow_handler_is_not_delivered_twice(nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = streams.Consumer(
        streams.COMMANDS.name, "spotify-find-candidates", ("navaar.cmd.spotify.find-candidates.*",), 4, ack_wait_s=1
    )
    others = tuple(quick if m.durable == quick.durable else m for m in streams.CONSUMERS)
    monkeypatch.setattr(streams, "CONSUMERS", others)
    service = Service("spotify", runtime(nats_server))
    begun: list[int] = []
    release = asyncio.Event()

    async def handler(command: FindCandidates) -> CandidatesFound:
        begun.append(1)
        async with asyncio.timeout(3.5):
            with contextlib.suppress(TimeoutError):
                await release.wait()
        return found(command)

    service.on(quick, FindCandidates, handler=handler)
    async with running(service):
        await service.publisher.publish(find())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(3):
                await until(lambda: len(begun) > 1)
        release.set()
        await until(lambda: _settled(nats_server, quick))
    assert len(begun) == 1


async def test_an_ordered_consumer_takes_messages_strictly_in_turn(nats_server: NatsServer) -> None:
    service = Service("ledger", runtime(nats_server))
    order: list[str] = []
    running_now = 0
    most = 0

    async def handler(event: ItemSighted) -> None:
        nonlocal running_now, most
        running_now += 1
        most = max(most, running_now)
        await asyncio.sleep(0.01)
        running_now -= 1
        order.append(event.external_id)

    service.on(streams.LEDGER_EVENTS, ItemSighted, handler=handler)
    async with running(service):
        for n in range(20):
            await service.publisher.publish(sighted(f"video{n:02}"))
        await until(lambda: len(order) == 20)
    assert order == [f"video{n:02}" for n in range(20)]
    assert most == 1


async def test_a_fact_is_never_given_up_on_while_a_store_is_away(nats_server: NatsServer) -> None:
    service = Service("ledger", runtime(nats_server, step_attempts=2))
    tries: list[int] = []

    async def handler(event: ItemSighted) -> None:
        tries.append(1)
        if len(tries) < 6:
            raise Transient("the store is away", delay_s=0.05)

    service.on(streams.LEDGER_EVENTS, ItemSighted, handler=handler)
    async with running(service):
        await service.publisher.publish(sighted("video"))
        await until(lambda: _settled(nats_server, streams.LEDGER_EVENTS))
    assert len(tries) == 6
    assert not await stored(nats_server, "NAVAAR_DEAD")


@pytest.mark.parametrize(
    ("failure", "paused", "resumed"),
    [
        (AuthRejected("sign in again"), "credentials.rejected", "credentials.accepted"),
        (Transient("Spotify does not answer"), "platform.paused", "platform.available"),
    ],
)
async def test_a_platform_that_serves_nobody_pauses_the_service_with_one_alert_and_it_resumes_by_itself(
    nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch, failure: Failure, paused: str, resumed: str
) -> None:
    monkeypatch.setattr("navaar_runtime.acknowledgement.OPEN_CIRCUIT_DELAY_S", 0.2)
    service = Service("spotify", runtime(nats_server, step_attempts=1))
    works = asyncio.Event()
    done: list[int] = []

    async def probe() -> None:
        if not works.is_set():
            raise failure

    async def handler(command: FindCandidates) -> None:
        await probe()
        done.append(command.track_id)

    breaker = service.guard(Platform.SPOTIFY, probe, ("main",))
    service.on(streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], FindCandidates, handler=handler)
    async with running(service):
        for n in range(1, 6):
            await service.publisher.publish(find(n))
        await until(lambda: not breaker.is_open)
        assert (await service.health()).parts["sign-in"] == failure.reason
        works.set()
        await until(lambda: len(done) == 5)
    subjects = [subject for subject, _, _ in await stored(nats_server, "NAVAAR_EVENTS")]
    assert subjects.count(f"navaar.evt.{paused}.main") == 1
    assert subjects.count(f"navaar.evt.{resumed}.main") == 1
    assert "navaar.evt.step.failed.main" not in subjects
    assert not await stored(nats_server, "NAVAAR_DEAD")


async def test_stopping_in_the_middle_gives_the_message_back(
    nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("navaar_runtime.service.GRACE_S", 0.2)
    first = Service("spotify", runtime(nats_server))
    begun = asyncio.Event()

    async def stuck(command: FindCandidates) -> None:
        begun.set()
        await asyncio.Event().wait()

    first.on(streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], FindCandidates, handler=stuck)
    async with running(first):
        await first.publisher.publish(find())
        async with asyncio.timeout(DEADLINE_S):
            await begun.wait()
    second = Service("spotify", runtime(nats_server))
    done: list[int] = []

    async def handler(command: FindCandidates) -> None:
        done.append(command.track_id)

    second.on(streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], FindCandidates, handler=handler)
    async with running(second):
        async with asyncio.timeout(10):
            await until(lambda: done == [1])


async def test_publishing_survives_a_killed_server(nats_server: NatsServer) -> None:
    service = Service("ledger", runtime(nats_server))
    seen: list[str] = []

    async def handler(event: ItemSighted) -> None:
        seen.append(event.external_id)

    service.on(streams.LEDGER_EVENTS, ItemSighted, handler=handler)
    async with running(service):
        await service.publisher.publish(sighted("before"))
        await until(lambda: seen == ["before"])
        await nats_server.kill()
        publishing = asyncio.create_task(service.publisher.publish(sighted("during")))
        await nats_server.start()
        async with asyncio.timeout(30):
            await publishing
        await until(lambda: set(seen) == {"before", "during"})
    bodies = [json.loads(b)["external_id"] for _, _, b in await stored(nats_server, "NAVAAR_EVENTS")]
    assert bodies == ["before", "during"]


async def test_a_changed_setting_reaches_an_existing_durable_and_stream(nats_server: NatsServer) -> None:
    client = await nats.connect(nats_server.url)
    await declare.declare(client, declare.Topology())
    js = client.jetstream()
    await js.add_consumer(
        "NAVAAR_COMMANDS",
        ConsumerConfig(
            durable_name="spotify-find-candidates",
            filter_subject="navaar.cmd.spotify.find-candidates.*",
            ack_policy="explicit",  # type: ignore[arg-type]
            ack_wait=5,
            max_deliver=2,
        ),
    )
    await declare.declare(client, declare.Topology(events_max_age_s=3600, service_replicas=3))
    consumer = await js.consumer_info("NAVAAR_COMMANDS", "spotify-find-candidates")
    assert consumer.config.ack_wait == streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates].ack_wait_s
    assert consumer.config.max_deliver == -1
    assert consumer.config.max_ack_pending == streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates].workers * 3
    ledger = await js.consumer_info("NAVAAR_EVENTS", "ledger-events")
    assert ledger.config.max_ack_pending == 1
    stream = await js.stream_info("NAVAAR_EVENTS")
    assert stream.config.max_age == 3600
    await client.close()


async def test_a_deleted_consumer_fails_the_service_and_is_made_again(
    nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("navaar_runtime.service.WATCH_EVERY_S", 0.1)
    service = Service("spotify", runtime(nats_server))

    async def handler(command: FindCandidates) -> None:
        return None

    service.on(streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], FindCandidates, handler=handler)
    task = asyncio.create_task(service.run(asyncio.Event()))
    await until(lambda: service.started_at is not None)
    client = await nats.connect(nats_server.url)
    js = client.jetstream()
    await js.delete_consumer("NAVAAR_COMMANDS", "spotify-find-candidates")
    with pytest.raises(ServiceFailed, match="spotify-find-candidates was deleted"):
        async with asyncio.timeout(DEADLINE_S):
            await task
    assert (await js.consumer_info("NAVAAR_COMMANDS", "spotify-find-candidates")).name
    await client.close()


async def test_a_failing_background_task_fails_the_service_with_its_name(nats_server: NatsServer) -> None:
    service = Service("spotify", runtime(nats_server))

    async def watcher() -> None:
        raise ValueError("broken")

    service.background("watcher", watcher)
    with pytest.raises(ServiceFailed, match="spotify-watcher failed: ValueError: broken"):
        async with asyncio.timeout(DEADLINE_S):
            await service.run(asyncio.Event())


async def test_questions_are_answered_and_problems_reach_the_asker(nats_server: NatsServer) -> None:
    ledger = Service("ledger", runtime(nats_server))
    other = Service("api", runtime(nats_server))
    broken = False

    async def counts(query: GetCounts) -> CountsReply:
        if broken:
            raise Transient("the store is away")
        return CountsReply(tracks=3)

    ledger.answer(GetCounts, counts)
    async with running(other):
        with pytest.raises(Transient, match="ledger service is not running"):
            await other.queries.ask(GetCounts(), timeout_s=5)
        async with running(ledger):
            assert (await other.queries.ask(GetCounts())).tracks == 3
            broken = True
            with pytest.raises(Transient, match="the store is away"):
                await other.queries.ask(GetCounts())


async def test_no_stream_captures_questions(nats_server: NatsServer) -> None:
    client = await nats.connect(nats_server.url)
    await declare.declare(client, declare.Topology())
    with pytest.raises(nats.errors.NoRespondersError):
        await client.request("navaar.query.ledger.counts", b"{}", timeout=1)
    await client.close()


async def test_intents_survive_a_killed_server(nats_server: NatsServer) -> None:
    service = Service("telegram", runtime(nats_server))
    async with running(service):
        assert await service.records.get("main.1.telegram") is None
        await service.records.create("main.1.telegram", {"last": 17})
        await nats_server.kill()
        await nats_server.start()
        intent = None
        async with asyncio.timeout(DEADLINE_S):
            while intent is None:
                with contextlib.suppress(Transient):
                    intent = await service.records.get("main.1.telegram")
        assert intent.state == "begun"
        assert intent.note == {"last": 17}
        await service.records.complete("main.1.telegram", {"message_id": 18})
        done = await service.records.get("main.1.telegram")
        assert done is not None
        assert (done.state, done.note, done.outcome) == ("done", {"last": 17}, {"message_id": 18})
        assert await service.records.keys("main") == ["main.1.telegram"]
        await service.records.delete("main.1.telegram")
        assert await service.records.get("main.1.telegram") is None


async def test_a_file_comes_back_as_it_was_or_is_reported_missing(nats_server: NatsServer, tmp_path: Any) -> None:
    from navaar_runtime.object_store import ObjectMissing

    source, copy = tmp_path / "a.bin", tmp_path / "b.bin"
    source.write_bytes(bytes(range(256)) * 4096)
    service = Service("downloader", runtime(nats_server))
    async with running(service):
        stored = await service.objects.put("audio-1", source)
        assert stored.size_bytes == 1024 * 1024
        await service.objects.fetch("audio-1", stored.digest, copy)
        assert copy.read_bytes() == source.read_bytes()
        with pytest.raises(ObjectMissing):
            await service.objects.fetch("audio-1", "0" * 64, copy)
        await service.objects.delete("audio-1")
        await service.objects.delete("audio-1")
        with pytest.raises(ObjectMissing):
            await service.objects.fetch("audio-1", stored.digest, copy)


def test_commands_without_a_waiting_track_make_no_fact() -> None:
    from navaar_contracts.failed import step_failed

    discard = DiscardAudio(link="main", track_id=1, names=("a",))
    assert step_failed(discard, FailureKind.PERMANENT, "gone") is None
    cycle = RunCycle(link="main", direction=Direction.TG_TO_YT, number=1)
    assert step_failed(cycle, FailureKind.PERMANENT, "gone") is None


async def test_a_failure_while_the_platform_answers_is_the_commands_own(nats_server: NatsServer) -> None:
    service = Service("spotify", runtime(nats_server, step_attempts=1))

    async def probe() -> None: ...

    async def handler(command: FindCandidates) -> None:
        raise Transient("this search does not end")

    breaker = service.guard(Platform.SPOTIFY, probe, ("main",))
    service.on(streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], FindCandidates, handler=handler)
    async with running(service):
        await service.publisher.publish(find(1))
        async with asyncio.timeout(30):
            while "navaar.evt.step.failed.main" not in [s for s, _, _ in await stored(nats_server, "NAVAAR_EVENTS")]:
                await asyncio.sleep(0.05)
        assert breaker.is_open


async def test_a_pause_is_told_once_with_its_end_and_a_short_one_not_at_all(nats_server: NatsServer) -> None:
    service = Service("spotify", runtime(nats_server))
    seconds = iter((3.0, 40_000.0, 39_999.0))
    tries: list[float] = []

    async def probe() -> None: ...

    async def handler(command: FindCandidates) -> None:
        tries.append(next(seconds))
        raise RateLimited(tries[-1], "Spotify asks for a pause")

    service.guard(Platform.SPOTIFY, probe, ("main",))
    service.on(streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], FindCandidates, handler=handler)
    begun = datetime.now(UTC)
    async with running(service):
        for n in range(1, 4):
            await service.publisher.publish(find(n))
        await until(lambda: len(tries) == 3)
    told = [body for subject, _, body in await stored(nats_server, "NAVAAR_EVENTS") if ".platform.paused." in subject]
    (event,) = [PlatformPaused.model_validate_json(body) for body in told]
    assert event.until is not None
    assert 39_990 < (event.until - begun).total_seconds() < 40_100


async def test_what_is_answered_during_a_pause_does_not_end_it(nats_server: NatsServer) -> None:
    service = Service("spotify", runtime(nats_server))
    done: list[int] = []

    async def probe() -> None: ...

    async def handler(command: FindCandidates) -> None:
        if command.track_id == 1:
            raise RateLimited(40_000, "Spotify takes no changes for now")
        done.append(command.track_id)

    service.guard(Platform.SPOTIFY, probe, ("main",))
    service.on(streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], FindCandidates, handler=handler)
    async with running(service):
        await service.publisher.publish(find(1))
        async with asyncio.timeout(30):
            while not await stored(nats_server, "NAVAAR_EVENTS"):
                await asyncio.sleep(0.05)
        await service.publisher.publish(find(2))
        await until(lambda: done == [2])
    assert [subject for subject, _, _ in await stored(nats_server, "NAVAAR_EVENTS")] == [
        "navaar.evt.platform.paused.main"
    ]
