"""A links file is understood whole, or refused with the file, the table, the key and what may have been meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from navaar_contracts.identifiers import Direction, FirstSync
from navaar_contracts.links import table_keys
from navaar_runtime.intervals import IntervalSettings
from navaar_runtime.links_file import parse
from navaar_runtime.settings import SettingsError, load, load_links

PAGE = Path(__file__).parents[3] / "docs" / "operations" / "links.md"
IDS = 'telegram_channel_id = -1001\nytmusic_playlist_id = "PLj"\nspotify_playlist_id = "sp"\n'
MAIN = {"NAVAAR_TELEGRAM_CHANNEL_ID": "@radio", "NAVAAR_YTMUSIC_PLAYLIST_ID": "PLx", "NAVAAR_SPOTIFY_PLAYLIST_ID": "sp"}


def file_of(folder: Path, text: str) -> dict[str, str]:
    path = folder / "links.toml"
    path.write_text(text, encoding="utf-8")
    return {"NAVAAR_LINKS_FILE": str(path)}


def test_each_link_has_a_policy_of_its_own(tmp_path: Path) -> None:
    jazz, pop = load_links(
        file_of(
            tmp_path,
            f'[links.jazz]\n{IDS}directions = ["*->telegram"]\nfirst_sync = "baseline"\n'
            '[links.pop]\ntelegram_channel_id = -1002\nytmusic_playlist_id = "PLp"\n',
        )
    )
    assert {each.value for each in jazz.directions()} == {"yt_to_tg", "sp_to_tg"}
    assert len(jazz.possible_directions()) == 6
    assert jazz.policy.first_sync is FirstSync.BASELINE
    assert len(pop.directions()) == 2


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('first_snyc = "plan"', "[links.jazz] first_snyc: is no key of a link; did you mean first_sync?"),
        ('spotfy_playlist_id = "x"', "[links.jazz] spotfy_playlist_id: is no key of a link; did you mean spotify"),
        ('first_sync = "maybe"', "[links.jazz] first_sync: 'maybe' is not allowed"),
        ('directions = ["tape->tg"]', "[links.jazz] directions: 'tape->tg' is no direction"),
        ("spotify_playlist_id = [1]", "[links.jazz] spotify_playlist_id: [1] is not allowed"),
        ("spotify_playlist_id = true", "[links.jazz] spotify_playlist_id: True is not allowed"),
        ('directions = ["sp->tg"]', "[links.jazz] directions: spotify->telegram needs a Spotify playlist"),
        ("[links.jazz.filters]\nexplicit = false", "[links.jazz] filters: is no key of a link"),
        ("[link.pop]\na = 1", "[link] is no table of links; did you mean links?"),
    ],
)
def test_what_is_not_understood_is_refused_where_it_stands(tmp_path: Path, line: str, told: str) -> None:
    environment = file_of(tmp_path, f'[links.jazz]\ntelegram_channel_id = "@a"\nytmusic_playlist_id = "b"\n{line}\n')
    with pytest.raises(SettingsError) as refused:
        load_links(environment)
    assert told in str(refused.value)
    assert environment["NAVAAR_LINKS_FILE"] in str(refused.value)


def test_everything_wrong_in_all_tables_is_told_together(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load_links(file_of(tmp_path, f"[links.jazz]\n{IDS}colour = 1\n[links.pop]\n{IDS}shape = 2\n"))
    assert "colour" in str(refused.value)
    assert "shape" in str(refused.value)


def test_the_environment_says_it_for_the_main_link_with_the_same_words() -> None:
    (main,) = load_links(MAIN | {"NAVAAR_DIRECTIONS": "sp->tg, yt->tg", "NAVAAR_DAILY_CAPS": '{"telegram": 5}'})
    assert {each.value for each in main.directions()} == {"yt_to_tg", "sp_to_tg"}
    assert [*main.policy.daily_caps.values()] == [5]
    with pytest.raises(SettingsError, match=r"NAVAAR_CARDS: 'everywhere' is not allowed"):
        load_links(MAIN | {"NAVAAR_CARDS": "everywhere"})
    with pytest.raises(SettingsError, match=r"NAVAAR_FIRST_SYNC: 'maybe' is not allowed"):
        load_links(MAIN | {"NAVAAR_FIRST_SYNC": "maybe"})


def test_no_card_goes_where_songs_are_posted() -> None:
    with pytest.raises(SettingsError, match="wants its cards in @Radio, where songs are posted"):
        load_links(MAIN | {"NAVAAR_CARDS": "@Radio"})


def test_what_a_table_does_not_say_the_environment_says_for_all(tmp_path: Path) -> None:
    file = file_of(
        tmp_path,
        f'[links.jazz]\n{IDS}first_sync = "sync"\n'
        '[links.pop]\ntelegram_channel_id = -1002\nytmusic_playlist_id = "PLp"\n',
    )
    jazz, pop = load_links(file | {"NAVAAR_FIRST_SYNC": "plan", "NAVAAR_DIRECTIONS": "*->telegram"})
    assert (jazz.policy.first_sync, pop.policy.first_sync) == (FirstSync.SYNC, FirstSync.PLAN)
    assert [each.value for each in pop.directions()] == ["yt_to_tg"]
    with pytest.raises(SettingsError, match="none of them is between the collections"):
        load_links(file | {"NAVAAR_DIRECTIONS": "spotify->*"})


def test_intervals_of_a_link_go_before_those_of_all() -> None:
    (jazz,) = parse(f"[links.jazz]\n{IDS}[links.jazz.intervals]\nspotify = 300\n", {}, "links.toml")
    intervals = load(IntervalSettings, {"NAVAAR_SYNC_INTERVAL_SP_TO_TG": "70", "NAVAAR_SYNC_INTERVAL_YT_TO_TG": "80"})
    assert intervals.of(Direction("sp_to_tg"), jazz) == 300
    assert intervals.of(Direction("yt_to_tg"), jazz) == 80
    assert intervals.of(Direction("sp_to_tg")) == 70


def test_the_examples_of_the_page_can_be_used_as_they_stand() -> None:
    examples = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert examples
    for example in examples:
        assert parse(example, {}, "links.toml")


def test_the_page_tells_of_every_key_of_a_link() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [key for key in table_keys() if f"| `{key}` |" not in page] == []
