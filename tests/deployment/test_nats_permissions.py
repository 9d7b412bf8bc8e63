"""What each NATS user may do is exactly what its service does, and the server holds to it."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path

import nats.errors
import pytest
import pytest_asyncio
from nats.js.errors import Error as JetStreamError

from navaar_contracts import commands, events, permissions, streams
from navaar_contracts.health import SERVICES
from navaar_contracts.identifiers import Platform
from navaar_runtime.connection import connect
from navaar_runtime.failures import Permanent
from navaar_runtime.idempotency import IdempotencyRecords
from navaar_runtime.lease import Lease
from navaar_runtime.object_store import ObjectStore
from navaar_runtime.publisher import Publisher
from navaar_runtime.settings import RuntimeSettings, load
from tests.deployment.guarded_nats import FOLDER, ROOT, GuardedNats, guarded_nats

FOLDERS = {platform.value: platform.spec.gateway for platform in Platform}
MESSAGES = {cls.__name__ for cls in (*commands.COMMANDS, *events.EVENTS)}
SHARED = ROOT / "shared" / "runtime" / "src" / "navaar_runtime"
CLIENT = ROOT / "shared" / "client" / "src" / "navaar_client" / "ledger_client.py"
HOSTED = {permissions.BOT_HOST: ("bot",)}
"""Further folders whose code runs in the service's process."""
WATCHERS = {platform.value for platform in Platform if platform.spec.is_polled}
MADE_FOR_ITSELF = {"ledger": {"ItemSighted"}}
"""Made and taken within the service, never published."""
GATED = {*(platform.value for platform in Platform), "downloader"}


def test_users_of_the_server_are_the_generated_ones() -> None:
    assert (FOLDER / "users.conf").read_text() == permissions.render(), "run deploy/generate.py"


def calls(tree: ast.AST) -> set[str]:
    """The last names of what some code calls."""
    found = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {getattr(called, "id", None) or getattr(called, "attr", "") for called in found}


def constructed(files: Iterable[Path]) -> set[str]:
    """Names of the contract messages that some code makes, or has the ledger client make."""
    texts = [file.read_text() for file in files]
    called = set().union(*(calls(ast.parse(text)) for text in texts))
    if any("from navaar_client" in text for text in texts):
        methods = [node for node in ast.walk(ast.parse(CLIENT.read_text())) if isinstance(node, ast.AsyncFunctionDef)]
        called = called.union(*(calls(method) for method in methods if method.name in called))
    return called & MESSAGES


@pytest.mark.parametrize("service", SERVICES)
def test_user_may_send_what_its_service_makes_and_nothing_else(service: str) -> None:
    folders = (FOLDERS.get(service, service), *HOSTED.get(service, ()))
    made = constructed(file for folder in folders for file in (ROOT / "services" / folder / "src").rglob("*.py"))
    if service in WATCHERS:
        made |= constructed((ROOT / "shared" / "playlist-gateway" / "src" / "navaar_playlist_gateway").glob("*.py"))
    if service in GATED:
        made |= constructed([SHARED / "circuit_breaker.py"])
    if any(takes_track_commands(consumer) for consumer in permissions.consumers(service)):
        made.add("StepFailed")
    made -= MADE_FOR_ITSELF.get(service, set())
    assert {cls.__name__ for cls in permissions.NEEDS[service].sends} == made, (
        "change NEEDS in navaar_contracts/permissions.py"
    )


def takes_track_commands(consumer: streams.Consumer) -> bool:
    imperatives = {cls.imperative for cls in commands.COMMANDS if issubclass(cls, commands.TrackCommand)}
    return any(subject.split(".")[3] in imperatives for subject in consumer.subjects if ".cmd." in subject)


def test_every_consumer_belongs_to_one_service() -> None:
    owned = [consumer for service in SERVICES for consumer in permissions.consumers(service)]
    assert sorted(m.durable for m in owned) == sorted(m.durable for m in streams.CONSUMERS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[GuardedNats]:
    async with guarded_nats(tmp_path_factory.mktemp("guarded")) as running:
        yield running


in_module = pytest.mark.asyncio(loop_scope="module")


async def refused(server: GuardedNats, user: str, subject: str) -> None:
    """The server forbids `user` to publish on `subject`, and says so."""
    client = await server.connect(user)
    try:
        server.refusals[user].clear()
        await client.publish(subject, b"{}")
        await server.wait_refused(user, subject.lower())
    finally:
        await client.close()


@in_module
@pytest.mark.parametrize("service", SERVICES)
async def test_no_service_declares_changes_or_empties_anything(server: GuardedNats, service: str) -> None:
    for subject in (
        "$JS.API.STREAM.CREATE.OWN",
        "$JS.API.STREAM.UPDATE.NAVAAR_EVENTS",
        "$JS.API.STREAM.DELETE.NAVAAR_EVENTS",
        "$JS.API.STREAM.PURGE.NAVAAR_EVENTS",
        "$JS.API.STREAM.MSG.DELETE.NAVAAR_EVENTS",
        "$JS.API.CONSUMER.CREATE.NAVAAR_COMMANDS.own.navaar.cmd.>",
        "$JS.API.CONSUMER.CREATE.NAVAAR_EVENTS.ledger-events.navaar.evt.delivery.synced.main",
        "$JS.API.CONSUMER.DURABLE.CREATE.NAVAAR_COMMANDS.own",
        "$JS.API.CONSUMER.DELETE.NAVAAR_EVENTS.ledger-events",
        "$SYS.REQ.SERVER.PING",
    ):
        await refused(server, service, subject)


@in_module
async def test_a_service_that_may_not_publish_is_told_so_at_once_and_for_good(server: GuardedNats) -> None:
    variables = {"NAVAAR_NATS_URL": server.url, "NAVAAR_NATS_NKEY_SEED_FILE": str(server.seed("identifier"))}
    client = await connect(load(RuntimeSettings, variables), "identifier")
    publisher = Publisher()
    publisher.bind(client)
    try:
        with pytest.raises(Permanent, match="NATS forbids this user to publish on navaar"):
            await publisher.publish(commands.SetPause(link="main", paused=True, asked_at=datetime.now(UTC)))
    finally:
        await client.close()


@in_module
@pytest.mark.parametrize("service", SERVICES)
async def test_no_service_reads_the_consumer_of_another(server: GuardedNats, service: str) -> None:
    for other in SERVICES:
        if other == service or not permissions.consumers(other):
            continue
        consumer = permissions.consumers(other)[0]
        await refused(server, service, f"$JS.API.CONSUMER.MSG.NEXT.{consumer.stream}.{consumer.durable}")
        await refused(server, service, f"$JS.ACK.{consumer.stream}.{consumer.durable}.1.1.1.1.1")
        await refused(server, service, f"navaar.dead.{other}.something.main")


@in_module
@pytest.mark.parametrize(
    ("service", "subject"),
    [
        ("ledger", "navaar.evt.track.placed.main"),
        ("ledger", "navaar.evt.track.identified.main"),
        ("ledger", "$KV.navaar-intents.main.1.telegram"),
        ("identifier", "navaar.cmd.spotify.place-track.main"),
        ("identifier", "$O.navaar-audio.M.abc"),
        ("downloader", "navaar.evt.item.sighted.main"),
        ("downloader", "$KV.navaar-intents.main.1.telegram"),
        ("spotify", "navaar.cmd.telegram.place-track.main"),
        ("spotify", "$KV.navaar-intents.main.1.youtube"),
        ("youtube", "navaar.evt.delivery.synced.main"),
        ("telegram", "navaar.cmd.downloader.download-audio.main"),
        ("api", "navaar.cmd.telegram.place-track.main"),
        ("api", "navaar.evt.item.sighted.main"),
        ("api", "$KV.navaar-intents.main.1.spotify"),
        ("spotify", "$KV.navaar-leases.telegram"),
        ("api", "$KV.navaar-leases.ledger"),
    ],
)
async def test_service_cannot_act_as_another(server: GuardedNats, service: str, subject: str) -> None:
    await refused(server, service, subject)


@in_module
@pytest.mark.parametrize("service", SERVICES)
async def test_no_service_listens_to_commands_questions_or_answers_of_others(server: GuardedNats, service: str) -> None:
    client = await server.connect(service)
    try:
        for subject in (
            "navaar.cmd.>",
            "navaar.dead.>",
            "navaar.query.>",
            "$KV.>",
            "_INBOX.>",
            "_INBOX_operator.>",
            ">",
        ):
            server.refusals[service].clear()
            await client.subscribe(subject)
            await server.wait_refused(service, "subscription")
    finally:
        await client.close()


@in_module
async def test_nobody_enters_without_a_key(server: GuardedNats, tmp_path: Path) -> None:
    with pytest.raises((nats.errors.Error, OSError)):
        await nats.connect(server.url, allow_reconnect=False, max_reconnect_attempts=0)


@in_module
@pytest.mark.parametrize("service", FOLDERS)
async def test_gateway_keeps_its_intents(server: GuardedNats, service: str) -> None:
    client = await server.connect(service)
    try:
        records = IdempotencyRecords()
        records.bind(client)
        key = f"main.7.{service}"
        await records.create(key, {"external_id": "x"})
        await records.complete(key, {"placed": True})
        kept = await records.get(key)
        assert kept is not None
        assert kept.state == "done"
        await records.delete(key)
        assert await records.get(key) is None
        assert server.refusals[service] == []
    finally:
        await client.close()


@in_module
@pytest.mark.parametrize("service", [*FOLDERS, "ledger"])
async def test_who_takes_turns_stands_by_and_takes_its_lease(server: GuardedNats, service: str) -> None:
    clients = [await server.connect(service) for _ in range(2)]
    try:
        first, second = (Lease(service) for _ in clients)
        for lease, client in zip((first, second), clients, strict=True):
            lease.bind(client)
        assert await first.try_take()
        await first.keep_in_mind("a store")
        waiting = asyncio.create_task(second.take())
        assert not await second.try_take()
        await first.give_back()
        async with asyncio.timeout(60):
            await waiting
        assert second.in_mind == "a store"
        await second.give_back()
        assert server.refusals[service] == []
    finally:
        for client in clients:
            await client.close()


@in_module
async def test_audio_goes_from_the_downloader_to_those_who_need_it(server: GuardedNats, tmp_path: Path) -> None:
    sound = tmp_path / "sound"
    sound.write_bytes(b"la" * 200_000)
    client = await server.connect("downloader")
    mine = ObjectStore()
    mine.bind(client)
    stored = await mine.put("audio-main-1-1", sound)
    for service in (*(platform.value for platform in Platform if platform.spec.needs_audio), "identifier"):
        other = await server.connect(service)
        theirs = ObjectStore()
        theirs.bind(other)
        await theirs.fetch(stored.name, stored.digest, tmp_path / service)
        assert (tmp_path / service).read_bytes() == sound.read_bytes()
        await other.close()
        assert server.refusals[service] == []
    await mine.delete(stored.name)
    assert server.refusals["downloader"] == []
    await client.close()


@in_module
async def test_api_cannot_fetch_audio(server: GuardedNats) -> None:
    client = await server.connect("api")
    try:
        with pytest.raises((TimeoutError, nats.errors.Error, JetStreamError)):
            await client.jetstream(timeout=1).object_store(streams.AUDIO.name)
    finally:
        await client.close()


@in_module
@pytest.mark.parametrize(
    "subject",
    [
        "$JS.API.STREAM.CREATE.OWN",
        "$JS.API.STREAM.UPDATE.NAVAAR_EVENTS",
        "$JS.API.STREAM.DELETE.NAVAAR_DEAD",
        "$JS.API.STREAM.PURGE.NAVAAR_EVENTS",
        "$JS.API.STREAM.MSG.DELETE.NAVAAR_DEAD",
        "$JS.API.STREAM.SNAPSHOT.NAVAAR_EVENTS",
        "$JS.API.STREAM.MSG.GET.OBJ_navaar-audio",
        "$JS.API.CONSUMER.CREATE.NAVAAR_COMMANDS.own.navaar.cmd.>",
        "$JS.API.CONSUMER.CREATE.NAVAAR_EVENTS.ledger-events",
        "$JS.API.CONSUMER.DURABLE.CREATE.NAVAAR_EVENTS.own",
        "$JS.API.CONSUMER.DELETE.NAVAAR_EVENTS.ledger-events",
        "$JS.API.CONSUMER.PAUSE.NAVAAR_EVENTS.ledger-events",
        "$JS.API.CONSUMER.MSG.NEXT.NAVAAR_EVENTS.ledger-events",
        "$JS.API.CONSUMER.MSG.NEXT.NAVAAR_COMMANDS.ledger-run-cycle",
        "$JS.ACK.NAVAAR_EVENTS.ledger-events.1.1.1.1.1",
        "navaar.evt.item.sighted.main",
        "navaar.cmd.spotify.place-track.main",
        "navaar.dead.spotify.something.main",
        "navaar.query.ledger.tracks",
        "$KV.navaar-intents.main.1.spotify",
        "$O.navaar-audio.M.abc",
        "$SYS.REQ.SERVER.PING",
    ],
)
async def test_inspector_changes_takes_and_asks_nothing(server: GuardedNats, subject: str) -> None:
    await refused(server, "inspector", subject)


@in_module
@pytest.mark.parametrize("user", ["inspector", "operator"])
async def test_people_hear_no_questions_and_no_answers_of_services(server: GuardedNats, user: str) -> None:
    client = await server.connect(user)
    try:
        for subject in ("navaar.query.>", "_INBOX_ledger.>", "_INBOX_telegram.>", "$KV.>", ">"):
            server.refusals[user].clear()
            await client.subscribe(subject)
            await server.wait_refused(user, "subscription")
    finally:
        await client.close()


@in_module
async def test_operator_answers_in_nobodys_name_and_sees_no_servers(server: GuardedNats) -> None:
    for subject in ("_INBOX_ledger.abc", "$SYS.REQ.SERVER.PING"):
        await refused(server, "operator", subject)
