"""Plain ways to do the same, to measure ours against."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz, utils

LIMIT = 85.0
_ENDING = re.compile(r"\.\w{2,4}$")
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*(?:video|audio|lyrics?|official)[^)\]]*[)\]]", re.IGNORECASE)


def split_at_dash(raw: str) -> tuple[str | None, str]:
    """Artist and title on either side of the first ' - ', without file ending and 'official video' brackets."""
    text = _BRACKETS.sub("", _ENDING.sub("", raw)).strip()
    left, dash, right = text.partition(" - ")
    return (left.strip(), right.strip()) if dash else (None, text)


def first_hit(_: Mapping[str, Any], candidates: Sequence[Mapping[str, Any]]) -> str | None:
    return str(candidates[0]["id"]) if candidates else None


def nearest_text(query: Mapping[str, Any], candidates: Sequence[Mapping[str, Any]]) -> str | None:
    """The candidate whose artist and title are nearest, from token_set_ratio 85 up."""
    scored = [(likeness(query, c), str(c["id"])) for c in candidates]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= LIMIT else None


def likeness(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    return fuzz.token_set_ratio(_text(a), _text(b), processor=utils.default_process)


def _text(fields: Mapping[str, Any]) -> str:
    return f"{fields.get('artist') or ''} {fields.get('title') or ''}"
