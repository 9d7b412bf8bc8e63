"""What people ask of the ledger, over the sandbox: wrong matches, questions, pauses, deletions."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from nats.aio.client import Client

from navaar_contracts.commands import AnswerReview, DeleteTrack, ReportWrongMatch, SetPause
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.message import Message
from navaar_contracts.queries import GetCounts, GetTrack, ListReviews, Query, Reply, ReviewView, TrackView
from tests.support.whole_system import Navaar, Platforms, eventually, exactly, navaar, platforms, until_exactly

pytestmark = pytest.mark.timeout(900)

YT, SP, TG = Platform.YOUTUBE, Platform.SPOTIFY, Platform.TELEGRAM
R = TypeVar("R", bound=Reply)


class Person:
    """Somebody at the bot or the API, as the ledger hears of them."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def ask(self, kind: Any, **fields: Any) -> None:
        message: Message = kind(link="main", asked_at=datetime.now(UTC), by="admin 7", **fields)
        headers = {"Nats-Msg-Id": message.message_id()}
        await self._client.jetstream().publish(message.subject(), message.model_dump_json().encode(), headers=headers)

    async def read(self, query: Query[R]) -> R:
        raw = await self._client.request(query.subject(), query.model_dump_json().encode(), timeout=5)
        return query.answer.model_validate_json(raw.data)  # type: ignore[return-value]

    async def track(self, track_id: int = 1) -> TrackView:
        found = (await self.read(GetTrack(track_id=track_id))).track
        assert found is not None
        return found

    async def reviews(self) -> tuple[ReviewView, ...]:
        return (await self.read(ListReviews())).reviews


@contextlib.asynccontextmanager
async def person(running: Navaar) -> AsyncIterator[Person]:
    client = await running.nats()
    try:
        yield Person(client)
    finally:
        await client.close()


async def present(world: Platforms) -> tuple[int, int, int]:
    found = await world.compare()
    return tuple(found[side]["present"] for side in ("telegram", "youtube", "spotify"))  # type: ignore[return-value]


async def test_a_wrong_video_and_its_post_are_taken_out_asked_about_and_put_right(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "2") as world, navaar(world, tmp_path) as running:
        await world.person("add", number=0, side="spotify")
        await world.person("add", number=1, side="telegram")
        await until_exactly(world, 2, running)
        async with person(running) as someone:
            track = next(t for t in (await someone.track(1), await someone.track(2)) if t.origin is SP)
            video = track.items[YT]
            await someone.ask(ReportWrongMatch, track_id=track.id, target=YT)

            async def both_are_out() -> bool:
                return await present(world) == (1, 1, 2)

            await eventually(both_are_out)

            async def is_settled() -> bool:
                states = {d.target: d.state for d in (await someone.track(track.id)).deliveries}
                return not any(state.is_moving or state is DeliveryState.PENDING for state in states.values())

            await eventually(is_settled)
            # Whatever is left to propose: a person names the video, which was right all along.
            await someone.ask(AnswerReview, track_id=track.id, target=YT, answer="pick", external_id=video)
            await until_exactly(world, 2, running)
            log = (await someone.read(GetTrack(track_id=track.id))).log
            assert {"wrong_match", "track_removed", "review_answered"} <= {entry.event for entry in log}
            assert any("reported by admin 7" in entry.details for entry in log)
            assert not await someone.reviews()
        assert "Traceback" not in running.log()


async def test_a_paused_direction_waits_until_it_is_resumed(tmp_path: Path) -> None:
    async with (
        platforms(tmp_path, "--tracks", "2") as world,
        navaar(world, tmp_path) as running,
        person(running) as someone,
    ):
        await someone.ask(SetPause, direction=Direction.TG_TO_SP, paused=True)

        async def is_paused() -> bool:
            return (await someone.read(GetCounts())).paused == (Direction.TG_TO_SP,)

        await eventually(is_paused)
        await world.person("add", number=0, side="telegram")
        await world.person("add", number=1, side="telegram")

        async def others_go_on() -> bool:
            return await present(world) == (2, 2, 0)

        await eventually(others_go_on)
        counts = (await someone.read(GetCounts())).counts
        assert counts[Direction.TG_TO_SP] == {DeliveryState.PENDING: 2}
        await someone.ask(SetPause, direction=None, paused=False)
        await until_exactly(world, 2, running)


async def test_a_deleted_track_is_left_where_it_is_and_never_synced_again(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "1") as world:
        async with navaar(world, tmp_path) as running:
            await world.person("add", number=0, side="youtube")
            await until_exactly(world, 1, running)
            async with person(running) as someone:
                await someone.ask(DeleteTrack, track_id=1)

                async def is_gone() -> bool:
                    return (await someone.read(GetCounts())).tracks == 0

                await eventually(is_gone)
        # A restart reads everything anew; nothing of it is new.
        async with navaar(world, tmp_path) as running, person(running) as someone:
            await until_exactly(world, 1, running)
            assert (await someone.read(GetCounts())).tracks == 0
        assert await world.compare() == exactly(1)
