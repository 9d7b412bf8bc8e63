"""Which version words mean what, and which of them two recordings may not differ in."""

from __future__ import annotations

import pytest

from navaar_identifier.compare.versions import clash
from navaar_identifier.names.version_words import Way
from navaar_identifier.names.versions import Version, read_versions, ways

WORDS = [
    ("Live", {Way.LIVE}),
    ("Live at Wembley Stadium", {Way.LIVE}),
    ("En Vivo", {Way.LIVE}),
    ("Ao Vivo", {Way.LIVE}),
    ("En directo desde Madrid", {Way.LIVE}),
    ("canlı performans", {Way.LIVE}),
    ("концерт в Москве", {Way.LIVE}),
    ("اجرای زنده", {Way.LIVE}),
    ("کنسرت تهران", {Way.LIVE}),
    ("ライブ", {Way.LIVE}),
    ("MTV Unplugged", {Way.LIVE, Way.ACOUSTIC}),
    ("Acoustic", {Way.ACOUSTIC}),
    ("Acústico", {Way.ACOUSTIC}),
    ("Акустика", {Way.ACOUSTIC}),
    ("آکوستیک", {Way.ACOUSTIC}),
    ("Piano Version", {Way.ACOUSTIC}),
    ("Instrumental", {Way.INSTRUMENTAL}),
    ("минус", {Way.INSTRUMENTAL}),
    ("بی کلام", {Way.INSTRUMENTAL}),
    ("بی‌کلام", {Way.INSTRUMENTAL}),
    ("Off Vocal", {Way.INSTRUMENTAL}),
    ("Karaoke Version", {Way.KARAOKE}),
    ("караоке", {Way.KARAOKE}),
    ("カラオケ", {Way.KARAOKE}),
    ("In the Style of Adele", {Way.KARAOKE}),
    ("Originally Performed by Adele", {Way.KARAOKE}),
    ("sped up", {Way.SPED_UP}),
    ("Speed Up", {Way.SPED_UP}),
    ("sped-up version", {Way.SPED_UP}),
    ("nightcore", {Way.NIGHTCORE}),
    ("slowed", {Way.SLOWED}),
    ("slowed + reverb", {Way.SLOWED}),
    ("s l o w e d", set()),
    ("Slowed & Reverb", {Way.SLOWED}),
    ("اسلو + ریورب", {Way.SLOWED}),
    ("8D Audio", {Way.EIGHT_D}),
    ("bass boosted", {Way.BOOSTED}),
    ("lofi remix", {Way.BOOSTED}),
    ("Mashup", {Way.MASHUP}),
    ("A Cappella", {Way.ACAPELLA}),
    ("Vocals Only", {Way.ACAPELLA}),
    ("Orchestral Version", {Way.ORCHESTRAL}),
    ("Demo", {Way.DEMO}),
    ("Take 3", {Way.ALTERNATE}),
    ("Kygo Remix", {Way.REMIX}),
    ("Kygo Remix - Radio Edit", {Way.REMIX}),
    ("ремикс", {Way.REMIX}),
    ("ریمیکس", {Way.REMIX}),
    ("Dub Mix", {Way.REMIX}),
    ("Radio Edit", {Way.EDIT}),
    ("Radio Mix", {Way.EDIT}),
    ("Extended Mix", {Way.EXTENDED}),
    ("Club Mix", {Way.EXTENDED}),
    ("Original Mix", {Way.PLAIN}),
    ("Album Version", {Way.PLAIN}),
    ("Mono", {Way.PLAIN}),
    ("Remastered 2011", {Way.REMASTER}),
    ("2011 Remaster", {Way.REMASTER}),
    ("2009 Digital Remaster", {Way.REMASTER}),
    ("Explicit", {Way.EXPLICIT}),
    ("Clean Version", {Way.CLEAN}),
    ("Taylor's Version", {Way.RERECORDED}),
    ("Re-Recorded", {Way.RERECORDED}),
    ("1997 Version", {Way.RERECORDED}),
    ("Japanese Version", {Way.LANGUAGE}),
    ("Versión en inglés", {Way.LANGUAGE}),
    ("guitar cover", {Way.PLAYED}),
    ("弾いてみた", {Way.PLAYED}),
    ("Beatles cover", {Way.COVER}),
    ("кавер", {Way.COVER}),
    ("Reaction", {Way.TALK}),
    ("Teaser", {Way.TALK}),
    ("10 hours", {Way.TALK}),
    ("Official Video", set()),
    ("feat. Somebody", set()),
    ("You Are Beautiful", set()),
    ("Part 2", set()),
    ("Alive", set()),
    ("Undercover", set()),
    ("Mixed Emotions", set()),
]


@pytest.mark.parametrize(("text", "expected"), WORDS, ids=[row[0] for row in WORDS])
def test_words_say_which_version(text: str, expected: set[Way]) -> None:
    assert ways(read_versions(text)) == expected


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Kygo Remix", "kygo"),
        ("Remix by DJ Snake", "dj snake"),
        ("Live at Wembley", "wembley"),
        ("Japanese Version", "japanese"),
        ("2011 Remaster", "2011"),
        ("Live", ""),
        ("Remix", ""),
    ],
)
def test_the_name_beside_a_mark_is_kept(text: str, who: str) -> None:
    assert read_versions(text)[0].who == who


def _marks(*texts: str) -> frozenset[Version]:
    return frozenset(mark for text in texts for mark in read_versions(text))


SAME = [
    ((), ()),
    ((), ("Remastered 2011",)),
    (("2009 Remaster",), ("2015 Remaster",)),
    ((), ("Album Version",)),
    ((), ("Mono",)),
    (("Explicit",), ("Clean",)),
    (("Live",), ("Live at Wembley",)),
    (("Live at Wembley",), ("Live at Wembley Stadium",)),
    (("Kygo Remix",), ("KYGO remix",)),
    (("Acoustic",), ("Acoustic Version",)),
    (("sped up",), ("Speed Up Version",)),
    (("slowed + reverb",), ("Slowed",)),
    (("MTV Unplugged",), ("Live", "Acoustic")),
]
DIFFERENT = [
    ((), ("Live",)),
    ((), ("Kygo Remix",)),
    ((), ("Karaoke",)),
    ((), ("Instrumental",)),
    ((), ("Acoustic",)),
    ((), ("sped up",)),
    ((), ("slowed",)),
    ((), ("nightcore",)),
    ((), ("8D Audio",)),
    ((), ("Demo",)),
    ((), ("guitar cover",)),
    ((), ("Mashup",)),
    ((), ("Reaction",)),
    ((), ("Japanese Version",)),
    (("Kygo Remix",), ("Tiësto Remix",)),
    (("Live",), ("Acoustic",)),
    (("sped up",), ("slowed",)),
    (("Japanese Version",), ("Korean Version",)),
    (("Kygo Remix",), ("Kygo Remix", "Live")),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_these_may_be_one_recording(a: tuple[str, ...], b: tuple[str, ...]) -> None:
    assert clash(_marks(*a), _marks(*b))[0] <= 0.3


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_these_are_two(a: tuple[str, ...], b: tuple[str, ...]) -> None:
    strength, why = clash(_marks(*a), _marks(*b))
    assert strength >= 0.9
    assert why


def test_an_edit_is_left_to_the_lengths() -> None:
    assert 0.3 < clash(_marks("Radio Edit"), _marks())[0] < 0.7


def test_two_concerts_are_two_recordings() -> None:
    assert clash(_marks("Live at Wembley"), _marks("Live in Rio de Janeiro"))[0] >= 0.7
