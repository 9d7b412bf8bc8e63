"""Tries are counted in what is stored, and a message that cannot be handled holds up nobody: on a real nats-server."""

from __future__ import annotations

import contextlib
import json
from random import Random
from typing import Any

import nats
import pytest

from navaar_contracts import streams
from navaar_contracts.commands import FindCandidates
from navaar_contracts.events import EVENTS, ItemSighted, StepFailed
from navaar_contracts.identifiers import Platform
from navaar_contracts.queries import GetTrack
from navaar_ledger.__main__ import create
from navaar_runtime.attempts import OURS
from navaar_runtime.declare import Topology, declare_consumer
from navaar_runtime.failures import Permanent, RateLimited, Transient
from navaar_runtime.publisher import Publisher
from navaar_runtime.service import Service
from tests.integration.test_delivery_rules import find, found, running, runtime, sighted, stored, until, waiting
from tests.support.fitting import fitting
from tests.support.nats_server import NatsServer

FIND = streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates]
TAKEN = [event for event in EVENTS if f"navaar.evt.{event.topic}.*" in streams.LEDGER_EVENTS.subjects]
FUZZED = 10
"""Of each kind of fact that the ledger takes."""


def spotify(server: NatsServer, handler: Any, **settings: Any) -> Service:
    service = Service("spotify", runtime(server, **settings))
    service.on(FIND, FindCandidates, handler=handler)
    return service


async def test_a_restart_after_a_long_outage_leaves_a_command_its_whole_budget(
    nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("navaar_runtime.acknowledgement.OPEN_CIRCUIT_DELAY_S", 0.05)
    deliveries = 0

    async def held_back(_: FindCandidates) -> None:
        nonlocal deliveries
        deliveries += 1
        raise RateLimited(0.05, "a long pause")

    async with running(spotify(nats_server, held_back)) as before:
        await before.publisher.publish(find())
        # Many more than the budget of five.
        await until(lambda: deliveries > 12)

    tries = 0

    async def hiccups(command: FindCandidates) -> Any:
        nonlocal tries
        tries += 1
        if tries < 5:
            raise Transient("a hiccup", delay_s=0.05)
        return found(command)

    async with running(spotify(nats_server, hiccups)):
        await until(lambda: _nothing_waits(nats_server, FIND))
    assert tries == 5
    (fact,) = await stored(nats_server, "NAVAAR_EVENTS")
    assert fact[1]["Navaar-Type"] == "CandidatesFound"


async def test_tries_before_a_restart_count_after_it(nats_server: NatsServer) -> None:
    tries = 0

    async def hiccups(_: FindCandidates) -> None:
        nonlocal tries
        tries += 1
        raise Transient("a hiccup", delay_s=0.05 if tries != 2 else 3600)

    async with running(spotify(nats_server, hiccups, step_attempts=3)) as before:
        await before.publisher.publish(find())
        await until(lambda: tries == 2)
        await until(lambda: _written(nats_server, 2))
    tries = 2

    async def once_more(_: FindCandidates) -> None:
        nonlocal tries
        tries += 1
        raise Transient("another hiccup", delay_s=0.05)

    await _deliver_again(nats_server)
    async with running(spotify(nats_server, once_more, step_attempts=3)):
        await until(lambda: _nothing_waits(nats_server, FIND))
    assert tries == 3
    (fact,) = await stored(nats_server, "NAVAAR_EVENTS")
    assert json.loads(fact[2])["kind"] == "exhausted"


async def test_an_error_of_ours_is_a_dead_letter_at_its_second_try_and_the_next_goes_on(
    nats_server: NatsServer,
) -> None:
    service = Service("ledger", runtime(nats_server))
    handled: list[str] = []

    async def handler(event: ItemSighted) -> None:
        handled.append(event.external_id)
        if event.external_id == "poison":
            raise OverflowError("nobody expected that")

    service.on(streams.LEDGER_EVENTS, ItemSighted, handler=handler)
    async with running(service):
        for name in ("poison", "good"):
            await service.publisher.publish(sighted(name))
        await until(lambda: "good" in handled)
        await until(lambda: _nothing_waits(nats_server, streams.LEDGER_EVENTS))
        behind = (await service.health()).mailboxes[streams.LEDGER_EVENTS.durable]
        assert (behind.waiting, behind.oldest_at) == (0, None)
    assert handled == ["poison"] * OURS + ["good"]
    (dead,) = await stored(nats_server, "NAVAAR_DEAD")
    assert "OverflowError" in dead[1]["Navaar-Reason"]


async def test_what_is_too_large_for_nats_is_given_up_on_and_the_connection_stays(nats_server: NatsServer) -> None:
    async def handler(command: FindCandidates) -> Any:
        if command.track_id == 1:
            return found(command).model_copy(update={"query": "q" * 2_000_000})
        return found(command)

    async with running(spotify(nats_server, handler)) as service:
        with pytest.raises(Permanent, match="more than NATS takes"):
            await service.publisher.dead_letter("navaar.dead.spotify.x.main", b"x" * 1_048_576, {"a": "b"})
        for track in (1, 2):
            await service.publisher.publish(find(track))
        await until(lambda: _nothing_waits(nats_server, FIND))
    kinds = {json.loads(body)["track_id"]: headers["Navaar-Type"] for _, headers, body in await _events(nats_server)}
    assert kinds == {1: "StepFailed", 2: "CandidatesFound"}


async def test_an_unreadable_message_as_large_as_nats_takes_is_put_aside_too(nats_server: NatsServer) -> None:
    handled: list[int] = []

    async def handler(command: FindCandidates) -> None:
        handled.append(command.track_id)

    async with running(spotify(nats_server, handler)) as service:
        client = await nats.connect(nats_server.url)
        await client.jetstream().publish(find().subject(), b"x" * client.max_payload)
        await client.close()
        await service.publisher.publish(find(2))
        await until(lambda: handled == [2])
        await until(lambda: _nothing_waits(nats_server, FIND))
    (dead,) = await stored(nats_server, "NAVAAR_DEAD")
    assert int(dead[1]["Navaar-Cut-From"]) > len(dead[2])


async def test_facts_that_fit_their_schema_never_stop_the_ledger(nats_environment: dict[str, str]) -> None:
    environment = {
        **nats_environment,
        "NAVAAR_TELEGRAM_CHANNEL_ID": "-100",
        "NAVAAR_YTMUSIC_PLAYLIST_ID": "PL1",
        "NAVAAR_SPOTIFY_PLAYLIST_ID": "SP1",
    }
    ledger, random = create(environment), Random("facts for the ledger")
    async with running(ledger):
        client = await nats.connect(nats_environment["NAVAAR_NATS_URL"])
        js = client.jetstream()
        for number in range(FUZZED):
            for cls in TAKEN:
                # Of a link that is not set up, too.
                document = {**fitting(cls, random), "link": random.choice(("main", "main", "other"))}
                body = json.dumps(document).encode()
                if len(body) <= client.max_payload:
                    await js.publish(f"navaar.evt.{cls.topic}.{document['link']}", body)
            huge = {"link": "main", "track_id": 10**40 + number, "target": "spotify", "external_id": "x"}
            await js.publish("navaar.evt.track.placed.main", json.dumps(huge).encode())
        publisher = Publisher()
        publisher.bind(client)
        await publisher.publish(sighted("after-all-of-them"))

        async def is_through() -> bool:
            info = await js.consumer_info(streams.LEDGER_EVENTS.stream, streams.LEDGER_EVENTS.durable)
            return not (info.num_pending or info.num_ack_pending)

        await until(is_through)
        health = await ledger.health()
        assert health.parts["store"] is None
        assert health.mailboxes[streams.LEDGER_EVENTS.durable].waiting == 0
        reply = await ledger.queries.ask(GetTrack(track_id=10**12))
        assert reply.problem is None
        reasons = [
            (await js.get_msg("NAVAAR_DEAD", seq=sequence)).headers["Navaar-Reason"]
            for sequence in range(1, (await js.stream_info("NAVAAR_DEAD")).state.messages + 1)
        ]
        await client.close()
    # What fits is handled; what does not is put aside with what is wrong with it.
    assert [reason for reason in reasons if "does not fit its schema: track_id" not in reason] == []
    assert len(reasons) == FUZZED


async def _events(server: NatsServer) -> list[tuple[str, dict[str, str], bytes]]:
    names = {"CandidatesFound", StepFailed.__name__}
    return [each for each in await stored(server, "NAVAAR_EVENTS") if each[1]["Navaar-Type"] in names]


async def _nothing_waits(server: NatsServer, consumer: streams.Consumer) -> bool:
    return await waiting(server, consumer) == 0


async def _written(server: NatsServer, tries: int) -> bool:
    client = await nats.connect(server.url)
    bucket = await client.jetstream().key_value(streams.ATTEMPTS.name)
    entry = None
    with contextlib.suppress(nats.js.errors.KeyNotFoundError):
        entry = await bucket.get(f"{FIND.durable}.1")
    await client.close()
    return entry is not None and json.loads(entry.value or b"{}")["tries"] == tries


async def _deliver_again(server: NatsServer) -> None:
    """What waits out an hour is due now: a consumer that is made anew delivers it at once.

    The new one counts from one, so the message is given back once, unhandled, as a stop would do.
    """
    client = await nats.connect(server.url)
    js = client.jetstream()
    await js.delete_consumer(FIND.stream, FIND.durable)
    await declare_consumer(client, FIND, Topology())
    subscription = await js.pull_subscribe(FIND.subjects[0], durable=FIND.durable, stream=FIND.stream)
    (message,) = await subscription.fetch(1, timeout=10)
    await message.nak()
    await client.close()
