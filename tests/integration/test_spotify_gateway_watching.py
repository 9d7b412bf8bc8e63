"""The Spotify gateway reads playlists through the real spotipy from the sandbox."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Literal

import pytest

from navaar_contracts.events import (
    CollectionOpened,
    CredentialsAccepted,
    CredentialsRejected,
    ItemSighted,
    ItemSkipped,
)
from navaar_contracts.identifiers import Platform
from navaar_runtime.diagnostics import Level
from navaar_spotify_gateway.__main__ import create, diagnose
from tests.support.gateways import Stage, part, running, stage, until


def spotify(environment: dict[str, str], folder: Path, **more: Any) -> AbstractAsyncContextManager[Stage]:
    return stage(Platform.SPOTIFY, environment, folder, **more)


@pytest.mark.parametrize("old_shape", [False, True])
async def test_first_reading_reports_every_item_in_order_and_then_the_opening(
    nats_environment: dict[str, str], tmp_path: Path, old_shape: bool
) -> None:
    async with spotify(nats_environment, tmp_path) as at:
        at.sandbox.settings(spotify_old_shape=old_shape)
        ids = at.add(3, 1, 2)
        async with running(create(at.environment)):
            (opened,) = await at.ledger.wait(CollectionOpened)
        seen = at.ledger.of(ItemSighted)
        assert [event.external_id for event in seen] == ids
        assert all(event.first_read for event in seen)
        assert opened.items == 3
        song = at.sandbox.catalogue.original("spotify", 3)
        item = seen[0].item
        assert (item.title, item.artists, item.isrc) == (song.title, song.artists, song.isrc)
        assert item.duration_s == pytest.approx(song.duration, abs=0.5)
        assert item.url and item.cover_url


async def test_a_long_playlist_is_read_page_by_page(nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with spotify(nats_environment, tmp_path, tracks=130) as at:
        ids = at.add(*range(120))
        async with running(create(at.environment)):
            (opened,) = await at.ledger.wait(CollectionOpened)
        assert opened.items == 120
        assert [event.external_id for event in at.ledger.of(ItemSighted)] == ids
        assert at.calls("items") == 3


async def test_an_unchanged_playlist_costs_one_request_a_look(nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with spotify(nats_environment, tmp_path) as at:
        at.add(0, 1)
        async with running(create(at.environment)):
            await at.ledger.wait(CollectionOpened)
            made, asked = len(at.sandbox.gate.calls), len(at.ledger.asked)
            for look in range(1, 4):
                await at.poll()
                await until(lambda look=look: len(at.sandbox.gate.calls) >= made + look)
        assert (len(at.sandbox.gate.calls), len(at.ledger.asked)) == (made + 3, asked)


async def test_local_files_episodes_null_and_unavailable_items_are_skipped_with_a_reason(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with spotify(nats_environment, tmp_path) as at:
        at.playlist.add(["Somebody - A Demo"], by="a person", kind="local")
        at.playlist.add(["A Talk"], by="a person", kind="episode")
        at.playlist.add([at.song(7)], by="a person", kind="null")
        at.playlist.add([at.song(8)], by="a person", kind="unavailable")
        (usable,) = at.add(5)
        async with running(create(at.environment)):
            (opened,) = await at.ledger.wait(CollectionOpened)
            skipped = await at.ledger.wait(ItemSkipped, 4)
            await at.poll()
            await at.poll()
        assert [event.external_id for event in at.ledger.of(ItemSighted)] == [usable]
        assert opened.items == 1
        reasons = [event.reason for event in skipped]
        assert ["local file" in reasons[0], "podcast" in reasons[1], "no longer" in reasons[2]] == [True] * 3
        assert "not available" in reasons[3]
        assert len(at.ledger.of(ItemSkipped)) == 4


async def test_an_empty_answer_is_not_believed(nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with spotify(nats_environment, tmp_path) as at:
        ids = at.add(0, 1, 2)
        at.fault("items", effect="empty")
        async with running(create(at.environment)):
            (opened,) = await at.ledger.wait(CollectionOpened)
        assert opened.items == 3
        assert [event.external_id for event in at.ledger.of(ItemSighted)] == ids


@pytest.mark.parametrize("auth", ["secret", "pkce"])
async def test_a_401_refreshes_the_token_once_and_goes_on(
    nats_environment: dict[str, str], tmp_path: Path, auth: Literal["secret", "pkce"]
) -> None:
    async with spotify(nats_environment, tmp_path, spotify_auth=auth) as at:
        at.add(0)
        at.sandbox.settings(spotify_access_expired=True)
        async with running(create(at.environment)):
            await at.ledger.wait(CollectionOpened)
            at.sandbox.settings(spotify_access_expired=True)
            at.add(1)
            await at.poll()
            await at.ledger.wait(ItemSighted, 2)
        counts = at.sandbox.gate.counts()
        assert counts["spotify_accounts/token.refresh_token"] == 2
        assert not at.ledger.of(CredentialsRejected)


async def test_an_ended_authorization_pauses_with_one_alert_and_a_new_sign_in_resumes_without_restart(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with spotify(nats_environment, tmp_path) as at:
        at.add(0)
        at.sandbox.settings(spotify_grown_old=200 * 86_400, spotify_access_expired=True)
        service = create(at.environment)
        async with running(service):
            (rejected,) = await at.ledger.wait(CredentialsRejected)
            assert "navaar auth spotify" in rejected.reason
            assert await part(service, "sign-in")
            at.sandbox.environment(tmp_path)  # signs in anew, into the same file
            await at.ledger.wait(CredentialsAccepted)
            await at.ledger.wait(ItemSighted)
        assert len(at.ledger.of(CredentialsRejected)) == 1


async def test_a_playlist_that_does_not_exist_is_named_by_readiness(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with spotify(nats_environment, tmp_path, NAVAAR_SPOTIFY_PLAYLIST_ID="7777777777777777777777") as at:
        service = create(at.environment)
        async with running(service):
            problem = await part(service, "playlist main")
        assert "NAVAAR_SPOTIFY_PLAYLIST_ID" in problem


async def test_no_premium_is_named_as_a_cause(nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with spotify(nats_environment, tmp_path) as at:
        at.sandbox.settings(spotify_premium=False)
        service = create(at.environment)
        async with running(service):
            assert "Premium" in await part(service, "playlist main")
        assert not at.ledger.of(CredentialsRejected)


async def test_without_a_playlist_the_service_is_off_and_healthy(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with spotify(nats_environment, tmp_path, NAVAAR_SPOTIFY_PLAYLIST_ID="") as at:
        service = create(at.environment)
        async with running(service):
            await until(lambda: service.started_at is not None)
            assert (await service.health()).is_ready
        assert not at.sandbox.gate.calls


async def test_without_an_app_the_service_is_off_and_healthy_and_says_how_to_make_one(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with spotify(nats_environment, tmp_path, NAVAAR_SPOTIFY_CLIENT_ID="") as at:
        service = create(at.environment)
        async with running(service):
            await until(lambda: service.started_at is not None)
            health = await service.health()
        (line,) = await diagnose(at.environment)
        assert health.is_ready
        for said in (health.notes["off"], line.message):
            assert said and "developer.spotify.com/dashboard" in said
        assert line.level is Level.PROBLEM
        assert not at.sandbox.gate.calls
