"""One bot for several links: each is named where it matters, and nothing of one goes to another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from navaar_bot.alerts import monitor
from navaar_contracts.commands import AddItem, PollPlaylist, RetryDeliveries, RunCycle, SetPause
from navaar_contracts.events import DeliveryStopped, DeliverySynced
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_runtime import live_links
from tests.support.bot import Stage, delivery, found, of_link, staged, texts, track, until

D, S = Direction, DeliveryState
SECOND = -1001700000002
LINKS = """
[links.jazz]
telegram_channel_id = "-1001700000001"
ytmusic_playlist_id = "PLjazz"
spotify_playlist_id = "1111111111111111111111"

[links.pop]
telegram_channel_id = "-1001700000002"
ytmusic_playlist_id = "PLpop"
cards = "admins"
"""


@pytest_asyncio.fixture
async def stage(
    nats_environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    monkeypatch.setattr(monitor, "GATHER_S", 0.05)
    monkeypatch.setattr(live_links, "EVERY_S", 0.05)
    links = tmp_path / "links.toml"
    links.write_text(LINKS)
    async with staged(nats_environment, tmp_path, second_channel=SECOND, LINKS_FILE=str(links)) as stage:
        yield stage


async def test_each_link_is_named_and_commands_reach_those_that_have_the_direction(stage: Stage) -> None:
    stage.world.put(of_link("jazz", track(1, "Pol", delivery(D.TG_TO_YT, S.SYNCED))))
    stage.world.put(of_link("pop", track(2, "Lab", delivery(D.TG_TO_YT, S.FAILED, cause="no_match"))))
    shown = (await stage.ask("/recent"))["text"]
    assert "#2 Lab [pop]" in shown
    assert "#1 Pol [jazz]" in shown
    assert "Link: pop" in (await stage.ask("/track 2"))["text"]
    assert "Link jazz" in (await stage.ask("/config"))["text"]

    await stage.ask("/sync yt")
    await until(lambda: len(stage.orders(RunCycle)) == 3)
    assert {(order.link, order.direction) for order in stage.orders(RunCycle)} == {
        ("jazz", D.YT_TO_TG),
        ("jazz", D.YT_TO_SP),
        ("pop", D.YT_TO_TG),
    }
    assert {order.link for order in stage.orders(PollPlaylist)} == {"jazz", "pop"}

    await stage.ask("/pause sp_to_tg")
    [order] = await stage.ordered(SetPause)
    assert order.link == "jazz"

    failed = await stage.ask("/failed")
    await stage.press(failed, "Retry all 1")
    [retried] = await stage.ordered(RetryDeliveries)
    assert (retried.link, retried.track_id) == ("pop", 2)


async def test_what_is_found_is_added_to_the_link_that_is_named(stage: Stage) -> None:
    stage.world.youtube = (found("a" * 11, "Pol"),)
    message = await stage.ask("/search pol")
    assert texts(message) == ["Add 1 to jazz", "Add 1 to pop"]
    await stage.press(message, "Add 1 to pop")
    [order] = await stage.ordered(AddItem)
    assert (order.link, order.platform) == ("pop", Platform.YOUTUBE)
    stage.world.spotify = (found("b" * 22, "Pol"),)
    message = await stage.ask("/search_sp pol")
    assert texts(message) == ["Add 1"]
    await stage.press(message, "Add 1")
    [order] = await stage.ordered(AddItem)
    assert (order.link, order.platform) == ("jazz", Platform.SPOTIFY)


async def test_a_command_may_name_the_link_it_is_for(stage: Stage) -> None:
    await stage.ask("/sync pop")
    await until(lambda: len(stage.orders(RunCycle)) == 2)
    assert {order.link for order in stage.orders(RunCycle)} == {"pop"}
    said = (await stage.ask("/pause jazz"))["text"]
    [order] = await stage.ordered(SetPause)
    assert (order.link, order.direction, "of jazz" in said) == ("jazz", None, True)
    await stage.ask("/resume yt_to_tg pop")
    [order] = await stage.ordered(SetPause)
    assert (order.link, order.direction, order.paused) == ("pop", D.YT_TO_TG, False)
    assert "not connected" in (await stage.ask("/pause pop sp_to_tg"))["text"]
    assert not stage.orders(SetPause)


async def test_what_is_changed_in_the_links_file_holds_while_the_bot_runs(stage: Stage, tmp_path: Path) -> None:
    assert "quiet_hours" not in (await stage.ask("/link"))["text"]
    (tmp_path / "links.toml").write_text(LINKS + 'quiet_hours = "23:00-07:00"\ndirections = "*->telegram"\n')
    async with asyncio.timeout(20):
        while "quiet_hours: 23:00-07:00" not in (said := (await stage.ask("/link pop"))["text"]):
            await asyncio.sleep(0.05)
    assert "Open: YT → TG\n" in said
    assert "There is no link “rock”" in (await stage.ask("/link rock"))["text"]


async def test_cards_and_alerts_belong_to_their_link(stage: Stage) -> None:
    for number, link in ((1, "jazz"), (2, "pop")):
        items = {Platform.TELEGRAM: str(number)}
        stage.world.put(of_link(link, track(number, f"Song of {link}", delivery(D.TG_TO_YT, S.SYNCED), items=items)))
        event = DeliverySynced(
            link=link, track_id=number, direction=D.TG_TO_YT, state=S.SYNCED, display="Song", seconds=1
        )
        await stage.publish(event)
    await until(lambda: any("Song of pop" in one["text"] for one in stage.messages(stage.admin)))
    seen = stage.messages(stage.admin)
    assert not any("Song of jazz" in one["text"] for one in seen), "its owner wants no cards"
    for channel in (stage.sandbox.world.telegram.channel.id, SECOND):
        assert stage.messages(channel) == []
    for number in (3, 4):
        await stage.publish(
            DeliveryStopped(
                link="pop",
                track_id=number,
                direction=D.YT_TO_TG,
                state=S.FAILED,
                display="Lab",
                reason="403",
                cause="place_failed",
            )
        )
    told = "Nothing gets through YouTube Music → Telegram (pop)"
    await until(lambda: any(told in one["text"] for one in stage.messages(stage.admin)))
