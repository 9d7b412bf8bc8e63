"""How kanji are said, and what that decides. All cases are our own."""

from __future__ import annotations

import pytest

from navaar_contracts.music import Recording, Sameness
from navaar_identifier.compare.lookup_keys import identity_keys
from navaar_identifier.compare.verdicts import same_recording
from navaar_identifier.text.japanese import LONGEST, MOST, readings


@pytest.mark.parametrize(
    ("text", "said"),
    [("東京の空", "トウキョウ の ソラ"), ("雨と花火", "アメ と ハナビ"), ("青空Train", "アオゾラ train")],
)
def test_kanji_are_read_by_the_word_they_stand_in(text: str, said: str) -> None:
    assert said in readings(text)


@pytest.mark.parametrize("text", ["", "Tokyo", "さくら", "تهران", "杰倫"])
def test_what_needs_no_reading_or_has_none_gets_none(text: str) -> None:
    assert readings(text) == ()


def test_readings_are_few_and_different_however_long_the_text() -> None:
    found = readings("生上下日" * 1000)
    assert len(set(found)) == len(found) <= MOST
    assert all(len(said) < 10 * LONGEST for said in found)


PAIRS = [
    # native artist, title; Latin artist, title
    ("山田太郎", "東京の空", "Yamada Taro", "Tokyo no Sora"),
    ("山田太郎", "東京の空", "Taro Yamada", "Tokyo no Sora"),
    ("夜風", "雨と花火", "Yokaze", "Ame to Hanabi"),
    ("夜風", "青空Train", "Yokaze", "Aozora Train"),
    ("夜風", "会いたい夜のメロディー", "Yokaze", "Aitai Yoru no Melody"),
]


@pytest.mark.parametrize(("artist", "title", "latin_artist", "latin_title"), PAIRS, ids=[p[3] for p in PAIRS])
def test_japanese_and_romanised_names_meet(artist: str, title: str, latin_artist: str, latin_title: str) -> None:
    native, latin = Recording(artist=artist, title=title), Recording(artist=latin_artist, title=latin_title)
    assert same_recording(native, latin).same is Sameness.YES
    assert set(identity_keys(native)) & set(identity_keys(latin))


@pytest.mark.parametrize("other", ["Kyoto no Yoru", "Osaka Blues", "Tokyo Train", "Sora"])
def test_another_song_of_the_same_singer_is_not_joined(other: str) -> None:
    native, latin = Recording(artist="山田太郎", title="東京の空"), Recording(artist="Yamada Taro", title=other)
    assert same_recording(native, latin).same is not Sameness.YES


def test_a_japanese_name_that_is_read_otherwise_is_another_artist() -> None:
    a, b = Recording(artist="山田ひとみ", title="First Snow"), Recording(artist="Ken Sato", title="First Snow")
    assert same_recording(a, b).same is Sameness.NO
