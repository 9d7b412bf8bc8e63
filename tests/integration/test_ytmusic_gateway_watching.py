"""The YouTube Music gateway reads playlists through the real ytmusicapi from the sandbox."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from navaar_contracts.events import (
    CollectionOpened,
    CredentialsAccepted,
    CredentialsRejected,
    ItemSighted,
    ItemSkipped,
)
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Kind
from navaar_ytmusic_gateway.__main__ import create
from navaar_ytmusic_gateway.ytmusic import LOOKS_PAST_THE_FIRST_PAGE
from tests.support.gateways import DEADLINE_S, Stage, part, running, stage, until


def youtube(environment: dict[str, str], folder: Path, **more: Any) -> AbstractAsyncContextManager[Stage]:
    return stage(Platform.YOUTUBE, environment, folder, **more)


async def test_first_reading_reports_every_item_in_order_and_then_the_opening(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with youtube(nats_environment, tmp_path) as at:
        ids = at.add(3, 1, 2)
        async with running(create(at.environment)):
            (opened,) = await at.ledger.wait(CollectionOpened)
        seen = at.ledger.of(ItemSighted)
        assert [event.external_id for event in seen] == ids
        assert all(event.first_read for event in seen)
        assert opened.items == 3
        song = at.sandbox.catalogue.original("youtube", 3)
        item = seen[0].item
        assert (item.title, item.artists, item.album) == (song.title, song.artists, song.album)
        assert item.duration_s == song.duration
        assert item.kind is Kind.SONG
        assert item.url and item.cover_url and item.set_video_id


async def test_later_addition_is_no_part_of_the_first_reading(nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with youtube(nats_environment, tmp_path) as at:
        at.add(0)
        async with running(create(at.environment)):
            await at.ledger.wait(CollectionOpened)
            (late,) = at.add(5)
            await at.poll()
            seen = await at.ledger.wait(ItemSighted, 2)
        assert (seen[1].external_id, seen[1].first_read) == (late, False)
        assert len(at.ledger.of(CollectionOpened)) == 1


async def test_nothing_known_is_reported_again_after_a_restart(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with youtube(nats_environment, tmp_path) as at:
        at.add(0, 1)
        async with running(create(at.environment)):
            await at.ledger.wait(CollectionOpened)
        (late,) = at.add(2)
        async with running(create(at.environment)):
            seen = await at.ledger.wait(ItemSighted, 3)
        assert [event.first_read for event in seen] == [True, True, False]
        assert seen[2].external_id == late
        assert len(at.ledger.of(CollectionOpened)) == 1


async def test_an_unchanged_playlist_costs_one_request_a_look(nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with youtube(nats_environment, tmp_path, tracks=260) as at:
        at.add(*range(250))
        async with running(create(at.environment)):
            await at.ledger.wait(CollectionOpened)
            before = at.calls("browse"), at.calls("browse.more"), len(at.ledger.asked)
            for look in range(1, 4):
                await at.poll()
                await until(lambda look=look: at.calls("browse") == before[0] + look)
        assert (at.calls("browse.more"), len(at.ledger.asked)) == before[1:]


async def test_a_long_playlist_is_read_through_its_continuations(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with youtube(nats_environment, tmp_path, tracks=260) as at:
        ids = at.add(*range(250))
        async with running(create(at.environment)):
            (opened,) = await at.ledger.wait(CollectionOpened)
            assert opened.items == 250
            (late,) = at.add(255)
            await at.poll()
            seen = await at.ledger.wait(ItemSighted, 251)
        assert [event.external_id for event in seen] == [*ids, late]


async def test_an_empty_answer_is_not_believed(nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with youtube(nats_environment, tmp_path) as at:
        ids = at.add(0, 1, 2)
        at.fault("browse", effect="empty", count=1)
        async with running(create(at.environment)):
            (opened,) = await at.ledger.wait(CollectionOpened)
        assert opened.items == 3
        assert [event.external_id for event in at.ledger.of(ItemSighted)] == ids


async def test_a_truly_empty_playlist_is_opened_as_empty(nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with youtube(nats_environment, tmp_path) as at, running(create(at.environment)):
        (opened,) = await at.ledger.wait(CollectionOpened)
        assert opened.items == 0


async def test_an_empty_playlist_that_says_so_in_words_is_opened_as_empty_and_watched(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with youtube(nats_environment, tmp_path) as at:
        at.sandbox.settings(youtube_counts_in_words=True)
        async with running(create(at.environment)):
            (opened,) = await at.ledger.wait(CollectionOpened)
            assert opened.items == 0
            (song,) = at.add(2)
            await at.poll()
            (sighted,) = await at.ledger.wait(ItemSighted)
            assert sighted.external_id == song


async def test_what_cannot_be_synced_is_skipped_with_a_reason_and_stops_nothing(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with youtube(nats_environment, tmp_path) as at:
        first, greyed, deleted, last = at.add(0, 1, 2, 3)
        at.sandbox.world.youtube.taken_down |= {greyed: "private", deleted: "deleted"}
        async with running(create(at.environment)):
            await at.ledger.wait(CollectionOpened)
            await at.poll()
            (skipped,) = await at.ledger.wait(ItemSkipped)
        assert [event.external_id for event in at.ledger.of(ItemSighted)] == [first, last]
        assert skipped.external_id == greyed
        assert "not available" in skipped.reason


async def test_the_same_video_twice_is_one_item(nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with youtube(nats_environment, tmp_path) as at:
        at.add(0, 1, 0)
        async with running(create(at.environment)):
            (opened,) = await at.ledger.wait(CollectionOpened)
        assert opened.items == 2
        assert [event.external_id for event in at.ledger.of(ItemSighted)] == [at.song(0), at.song(1)]


async def test_a_revoked_session_pauses_with_one_alert_and_a_new_sign_in_resumes_without_restart(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with youtube(nats_environment, tmp_path) as at:
        at.add(0)
        at.sandbox.settings(youtube_session_revoked=True)
        service = create(at.environment)
        async with running(service):
            (rejected,) = await at.ledger.wait(CredentialsRejected)
            assert "navaar auth ytmusic" in rejected.reason
            assert (await service.health()).parts["sign-in"]
            at.sandbox.settings(youtube_session_revoked=False)
            sign_in = Path(at.environment["NAVAAR_YTMUSIC_AUTH_FILE"])
            sign_in.write_text(sign_in.read_text())
            await at.ledger.wait(CredentialsAccepted)
            await at.ledger.wait(ItemSighted)
            # The look that found it ends a little after what it reports.
            async with asyncio.timeout(DEADLINE_S):
                while not (await service.health()).is_ready:
                    await asyncio.sleep(0.02)
        assert len(at.ledger.of(CredentialsRejected)) == 1


async def test_a_missing_sign_in_says_what_to_do(nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with youtube(nats_environment, tmp_path, NAVAAR_YTMUSIC_AUTH_FILE=str(tmp_path / "none.json")) as at:
        async with running(create(at.environment)):
            (rejected,) = await at.ledger.wait(CredentialsRejected)
        assert "navaar auth ytmusic" in rejected.reason


async def test_a_playlist_that_does_not_exist_is_named_by_readiness(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with youtube(nats_environment, tmp_path, NAVAAR_YTMUSIC_PLAYLIST_ID="PLnobodyhasthis") as at:
        service = create(at.environment)
        async with running(service):
            problem = await part(service, "playlist main")
        assert "PLnobodyhasthis" in problem
        assert "NAVAAR_YTMUSIC_PLAYLIST_ID" in problem


async def test_additions_to_a_long_playlist_are_seen_with_its_last_page_only(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with youtube(nats_environment, tmp_path, tracks=460) as at:
        at.add(*range(350))
        async with running(create(at.environment)):
            await at.ledger.wait(CollectionOpened)
            pages = at.calls("browse.more")
            # The third begins a page that nobody has read yet; the fourth is read from there.
            for known, numbers in (
                (350, range(350, 353)),
                (353, range(353, 355)),
                (355, range(355, 410)),
                (410, range(410, 412)),
            ):
                ids = at.add(*numbers)
                await at.poll()
                seen = await at.ledger.wait(ItemSighted, known + len(ids))
                assert [event.external_id for event in seen[known:]] == ids
            assert at.calls("browse.more") - pages == 5


async def test_a_long_playlist_is_read_completely_where_its_last_page_explains_too_little(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with youtube(nats_environment, tmp_path, tracks=260) as at:
        at.add(*range(250))
        async with running(create(at.environment)):
            await at.ledger.wait(CollectionOpened)
            at.playlist.remove(frozenset({at.playlist.entries[120].slot}))
            two = at.add(251, 252)
            await at.poll()
            seen = await at.ledger.wait(ItemSighted, 252)
            assert [event.external_id for event in seen[250:]] == two
            # What a page was asked for with holds no longer.
            at.fault("browse.more", effect="status", status=400)
            (third,) = at.add(253)
            await at.poll()
            seen = await at.ledger.wait(ItemSighted, 253)
            assert seen[252].external_id == third
            at.fault("browse.more", effect="body", status=200, body='{"responseContext": {}}')
            (fourth,) = at.add(254)
            await at.poll()
            seen = await at.ledger.wait(ItemSighted, 254)
            assert seen[253].external_id == fourth


async def test_where_a_count_in_words_is_no_count_the_last_page_tells_it(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with youtube(nats_environment, tmp_path) as at:
        at.sandbox.settings(youtube_counts_in_words=True)
        at.playlist.add([at.song(0)] * 1100 + [at.song(1)], by="a person")
        async with running(create(at.environment)):
            (opened,) = await at.ledger.wait(CollectionOpened)
            assert opened.items == 2
            whole, first = at.calls("browse.more"), at.calls("browse")
            # The last page holds one song: too little to tell that nothing but appending has happened.
            for look in range(1, 4):
                await at.poll()
                await until(lambda look=look: at.calls("browse.more") - whole == 2 * look)
            (third,) = at.add(2)
            await at.poll()
            seen = await at.ledger.wait(ItemSighted, 3)
            assert seen[2].external_id == third
            assert at.calls("browse.more") - whole == 8
            # Nor does each look ask for the first page, which says nothing of the rest.
            assert at.calls("browse") == first
            # What goes in the middle and leaves the count as it was is no appending.
            at.playlist.remove(frozenset({at.playlist.entries[500].slot}))
            (fourth,) = at.add(3)
            await at.poll()
            seen = await at.ledger.wait(ItemSighted, 4)
            assert seen[3].external_id == fourth
            # What leaves the end as it is shows a few looks later: the first page is not forgotten.
            at.playlist.remove(frozenset({at.playlist.entries[0].slot}))
            at.playlist.add([at.song(4)], by="a person", position=0)
            for _ in range(LOOKS_PAST_THE_FIRST_PAGE):
                looked = at.calls("browse.more")
                await at.poll()
                await until(lambda looked=looked: at.calls("browse.more") == looked + 2)
            await at.poll()
            seen = await at.ledger.wait(ItemSighted, 5)
            assert seen[4].external_id == at.song(4)
