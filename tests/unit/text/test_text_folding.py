"""One spelling for comparison: what folding forgets and what it keeps."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from navaar_text.folding import LONGEST, fold

SPELLINGS = [
    # One name, however keyboards, accents and blanks write it.
    ("كوچه", "کوچه"),
    ("يار", "یار"),
    ("آسمان", "اسمان"),
    ("می‌خواهم", "میخواهم"),
    ("عاشقانه‌ها", "عاشقانهها"),
    ("مُهاجر", "مهاجر"),
    ("قصّه", "قصه"),
    ("رؤيا", "رویا"),
    ("سؤال", "سوال"),
    ("خانۀ ما", "خانه ما"),
    ("مسـتی", "مستی"),
    ("۱۲۳", "123"),
    ("٢٠٠٩", "2009"),
    ("أنا", "انا"),
    ("إلى", "الی"),
    ("مدرسة", "مدرسه"),
    ("قمراً", "قمرا"),
    ("Ёлка", "Елка"),
    ("Моё море", "Мое море"),
    ("Beyoncé", "Beyonce"),
    ("Motörhead", "Motorhead"),
    ("Sigur Rós", "SIGUR ROS"),
    ("Mø", "Mo"),
    ("Łzy", "Lzy"),
    ("Straße", "STRASSE"),
    ("Don't", "Don’t"),
    ("Rock & Roll", "Rock and Roll"),
    ("A$AP", "ASAP"),
    ("Ｆｕｌｌ　Ｗｉｄｔｈ", "full width"),
    ("Ελλάδα", "ΕΛΛΑΔΑ"),
    ("שָׁלוֹם", "שלום"),
    ("ﾗｲｵﾝ", "ライオン"),
]


@pytest.mark.parametrize(("a", "b"), SPELLINGS)
def test_spelling_variants_fold_to_one(a: str, b: str) -> None:
    assert fold(a) == fold(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [("か", "が"), ("ハ", "パ"), ("شب", "شبا"), ("Кот", "Кит"), ("가", "나"), ("قلب", "قلم")],
)
def test_different_words_stay_different(a: str, b: str) -> None:
    assert fold(a) != fold(b)


@pytest.mark.parametrize("text", ["Й и Ё", "한글 봄비", "\u1112\u1161\u11ab글", "が か\u3099", "ﷺ", "Ångström ﬁn"])
def test_folding_a_text_met_before_gives_the_same(text: str) -> None:
    first = fold.__wrapped__(text)
    assert fold.__wrapped__(text) == first
    assert fold.__wrapped__(first) == first


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
@example("ﷺ")
@example("İSTANBUL")
@example("ẞ ß ſ ς σ")
@example("e\u0301\u0301")
@example("ｶﾞ")
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    assert fold("a" * 10_000) == "a" * LONGEST


@pytest.mark.parametrize(("a", "b"), [("दिल", "दल"), ("รัก", "รก"), ("পানি", "পানা"), ("မြို့", "မြ")])
def test_vowel_signs_that_are_letters_are_kept(a: str, b: str) -> None:
    assert fold(a) != fold(b)
