"""Which version words mean what, and which of them two recordings may not differ in."""

from __future__ import annotations

import pytest

from navaar_identifier.compare.versions import clash
from navaar_identifier.names.version_words import VersionKind
from navaar_identifier.names.versions import Version, kinds, read_versions

WORDS = [
    ("Live", {VersionKind.LIVE}),
    ("Live at Wembley Stadium", {VersionKind.LIVE}),
    ("En Vivo", {VersionKind.LIVE}),
    ("Ao Vivo", {VersionKind.LIVE}),
    ("En directo desde Madrid", {VersionKind.LIVE}),
    ("canlı performans", {VersionKind.LIVE}),
    ("концерт в Москве", {VersionKind.LIVE}),
    ("اجرای زنده", {VersionKind.LIVE}),
    ("کنسرت تهران", {VersionKind.LIVE}),
    ("ライブ", {VersionKind.LIVE}),
    ("MTV Unplugged", {VersionKind.LIVE, VersionKind.ACOUSTIC}),
    ("Acoustic", {VersionKind.ACOUSTIC}),
    ("Acústico", {VersionKind.ACOUSTIC}),
    ("Акустика", {VersionKind.ACOUSTIC}),
    ("آکوستیک", {VersionKind.ACOUSTIC}),
    ("Piano Version", {VersionKind.ACOUSTIC}),
    ("Instrumental", {VersionKind.INSTRUMENTAL}),
    ("минус", {VersionKind.INSTRUMENTAL}),
    ("بی کلام", {VersionKind.INSTRUMENTAL}),
    ("بی‌کلام", {VersionKind.INSTRUMENTAL}),
    ("Off Vocal", {VersionKind.INSTRUMENTAL}),
    ("Karaoke Version", {VersionKind.KARAOKE}),
    ("караоке", {VersionKind.KARAOKE}),
    ("カラオケ", {VersionKind.KARAOKE}),
    ("In the Style of Adele", {VersionKind.KARAOKE}),
    ("Originally Performed by Adele", {VersionKind.KARAOKE}),
    ("sped up", {VersionKind.SPED_UP}),
    ("Speed Up", {VersionKind.SPED_UP}),
    ("sped-up version", {VersionKind.SPED_UP}),
    ("nightcore", {VersionKind.NIGHTCORE}),
    ("slowed", {VersionKind.SLOWED}),
    ("slowed + reverb", {VersionKind.SLOWED}),
    ("s l o w e d", set()),
    ("Slowed & Reverb", {VersionKind.SLOWED}),
    ("اسلو + ریورب", {VersionKind.SLOWED}),
    ("8D Audio", {VersionKind.EIGHT_D}),
    ("bass boosted", {VersionKind.BOOSTED}),
    ("lofi remix", {VersionKind.BOOSTED}),
    ("Mashup", {VersionKind.MASHUP}),
    ("A Cappella", {VersionKind.ACAPELLA}),
    ("Vocals Only", {VersionKind.ACAPELLA}),
    ("Orchestral Version", {VersionKind.ORCHESTRAL}),
    ("Demo", {VersionKind.DEMO}),
    ("Take 3", {VersionKind.ALTERNATE}),
    ("Kygo Remix", {VersionKind.REMIX}),
    ("Kygo Remix - Radio Edit", {VersionKind.REMIX}),
    ("ремикс", {VersionKind.REMIX}),
    ("ریمیکس", {VersionKind.REMIX}),
    ("Dub Mix", {VersionKind.REMIX}),
    ("Radio Edit", {VersionKind.EDIT}),
    ("Radio Mix", {VersionKind.EDIT}),
    ("Extended Mix", {VersionKind.EXTENDED}),
    ("Club Mix", {VersionKind.EXTENDED}),
    ("Original Mix", {VersionKind.PLAIN}),
    ("Album Version", {VersionKind.PLAIN}),
    ("Mono", {VersionKind.PLAIN}),
    ("Remastered 2011", {VersionKind.REMASTER}),
    ("2011 Remaster", {VersionKind.REMASTER}),
    ("2009 Digital Remaster", {VersionKind.REMASTER}),
    ("Explicit", {VersionKind.EXPLICIT}),
    ("Clean Version", {VersionKind.CLEAN}),
    ("Taylor's Version", {VersionKind.RERECORDED}),
    ("Re-Recorded", {VersionKind.RERECORDED}),
    ("1997 Version", {VersionKind.RERECORDED}),
    ("Japanese Version", {VersionKind.LANGUAGE}),
    ("Versión en inglés", {VersionKind.LANGUAGE}),
    ("guitar cover", {VersionKind.PLAYED}),
    ("弾いてみた", {VersionKind.PLAYED}),
    ("Beatles cover", {VersionKind.COVER}),
    ("кавер", {VersionKind.COVER}),
    ("Reaction", {VersionKind.TALK}),
    ("Teaser", {VersionKind.TALK}),
    ("10 hours", {VersionKind.TALK}),
    ("Official Video", set()),
    ("feat. Somebody", set()),
    ("You Are Beautiful", set()),
    ("Part 2", set()),
    ("Alive", set()),
    ("Undercover", set()),
    ("Mixed Emotions", set()),
]


@pytest.mark.parametrize(("text", "expected"), WORDS, ids=[row[0] for row in WORDS])
def test_words_say_which_version(text: str, expected: set[VersionKind]) -> None:
    assert kinds(read_versions(text)) == expected


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
