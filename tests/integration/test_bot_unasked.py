"""What the bot says unasked: questions, status cards and alerts; and that posts never wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from navaar_bot.alerts import monitor
from navaar_bot.cards import schedule
from navaar_contracts.commands import AnswerReview, DeleteTrack, PartTrack, PlaceTrack
from navaar_contracts.events import (
    CredentialsAccepted,
    CredentialsRejected,
    DeliveryStopped,
    DeliverySynced,
    ItemSighted,
    TrackIdentified,
    TrackPlaced,
)
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.music import AudioReference, Recording
from navaar_contracts.records import RequestTaken
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load
from tests.support.bot import Stage, delivery, scored, staged, texts, track, until

D, S = Direction, DeliveryState
ADMINS = [4242, 4343]
LOG = -1001700000009
"""The channel that the owner wants the cards in."""


@pytest_asyncio.fixture
async def stage(
    nats_environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    monkeypatch.setattr(monitor, "GATHER_S", 0.05)
    monkeypatch.setattr(schedule, "EDIT_EVERY_S", 0.1)
    async with staged(nats_environment, tmp_path, admins=ADMINS, second_channel=LOG, CARDS=str(LOG)) as stage:
        yield stage
        # Whatever a test had in mind: the public channel shows songs, and nothing else.
        assert public(stage) == []


def stopped(number: int, direction: Direction, state: DeliveryState, cause: str, **more: Any) -> DeliveryStopped:
    return DeliveryStopped(
        link="main",
        track_id=number,
        direction=direction,
        state=state,
        display="Pol",
        reason=f"because of {cause}",
        cause=cause,
        **more,
    )


def synced(number: int, direction: Direction, attempt: int = 1) -> DeliverySynced:
    return DeliverySynced(
        link="main", track_id=number, attempt=attempt, direction=direction, state=S.SYNCED, display="Pol", seconds=2
    )


def cards(stage: Stage) -> list[dict[str, Any]]:
    """The bot's texts in the log channel."""
    return [message for message in stage.messages(LOG) if "text" in message]


def public(stage: Stage) -> list[dict[str, Any]]:
    """What the bot says in the link's own channel beside songs."""
    return [message for message in stage.messages(stage.sandbox.world.telegram.channel.id) if "audio" not in message]


async def test_an_unsure_match_is_asked_of_every_administrator_once(stage: Stage) -> None:
    alternatives = tuple(scored(letter * 22, f"Pol {letter}") for letter in "abcd")
    stage.world.put(track(6, "Pol", delivery(D.TG_TO_SP, S.REVIEW, alternatives=alternatives)))
    await stage.publish(stopped(6, D.TG_TO_SP, S.REVIEW, "review"))
    await until(lambda: all(stage.messages(admin) for admin in ADMINS))
    await stage.ledger.publisher.publish(stopped(6, D.TG_TO_SP, S.REVIEW, "review"), fresh_id="again")
    await stage.publish(stopped(7, D.TG_TO_SP, S.FAILED, "no_match"))
    await until(lambda: stage.sandbox.gate.counts().get("telegram/sendMessage", 0) >= 2)
    first, second = (stage.messages(admin) for admin in ADMINS)
    assert len(first) == len(second) == 1
    assert "Pol c" in first[0]["text"]
    assert "Pol d" not in first[0]["text"]
    assert texts(first[0]) == ["Pick 1", "Pick 2", "Pick 3", "None of these", "Never", "Search again"]

    assert await stage.press(second[0], "Pick 3", user_id=ADMINS[1]) == "Noted"
    [order] = await stage.ordered(AnswerReview)
    assert (order.external_id, order.by) == ("c" * 22, f"admin {ADMINS[1]}")
    for message in (first[0], second[0]):
        await stage.shows(message, "Pol c", f"answered by Person {ADMINS[1]}")


async def test_many_questions_at_once_become_a_pointer(stage: Stage) -> None:
    for number in range(1, 16):
        stage.world.put(track(number, "Pol", delivery(D.TG_TO_SP, S.REVIEW, alternatives=(scored("a" * 22, "P"),))))
        await stage.publish(stopped(number, D.TG_TO_SP, S.REVIEW, "review"))
    await until(lambda: any("/review" in one["text"] for one in stage.messages(ADMINS[0])))
    assert len(stage.messages(ADMINS[0])) == 9


async def test_an_administrator_who_blocked_the_bot_stops_nobody_else(stage: Stage) -> None:
    stage.sandbox.world.telegram.chats[ADMINS[0]].bot_rights = "kicked"
    stage.world.put(track(6, "Pol", delivery(D.TG_TO_SP, S.REVIEW, alternatives=(scored("a" * 22, "P"),))))
    await stage.publish(stopped(6, D.TG_TO_SP, S.REVIEW, "review"))
    await until(lambda: bool(stage.messages(ADMINS[1])))


async def test_a_card_follows_its_track_in_one_message(stage: Stage) -> None:
    posted = await stage.sandbox.person.post(0, "tagged_mp3")
    items = {Platform.TELEGRAM: str(posted["message_id"])}
    stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SEARCHING), delivery(D.TG_TO_SP, S.SEARCHING), items=items))
    await stage.publish(TrackIdentified(link="main", track_id=1, recording=Recording(title="Pol"), method="id3"))
    await until(lambda: len(cards(stage)) == 1)
    assert "⏳ YouTube Music: being searched" in cards(stage)[0]["text"]
    items[Platform.YOUTUBE] = "abcdefghijk"
    stage.world.put(
        track(1, "Pol", delivery(D.TG_TO_YT, S.SYNCED), delivery(D.TG_TO_SP, S.FAILED, reason="Not found"), items=items)
    )
    for event in (synced(1, D.TG_TO_YT), stopped(1, D.TG_TO_SP, S.FAILED, "no_match")):
        await stage.publish(event)
    await until(lambda: "✅ YouTube Music" in cards(stage)[0]["text"])
    assert "❌ Spotify: failed" in cards(stage)[0]["text"]
    assert texts(cards(stage)[0]) == ["YouTube Music"]
    assert len(cards(stage)) == 1


async def test_a_deleted_card_stays_away_until_a_person_wants_it(stage: Stage) -> None:
    posted = await stage.sandbox.person.post(0, "tagged_mp3")
    items = {Platform.TELEGRAM: str(posted["message_id"])}
    stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SEARCHING), items=items))
    await stage.publish(TrackIdentified(link="main", track_id=1, recording=Recording(title="Pol"), method="id3"))
    await until(lambda: len(cards(stage)) == 1)
    stage.sandbox.world.telegram.chats[LOG].messages[cards(stage)[0]["message_id"]].deleted = True
    stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SYNCED), items=items))
    await stage.publish(synced(1, D.TG_TO_YT))
    await until(lambda: stage.sandbox.gate.counts().get("telegram/editMessageText", 0) == 1)
    answer = await stage.ask("/card 1", user_id=ADMINS[0])
    assert "is being made" in answer["text"]
    await until(lambda: len(cards(stage)) == 1)
    assert "✅ YouTube Music" in cards(stage)[0]["text"]


async def test_cards_that_waited_when_the_bot_stopped_are_made_after_its_restart(stage: Stage) -> None:
    posted = await stage.sandbox.person.post(0, "tagged_mp3")
    items = {Platform.TELEGRAM: str(posted["message_id"])}
    stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SEARCHING), items=items), "Found.")
    await stage.publish(synced(1, D.TG_TO_YT))
    await until(lambda: len(cards(stage)) == 1)
    # Until it has written down that its cards are complete up to now.
    key = "cards.main"
    async with asyncio.timeout(20):
        while await stage.ledger.records.get(key) is None:
            await asyncio.sleep(0.05)
    stage.sandbox.fault("telegram", "editMessageText", effect="status", status=502, count=None)
    stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SYNCED), items=items), "Found.", "Placed.")
    # Many newer tracks, so that looking at the newest would not find it.
    for number in range(2, 90):
        stage.world.put(track(number, "Other", items={Platform.YOUTUBE: str(number)}))
    await stage.publish(synced(1, D.TG_TO_YT, attempt=2))
    await until(lambda: stage.sandbox.gate.counts().get("telegram/editMessageText", 0) >= 1)
    await stage.gateway.stop()
    stage.sandbox.gate.clear()
    await stage.restart()
    await until(lambda: "✅ YouTube Music" in cards(stage)[0]["text"])
    assert len(cards(stage)) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"state": "deleted"}, "No longer kept in step"), ({"state": "merged", "merged_into": 2}, "same recording as #2")],
)
async def test_the_card_of_a_track_that_ended_says_so_for_good(
    stage: Stage, fields: dict[str, Any], words: str
) -> None:
    posted = await stage.sandbox.person.post(0, "tagged_mp3")
    items = {Platform.TELEGRAM: str(posted["message_id"])}
    before = stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SEARCHING), items=items))
    await stage.publish(TrackIdentified(link="main", track_id=1, recording=Recording(title="Pol"), method="id3"))
    await until(lambda: len(cards(stage)) == 1)
    stage.world.put(before.model_copy(update=fields))
    now = datetime.now(UTC)
    await stage.publish(
        RequestTaken(link="main", delete=DeleteTrack(link="main", track_id=1, asked_at=now), taken_at=now)
    )
    await until(lambda: words in cards(stage)[0]["text"])
    assert texts(cards(stage)[0]) == []


async def test_the_card_of_a_track_that_is_parted_again_is_what_it_was(stage: Stage) -> None:
    posted = await stage.sandbox.person.post(0, "tagged_mp3")
    items = {Platform.TELEGRAM: str(posted["message_id"])}
    before = stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SEARCHING), items=items))
    await stage.publish(TrackIdentified(link="main", track_id=1, recording=Recording(title="Pol"), method="id3"))
    await until(lambda: len(cards(stage)) == 1)
    now = datetime.now(UTC)
    request = PartTrack(link="main", track_id=1, joined_to=2, asked_at=now)
    stage.world.put(before.model_copy(update={"state": "merged", "merged_into": 2}))
    await stage.publish(
        TrackIdentified(link="main", track_id=1, attempt=2, recording=Recording(title="Pol"), method="id3")
    )
    await until(lambda: "same recording as #2" in cards(stage)[0]["text"])
    stage.world.put(before)
    await stage.publish(RequestTaken(link="main", part=request, taken_at=now))
    await until(lambda: "YouTube Music" in cards(stage)[0]["text"])
    assert len(cards(stage)) == 1


async def test_cards_come_after_the_posts_that_wait(nats_environment: dict[str, str], tmp_path: Path) -> None:
    wanted = {"CARDS": str(LOG), "TELEGRAM_POST_INTERVAL_S": "0.3"}
    async with staged(nats_environment, tmp_path, second_channel=LOG, **wanted) as stage:
        posted = await stage.sandbox.person.post(0, "tagged_mp3")
        items = {Platform.TELEGRAM: str(posted["message_id"])}
        stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SYNCED), items=items))
        path = await asyncio.to_thread(stage.sandbox.world.shelf.file, "audio-1", 3, "m4a")
        stored = await stage.ledger.objects.put("audio-1", path)
        audio = AudioReference(name=stored.name, digest=stored.digest, size_bytes=stored.size_bytes, duration_s=3)
        for number in range(11, 16):
            order = PlaceTrack(
                link="main",
                track_id=number,
                target=Platform.TELEGRAM,
                recording=Recording(title=f"Song {number}"),
                audio=audio,
            )
            await stage.publish(order)
        await until(lambda: stage.sandbox.gate.counts().get("telegram/sendAudio", 0) >= 1)
        await stage.publish(synced(1, D.TG_TO_YT))
        await until(lambda: bool(cards(stage)))
        await stage.ordered(TrackPlaced, 5)
        assert len(stage.messages(stage.sandbox.world.telegram.channel.id)) == 5
        assert public(stage) == []


async def test_cards_are_off_unless_the_owner_wants_them_and_card_shows_one_to_who_asks(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with staged(nats_environment, tmp_path) as stage:
        posted = await stage.sandbox.person.post(0, "tagged_mp3")
        items = {Platform.TELEGRAM: str(posted["message_id"])}
        stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SYNCED), items=items))
        await stage.publish(synced(1, D.TG_TO_YT))
        await stage.ask("/card 1")
        await until(lambda: any("✅ YouTube Music" in one["text"] for one in stage.messages(stage.admin)))
        assert public(stage) == []


@pytest.mark.parametrize(("posts", "log"), [("@sandbox_radio", "-1001700000001"), ("-1001700000001", "@Sandbox_Radio")])
async def test_a_log_channel_that_is_the_public_one_gets_no_card(
    nats_environment: dict[str, str], tmp_path: Path, posts: str, log: str
) -> None:
    # Its number and its name are one channel, which only Telegram knows.
    async with staged(nats_environment, tmp_path, TELEGRAM_CHANNEL_ID=posts, CARDS=log) as stage:
        posted = await stage.sandbox.person.post(0, "tagged_mp3")
        items = {Platform.TELEGRAM: str(posted["message_id"])}
        stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SYNCED), items=items))
        await stage.publish(synced(1, D.TG_TO_YT))
        await stage.ask("/card 1")
        wanted = datetime.now(UTC)
        async with asyncio.timeout(60):
            while (known := await stage.ledger.records.get("cards.main")) is None or (
                datetime.fromisoformat(known.outcome["shown_until"]) <= wanted
            ):
                await asyncio.sleep(0.05)
        assert public(stage) == []


async def test_cards_that_an_earlier_version_wrote_in_public_are_taken_down_by_one_command(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with staged(nats_environment, tmp_path) as stage:
        telegram = stage.sandbox.world.telegram
        old = [telegram.put(telegram.channel, {"text": f"card {n}"}, sender=None, by_bot=True).id for n in range(3)]
        for number, message_id in enumerate(old, 1):
            record = {"message_id": message_id, "post": 1, "shows": "x"}
            await stage.ledger.records.complete(f"card.main.{number}", record)
        telegram.channel.messages[old[2]].deleted = True
        assert "no cards" in (await stage.ask("/cards"))["text"]
        await stage.ask("/cards remove")
        await until(lambda: any("3 cards taken out" in one["text"] for one in stage.messages(stage.admin)))
        assert public(stage) == []


async def test_cards_that_fail_touch_no_post(stage: Stage) -> None:
    posted = await stage.sandbox.person.post(0, "tagged_mp3")
    items = {Platform.TELEGRAM: str(posted["message_id"])}
    stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SYNCED), items=items))
    stage.sandbox.fault("telegram", "sendMessage", effect="status", status=429, retry_after=1, count=2)
    await stage.publish(synced(1, D.TG_TO_YT))
    await stage.sandbox.person.post(1, "tagged_mp3")
    await stage.ordered(ItemSighted, 2)
    await until(lambda: len(cards(stage)) == 1)


async def test_a_card_whose_answer_was_lost_is_not_sent_twice(stage: Stage) -> None:
    posted = await stage.sandbox.person.post(0, "tagged_mp3")
    items = {Platform.TELEGRAM: str(posted["message_id"])}
    stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SEARCHING), items=items))
    stage.sandbox.fault("telegram", "sendMessage", effect="status_after", status=502)
    await stage.publish(TrackIdentified(link="main", track_id=1, recording=Recording(title="Pol"), method="id3"))
    await until(lambda: len(cards(stage)) == 1)
    other = await stage.sandbox.person.post(1, "tagged_mp3")
    stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SYNCED), items=items))
    stage.world.put(
        track(2, "Lab", delivery(D.TG_TO_YT, S.SYNCED), items={Platform.TELEGRAM: str(other["message_id"])})
    )
    await stage.publish(synced(1, D.TG_TO_YT))
    await stage.publish(synced(2, D.TG_TO_YT))
    await until(lambda: any("Lab" in one["text"] for one in cards(stage)))
    assert len(cards(stage)) == 2


async def test_credentials_are_told_once_and_their_return_once(stage: Stage) -> None:
    now = datetime.now(UTC)
    for _ in range(3):
        await stage.publish(
            CredentialsRejected(
                link="main", platform=Platform.SPOTIFY, reason="sign in again: navaar auth spotify", rejected_at=now
            )
        )
    await until(lambda: all(stage.messages(admin) for admin in ADMINS))
    [alert] = stage.messages(ADMINS[0])
    assert "Spotify refuses the sign-in" in alert["text"]
    assert "navaar auth spotify" in alert["text"]
    await stage.publish(CredentialsAccepted(link="main", platform=Platform.SPOTIFY, accepted_at=now))
    await until(lambda: all(len(stage.messages(admin)) == 2 for admin in ADMINS))
    assert "Over: Spotify refuses the sign-in" in stage.messages(ADMINS[1])[1]["text"]


async def written_down(stage: Stage, cause: str) -> None:
    """Wait until the bot has kept that it told of this trouble; stopped before that, it would rather say it twice."""
    async with asyncio.timeout(60):
        while True:
            known = await stage.ledger.records.get(monitor.KEY)
            if known is not None and known.outcome["troubles"].get(cause, {}).get("end_owed"):
                return
            await asyncio.sleep(0.02)


async def test_a_restart_neither_repeats_an_alert_nor_forgets_its_end(stage: Stage) -> None:
    now = datetime.now(UTC)
    reason = "sign in again: navaar auth spotify"
    await stage.publish(CredentialsRejected(link="main", platform=Platform.SPOTIFY, reason=reason, rejected_at=now))
    await until(lambda: all(stage.messages(admin) for admin in ADMINS))
    await written_down(stage, "sign-in:spotify")
    await stage.restart()
    # Told after the restart, so whatever of the old had to be repeated would have come before it or with it.
    await stage.publish(CredentialsRejected(link="main", platform=Platform.YOUTUBE, reason="no", rejected_at=now))
    await until(lambda: len(stage.messages(ADMINS[1])) == 2)
    assert "Spotify" not in stage.messages(ADMINS[1])[1]["text"]
    await written_down(stage, "sign-in:youtube")
    await stage.restart()
    await stage.publish(CredentialsAccepted(link="main", platform=Platform.SPOTIFY, accepted_at=now))
    await until(lambda: len(stage.messages(ADMINS[1])) == 3)
    assert stage.messages(ADMINS[1])[2]["text"] == "✅ Over: Spotify refuses the sign-in"


async def test_buttons_of_a_message_from_before_a_restart_work(stage: Stage) -> None:
    alternatives = (scored("a" * 22, "Pol"),)
    stage.world.put(track(6, "Pol", delivery(D.TG_TO_SP, S.REVIEW, alternatives=alternatives)))
    await stage.publish(stopped(6, D.TG_TO_SP, S.REVIEW, "review"))
    await until(lambda: all(stage.messages(admin) for admin in ADMINS))
    [question], [other] = (stage.messages(admin) for admin in ADMINS)
    listed = await stage.ask("/recent", user_id=ADMINS[0])
    failures = await stage.ask("/failed", user_id=ADMINS[0])
    await stage.restart()
    assert await stage.press(question, "Pick 1", user_id=ADMINS[0]) == "Noted"
    [order] = await stage.ordered(AnswerReview)
    assert order.external_id == "a" * 22
    # The message of the other administrator is known after the restart too.
    await stage.shows(other, "answered by")
    stage.world.put(track(7, "Lab", delivery(D.TG_TO_SP, S.FAILED, cause="no_match")))
    await stage.press(failures, "Refresh", user_id=ADMINS[0])
    await stage.shows(failures, "Failed: 1", "Lab")
    assert "#6 Pol" in listed["text"]


async def test_an_alert_that_could_not_be_sent_is_sent_after_a_restart(stage: Stage) -> None:
    stage.sandbox.fault("telegram", "sendMessage", effect="status", status=502, count=None)
    now = datetime.now(UTC)
    await stage.publish(CredentialsRejected(link="main", platform=Platform.SPOTIFY, reason="no", rejected_at=now))
    await until(lambda: stage.sandbox.gate.counts().get("telegram/sendMessage", 0) >= 2)
    await stage.gateway.stop()
    stage.sandbox.gate.clear()
    await stage.restart()
    await until(lambda: all(stage.messages(admin) for admin in ADMINS))
    assert "⚠️ Spotify refuses the sign-in" in stage.messages(ADMINS[0])[0]["text"]


async def test_services_that_do_not_answer_are_told_in_one_message(
    nats_environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitor, "EXAMINE_EVERY_S", 0.3)
    monkeypatch.setattr(monitor, "GATHER_S", 1.5)
    async with staged(nats_environment, tmp_path) as stage:
        await until(lambda: bool(stage.messages(stage.admin)))
        [alert] = stage.messages(stage.admin)
        for service in ("Identifier", "Downloader", "HTTP API"):
            assert f"{service} is down" in alert["text"]
        assert "Ledger is down" not in alert["text"]
        identifier = Service("identifier", load(RuntimeSettings, stage.environment))
        await identifier.start()
        try:
            await until(lambda: len(stage.messages(stage.admin)) == 2)
        finally:
            await identifier.stop()
        assert stage.messages(stage.admin)[1]["text"] == "✅ Over: Identifier is down"


async def test_a_sign_in_that_ends_within_a_month_is_told(
    nats_environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitor, "EXAMINE_EVERY_S", 0.2)
    monkeypatch.setattr(monitor, "GATHER_S", 0.05)
    async with staged(nats_environment, tmp_path) as stage:

        async def age() -> str:
            return "the Spotify sign-in ends on 22 December 2026"

        stage.catalogues[1].note("sign-in", age)

        def told() -> bool:
            return any("ends on 22 December 2026" in one["text"] for one in stage.messages(stage.admin))

        await until(told)


async def test_a_direction_in_which_every_song_fails_is_told_by_cause(stage: Stage) -> None:
    for number in range(1, 10):
        await stage.publish(stopped(number, D.SP_TO_TG, S.RETRY_SCHEDULED, "download_failed"))
    await until(lambda: bool(stage.messages(ADMINS[0])))
    await stage.publish(stopped(10, D.SP_TO_TG, S.FAILED, "place_failed"))
    await stage.publish(synced(11, D.SP_TO_TG))
    await until(lambda: len(stage.messages(ADMINS[0])) == 2)
    alert, over = stage.messages(ADMINS[0])
    assert "Nothing gets through Spotify → Telegram" in alert["text"]
    assert "The download did not succeed" in alert["text"]
    assert "Over: " in over["text"]


async def test_posts_never_wait_for_the_bot(stage: Stage) -> None:
    stage.sandbox.fault("telegram", "sendMessage", effect="delay", seconds=4, count=None)
    for _ in range(12):
        await stage.sandbox.person.write("/help", user_id=ADMINS[0])
    await stage.sandbox.person.post(0, "tagged_mp3")
    begun = datetime.now(UTC)
    await stage.ordered(ItemSighted)
    assert (datetime.now(UTC) - begun).total_seconds() < 3


async def test_alerts_can_be_sent_elsewhere(nats_environment: dict[str, str], tmp_path: Path) -> None:
    elsewhere = {"ALERT_CHAT_ID": str(ADMINS[1])}
    async with staged(nats_environment, tmp_path, admins=ADMINS, second_channel=None, **elsewhere) as stage:
        now = datetime.now(UTC)
        await stage.publish(CredentialsRejected(link="main", platform=Platform.YOUTUBE, reason="no", rejected_at=now))
        await until(lambda: bool(stage.messages(ADMINS[1])))
        assert not stage.messages(ADMINS[0])
