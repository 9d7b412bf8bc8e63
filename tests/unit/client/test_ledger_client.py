"""Asking the ledger: merged tracks are followed, long lists put together, senseless requests refused, silence told."""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

import pytest

from navaar_client.errors import NotFound, Refused, Unavailable
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.commands import (
    AnswerReview,
    PartTrack,
    PollPlaylist,
    RetryDeliveries,
    ReviewAnswer,
    RunCycle,
    SetPause,
)
from navaar_contracts.health import SERVICES, ConfigReply, HealthReply
from navaar_contracts.identifiers import DeliveryState, Direction, FirstSync, Platform
from navaar_contracts.message import Message
from navaar_contracts.queries import (
    CollectionView,
    GetSyncState,
    GetTrack,
    ListTracks,
    Query,
    Reply,
    SyncStateReply,
    TrackReply,
    TracksReply,
    TrackView,
)
from navaar_runtime.failures import Transient
from tests.support.stub_ledger import NOON, track

R = TypeVar("R", bound=Reply)


class Ledger:
    """Answers from `known`, at most two tracks in one answer; keeps what is published."""

    def __init__(self, *known: TrackView) -> None:
        self.known = {one.id: one for one in known}
        self.published: list[Message] = []
        self.silent: set[str] = set()
        self.stores = True

    async def ask(self, query: Query[R], timeout_s: float = 2.0) -> R:
        if query.recipient() in self.silent:
            raise Transient(f"the {query.recipient()} service is not running")
        answer: Any
        match query:
            case GetTrack():
                answer = TrackReply(track=self.known.get(query.track_id))
            case ListTracks():
                left = [n for n in sorted(self.known, reverse=True) if query.cursor is None or n < int(query.cursor)]
                shown = left[: min(2, query.limit)]
                more = str(shown[-1]) if len(left) > len(shown) else None
                answer = TracksReply(tracks=tuple(self.known[n] for n in shown), next_cursor=more)
            case GetSyncState():
                answer = SyncStateReply(
                    collections=tuple(
                        CollectionView(link=link, platform=platform, policy=FirstSync.SYNC)
                        for link in ("main", "other")
                        for platform in (Platform.YOUTUBE, Platform.SPOTIFY)
                    )
                )
            case _:
                raise AssertionError(query)
        return answer  # type: ignore[no-any-return]

    async def health(self, service: str, timeout_s: float = 4.0) -> HealthReply:
        if service in self.silent:
            raise Transient(f"the {service} service is not running")
        return HealthReply(service=service)

    async def config(self, service: str, timeout_s: float = 2.0) -> ConfigReply:
        raise Transient(f"the {service} service is not running")

    async def publish(self, message: Message) -> None:
        if not self.stores:
            await asyncio.sleep(3600)
        self.published.append(message)


def client(ledger: Ledger, answer_s: float = 5.0) -> LedgerClient:
    return LedgerClient(ledger, ledger, answer_s=answer_s, now=lambda: NOON)


async def test_a_merged_track_is_followed_to_the_one_it_is_now() -> None:
    ledger = Ledger(
        track(1, "Dawn", state="merged", merged_into=2),
        track(2, "Dawn", state="merged", merged_into=3),
        track(3, "Dawn"),
    )
    assert (await client(ledger).track(1))[0].id == 3
    assert (await client(ledger).record(1))[0].merged_into == 2


async def test_tracks_that_name_each_other_are_not_followed_for_ever() -> None:
    ledger = Ledger(track(1, "Dawn", state="merged", merged_into=2), track(2, "Dawn", state="merged", merged_into=1))
    assert (await client(ledger).track(1))[0].id == 2


async def test_what_is_not_there_is_named() -> None:
    with pytest.raises(NotFound, match="there is no track 9"):
        await client(Ledger()).track(9)
    with pytest.raises(NotFound, match="there is no link nowhere"):
        await client(Ledger()).links("nowhere")


async def test_a_list_is_put_together_from_several_answers() -> None:
    ledger = Ledger(*(track(number, f"Song {number}") for number in range(1, 8)))
    reply = await client(ledger).tracks(ListTracks(limit=5))
    assert [one.id for one in reply.tracks] == [7, 6, 5, 4, 3]
    assert reply.next_cursor == "3"


async def test_a_search_ends_with_the_first_answer() -> None:
    ledger = Ledger(*(track(number, f"Song {number}") for number in range(1, 8)))
    reply = await client(ledger).tracks(ListTracks(text="song", limit=5))
    assert [one.id for one in reply.tracks] == [7, 6]


async def test_a_track_that_several_lists_hold_comes_once() -> None:
    ledger = Ledger(*(track(number, f"Song {number}") for number in range(1, 4)))
    states = (DeliveryState.FAILED, DeliveryState.REVIEW)
    found = await client(ledger).tracks_of_any((None, Direction.YT_TO_SP), states, 10)
    assert [one.id for one in found] == [3, 2, 1]


async def test_silence_names_the_part() -> None:
    ledger = Ledger()
    ledger.silent = {"ledger"}
    with pytest.raises(Unavailable, match="the ledger service is not running") as raised:
        await client(ledger).track(1)
    assert raised.value.part == "ledger"
    ledger.stores = False
    with pytest.raises(Unavailable, match="NATS has not confirmed the request; it may still be carried out") as raised:
        await client(ledger, answer_s=0.01).retry_all(["main"])
    assert raised.value.part == "nats"


async def test_a_silent_service_is_a_problem_in_the_health_of_all() -> None:
    ledger = Ledger()
    ledger.silent = {"spotify"}
    found = await client(ledger).health(HealthReply(service="api", version="own"))
    assert set(found) == {*SERVICES, "api"}
    assert found["api"].version == "own"
    assert found["spotify"].problem == "the spotify service is not running"
    assert found["ledger"].problem is None


async def test_what_makes_no_sense_is_refused_and_nothing_is_sent() -> None:
    ledger = Ledger()
    asking, synced = client(ledger), track(1, "Dawn", states={Platform.SPOTIFY: DeliveryState.PENDING})
    with pytest.raises(Refused, match="no delivery of track 1 to spotify has failed"):
        await asking.retry_track(synced, Platform.SPOTIFY)
    with pytest.raises(Refused, match="nothing has been placed on spotify for track 1"):
        await asking.report_wrong_match(synced, Platform.SPOTIFY, "api")
    with pytest.raises(Refused, match="there is no open question about track 1 on telegram"):
        await asking.answer_review(synced, Platform.TELEGRAM, ReviewAnswer.NONE, None, "api")
    with pytest.raises(Refused, match="pick needs the external_id"):
        await asking.answer_review(synced, Platform.TELEGRAM, ReviewAnswer.PICK, None, "api")
    assert not ledger.published


async def test_only_a_joined_track_is_parted_and_from_the_one_it_is_now() -> None:
    song, middle, joined = track(1, "Dawn"), track(2, "Dawn", state="merged", merged_into=1), track(3, "Dusk")
    ledger = Ledger(song, middle, joined.model_copy(update={"state": "merged", "merged_into": 2}), track(4, "Noon"))
    asking = client(ledger)
    await asking.part_track(3, "api")
    assert ledger.published == [PartTrack(link="main", track_id=3, joined_to=1, asked_at=NOON, by="api")]
    with pytest.raises(Refused, match="track 4 is not joined to another one"):
        await asking.part_track(4, "api")
    with pytest.raises(NotFound):
        await asking.part_track(9, "api")
    ledger = Ledger(song.model_copy(update={"state": "deleted"}), middle)
    with pytest.raises(Refused, match="track 1, to which track 2 is joined, was deleted"):
        await client(ledger).part_track(2, "api")
    assert not ledger.published


async def test_requests_say_who_asks_and_for_what() -> None:
    ledger = Ledger()
    failed = track(1, "Dawn", states={Platform.SPOTIFY: DeliveryState.FAILED, Platform.TELEGRAM: DeliveryState.REVIEW})
    asking = client(ledger)
    assert await asking.retry_track(failed) == 1
    await asking.answer_review(failed, Platform.TELEGRAM, ReviewAnswer.NEVER, "not picked", "admin 7")
    await asking.set_pause({"main": (None,)}, paused=True, by="api")
    await asking.run_cycles({"main": (Direction.TG_TO_YT, Direction.YT_TO_SP)})
    retry, answer, pause, *running = ledger.published
    assert retry == RetryDeliveries(link="main", track_id=1, asked_at=NOON)
    assert answer == AnswerReview(
        link="main", track_id=1, target=Platform.TELEGRAM, answer=ReviewAnswer.NEVER, asked_at=NOON, by="admin 7"
    )
    assert pause == SetPause(link="main", paused=True, asked_at=NOON, by="api")
    # Only a playlist is polled: a channel tells by itself.
    assert [(type(one), getattr(one, "platform", None)) for one in running] == [
        (PollPlaylist, Platform.YOUTUBE),
        (RunCycle, None),
        (RunCycle, None),
    ]
