"""The glance that spares most candidates of a search the full comparison."""

import pytest

from navaar_identifier.compare.titles import far_apart


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("گله کن", "Gele Kon"),
        ("هوای گریه", "Havaye Geryeh"),
        ("슈퍼히어로", "Super Hero"),
        ("파라다이스", "Paradise"),
        ("Малиновая лада", "Malinovaya Lada"),
        ("Somebody - Малиновая лада", "Malinovaya Lada"),
        ("夜の歌", "Yoru no Uta"),
    ],
)
def test_one_title_in_two_scripts_is_looked_at(native: str, latin: str) -> None:
    assert not far_apart(native, latin)
    assert not far_apart(latin, native)


@pytest.mark.parametrize(
    ("native", "latin"),
    [("Снег идёт", "Wonderful Tonight"), ("شب بارانی 93", "Ven Mendor Koto"), ("Город 565 - Sharami", "Mensha Staba")],
)
def test_titles_of_two_scripts_that_sound_unlike_are_left_out(native: str, latin: str) -> None:
    assert far_apart(native, latin)
    assert far_apart(latin, native)


@pytest.mark.parametrize(
    ("short", "field"),
    [
        ("U.F.O.", "Band - UFO (Live)"),
        ("Ohio", "Band - Ohio"),
        ("Go", "Band - Go!"),
        ("AB CD", "Band - ABCD"),
        ("1999", "Band - Two"),
        ("07", "Band - Rain"),
        ("0", "A"),
        ("夜曲", "周杰倫夜曲"),
    ],
)
def test_a_short_title_is_looked_at_where_it_stands(short: str, field: str) -> None:
    assert not far_apart(short, field)
    assert not far_apart(field, short)


@pytest.mark.parametrize(
    ("short", "field"),
    [
        ("Ohio", "Band - Olio Dreams"),
        ("Go", "Band - Gone"),
        ("Ten", "Band - Tender Night"),
    ],
)
def test_a_short_title_inside_other_words_is_left_out(short: str, field: str) -> None:
    assert far_apart(short, field)
    assert far_apart(field, short)
