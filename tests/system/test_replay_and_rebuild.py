"""The history is the ledger's second leg: sent again it changes nothing, gone through it gives the same ledger."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from navaar_contracts.commands import AnswerReview, DeleteTrack, ReportWrongMatch, SetPause
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.queries import GetCounts, ListTracks
from tests.integration.test_launcher_commands import navaar as command
from tests.support.whole_system import Navaar, Platforms, eventually, navaar, platforms
from tests.system.test_people_ask import Person, person

pytestmark = pytest.mark.timeout(900)

YT, SP, TG = Platform.YOUTUBE, Platform.SPOTIFY, Platform.TELEGRAM
AT_REST = (DeliveryState.SYNCED, DeliveryState.DUPLICATE, DeliveryState.FAILED, DeliveryState.REVIEW)


async def rebuilt(running: Navaar, folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """(exit code, what `navaar rebuild --check` found)."""
    code, out, err = await command(
        *("rebuild", "--check", "--json", *options), environment=running.environment, folder=folder
    )
    assert out, err
    return code, json.loads(out)


async def no_difference(running: Navaar, folder: Path) -> dict[str, Any]:
    code, found = await rebuilt(running, folder)
    assert (code, found["differences"], found["still"], found["unreadable"]) == (0, [], True, 0), found
    return found


async def unrest(world: Platforms) -> None:
    """Lost answers and refusals: steps are tried again, and some placements are found to have happened."""
    await world.fault("spotify", "items.add", effect="status_after", status=503)
    await world.fault("youtube", "edit_playlist.add", effect="drop_after")
    await world.fault("telegram", "sendAudio", effect="status_after", status=502)
    await world.fault("spotify", "search", status=503, count=2)


async def until_rest(someone: Person, tracks: int) -> None:
    """Wait until so many tracks are known and nothing moves any more."""

    async def is_over() -> bool:
        known = (await someone.read(ListTracks(limit=100))).tracks
        return len(known) >= tracks and all(
            track.state != "identifying" and all(d.state in AT_REST for d in track.deliveries) for track in known
        )

    await eventually(is_over)


def without_one_delivery(ledger: Path) -> tuple[int, str]:
    """Tamper with the ledger: (track, target) of a delivery that it no longer has."""
    connection = sqlite3.connect(ledger, timeout=20)
    for number, body in connection.execute("SELECT id, body FROM tracks ORDER BY id").fetchall():
        document = json.loads(body)
        if document.get("deliveries") and document.get("state") == "identified":
            target = sorted(document["deliveries"])[0]
            del document["deliveries"][target]
            connection.execute("UPDATE tracks SET body = ? WHERE id = ?", (json.dumps(document), number))
            connection.commit()
            connection.close()
            return number, target
    raise AssertionError("no track has deliveries")


async def test_history_gives_the_same_ledger_and_sent_again_places_nothing_twice(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "6") as world:
        await world.person("add", number=0, side="youtube")
        async with navaar(world, tmp_path) as running:
            await unrest(world)
            for side in ("telegram", "youtube", "spotify"):
                await world.person("add", number=1, side=side)
            await world.person("add_variant", number=1, side="youtube", kind="live")
            async with person(running) as someone:
                await until_rest(someone, 3)
            await running.kill_group()
            await world.person("add", number=2, side="telegram")
            await world.person("add", number=3, side="spotify")
            await running.start()
            await running.until_ready()
            async with person(running) as someone:
                await until_rest(someone, 5)
                await decide_something(someone, world)
                await until_rest(someone, 4)
                placed = await world.compare()
                first = await no_difference(running, tmp_path)
                assert first["whole"]
                assert first["tracks"] >= 5

                code, out, err = await command(
                    *("replay", "events", "--from", "1", "--subject", "navaar.evt.>", "--yes"),
                    environment=running.environment,
                    folder=tmp_path,
                )
                assert code == 0, err
                assert int(out.split()[0]) >= first["events"]
                again = await no_difference(running, tmp_path)
                assert again["events"] > first["events"]
                await until_rest(someone, 4)
                assert await world.compare() == placed

            ledger = Path(running.environment["NAVAAR_DATA_DIR"]) / "ledger.sqlite3"
            number, target = without_one_delivery(ledger)
            code, found = await rebuilt(running, tmp_path, "--into", str(tmp_path / "made"))
            assert code == 1
            assert [(d["number"], d["what"]) for d in found["differences"]] == [(number, f"delivery to {target}")]

            # The disaster itself: the ledger is lost, and Navaar goes on with the one made from the history.
            await running.stop()
            for old in ledger.parent.glob("ledger.sqlite3*"):
                old.unlink()
            shutil.copy(tmp_path / "made" / "ledger.sqlite3", ledger)
            await running.start()
            await running.until_ready()
            await world.person("add", number=4, side="telegram")
            async with person(running) as someone:
                await until_rest(someone, 5)
            after = await world.compare()
            for side, tally in after.items():
                assert tally["present"] == placed[side]["present"] + 1, (side, placed, after)
                assert (tally["duplicates"], tally["wrong"]) == (placed[side]["duplicates"], placed[side]["wrong"]), (
                    side,
                    placed,
                    after,
                )
            assert "Traceback" not in running.log()


async def decide_something(someone: Person, world: Platforms) -> None:
    """People's decisions are in the history too: one song is deleted, another's match was wrong and is never right."""
    known = (await someone.read(ListTracks(limit=100))).tracks
    song = next(t for t in known if t.origin is SP)
    await someone.ask(ReportWrongMatch, track_id=song.id, target=YT)

    async def is_a_question() -> bool:
        states = {d.target: d.state for d in (await someone.track(song.id)).deliveries}
        return states[YT] in (DeliveryState.REVIEW, DeliveryState.FAILED)

    await eventually(is_a_question)
    await someone.ask(AnswerReview, track_id=song.id, target=YT, answer="never")
    other = next(t for t in known if t.origin is TG and t.id != song.id)
    await someone.ask(DeleteTrack, track_id=other.id)
    await someone.ask(SetPause, direction=Direction.SP_TO_YT, paused=True)

    async def is_done() -> bool:
        counts = await someone.read(GetCounts())
        return counts.paused == (Direction.SP_TO_YT,) and (await someone.track(other.id)).state == "deleted"

    await eventually(is_done)
