"""What happens to the channel itself: it gets another name, and the bot loses and regains its rights."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from navaar_bot.alerts import monitor
from navaar_contracts.commands import PlaceTrack
from navaar_contracts.events import (
    CredentialsAccepted,
    CredentialsRejected,
    ItemSighted,
    NoticeGiven,
    StepFailed,
    TrackPlaced,
)
from navaar_contracts.identifiers import Platform
from navaar_contracts.streams import gateway_consumers
from navaar_runtime.service import Service
from navaar_sandbox import Sandbox
from tests.support.telegram_gateway import QUICK, Scene, place, until


@pytest_asyncio.fixture
async def scene(
    nats_environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Scene]:
    monkeypatch.setattr(monitor, "GATHER_S", 0.05)
    async with Sandbox(tracks=8, messages_per_minute=1000) as sandbox:
        environment = sandbox.environment(tmp_path) | {"NAVAAR_TELEGRAM_CHANNEL_ID": "@sandbox_radio"}
        yield Scene(sandbox, environment | nats_environment | QUICK, tmp_path)


async def held_back(service: Service) -> bool:
    """Whether the post has been handed out and waits."""
    return not await service.idle(gateway_consumers(Platform.TELEGRAM)[PlaceTrack])


def told(scene: Scene) -> list[str]:
    """What the bot has said to the first administrator."""
    telegram = scene.sandbox.world.telegram
    living = telegram.private_chat(telegram.admins[0]).living()
    return [message.shown["text"] for message in living if message.by_bot and "text" in message.shown]


async def written_down(service: Service) -> bool:
    """Whether what was said is known to have been said, also after a restart."""
    record = await service.records.get("alerts")
    troubles = record.outcome["troubles"].values() if record is not None else ()
    return any(trouble["passing"] and trouble["told_at"] for trouble in troubles)


async def test_renamed_channel_is_read_and_filled_and_told_once(scene: Scene) -> None:
    async with scene.gateway() as service:
        await scene.sandbox.person.post(0)
        await scene.expect(ItemSighted)
        await scene.sandbox.person.rename_channel("radio_fm")
        await scene.sandbox.person.post(1)
        _, second = await scene.expect(ItemSighted, 2)
        assert second.item.url == f"https://t.me/radio_fm/{second.external_id}"
        [notice] = await scene.expect(NoticeGiven)
        assert "@sandbox_radio is now @radio_fm" in notice.details
        await until(lambda: written_down(service))
    async with scene.gateway() as service:
        await scene.sandbox.person.post(2)
        await scene.expect(ItemSighted, 3)
        await service.publisher.publish(place(9, await scene.audio(service)))
        [placed] = await scene.expect(TrackPlaced)
        assert placed.url == f"https://t.me/radio_fm/{placed.external_id}"
    assert len(await scene.events(NoticeGiven)) == 1
    assert sum("@radio_fm" in text for text in told(scene)) == 1


async def test_channel_renamed_while_the_gateway_was_away_is_read(scene: Scene) -> None:
    async with scene.gateway():
        await scene.sandbox.person.post(0)
        await scene.expect(ItemSighted)
    await scene.sandbox.person.post(1)
    await scene.sandbox.person.rename_channel("radio_fm")
    await scene.sandbox.person.post(2)
    # The old name belongs to a stranger's channel now.
    scene.sandbox.world.telegram.open_channel(-1009999999999, "Stranger", "sandbox_radio")
    async with scene.gateway():
        await scene.expect(ItemSighted, 3)
        [notice] = await scene.expect(NoticeGiven)
    assert "renamed" in notice.about


async def test_setting_that_names_another_channel_is_followed_and_told(scene: Scene) -> None:
    async with scene.gateway():
        await scene.sandbox.person.post(0)
        await scene.expect(ItemSighted)
    other = scene.sandbox.world.telegram.open_channel(-1009999999999, "Other", "other_radio")
    async with scene.gateway(TELEGRAM_CHANNEL_ID="@other_radio") as service:
        [notice] = await scene.expect(NoticeGiven)
        assert "@other_radio" in notice.details
        await service.publisher.publish(place(9, await scene.audio(service)))
        [placed] = await scene.expect(TrackPlaced)
    assert placed.url == f"https://t.me/other_radio/{placed.external_id}"
    assert len(other.living()) == 1


@pytest.mark.parametrize(
    ("taken", "given"),
    [
        ({"bot_can_post": False}, {"bot_can_post": True}),
        ({"bot_rights": "member"}, {"bot_rights": "administrator"}),
        ({"bot_rights": "kicked"}, {"bot_rights": "administrator"}),
        ({"bot_rights": "left"}, {"bot_rights": "administrator"}),
    ],
    ids=["no right to post", "demoted", "removed", "left"],
)
async def test_lost_rights_are_told_at_once_and_posts_wait_for_them(
    scene: Scene, taken: dict[str, object], given: dict[str, object]
) -> None:
    async with scene.gateway() as service:
        await until(lambda: scene.calls("getChatMember") > 0)
        scene.sandbox.settings(**taken)
        [rejected] = await scene.expect(CredentialsRejected)
        assert rejected.collection_only
        assert "administrator" in rejected.reason
        await until(lambda: any("closes the channel" in text for text in told(scene)))
        assert "administrator" in ((await service.health()).parts["channel"] or "")
        await service.publisher.publish(place(1, await scene.audio(service)))
        await until(lambda: held_back(service))
        scene.sandbox.settings(**given)
        await scene.expect(TrackPlaced)
        [accepted] = await scene.expect(CredentialsAccepted)
        assert accepted.collection_only
        await until(lambda: any("Over: Telegram closes the channel" in text for text in told(scene)))
        assert (await service.health()).parts["channel"] is None
    assert not await scene.events(StepFailed)


async def test_rights_that_came_back_while_the_gateway_was_away_end_the_alert(scene: Scene) -> None:
    scene.sandbox.settings(bot_can_post=False)
    async with scene.gateway():
        await scene.expect(CredentialsRejected)
        await until(lambda: any("closes the channel" in text for text in told(scene)))
    scene.sandbox.settings(bot_can_post=True)
    async with scene.gateway():
        await scene.expect(CredentialsAccepted)
    assert len(await scene.events(CredentialsRejected)) == 1


async def test_other_changes_of_rights_and_private_chats_alarm_nobody(scene: Scene) -> None:
    telegram = scene.sandbox.world.telegram
    async with scene.gateway():
        await until(lambda: scene.calls("getChatMember") > 0)
        scene.sandbox.settings(bot_can_edit=False)
        admin, bot = telegram.user(telegram.admins[0]), telegram.bot
        blocked = {"status": "kicked", "user": bot, "until_date": 0}
        change = {"chat": telegram.private_chat(telegram.admins[0]).shown, "from": admin, "date": 1}
        change |= {"old_chat_member": {"status": "member", "user": bot}, "new_chat_member": blocked}
        telegram.announce("my_chat_member", change)
        await scene.sandbox.person.post(0)
        await scene.expect(ItemSighted)
    assert not await scene.events(CredentialsRejected)
