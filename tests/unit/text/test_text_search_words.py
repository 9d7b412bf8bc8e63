"""The words a song is found by."""

from __future__ import annotations

import pytest

from navaar_text import search_words
from navaar_text.search_words import asked_words, beginnings, fits, indexed, words_of


def test_the_words_of_names_are_folded_and_distinct() -> None:
    assert words_of(["Beyoncé – Déjà Vu", "beyonce", "Vu (Live)"]) == ("beyonce", "deja", "vu", "live")


def test_the_words_of_names_are_bounded() -> None:
    words = words_of([" ".join(f"word{n}" for n in range(50)), "x" * 200])
    assert len(words) == search_words.MOST_WORDS
    assert words_of(["x" * 200]) == ("x" * search_words.LONGEST_WORD,)


def test_the_longest_word_of_a_question_comes_first() -> None:
    assert asked_words("of the Lantern") == ("lantern", "the", "of")
    assert len(asked_words(" ".join(f"word{n}" for n in range(50)))) == search_words.MOST_ASKED


@pytest.mark.parametrize("nothing", ["", "  !! ", "—", "\u200b"])
def test_a_question_without_words_asks_nothing(nothing: str) -> None:
    assert asked_words(nothing) == ()


def test_beginnings_reach_as_far_as_a_store_indexes() -> None:
    assert beginnings(("abc", "ab")) == {"a", "ab", "abc"}
    assert max(map(len, beginnings(("a" * 30,)))) == search_words.INDEXED
    assert indexed(("a" * 30, "a" * 20, "b")) == ("a" * search_words.INDEXED, "b")


def test_each_asked_word_begins_one_of_the_words() -> None:
    words = words_of(["Somebody", "Some Song 12"])
    assert fits(words, asked_words("Sômebody 12"))
    assert fits(words, asked_words("so"))
    assert fits(words, ())
    assert not fits(words, asked_words("body"))
    assert not fits(words, asked_words("song 13"))


def test_words_that_differ_in_a_vowel_sign_are_told_apart() -> None:
    assert not fits(words_of(["दिल"]), asked_words("दल"))
    assert fits(words_of(["दिल"]), asked_words("दिल"))
