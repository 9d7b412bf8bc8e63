"""Overrides that were kept under names folded as before: under which keys they are found now. Pure.

That folding dropped the vowel signs of Indic and South-East Asian scripts, so that one key could mean several songs; a
key of today means one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from navaar_contracts.causes import Cause
from navaar_contracts.identifiers import Platform
from navaar_ledger.domain.overrides import Override, holds_for, override_keys
from navaar_ledger.domain.track import Track

_LETTERS = str.maketrans(
    {
        **dict.fromkeys("يىئےې", "ی"),
        **dict.fromkeys("كڪ", "ک"),
        **dict.fromkeys("ةۀەہھ", "ه"),
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("'’‘ʼ`´′!ءـ\u200c\u200d", ""),
        **{"ؤ": "و", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "$": "s", "ς": "σ"},
        **dict.fromkeys("&+", " and "),
    }
)
_VOICING = "\u3099\u309a"


def earlier_fold(text: str) -> str:
    """As names were folded when the keys of overrides were written."""
    plain = unicodedata.normalize("NFKC", text[:400]).casefold().translate(_LETTERS)
    parts = unicodedata.normalize("NFD", plain).translate(_LETTERS)
    bare = "".join(c for c in parts if c in _VOICING or unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join("".join(map(_letter, unicodedata.normalize("NFC", bare))).split())


def _letter(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return char if char.isalnum() or char in _VOICING or char == "ー" else " "


def new_keys(tracks: Iterable[Track], overrides: Mapping[str, Override]) -> dict[str, frozenset[str]]:
    """For each key of `overrides` that is not right any more, the keys of today that take its place.

    Of several songs under one key it belongs to those about which a person has answered so, else to those of exactly
    its ISRC and length, else to all for which it holds: what a person decided is never lost.
    """
    found: dict[str, dict[str, int]] = {}
    for track in tracks:
        for target in Platform:
            before = override_keys(track.link, track.recording, target, earlier_fold)
            now = override_keys(track.link, track.recording, target)
            for key, new in zip(before, now, strict=True):
                if key in overrides:
                    known = found.setdefault(key, {})
                    known[new] = max(_evidence(track, overrides[key], target), known.get(new, 0))
    moved = {}
    for key, ranked in found.items():
        surest = max(ranked.values())
        moved[key] = frozenset(new for new, rank in ranked.items() if rank and rank == surest) or frozenset({key})
    return {key: new for key, new in moved.items() if new != {key}}


def _evidence(track: Track, override: Override, target: Platform) -> int:
    """How surely the override was made about this recording; 0: it was not."""
    recording, delivery = track.recording, track.deliveries.get(target)
    if recording is None or not holds_for(override, recording):
        return 0
    if delivery is not None and delivery.answered:
        used = (delivery.source, delivery.chosen.candidate if delivery.chosen is not None else None)
        picked = override.chosen is not None and override.chosen.id in {each.id for each in used if each is not None}
        if picked or (override.chosen is None and delivery.cause is Cause.NEVER):
            return 3
    return 2 if (override.isrc, override.duration_s) == (recording.isrc, recording.duration_s) else 1
