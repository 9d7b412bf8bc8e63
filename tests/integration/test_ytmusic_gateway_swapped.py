"""YouTube Music lists another video than the one that was added: it stays the entry that it was."""

from __future__ import annotations

from pathlib import Path

from navaar_contracts.commands import RemoveTrack
from navaar_contracts.events import CollectionOpened, ItemSighted, TrackPlaced, TrackRemoved
from navaar_contracts.identifiers import Platform
from navaar_ytmusic_gateway.__main__ import create
from tests.support.gateways import Stage, running, stage, until


async def look(at: Stage) -> None:
    """Two looks that read everything: the first may have begun before."""
    for _ in range(2):
        asked = at.calls("browse")
        await at.poll()
        await until(lambda asked=asked: at.calls("browse") > asked)  # type: ignore[misc]


async def remove(at: Stage, external_id: str) -> None:
    """As the ledger asks for it that was never told the entry's name."""
    removal = RemoveTrack(link="main", track_id=1, attempt=9, target=Platform.YOUTUBE, external_id=external_id)
    await at.ledger.service.publisher.publish(removal)
    await at.ledger.wait(TrackRemoved)


async def test_a_placed_song_that_is_listed_as_another_video_is_no_new_item_and_is_not_doubled(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path, NAVAAR_FULL_READ_EVERY="1") as at:
        (other,) = at.add(3)
        at.ledger.claimed.add(other)
        added, shown = at.song(1), at.sandbox.catalogue.variant("youtube", 1, "video").id
        at.sandbox.settings(youtube_shown_as={added: shown})
        async with running(create(at.environment)):
            await at.ledger.wait(CollectionOpened)
            await at.place(added)
            await at.ledger.wait(TrackPlaced)
            await look(at)
        async with running(create(at.environment)):
            # Somebody else's commands for the same song: it is there, under either id.
            for track, wanted in ((2, added), (3, shown)):
                await at.place(wanted, track=track)
                await at.ledger.wait(TrackPlaced, track)
            assert [placed.already_there for placed in at.ledger.of(TrackPlaced)] == [False, True, True]
            assert not at.ledger.of(ItemSighted)
            assert at.ids == [other, added]
            await remove(at, added)
            assert at.ids == [other]


async def test_a_song_of_a_person_that_becomes_another_video_later_is_sighted_once(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path, NAVAAR_FULL_READ_EVERY="1") as at:
        (added,) = at.add(1)
        shown = at.sandbox.catalogue.variant("youtube", 1, "video").id
        async with running(create(at.environment)):
            await at.ledger.wait(CollectionOpened)
            at.sandbox.settings(youtube_shown_as={added: shown})
            await look(at)
        async with running(create(at.environment)):
            await look(at)
            # The other video itself is an item of its own.
            at.sandbox.world.youtube_playlist.add([shown], by="a person")
            await at.poll()
            await at.ledger.wait(ItemSighted, 2)
        assert [seen.external_id for seen in at.ledger.of(ItemSighted)] == [added, shown]
