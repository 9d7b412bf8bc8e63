"""What an owner changes in the links file holds while Navaar runs; what cannot be is refused, and the old stays."""

from __future__ import annotations

from pathlib import Path

from navaar_contracts.identifiers import Direction, FirstSync
from navaar_runtime.live_links import LiveLinks

JAZZ = '[links.jazz]\ntelegram_channel_id = "@jazz"\nytmusic_playlist_id = "PLj"\n'
POP = '[links.pop]\ntelegram_channel_id = "@pop"\nytmusic_playlist_id = "PLp"\n'


def written(folder: Path, text: str) -> dict[str, str]:
    path = folder / "links.toml"
    path.write_text(text, encoding="utf-8")
    return {"NAVAAR_LINKS_FILE": str(path)}


async def test_what_the_file_says_now_holds_at_once(tmp_path: Path) -> None:
    links = LiveLinks(written(tmp_path, JAZZ + POP))
    kept = links["jazz"]
    assert links.look() is None
    written(tmp_path, JAZZ + 'directions = "*->telegram"\ncaption = "{artist}"\n' + POP)
    looked = links.look()
    assert looked is not None
    assert (looked.taken, looked.later, looked.refused) == (("jazz: directions, caption",), (), None)
    assert links["jazz"].directions() == (Direction("yt_to_tg"),)
    assert len(kept.directions()) == 2
    assert links.look() is None


async def test_a_file_that_is_refused_changes_nothing_and_says_why_until_it_is_mended(tmp_path: Path) -> None:
    links = LiveLinks(written(tmp_path, JAZZ + 'caption = "{artist}"\n'))
    for wrong in (JAZZ + 'captoin = "{title}"\n', JAZZ + 'caption = "{titel}"\n', "nonsense", ""):
        written(tmp_path, wrong)
        looked = links.look()
        assert looked is not None
        assert looked.refused
        assert links["jazz"].policy.caption == "{artist}"
    assert await links.problem() is not None
    written(tmp_path, JAZZ + 'caption = "{title}"\n')
    assert links.look() is not None
    assert (links["jazz"].policy.caption, await links.problem()) == ("{title}", None)


async def test_what_a_service_is_built_of_waits_for_the_next_start(tmp_path: Path) -> None:
    links = LiveLinks(written(tmp_path, JAZZ + POP))
    changed = JAZZ.replace("PLj", "PLother") + 'caption = "{title}"\n'
    more = '[links.rock]\ntelegram_channel_id = "@rock"\nytmusic_playlist_id = "PLr"\n'
    written(tmp_path, changed + POP + 'first_sync = "plan"\nquiet_hours = "23-7"\n' + more)
    looked = links.look()
    assert looked is not None
    assert looked.taken == ("pop: quiet_hours",)
    assert looked.later == ("the new link rock", "jazz: its collections", "pop: first_sync")
    assert (links["jazz"].policy.caption, list(links)) == ("", ["jazz", "pop"])
    assert links["pop"].policy.first_sync is FirstSync.SYNC
    written(tmp_path, JAZZ)
    looked = links.look()
    assert looked is not None
    assert looked.later == ("pop, which is gone",)
    assert list(links) == ["jazz", "pop"]


async def test_a_file_that_is_away_for_a_moment_changes_nothing(tmp_path: Path) -> None:
    environment = written(tmp_path, JAZZ)
    links = LiveLinks(environment)
    Path(environment["NAVAAR_LINKS_FILE"]).unlink()
    assert links.look() is None
    written(tmp_path, JAZZ)
    assert links.look() is None


async def test_the_link_of_the_environment_has_no_file_to_look_at() -> None:
    ids = {"NAVAAR_TELEGRAM_CHANNEL_ID": "@radio", "NAVAAR_YTMUSIC_PLAYLIST_ID": "PLx"}
    links = LiveLinks(ids)
    assert (links.look(), list(links)) == (None, ["main"])
