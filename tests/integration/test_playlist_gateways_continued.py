"""A full playlist goes on in a second one, and to the ledger the two are one collection."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from navaar_contracts.commands import PlaceTrack
from navaar_contracts.events import CollectionOpened, ItemSighted, TrackPlaced
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Recording
from navaar_playlist_gateway.continued import ContinuedPlaylist
from navaar_playlist_gateway.placer import Placer
from navaar_playlist_gateway.settings import PlaylistSettings
from navaar_playlist_gateway.watcher import PlaylistWatcher
from navaar_runtime.failures import Failure
from navaar_runtime.settings import load, variable_of
from navaar_sandbox.playlist import Playlist
from tests.support.gateways import PLAYLIST_PLATFORMS, Stage, running, stage

CONTINUED = tuple(platform for platform in PLAYLIST_PLATFORMS if platform.spec.overflow_setting)


@pytest.fixture(params=CONTINUED)
def platform(request: pytest.FixtureRequest) -> Platform:
    chosen: Platform = request.param
    return chosen


def second_playlist(at: Stage) -> Playlist:
    """Another playlist of the same account."""
    made: Playlist = getattr(at.sandbox.world, at.platform.value).create("Goes on here")
    return made


async def test_additions_go_to_the_first_while_it_has_room_and_removals_to_where_it_is(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path, tracks=16) as at:
        first, second = at.playlist, second_playlist(at)
        there = at.add(0)
        at.ledger.claimed |= {*there, *(at.song(number) for number in range(1, 12))}
        package = entry_points(group="navaar.gateways")[platform.value].value
        gateway = import_module(f"{package}.__main__").GATEWAY
        ledger, settings = at.ledger.service, load(PlaylistSettings, at.environment)
        async with gateway.client(at.environment) as client:
            both = ContinuedPlaylist(client.playlist(first.id), client.playlist(second.id), most=3)
            watcher = PlaylistWatcher(
                "main", platform, both, ledger.publisher, ledger.queries, ledger.records, settings
            )
            placer = Placer(watcher, both, ledger.records, settings.settle_seconds)

            async def place(*numbers: int) -> None:
                for number in numbers:
                    command = PlaceTrack(
                        link="main",
                        track_id=number,
                        target=platform,
                        external_id=at.song(number),
                        recording=Recording(title="A song"),
                    )
                    assert isinstance(await placer.place(command), TrackPlaced)

            await watcher.poll()
            added = await both.add_several([at.song(number) for number in (1, 2, 3, 4)])
            assert None not in added
            assert [entry.item for entry in first.entries] == [at.song(number) for number in (0, 1, 2)]
            assert [entry.item for entry in second.entries] == [at.song(number) for number in (3, 4)]
            scan = await watcher.poll()
            assert scan.ids == {at.song(number) for number in range(5)}
            await place(5)
            assert [entry.item for entry in second.entries] == [at.song(number) for number in (3, 4, 5)]
            assert watcher.room() == 0
            # A person makes room in the first, and adds to the second.
            first.remove(frozenset({first.entries[0].slot}))
            second.remove(frozenset({second.entries[0].slot}))
            (unknown,) = second.add([at.song(15)], by="a person")
            await watcher.poll()
            seen = await at.ledger.wait(ItemSighted, 5)
            # What was added past the placer counts as somebody's, who has put it back.
            assert [event.external_id for event in seen if not event.returned] == [unknown.item]
            await place(6)
            assert [entry.item for entry in first.entries] == [at.song(number) for number in (1, 2, 6)]
            for number in (1, 4):
                await both.remove(at.song(number), None)
            assert [entry.item for entry in first.entries] == [at.song(number) for number in (2, 6)]
            assert [entry.item for entry in second.entries] == [at.song(number) for number in (5, 15)]


async def test_what_the_second_does_not_take_is_to_be_found_out_where_the_first_took_some(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at:
        first, second = at.playlist, second_playlist(at)
        package = entry_points(group="navaar.gateways")[platform.value].value
        async with import_module(f"{package}.__main__").GATEWAY.client(at.environment) as client:
            both = ContinuedPlaylist(client.playlist(first.id), client.playlist(second.id), most=2)
            await both.read()
            at.fault("add", effect="status", status=400, skip=1, count=2)
            added = await both.add_several([at.song(number) for number in (1, 2, 3)])
            assert [each is not None for each in added] == [True, True, False]
            with pytest.raises(Failure):
                await both.add_several([at.song(3), at.song(4)])
            assert [entry.item for entry in first.entries] == [at.song(1), at.song(2)]
            assert not second.entries


async def test_a_gateway_that_is_told_of_a_second_playlist_watches_both(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path, tracks=8) as at:
        second = second_playlist(at)
        ids = at.add(1, 2)
        second.add([at.song(3)], by="a person")
        at.environment[variable_of(platform.spec.overflow_setting)] = second.id
        async with running(at.gateway()):
            (opened,) = await at.ledger.wait(CollectionOpened)
            assert opened.items == 3
            assert [event.external_id for event in at.ledger.of(ItemSighted)] == [*ids, at.song(3)]
            await at.place(at.song(3))
            (placed,) = await at.ledger.wait(TrackPlaced)
            assert placed.already_there
            second.add([at.song(4)], by="a person")
            await at.poll()
            assert (await at.ledger.wait(ItemSighted, 4))[3].external_id == at.song(4)
