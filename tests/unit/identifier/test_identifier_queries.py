"""What a platform's search is asked, and by which keys two items of one recording find each other."""

from __future__ import annotations

import re

import pytest

from navaar_contracts.music import Reading, Recording
from navaar_contracts.platforms.spec import QueryDialect
from navaar_identifier.compare.lookup_keys import identity_keys
from navaar_identifier.search_queries import queries


def test_words_from_narrow_to_loose() -> None:
    wanted = Recording(artist="Moby, X", artists=("Moby", "X"), title="Porcelain", version=("Arty Remix",))
    assert queries(wanted, QueryDialect.PLAIN) == ("Moby X Porcelain Arty Remix", "Moby Porcelain", "Porcelain")


def test_filters_are_used_where_the_search_has_them() -> None:
    wanted = Recording(artist="Moby", artists=("Moby",), title="Porcelain", isrc="GBAJH9900032")
    assert queries(wanted, QueryDialect.FIELDS)[:2] == ("isrc:GBAJH9900032", 'track:"Porcelain" artist:"Moby"')


def test_the_other_reading_is_asked_before_looser_forms() -> None:
    wanted = Recording(
        artist="Pol Sangi", artists=("Pol Sangi",), title="Googoosh", readings=(Reading(artist="گوگوش", title="پل"),)
    )
    assert "گوگوش پل" in queries(wanted, QueryDialect.PLAIN)[:2]


def test_the_same_words_in_another_order_are_not_asked_twice() -> None:
    wanted = Recording(
        artist="Googoosh", artists=("Googoosh",), title="Pol", readings=(Reading(artist="Pol", title="Googoosh"),)
    )
    assert queries(wanted, QueryDialect.PLAIN) == ("Googoosh Pol", "Pol")


@pytest.mark.parametrize("dialect", QueryDialect)
def test_queries_are_few_short_and_different(dialect: QueryDialect) -> None:
    wanted = Recording(
        artist="A" * 300, artists=("A" * 300, "B"), title='"T"' * 100, version=("V" * 50,), isrc="GBAJH9900032",
        readings=tuple(Reading(artist=f"r{i}", title=f"t{i}") for i in range(5)),
    )  # fmt: skip
    asked = queries(wanted, dialect)
    assert 1 <= len(asked) <= 4
    assert len({a.casefold() for a in asked}) == len(asked)
    assert all(len(a) <= 120 for a in asked)


def test_no_title_no_query() -> None:
    assert queries(Recording(), QueryDialect.PLAIN) == ()


MEET = [
    (Recording(artist="Queen", title="Radio Ga Ga"), Recording(artist="QUEEN", title="RADIO GA GA", version=("Mono",))),
    (Recording(artist="Beyoncé", title="Déjà Vu"), Recording(artist="Beyonce", title="Deja Vu")),
    (Recording(artist="Queen", title="Big Girl (The Long Subtitle)"), Recording(artist="Queen", title="Big Girl")),
    (Recording(artist="داریوش", title="شقایق"), Recording(artist="Dariush", title="Shaghayegh")),
    (Recording(artist="گوگوش", title="پل"), Recording(artist="Googoosh", title="Pol")),
    (Recording(artist="ابی", title="خلیج فارس"), Recording(artist="Ebi", title="Khalije Fars")),
    (Recording(artist="Кино", title="Группа крови"), Recording(artist="Kino", title="Gruppa Krovi")),
    (Recording(artist="عمرو دياب", title="تملي معاك"), Recording(artist="Amr Diab", title="Tamally Maak")),
    (Recording(artist="كوروس", title="ميخوام"), Recording(artist="کوروس", title="می‌خوام")),
    (Recording(artist="빅뱅", title="판타스틱 베이비"), Recording(artist="Big Bang", title="Fantastic Baby")),
    (Recording(artist="x", title="y", isrc="GB-AJH-99-00032"), Recording(artist="a", title="b", isrc="GBAJH9900032")),
    (
        Recording(artist="Pol", title="Googoosh", readings=(Reading(artist="Googoosh", title="Pol"),)),
        Recording(artist="گوگوش", title="پل"),
    ),
    (Recording(artist="a channel", title="Queen - Innuendo (Lyrics)"), Recording(artist="Queen", title="Innuendo")),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), MEET, ids=[f"{a.title} / {b.title}" for a, b in MEET])
def test_two_items_of_one_recording_share_a_key(a: Recording, b: Recording) -> None:
    assert set(identity_keys(a)) & set(identity_keys(b)), (identity_keys(a), identity_keys(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (Recording(artist="Queen", title="Bohemian Rhapsody"), Recording(artist="Queen", title="Radio Ga Ga")),
        (Recording(artist="گوگوش", title="پل"), Recording(artist="ابی", title="پیله")),
        (Recording(), Recording()),
    ],
)
def test_other_songs_share_none(a: Recording, b: Recording) -> None:
    assert not set(identity_keys(a)) & set(identity_keys(b))


def test_keys_are_few_and_short() -> None:
    many = Recording(
        artist="ه" * 400, title="و" * 400, isrc="GBAJH9900032",
        readings=tuple(Reading(artist=f"r{i}", title=f"title {i}") for i in range(9)),
    )  # fmt: skip
    keys = identity_keys(many)
    assert len(keys) <= 8
    assert all(len(k) <= 200 and re.fullmatch(r"(isrc|t|s|v):[\w|]+", k) for k in keys)
