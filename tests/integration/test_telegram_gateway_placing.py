"""Posting into the channel exactly once, through aiogram, on a real nats-server."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from navaar_contracts import streams
from navaar_contracts.commands import PlaceTrack, RemoveTrack
from navaar_contracts.events import FailureKind, ItemSighted, Step, StepFailed, TrackPlaced, TrackRemoved
from navaar_contracts.identifiers import Platform
from navaar_sandbox import Sandbox
from tests.support.telegram_gateway import QUICK, Scene, place, settled, until


@pytest_asyncio.fixture
async def scene(nats_environment: dict[str, str], tmp_path: Path) -> AsyncIterator[Scene]:
    async with Sandbox(tracks=3, messages_per_minute=1000) as sandbox:
        yield Scene(sandbox, sandbox.environment(tmp_path) | nats_environment | QUICK, tmp_path)


@pytest_asyncio.fixture
async def echoing(nats_environment: dict[str, str], tmp_path: Path) -> AsyncIterator[Scene]:
    async with Sandbox(tracks=3, messages_per_minute=1000, echo_own_posts=True) as sandbox:
        yield Scene(sandbox, sandbox.environment(tmp_path) | nats_environment | QUICK, tmp_path)


async def test_placed_track_is_in_the_channel_with_its_names(scene: Scene) -> None:
    async with scene.gateway() as service:
        await service.publisher.publish(place(12, await scene.audio(service)))
        [placed] = await scene.expect(TrackPlaced)
    [post] = scene.posts()
    assert placed.external_id == str(post["message_id"])
    assert placed.file_unique_id == post["audio"]["file_unique_id"]
    assert placed.url == f"https://t.me/sandbox_radio/{post['message_id']}"
    assert "caption" not in post, "the song alone"
    audio = post["audio"]
    assert (audio["performer"], audio["title"], audio["duration"]) == ("Googoosh", "Pol 12", 5)
    assert audio["file_name"] == "Googoosh - Pol 12.m4a"


def titles(scene: Scene) -> list[str]:
    return [post["audio"]["title"] for post in scene.posts()]


async def test_the_owners_caption_stands_below_the_song_and_is_found_again(scene: Scene) -> None:
    async with scene.gateway(CAPTION="{artist} – {title}\n{hashtag_artist}") as service:
        scene.sandbox.fault("telegram", "sendAudio", effect="drop_after")
        await service.publisher.publish(place(1, await scene.audio(service)))
        [placed] = await scene.expect(TrackPlaced)
    [post] = scene.posts()
    assert (post["caption"], placed.external_id) == ("Googoosh – Pol 1\n#Googoosh", str(post["message_id"]))


@pytest.mark.parametrize("looks", ["by forwarding", "by editing"])
async def test_a_post_with_buttons_is_found_again(scene: Scene, looks: str) -> None:
    scene.sandbox.world.telegram.channel.can_edit = False
    by_editing = {"TELEGRAM_ADMIN_USER_IDS": "[]"} if looks == "by editing" else {}
    async with scene.gateway(BUTTONS="true", **by_editing) as service:
        audio = await scene.audio(service)
        # Something is known of the channel then.
        await service.publisher.publish(place(1, audio))
        await scene.expect(TrackPlaced)
        scene.sandbox.fault("telegram", "sendAudio", effect="status_after", status=500)
        addresses = {Platform.SPOTIFY: "https://open.spotify.com/track/a"}
        await service.publisher.publish(place(2, audio).model_copy(update={"addresses": addresses}))
        await scene.expect(TrackPlaced, 2)
    first, second = scene.posts()
    assert "reply_markup" not in first
    [[button]] = second["reply_markup"]["inline_keyboard"]
    assert (button["text"], button["url"]) == ("Spotify", "https://open.spotify.com/track/a")


async def test_next_attempt_at_a_placed_track_posts_nothing(scene: Scene) -> None:
    async with scene.gateway() as service:
        audio = await scene.audio(service)
        await service.publisher.publish(place(1, audio))
        await scene.expect(TrackPlaced)
        await service.publisher.publish(place(1, audio, attempt=2))
        first, second = await scene.expect(TrackPlaced, 2)
    assert first.external_id == second.external_id
    assert len(scene.posts()) == 1


@pytest.mark.parametrize(
    ("effect", "status"),
    [("status_after", 500), ("status_after", 502), ("drop_after", 0), ("html_after", 502), ("hang_after", 0)],
)
async def test_post_whose_answer_is_lost_is_found_and_not_repeated(scene: Scene, effect: str, status: int) -> None:
    scene.sandbox.fault("telegram", "sendAudio", effect=effect, status=status or 503, seconds=4)
    async with scene.gateway() as service:
        await service.publisher.publish(place(1, await scene.audio(service)))
        [placed] = await scene.expect(TrackPlaced)
        await settled(service, streams.gateway_consumers(Platform.TELEGRAM)[PlaceTrack])
    [post] = scene.posts()
    assert placed.external_id == str(post["message_id"])
    assert scene.calls("sendAudio") <= 1  # a hanging call is counted at its end
    # The copies that were looked at are gone from the administrator's chat.
    assert not await scene.sandbox.person.read()


@pytest.mark.parametrize("effect", ["status", "drop", "html"])
async def test_upload_that_failed_is_repeated_once_it_is_certain(scene: Scene, effect: str) -> None:
    scene.sandbox.fault("telegram", "sendAudio", effect=effect, status=500)
    async with scene.gateway() as service:
        await service.publisher.publish(place(1, await scene.audio(service)))
        await scene.expect(TrackPlaced)
        await settled(service, streams.gateway_consumers(Platform.TELEGRAM)[PlaceTrack])
    assert len(scene.posts()) == 1


async def test_posts_of_others_and_deleted_ones_do_not_hide_ours(scene: Scene) -> None:
    async with scene.gateway() as service:
        audio = await scene.audio(service)
        await service.publisher.publish(place(1, audio))
        await scene.expect(TrackPlaced)
        await scene.sandbox.person.post(0)
        gone = await scene.sandbox.person.post_text("soon deleted")
        await scene.sandbox.person.delete_post(gone["message_id"])
        await scene.expect(ItemSighted)
        scene.sandbox.fault("telegram", "sendAudio", effect="drop_after")
        await service.publisher.publish(place(2, audio))
        placed = (await scene.expect(TrackPlaced, 2))[-1]
    ours = [post for post in scene.posts() if post["audio"]["title"] == "Pol 2"]
    assert [str(post["message_id"]) for post in ours] == [placed.external_id]


async def test_without_a_staging_chat_own_posts_are_recognised_by_what_they_bear(scene: Scene) -> None:
    scene.sandbox.world.telegram.channel.can_edit = False
    async with scene.gateway(TELEGRAM_ADMIN_USER_IDS="[]") as service:
        audio = await scene.audio(service)
        await service.publisher.publish(place(1, audio))
        await scene.expect(TrackPlaced)
        scene.sandbox.fault("telegram", "sendAudio", effect="status_after", status=500)
        await service.publisher.publish(place(2, audio))
        await scene.expect(TrackPlaced, 2)
    assert titles(scene) == ["Pol 1", "Pol 2"]
    assert scene.calls("forwardMessage") == 0


async def test_what_cannot_be_found_out_waits_for_a_person_and_is_sent_when_asked_again(scene: Scene) -> None:
    # No staging chat, and the bot could change other people's posts: nothing may be probed.
    async with scene.gateway(TELEGRAM_ADMIN_USER_IDS="[]") as service:
        audio = await scene.audio(service)
        scene.sandbox.fault("telegram", "sendAudio", effect="status", status=500)
        await service.publisher.publish(place(7, audio))
        [failed] = await scene.expect(StepFailed)
        assert failed.kind is FailureKind.UNKNOWN_OUTCOME
        assert "Googoosh - Pol 7" in failed.reason
        assert not scene.posts()
        await service.publisher.publish(place(7, audio, attempt=2))
        await scene.expect(TrackPlaced)
    assert len(scene.posts()) == 1


async def test_first_post_of_a_channel_with_history_is_found_too(scene: Scene) -> None:
    # Nothing is known of the channel: its posts were made before the bot came.
    for number in range(40):
        await scene.sandbox.person.post_text(f"old {number}")
    scene.sandbox.world.telegram.drop_updates()
    scene.sandbox.fault("telegram", "sendAudio", effect="drop_after")
    async with scene.gateway() as service:
        await service.publisher.publish(place(1, await scene.audio(service)))
        [placed] = await scene.expect(TrackPlaced)
    [post] = scene.posts()
    assert placed.external_id == str(post["message_id"]) == "41"
    texts = [m.shown.get("text") for m in scene.sandbox.world.telegram.channel.living()]
    assert "…" not in texts


async def test_killed_between_post_and_record_leaves_one_post(scene: Scene) -> None:
    scene.sandbox.fault("telegram", "sendAudio", effect="hang_after", seconds=20)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "navaar_telegram_gateway",
        env=os.environ | scene.environment | {"NAVAAR_TELEGRAM_TRANSFER_TIMEOUT_S": "30"},
        cwd=scene.folder,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await until(lambda: scene.calls("getUpdates") > 0)
        async with scene.gateway_bystander() as bystander:
            await bystander.publisher.publish(place(1, await scene.audio(bystander)))
            await until(lambda: len(scene.posts()) == 1)
            process.send_signal(signal.SIGKILL)
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert not await scene.events(TrackPlaced)
    async with scene.gateway() as service:
        [placed] = await scene.expect(TrackPlaced)
        await settled(service, streams.gateway_consumers(Platform.TELEGRAM)[PlaceTrack])
    [post] = scene.posts()
    assert placed.external_id == str(post["message_id"])


async def test_pause_that_telegram_asks_for_is_kept_and_the_order_too(scene: Scene) -> None:
    scene.sandbox.fault("telegram", "sendAudio", effect="status", status=429, retry_after=2)
    async with scene.gateway() as service:
        audio = await scene.audio(service)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for track_id in (1, 2, 3):
            await service.publisher.publish(place(track_id, audio))
        await scene.expect(TrackPlaced, 3)
        assert loop.time() - begun >= 2
    assert titles(scene) == ["Pol 1", "Pol 2", "Pol 3"]
    assert not await scene.events(StepFailed)


async def test_posts_keep_their_distance(scene: Scene) -> None:
    async with scene.gateway(TELEGRAM_POST_INTERVAL_S="2") as service:
        audio = await scene.audio(service)
        for track_id in (1, 2, 3):
            await service.publisher.publish(place(track_id, audio))
        await scene.expect(TrackPlaced, 3)
    times = [call.at for call in scene.sandbox.gate.calls if call.operation == "sendAudio"]
    # Posts leave two seconds apart; on a busy machine one may arrive later than the next one does.
    assert all(later - earlier >= 1.5 for earlier, later in pairwise(times))


async def test_echo_of_an_own_post_is_no_new_item(echoing: Scene) -> None:
    async with echoing.gateway() as service:
        audio = await echoing.audio(service)
        for track_id in (1, 2):
            await service.publisher.publish(place(track_id, audio))
        await echoing.expect(TrackPlaced, 2)
        await echoing.sandbox.person.post(0)
        [sighted] = await echoing.expect(ItemSighted)
    assert sighted.external_id == str(echoing.posts()[-1]["message_id"])


async def test_echo_settles_a_post_that_could_not_be_found_out_otherwise(echoing: Scene) -> None:
    echoing.sandbox.fault("telegram", "sendAudio", effect="drop_after")
    async with echoing.gateway(TELEGRAM_ADMIN_USER_IDS="[]") as service:
        await service.publisher.publish(place(1, await echoing.audio(service)))
        [placed] = await echoing.expect(TrackPlaced)
    assert placed.external_id == str(echoing.posts()[0]["message_id"])
    assert not await echoing.events(ItemSighted)


async def test_post_made_after_the_decision_is_looked_at_first(scene: Scene) -> None:
    async with scene.gateway() as service:
        audio = await scene.audio(service)
        before = datetime.now(UTC)
        await scene.sandbox.person.post(0)
        await scene.expect(ItemSighted)
        await service.publisher.publish(place(1, audio, decided_at=before))
        [failed] = await scene.expect(StepFailed)
        assert failed.kind is FailureKind.COLLECTION_CHANGED
        after = datetime.now(UTC) + timedelta(seconds=1)
        await service.publisher.publish(place(1, audio, attempt=2, decided_at=after))
        await scene.expect(TrackPlaced)
    assert len(scene.posts()) == 2


async def test_post_without_the_right_to_post_waits_for_it(scene: Scene) -> None:
    """Nobody told that the right was taken, and Telegram need not say that it is back."""
    scene.sandbox.world.telegram.channel.can_post = False
    async with scene.gateway() as service:
        await service.publisher.publish(place(1, await scene.audio(service)))
        await until(lambda: _names_the_channel(service))
        scene.sandbox.settings(bot_can_post=True)
        await scene.expect(TrackPlaced)
    assert not await scene.events(StepFailed)


async def _names_the_channel(service: object) -> bool:
    health = await service.health()  # type: ignore[attr-defined]
    return "administrator" in (health.parts["channel"] or "")


async def test_audio_that_is_gone_is_asked_for_again(scene: Scene) -> None:
    async with scene.gateway() as service:
        audio = await scene.audio(service)
        await service.publisher.publish(place(1, audio.model_copy(update={"name": "never-stored"})))
        await service.publisher.publish(place(2, None))
        failures = await scene.expect(StepFailed, 2)
    assert {failed.kind for failed in failures} == {FailureKind.AUDIO_MISSING}


async def test_removed_track_is_out_of_the_channel_and_can_come_again(scene: Scene) -> None:
    async with scene.gateway() as service:
        audio = await scene.audio(service)
        await service.publisher.publish(place(1, audio))
        [placed] = await scene.expect(TrackPlaced)
        removal = RemoveTrack(link="main", track_id=1, target=Platform.TELEGRAM, external_id=placed.external_id)
        await service.publisher.publish(removal)
        await scene.expect(TrackRemoved)
        assert not scene.posts()
        await service.publisher.publish(place(1, audio, attempt=2))
        await scene.expect(TrackPlaced, 2)
        theirs = await scene.sandbox.person.post(0)
        await service.publisher.publish(removal.model_copy(update={"external_id": str(theirs["message_id"])}))
        [failed] = await scene.expect(StepFailed)
    assert failed.step is Step.REMOVE
    assert len(scene.posts()) == 2


async def test_refused_token_closes_the_gate_and_work_goes_on_by_itself(scene: Scene) -> None:
    from navaar_contracts.events import CredentialsAccepted, CredentialsRejected

    async with scene.gateway() as service:
        audio = await scene.audio(service)
        scene.sandbox.world.telegram.token_revoked = True
        await service.publisher.publish(place(1, audio))
        await scene.expect(CredentialsRejected)
        scene.sandbox.world.telegram.token_revoked = False
        await scene.expect(CredentialsAccepted)
        await scene.expect(TrackPlaced)
    assert len(await scene.events(CredentialsRejected)) == 1
    assert len(scene.posts()) == 1


async def test_stop_does_not_wait_for_the_whole_line(scene: Scene) -> None:
    loop = asyncio.get_running_loop()
    async with scene.gateway(TELEGRAM_POST_INTERVAL_S="30") as service:
        audio = await scene.audio(service)
        for track_id in range(1, 6):
            await service.publisher.publish(place(track_id, audio))
        await scene.expect(TrackPlaced)
        begun = loop.time()
    assert loop.time() - begun < 5
    async with scene.gateway():
        await scene.expect(TrackPlaced, 5)
    # What was given back may come again in another order; the ledger asks for one post of a lane at a time.
    assert sorted(titles(scene)) == [f"Pol {number}" for number in range(1, 6)]
