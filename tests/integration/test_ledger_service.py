"""The ledger as a service: a real nats-server, the SQLite store, and its messages as others would send them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import nats
import pytest

from navaar_contracts.commands import FindCandidates, IdentifyTrack, PlaceTrack, RetryDeliveries
from navaar_contracts.events import (
    CandidatesFound,
    CollectionOpened,
    DeliverySynced,
    FailureKind,
    ItemSighted,
    ItemSkipped,
    MatchChosen,
    Step,
    StepFailed,
    TrackIdentified,
    TrackPlaced,
)
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.message import Message
from navaar_contracts.music import Candidate, Choice, ItemMetadata, Recording, ScoredCandidate, Verdict
from navaar_contracts.queries import GetCounts, GetSyncState, GetTrack, ListLog, ListTracks, UnknownItems
from navaar_ledger.__main__ import create
from navaar_runtime.publisher import Publisher
from navaar_runtime.service import Service

DEADLINE_S = 120.0


@pytest.fixture
def environment(nats_environment: dict[str, str]) -> dict[str, str]:
    return {
        **nats_environment,
        "NAVAAR_TELEGRAM_CHANNEL_ID": "-100",
        "NAVAAR_YTMUSIC_PLAYLIST_ID": "PL1",
        "NAVAAR_SPOTIFY_PLAYLIST_ID": "SP1",
    }


@contextlib.asynccontextmanager
async def running(environment: dict[str, str]) -> AsyncIterator[Service]:
    service = create(environment)
    try:
        await service.start()
        yield service
    finally:
        await service.stop()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not await condition():
            await asyncio.sleep(0.02)


def sighted(external_id: str = "11", platform: Platform = Platform.TELEGRAM) -> ItemSighted:
    item = ItemMetadata(title="Pol", artists=("Googoosh",), duration_s=240)
    return ItemSighted(link="main", platform=platform, external_id=external_id, item=item, sighted_at=datetime.now(UTC))


def identified(track_id: int = 1, attempt: int = 1) -> TrackIdentified:
    queries = {Platform.YOUTUBE: ("Googoosh Pol",), Platform.SPOTIFY: ("Googoosh Pol",)}
    recording = Recording(artist="Googoosh", title="Pol", duration_s=240)
    return TrackIdentified(
        link="main",
        track_id=track_id,
        attempt=attempt,
        recording=recording,
        method="tg_metadata",
        keys=("googoosh|pol",),
        queries=queries,
    )


CANDIDATE = Candidate(id="vid00000001", title="Pol", artists=("Googoosh",), duration_s=241)


def found(target: Platform = Platform.YOUTUBE) -> CandidatesFound:
    return CandidatesFound(link="main", track_id=1, target=target, query="Googoosh Pol", candidates=(CANDIDATE,))


def chosen(target: Platform = Platform.YOUTUBE) -> MatchChosen:
    match = ScoredCandidate(candidate=CANDIDATE, score=0.97, reasons=("title agrees",))
    return MatchChosen(link="main", track_id=1, target=target, choice=Choice(verdict=Verdict.MATCH, chosen=match))


def opened(platform: Platform) -> CollectionOpened:
    return CollectionOpened(link="main", platform=platform, items=0, opened_at=datetime.now(UTC))


async def sent(environment: dict[str, str], subject: str, kind: type[Message]) -> list[Any]:
    """Every message that ever went to `subject`; commands stay because nobody takes them here."""
    client = await nats.connect(environment["NAVAAR_NATS_URL"])
    try:
        js = client.jetstream()
        stream = "NAVAAR_COMMANDS" if ".cmd." in subject else "NAVAAR_EVENTS"
        info = await js.stream_info(stream, subjects_filter=subject)
        if not (info.state.subjects or {}):
            return []
        messages = []
        for sequence in range(info.state.first_seq, info.state.last_seq + 1):
            with contextlib.suppress(nats.js.errors.NotFoundError):
                raw = await js.get_msg(stream, sequence)
                if raw.subject == subject:
                    messages.append(kind.model_validate_json(raw.data or b""))
        return messages
    finally:
        await client.close()


async def states(service: Service, track_id: int = 1) -> dict[Direction, DeliveryState]:
    reply = await service.queries.ask(GetTrack(track_id=track_id))
    return {} if reply.track is None else {d.direction: d.state for d in reply.track.deliveries}


async def tell(publisher: Publisher, *messages: Message) -> None:
    for message in messages:
        await publisher.publish(message)


async def test_replayed_sighting_creates_no_second_track(environment: dict[str, str]) -> None:
    async with running(environment) as ledger:
        event = sighted()
        await ledger.publisher.publish(event)
        await ledger.publisher.publish(event, fresh_id="again-1")
        await ledger.publisher.publish(event, fresh_id="again-2")
        await ledger.publisher.publish(sighted("12"))

        async def two_tracks() -> bool:
            return (await ledger.queries.ask(GetCounts())).tracks == 2

        async def both_asked_for() -> bool:
            commands = await sent(environment, "navaar.cmd.identifier.identify-track.main", IdentifyTrack)
            return {command.track_id for command in commands} == {1, 2}

        await until(both_asked_for)
        assert await two_tracks()


async def test_a_track_goes_all_the_way_and_shows_in_every_answer(environment: dict[str, str]) -> None:
    async with running(environment) as ledger:
        await tell(ledger.publisher, opened(Platform.YOUTUBE), sighted(), identified(), found(), chosen())

        async def is_placing() -> bool:
            return (await states(ledger)).get(Direction.TG_TO_YT) is DeliveryState.PENDING

        # The other target still looks for its match, which could belong to another track.
        await until(is_placing)
        failed = StepFailed(
            link="main",
            track_id=1,
            step=Step.FIND,
            target=Platform.SPOTIFY,
            kind=FailureKind.PERMANENT,
            reason="the search is not allowed",
        )
        await tell(ledger.publisher, failed)

        async def places() -> bool:
            return bool(await sent(environment, "navaar.cmd.youtube.place-track.main", PlaceTrack))

        await until(places)
        placed = TrackPlaced(link="main", track_id=1, target=Platform.YOUTUBE, external_id=CANDIDATE.id)
        await tell(ledger.publisher, placed)

        async def is_synced() -> bool:
            return (await states(ledger)).get(Direction.TG_TO_YT) is DeliveryState.SYNCED

        await until(is_synced)
        counts = await ledger.queries.ask(GetCounts())
        assert counts.counts[Direction.TG_TO_YT] == {DeliveryState.SYNCED: 1}
        assert counts.counts[Direction.TG_TO_SP] == {DeliveryState.FAILED: 1}
        listed = await ledger.queries.ask(ListTracks(direction=Direction.TG_TO_SP, state=DeliveryState.FAILED))
        assert [track.id for track in listed.tracks] == [1]
        log = await ledger.queries.ask(ListLog(track_id=1))
        assert {"track_discovered", "identified", "match_chosen", "track_synced"} <= {e.event for e in log.entries}
        unknown = await ledger.queries.ask(
            UnknownItems(link="main", platform=Platform.YOUTUBE, external_ids=(CANDIDATE.id, "other"))
        )
        assert unknown.unknown == ("other",)
        assert unknown.opened
        state = await ledger.queries.ask(GetSyncState())
        assert {c.platform: c.items for c in state.collections}[Platform.YOUTUBE] == 1
        synced = await sent(environment, "navaar.evt.delivery.synced.main", DeliverySynced)
        assert [event.direction for event in synced] == [Direction.TG_TO_YT]

        await tell(ledger.publisher, RetryDeliveries(link="main", asked_at=datetime.now(UTC)))

        async def searches_again() -> bool:
            finds = await sent(environment, "navaar.cmd.spotify.find-candidates.main", FindCandidates)
            return any(command.attempt == 2 for command in finds)

        await until(searches_again)


async def test_a_crash_between_save_and_publish_heals(environment: dict[str, str]) -> None:
    class Cut(Exception):
        pass

    async with running(environment) as ledger:
        real, cuts = ledger.publisher.publish, 0

        async def cut_off(message: Message, *, fresh_id: str | None = None) -> None:
            nonlocal cuts
            if isinstance(message, IdentifyTrack) and not cuts:
                cuts += 1
                raise Cut
            await real(message, fresh_id=fresh_id)

        ledger.publisher.publish = cut_off  # type: ignore[method-assign]
        await ledger.publisher.publish(sighted())

        async def is_asked() -> bool:
            return len(await sent(environment, "navaar.cmd.identifier.identify-track.main", IdentifyTrack)) == 1

        await until(is_asked)
        assert cuts == 1
        assert (await ledger.queries.ask(GetCounts())).tracks == 1


async def test_a_restart_goes_on_from_the_file(environment: dict[str, str]) -> None:
    async with running(environment) as ledger:
        await tell(ledger.publisher, sighted(), identified())

        async def is_searching() -> bool:
            return DeliveryState.SEARCHING in (await states(ledger)).values()

        await until(is_searching)
    async with running(environment) as ledger:
        await tell(ledger.publisher, opened(Platform.YOUTUBE), found(), chosen())

        async def is_matched() -> bool:
            reply = await ledger.queries.ask(GetTrack(track_id=1))
            return reply.track is not None and any(d.chosen is not None for d in reply.track.deliveries)

        await until(is_matched)


async def test_a_skipped_entry_is_logged_once(environment: dict[str, str]) -> None:
    async with running(environment) as ledger:
        skipped = ItemSkipped(
            link="main",
            platform=Platform.SPOTIFY,
            external_id="local:1",
            name="My demo",
            reason="a local file exists on one computer only",
            seen_at=datetime.now(UTC),
        )
        await ledger.publisher.publish(skipped)
        later = skipped.model_copy(update={"seen_at": datetime.now(UTC)})
        await ledger.publisher.publish(later, fresh_id="after-a-restart")
        await ledger.publisher.publish(sighted())

        async def is_read() -> bool:
            return (await ledger.queries.ask(GetCounts())).tracks == 1

        await until(is_read)
        log = await ledger.queries.ask(ListLog(link="main"))
        assert [entry.event for entry in log.entries].count("item_skipped") == 1
