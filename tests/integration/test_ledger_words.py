"""The ledger folds the words of a question as the identifier folds names, though neither may import the other."""

from __future__ import annotations

import pytest

from navaar_ledger.domain.words import fold
from navaar_text.folding import fold as identifiers_fold

NAMES = (
    "Beyoncé – Déjà Vu",
    "Sigur Rós: Hoppípolla",
    "گوگوش - پُل",
    "كيف حالك يا علي",
    "می‌خواهم ۱۲۳",
    "Земфира — Ёлка, Йод",
    "Νατάσα Θεοφιλίδου ΌΧΙ ΣΟΦΌΣ",
    "שיר הַשָּׁנָה",
    "宇多田ヒカル ガーデン",
    "ガガガ ﾊﾝｶｸ",
    "방탄소년단 봄날",
    "AC/DC & P!nk + Ke$ha",
    "Don't Stop 'Til You Get Enough",
    "Ołów Øresund Æon İstanbul Straße",
    "①②③ ２０２６ ﬁne",
    "Motörhead (Live at the O₂)",
    "עברית\u200f RTL \u202eevil",
)


@pytest.mark.parametrize("name", NAMES)
def test_both_fold_a_name_alike(name: str) -> None:
    assert fold(name) == identifiers_fold(name)
