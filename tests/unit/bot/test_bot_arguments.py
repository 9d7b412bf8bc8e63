"""What follows a command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navaar_bot.arguments import Misunderstood, nearest, number, scope, track_id
from navaar_bot.templates import help as text
from navaar_contracts.identifiers import Direction, Platform

ALL = tuple(Direction)
WITHOUT_SPOTIFY = (Direction.TG_TO_YT, Direction.YT_TO_TG)


@pytest.mark.parametrize(
    ("said", "word", "count"),
    [
        ("", "all", 6),
        ("ALL", "all", 6),
        ("sp", "sp", 2),
        ("Spotify", "sp", 2),
        ("telegram", "tg", 2),
        ("tg_to_yt", "tg_to_yt", 1),
        ("TG → YT", "tg_to_yt", 1),
        ("yt->sp", "yt_to_sp", 1),
        ("sp to tg", "sp_to_tg", 1),
        ("sp2yt", "sp_to_yt", 1),
        ("yt-tg", "yt_to_tg", 1),
    ],
)
def test_scope_is_understood_in_many_ways(said: str, word: str, count: int) -> None:
    found = scope(said, ALL)
    assert (found.word, len(found.directions)) == (word, count)


def test_a_platform_means_what_comes_from_there() -> None:
    assert scope("sp", ALL).directions == (Direction.SP_TO_TG, Direction.SP_TO_YT)
    assert scope("sp", ALL).origin is Platform.SPOTIFY


@pytest.mark.parametrize(
    ("said", "meant"),
    [("spotfy", "sp"), ("youtub", "yt"), ("telegrm", "tg"), ("tg_to_yy", "tg_to_yt"), ("alll", "all"), ("qqqq", None)],
)
def test_a_misspelt_scope_is_answered_with_what_was_probably_meant(said: str, meant: str | None) -> None:
    with pytest.raises(Misunderstood) as refused:
        scope(said, ALL)
    assert refused.value.instead == meant


@pytest.mark.parametrize("said", ["sp", "spotify", "sp_to_tg", "tg_to_sp"])
def test_what_is_not_connected_is_never_something_else(said: str) -> None:
    with pytest.raises(Misunderstood, match="not connected"):
        scope(said, WITHOUT_SPOTIFY)


def test_only_what_is_connected_is_suggested() -> None:
    with pytest.raises(Misunderstood) as refused:
        scope("spotfy", WITHOUT_SPOTIFY)
    assert refused.value.instead is None


@given(st.text(max_size=60))
def test_any_text_is_a_scope_or_misunderstood(said: str) -> None:
    try:
        found = scope(said, ALL)
    except Misunderstood:
        return
    assert set(found.directions) <= set(ALL)
    assert found.directions
    assert scope(found.word, ALL) == found


@pytest.mark.parametrize(("said", "meant"), [("12", 12), ("#12", 12), (" # 7 ", 7)])
def test_track_number(said: str, meant: int) -> None:
    assert track_id(said) == meant


@pytest.mark.parametrize("said", ["", "0", "-3", "1.5", "12 13", "twelve", "१२", "9" * 30])
def test_what_is_no_track_number(said: str) -> None:
    with pytest.raises(Misunderstood):
        track_id(said)


def test_how_many_is_bounded() -> None:
    assert number("", default=10, most=50) == 10
    assert number("7", default=10, most=50) == 7
    assert number("700", default=10, most=50) == 50
    for said in ("0", "-1", "ten", "5 6"):
        with pytest.raises(Misunderstood):
            number(said, default=10, most=50)


@pytest.mark.parametrize(("said", "meant"), [("statuss", "status"), ("retri", "retry"), ("xyzzy", None)])
def test_a_misspelt_command_is_answered_with_what_was_probably_meant(said: str, meant: str | None) -> None:
    assert nearest(said, text.known()) == meant


def test_menu_fits_telegrams_rules_and_names_what_exists() -> None:
    menu = text.commands([*Platform])
    assert len(menu) == len({name for name, _ in menu}) <= 100
    for name, about in menu:
        assert name.replace("_", "").isalnum()
        assert name == name.lower()
        assert 1 <= len(about) <= 256
    assert "search_sp" not in dict(text.commands((Platform.TELEGRAM, Platform.YOUTUBE)))
    assert text.usage("force_sync") == "/sync [link] [tg|yt|sp|all|direction]"
