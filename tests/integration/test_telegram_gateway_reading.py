"""Reading the channel without losing or inventing a post, through aiogram, on a real nats-server."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from navaar_contracts import streams
from navaar_contracts.commands import FetchAudio, PlaceTrack
from navaar_contracts.events import AudioFetched, ItemSighted, ItemSkipped, StepFailed, TrackPlaced
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Message
from navaar_runtime.failures import Transient
from navaar_runtime.logs import configure_logs
from navaar_runtime.publisher import Publisher
from navaar_sandbox import Sandbox
from navaar_sandbox.files import Form
from tests.support.telegram_gateway import QUICK, Scene, fetch, place, settled, sha256, until


@pytest_asyncio.fixture
async def scene(nats_environment: dict[str, str], tmp_path: Path) -> AsyncIterator[Scene]:
    async with Sandbox(tracks=8, messages_per_minute=1000) as sandbox:
        yield Scene(sandbox, sandbox.environment(tmp_path) | nats_environment | QUICK, tmp_path)


async def test_post_is_reported_with_what_telegram_told(scene: Scene) -> None:
    async with scene.gateway():
        shown = await scene.sandbox.person.post(0, "tagged_mp3", caption="listen!")
        [sighted] = await scene.expect(ItemSighted)
    audio, item = shown["audio"], sighted.item
    assert sighted.external_id == str(shown["message_id"])
    assert (item.title, item.artists) == (audio["title"], (audio["performer"],))
    assert (item.duration_s, item.size_bytes, item.file_name) == (
        audio["duration"],
        audio["file_size"],
        audio["file_name"],
    )
    assert (item.file_id, item.file_unique_id) == (audio["file_id"], audio["file_unique_id"])
    assert item.caption == "listen!"
    assert item.url == f"https://t.me/sandbox_radio/{shown['message_id']}"


async def test_posts_made_while_the_gateway_was_away_are_reported_in_order(scene: Scene) -> None:
    ids = [str((await scene.sandbox.person.post(number))["message_id"]) for number in range(4)]
    async with scene.gateway() as service:
        sighted = await scene.expect(ItemSighted, 4)
        details = (await service.health()).details
    assert [item.external_id for item in sighted] == ids
    # Who is signed in and which channel it is, without a question of its own.
    assert details["account"].startswith("bot 7000000001") or details["account"].startswith("@")
    assert "@sandbox_radio, posts asked for at 20" in details["channel main"]


async def test_update_is_confirmed_only_after_its_fact_is_stored(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    publish = Publisher.publish
    refused = 0

    async def broken(self: Publisher, message: Message, *, fresh_id: str | None = None) -> None:
        nonlocal refused
        if isinstance(message, ItemSighted) and refused < 2:
            refused += 1
            raise Transient("NATS is away")
        await publish(self, message, fresh_id=fresh_id)

    monkeypatch.setattr(Publisher, "publish", broken)
    await scene.sandbox.person.post(0)
    async with scene.gateway():
        await until(lambda: refused > 0)
        assert scene.sandbox.world.telegram.pending_updates == 1
        await scene.expect(ItemSighted)
        await until(lambda: scene.sandbox.world.telegram.pending_updates == 0)
    assert len(await scene.events(ItemSighted)) == 1


async def test_unconfirmed_update_survives_a_restart_and_is_stored_once(scene: Scene) -> None:
    await scene.sandbox.person.post(0)
    scene.sandbox.fault("telegram", "getUpdates", effect="status", status=502, skip=1, count=None)
    async with scene.gateway():
        await scene.expect(ItemSighted)
    assert scene.sandbox.world.telegram.pending_updates == 1
    scene.sandbox.gate.clear()
    async with scene.gateway():
        await until(lambda: scene.sandbox.world.telegram.pending_updates == 0)
    assert len(await scene.events(ItemSighted)) == 1


async def test_webhook_is_ended_without_dropping_what_waits(scene: Scene) -> None:
    await scene.sandbox.person.post(0)
    scene.sandbox.world.telegram.webhook_url = "https://elsewhere.example/hook"
    async with scene.gateway():
        await scene.expect(ItemSighted)
    assert not scene.sandbox.world.telegram.webhook_url


@pytest.mark.parametrize(
    "fault",
    [
        {"effect": "status", "status": 502},
        {"effect": "status", "status": 429, "retry_after": 1},
        {"effect": "html", "status": 502},
        {"effect": "drop"},
        {"effect": "status", "status": 409},
        {"effect": "truncate"},
        {"effect": "body", "status": 200, "body": "[1, 2]"},
        {"effect": "body", "status": 200, "body": '{"ok": true, "result": 7}'},
    ],
    ids=lambda fault: f"{fault['effect']}-{fault.get('status', '')}",
)
async def test_polling_survives(scene: Scene, fault: dict[str, object]) -> None:
    scene.sandbox.fault("telegram", "getUpdates", **fault)
    async with scene.gateway() as service:
        await scene.sandbox.person.post(0)
        await scene.expect(ItemSighted)
        await until(lambda: service_is_well(service))


async def service_is_well(service: object) -> bool:
    health = await service.health()  # type: ignore[attr-defined]
    return not any(health.parts.values())


async def test_another_reader_of_the_updates_is_named_by_readiness(scene: Scene) -> None:
    scene.sandbox.fault("telegram", "getUpdates", effect="status", status=409, count=None)
    async with scene.gateway() as service:

        async def told() -> bool:
            return "Another program" in ((await service.health()).parts["updates"] or "")

        await until(told)


async def test_unreadable_update_is_told_and_does_not_hide_the_next(scene: Scene) -> None:
    telegram = scene.sandbox.world.telegram
    await scene.sandbox.person.post(0)
    telegram.announce("channel_post", {"message_id": 77, "chat": telegram.channel.shown, "date": "no date", "audio": 5})
    telegram.announce("callback_query", {"id": None})
    await scene.sandbox.person.post(1)
    async with scene.gateway():
        await scene.expect(ItemSighted, 2)
        [skipped] = await scene.expect(ItemSkipped)
        await until(lambda: telegram.pending_updates == 0)
    assert skipped.external_id == "77"


async def test_other_channels_are_none_of_our_business(scene: Scene) -> None:
    telegram = scene.sandbox.world.telegram
    mine = await scene.sandbox.person.post(0)
    stranger = dict(mine) | {"message_id": 5, "chat": {"id": -1009, "type": "channel", "title": "Elsewhere"}}
    telegram.announce("channel_post", stranger)
    await scene.sandbox.person.write("/start")
    async with scene.gateway():
        await scene.expect(ItemSighted)
        await until(lambda: telegram.pending_updates == 0)
    assert [item.external_id for item in await scene.events(ItemSighted)] == [str(mine["message_id"])]


async def test_channel_may_be_named(scene: Scene) -> None:
    async with scene.gateway(TELEGRAM_CHANNEL_ID="@Sandbox_Radio"):
        await scene.sandbox.person.post(0)
        await scene.expect(ItemSighted)


@pytest.mark.parametrize("form", ["voice"])
async def test_what_is_no_music_is_told(scene: Scene, form: Form) -> None:
    async with scene.gateway():
        shown = await scene.sandbox.person.post(0, form)
        [skipped] = await scene.expect(ItemSkipped)
    assert skipped.external_id == str(shown["message_id"])
    assert "voice message" in skipped.reason


@pytest.mark.parametrize("form", ["document", "big", "hostile_tags", "long_title", "empty_title", "not_audio"])
async def test_odd_audio_is_reported_all_the_same(scene: Scene, form: Form) -> None:
    async with scene.gateway():
        await scene.sandbox.person.post(0, form)
        await scene.expect(ItemSighted)


async def test_text_and_edits_of_it_are_silent(scene: Scene) -> None:
    async with scene.gateway():
        text = await scene.sandbox.person.post_text("hello")
        await scene.sandbox.person.edit_post(text["message_id"])
        await scene.sandbox.person.post(0)
        await scene.expect(ItemSighted)
    assert not await scene.events(ItemSkipped)


async def test_edited_audio_is_reported_under_the_same_id(scene: Scene) -> None:
    shown = await scene.sandbox.person.post(0)
    telegram = scene.sandbox.world.telegram
    telegram.drop_updates()
    await scene.sandbox.person.edit_post(shown["message_id"], caption="new words")
    async with scene.gateway():
        [sighted] = await scene.expect(ItemSighted)
    assert sighted.external_id == str(shown["message_id"])
    assert sighted.item.caption == "new words"
    assert sighted.edited_at is not None


async def test_edit_of_a_post_that_is_known_is_reported_with_what_it_says_now(scene: Scene) -> None:
    async with scene.gateway():
        shown = await scene.sandbox.person.post(0)
        await scene.expect(ItemSighted)
        await scene.sandbox.person.edit_post(shown["message_id"], number=1)
        await scene.sandbox.person.edit_post(shown["message_id"], number=2)
        first, *edits = await scene.expect(ItemSighted, 3)
    assert first.edited_at is None
    assert {one.external_id for one in edits} == {first.external_id}
    assert all(one.edited_at is not None for one in edits)
    assert len({one.item.file_unique_id for one in (first, *edits)}) == 3


async def test_posted_file_comes_into_the_object_store_unharmed(scene: Scene, tmp_path: Path) -> None:
    shown = await scene.sandbox.person.post(0)
    async with scene.gateway() as service:
        await service.publisher.publish(fetch(3, shown["audio"]))
        [fetched] = await scene.expect(AudioFetched)
        copy = tmp_path / "copy"
        await service.objects.fetch(fetched.audio.name, fetched.audio.digest, copy)
    assert sha256(copy) == fetched.audio.digest
    assert fetched.audio.size_bytes == shown["audio"]["file_size"]
    assert scene.sandbox.world.telegram.by_sha256(sha256(copy)) is not None
    assert fetched.audio.mime_type == shown["audio"]["mime_type"]


@pytest.mark.parametrize("honest", [True, False])
async def test_file_over_20_mb_is_refused_with_the_reason(scene: Scene, honest: bool) -> None:
    shown = await scene.sandbox.person.post(0, "big")
    command = fetch(3, shown["audio"])
    async with scene.gateway() as service:
        await service.publisher.publish(command if honest else command.model_copy(update={"size_bytes": None}))
        [failed] = await scene.expect(StepFailed)
    assert "20 MB" in failed.reason


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("getFile", {"effect": "status", "status": 500}),
        ("getFile", {"effect": "html", "status": 502}),
        ("file", {"effect": "status", "status": 503}),
        ("file", {"effect": "drop"}),
    ],
)
async def test_broken_download_is_tried_again(scene: Scene, operation: str, fault: dict[str, object]) -> None:
    shown = await scene.sandbox.person.post(0)
    scene.sandbox.fault("telegram", operation, **fault)
    async with scene.gateway() as service:
        await service.publisher.publish(fetch(3, shown["audio"]))
        await scene.expect(AudioFetched)
    assert not await scene.events(StepFailed)


async def test_no_temporary_file_is_left(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = tmp_path / "temporary"
    room.mkdir()
    shown = await scene.sandbox.person.post(0)
    big = await scene.sandbox.person.post(1, "big")
    async with scene.gateway() as service:
        audio = await scene.audio(service)
        monkeypatch.setattr(tempfile, "tempdir", str(room))
        await service.publisher.publish(fetch(1, shown["audio"]))
        await service.publisher.publish(fetch(2, big["audio"]).model_copy(update={"size_bytes": None}))
        await service.publisher.publish(place(3, audio))
        await scene.expect(TrackPlaced)
        await scene.expect(AudioFetched)
        await scene.expect(StepFailed)
        consumers = streams.gateway_consumers(Platform.TELEGRAM)
        await settled(service, consumers[PlaceTrack], consumers[FetchAudio])
    assert not [path for path in room.iterdir() if path.name.startswith("navaar-")]


async def test_token_is_in_no_log_line_and_no_message(
    scene: Scene, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = scene.environment["NAVAAR_TELEGRAM_BOT_TOKEN"]
    configure_logs("DEBUG", json=True)
    # The runtime's masking is a second fence; it is taken down to try the first one.
    monkeypatch.setattr("navaar_runtime.logs.redact_deep", lambda value: value)
    monkeypatch.setattr("navaar_runtime.failures.redact", lambda text: text)
    for name in ("aiogram", "aiohttp", "asyncio"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        for operation, effect in (
            ("getUpdates", "html"),
            ("getUpdates", "drop"),
            ("sendAudio", "drop_after"),
            ("getFile", "truncate"),
            ("file", "status"),
            ("file", "drop"),
            ("getChatMember", "html"),
        ):
            scene.sandbox.fault("telegram", operation, effect=effect, status=502)
        shown = await scene.sandbox.person.post(0)
        async with scene.gateway() as service:
            await service.publisher.publish(place(1, await scene.audio(service)))
            await service.publisher.publish(fetch(2, shown["audio"]))
            await scene.expect(TrackPlaced)
            await until(lambda: _given_up_or_fetched(scene))
            scene.sandbox.world.telegram.token_revoked = True
            await until(lambda: _refused(service))
        stored = [event.model_dump_json() for event in await scene.all_events()]
    finally:
        configure_logs("INFO")
    captured = capfd.readouterr()
    text = captured.out + captured.err
    assert "outcome_unknown" in text and "sign_in_refused" in text
    secret = token.partition(":")[2]
    assert secret not in text
    assert not [line for line in stored if secret in line]


async def _given_up_or_fetched(scene: Scene) -> bool:
    return bool(await scene.events(AudioFetched) or await scene.events(StepFailed))


async def _refused(service: object) -> bool:
    return not service.breaker.is_open  # type: ignore[attr-defined]


async def test_stop_interrupts_the_long_poll(scene: Scene) -> None:
    loop = asyncio.get_running_loop()
    async with scene.gateway(TELEGRAM_POLL_SECONDS="40"):
        await until(lambda: scene.calls("deleteWebhook") > 0)
        begun = loop.time()
    assert loop.time() - begun < 4
