"""The right recording or none: what only looks like the song, or does not sound like it, is never placed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from navaar_sandbox.catalogue import SAME_RECORDING, Catalogue
from tests.support.whole_system import Navaar, Platforms, eventually, navaar, platforms

pytestmark = pytest.mark.timeout(900)

SONGS, SEED = 12, 7
TOKEN = "a-token-for-the-tests-only"
BEARER = {"authorization": f"Bearer {TOKEN}"}
MOVING = {"pending", "identifying", "searching", "matching", "downloading", "syncing"}
WRONG_AUDIO, POSTED_TWICE, NOT_ON_YOUTUBE, NOT_ON_SPOTIFY, UNSURE = 0, 1, 4, 5, 10
ABSENT = [f"youtube:{NOT_ON_YOUTUBE}", f"spotify:{NOT_ON_SPOTIFY}", f"youtube:{UNSURE}", f"spotify:{UNSURE}"]


async def at_rest(running: Navaar, tracks: int) -> list[dict[str, Any]]:
    """All tracks, once so many are known and nothing of them moves any more."""
    found: list[dict[str, Any]] = []

    async def quiet() -> bool:
        found[:] = await running.tracks()
        states = {d["state"] for t in found for d in t["deliveries"]} | {t["state"] for t in found}
        return len(found) == tracks and not states & MOVING

    await eventually(quiet)
    return found


def of(tracks: list[dict[str, Any]], platform: str, external_id: str) -> dict[str, Any]:
    return next(t for t in tracks if t["items"].get(platform) == external_id)


def to(track: dict[str, Any], target: str) -> dict[str, Any]:
    return next(d for d in track["deliveries"] if d["target"] == target)


async def mislabel_every_upload(world: Platforms, number: int) -> None:
    """Whatever YouTube has of the song, one hears another, a minute longer."""
    for entry in Catalogue(SONGS, seed=SEED).of_platform("youtube"):
        if entry.recording.startswith(f"r{number:04d}") and entry.kind in SAME_RECORDING:
            await world.person("mislabel", video_id=entry.id, number=number + 2, seconds=entry.duration + 60)


async def test_the_right_recording_or_none_and_the_reason(tmp_path: Path) -> None:
    arguments = [part for each in ABSENT for part in ("--absent", each)]
    async with (
        platforms(tmp_path, "--tracks", str(SONGS), "--seed", str(SEED), *arguments) as world,
        navaar(world, tmp_path, NAVAAR_API_TOKEN=TOKEN) as running,
    ):
        # Songs are looked up by the ids that were added.
        await world.settings(youtube_swaps_every=0)
        await mislabel_every_upload(world, WRONG_AUDIO)
        wrong = (await world.person("add", number=WRONG_AUDIO, side="spotify"))["id"]
        first = str((await world.person("post", number=POSTED_TWICE, form="tagged_mp3"))["message_id"])
        here = str((await world.person("post", number=NOT_ON_YOUTUBE, form="tagged_m4a"))["message_id"])
        there = (await world.person("add", number=NOT_ON_SPOTIFY, side="youtube"))["id"]
        unsure = str((await world.person("post", number=UNSURE, form="title_only"))["message_id"])
        await at_rest(running, 5)
        await world.person("post", number=POSTED_TWICE, form="other_tags")

        async def recognised() -> bool:
            return (await running.track(6)).get("state") == "merged"

        await eventually(recognised)
        tracks = await at_rest(running, 5)

        # The audio is another song's: nothing is posted, and a person can read why.
        stopped = to(of(tracks, "spotify", wrong), "telegram")
        assert stopped["state"] == "failed"
        assert "not what was asked for" in stopped["reason"] or "not the recording asked for" in stopped["reason"]

        # The same file under another name is the same track, and has been heard.
        known = await running.track(of(tracks, "telegram", first)["id"])
        assert known["recording"]["fingerprint"]
        assert {d["state"] for d in known["deliveries"]} == {"synced"}
        assert (known["posts"], [each["track_id"] for each in known["joined"]]) == (2, [6])
        merged = await running.track(6)
        assert merged["merged_into"] == known["id"]
        assert any("sounds the same" in line["details"] for line in merged["logs"])

        # Where a platform has look-alikes only, none of them is taken.
        for track, target in ((of(tracks, "telegram", here), "youtube"), (of(tracks, "youtube", there), "spotify")):
            missing = to(track, target)
            assert (missing["state"], missing["cause"]) == ("failed", "no_match")
            assert f"Not found on {target}" in missing["reason"]

        # A bare title that somebody else's song has too is a question to a person.
        for target in ("youtube", "spotify"):
            question = to(of(tracks, "telegram", unsure), target)
            assert question["state"] == "review"
            assert question["reason"].startswith("Not sure enough.")
            assert question["alternatives"]

        compared = await world.compare()
        assert all(compared[platform]["wrong"] == 0 for platform in compared), compared
        assert all(compared[platform]["duplicates"] == 0 for platform in ("youtube", "spotify")), compared
        assert compared["telegram"]["missing"] == 1

        # A person says that the other post is another song: it is one again, for good.
        async with httpx.AsyncClient(base_url=running.api, headers=BEARER, trust_env=False, timeout=20) as http:
            parted = await http.post("/api/tracks/6/part")
            assert parted.status_code == 202, parted.text
            await at_rest(running, 6)
            again = await running.track(6)
            assert (again["state"], again["merged_into"], again["parted"]) == ("identified", None, [known["id"]])
            assert (await running.track(known["id"]))["deliveries"] == known["deliveries"]
            assert (await http.post("/api/tracks/6/part")).status_code == 409
        assert "Traceback" not in running.log()
