"""Songs that could be taken for each other, and songs that do not fit at first, through the whole system.

One system serves all stories; each has songs of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from navaar_sandbox.catalogue import Catalogue
from tests.support.whole_system import Navaar, Platforms, eventually, navaar, platforms

pytestmark = [pytest.mark.timeout(900), pytest.mark.asyncio(loop_scope="module")]

FIRST, SEQUEL, CODED, ALSO_CODED, QUIET, ALSO_QUIET, LISTED_OTHERWISE, NAMELESS, TOO_MANY = range(9)
SONGS = 9
SEQUELS, CODES, MISSING = [(SEQUEL, FIRST)], [(ALSO_CODED, CODED)], [("youtube", SEQUEL)]
DONE = {"synced", "duplicate"}


@dataclass
class Whole:
    world: Platforms
    running: Navaar
    catalogue: Catalogue

    async def tracks_of(self, number: int) -> list[dict[str, Any]]:
        """The living tracks that are called exactly as the song."""
        title = self.catalogue.recordings[number].title
        return [t for t in await self.running.tracks() if t["state"] != "merged" and t["title"] == title]

    async def until_placed(self, *numbers: int) -> None:
        """Wait until each of the songs is one track, and everywhere."""

        async def are_placed() -> bool:
            found = [await self.tracks_of(number) for number in numbers]
            return all(len(each) == 1 and all(d["state"] in DONE for d in each[0]["deliveries"]) for each in found)

        try:
            await eventually(are_placed)
        except TimeoutError:
            raise AssertionError(f"not placed: {[await self.tracks_of(number) for number in numbers]}") from None


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Whole]:
    folder = tmp_path_factory.mktemp("alike")
    catalogue = Catalogue(SONGS, absent=MISSING, sequels=SEQUELS, shared_codes=CODES)  # type: ignore[arg-type]
    options = ["--tracks", str(SONGS), "--absent", f"youtube:{SEQUEL}"]
    options += ["--sequel", f"{SEQUEL}:{FIRST}", "--shared-code", f"{ALSO_CODED}:{CODED}"]
    async with (
        platforms(folder, *options) as world,
        navaar(world, folder, NAVAAR_BACKOFF_MAX_SECONDS="3") as running,
    ):
        await world.settings(messages_per_minute=1000, messages_per_minute_to_a_person=1000)
        yield Whole(world, running, catalogue)
        found = await world.compare()
        assert all((each["missing"], each["duplicates"], each["wrong"]) == (0, 0, 0) for each in found.values()), found
        assert "Traceback" not in running.log()


async def test_a_sequel_that_a_platform_lacks_is_told_and_is_not_taken_for_the_first_part(whole: Whole) -> None:
    for number in (SEQUEL, FIRST):
        await whole.world.person("add", number=number, side="spotify")
    await whole.until_placed(FIRST)

    async def is_told() -> bool:
        [track] = await whole.tracks_of(SEQUEL)
        to = {each["target"]: each for each in track["deliveries"]}
        return to["youtube"]["state"] in ("failed", "review") and bool(to["youtube"]["reason"])

    await eventually(is_told)


async def test_two_songs_that_carry_one_code_are_two_on_every_side(whole: Whole) -> None:
    for number in (CODED, ALSO_CODED):
        await whole.world.person("add", number=number, side="spotify")
    await whole.until_placed(CODED, ALSO_CODED)


async def test_two_songs_in_whose_files_one_hears_next_to_nothing_are_two(whole: Whole) -> None:
    for number in (QUIET, ALSO_QUIET):
        await whole.world.person("post", number=number, form="near_silent")
    await whole.until_placed(QUIET, ALSO_QUIET)


async def test_a_video_that_the_playlist_lists_as_another_upload_is_one_song(whole: Whole) -> None:
    chosen, listed = (whole.catalogue.variant("youtube", LISTED_OTHERWISE, kind).id for kind in ("original", "video"))
    await whole.world.settings(youtube_shown_as={chosen: listed})
    await whole.world.person("add", number=LISTED_OTHERWISE, side="spotify")
    await whole.until_placed(LISTED_OTHERWISE)


async def test_a_song_that_does_not_fit_waits_for_room_and_comes_by_itself(whole: Whole) -> None:
    gone = whole.catalogue.variant("youtube", TOO_MANY, "upload").id
    filler = await whole.world.person("add_odd", side="youtube", kind="unavailable", item=gone)
    await whole.world.settings(youtube_most=len((await whole.world.state())["playlists"]["youtube"]))
    await whole.world.person("add", number=TOO_MANY, side="spotify")

    async def waits() -> bool:
        tracks = await whole.tracks_of(TOO_MANY)
        to = {each["target"]: each for track in tracks for each in track["deliveries"]}
        return bool(to) and to["youtube"]["cause"] == "playlist_full" and bool(to["youtube"]["reason"])

    await eventually(waits)
    await whole.world.settings(youtube_most=5000)
    await whole.world.person("remove", side="youtube", slot=filler["slot"])
    await whole.until_placed(TOO_MANY)


async def test_a_post_that_nobody_could_find_is_found_once_its_caption_is_corrected(whole: Whole) -> None:
    post = await whole.world.person("post", number=NAMELESS, form="empty_title")

    async def is_not_found() -> bool:
        tracks = [t for t in await whole.running.tracks() if t["origin_external_id"] == str(post["message_id"])]
        return bool(tracks) and all(each["state"] == "failed" for each in tracks[0]["deliveries"])

    await eventually(is_not_found)
    song = whole.catalogue.recordings[NAMELESS]
    await whole.world.person("expect", number=NAMELESS)
    caption = f"{song.artists[0]} - {song.title}"
    await whole.world.person("edit_post", message_id=post["message_id"], caption=caption)
    await whole.until_placed(NAMELESS)
