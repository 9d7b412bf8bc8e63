"""Which writing system a text is in."""

from __future__ import annotations

from functools import lru_cache

from navaar_text.folding import LONGEST


@lru_cache(maxsize=8192)
def script(text: str) -> str:
    """The writing system most of its letters belong to.

    Returns:
        latin, cyrillic, arabic (Persian too), hebrew, greek, hangul, kana, han, other, or '' without letters.
        Any kana makes a text Japanese: 'kana'.
    """
    if text.isascii():
        return "latin" if any(map(str.isalpha, text)) else ""
    names = [*map(_script_of, filter(str.isalpha, text[:LONGEST]))]
    if not names:
        return ""
    counts = {name: names.count(name) for name in dict.fromkeys(names)}
    if counts.get("kana") and max(counts, key=lambda k: counts[k]) in ("kana", "han"):
        return "kana"
    return max(counts, key=lambda k: counts[k])


@lru_cache(maxsize=4096)
def _script_of(char: str) -> str:
    code = ord(char)
    if code < 0x250 or 0x1E00 <= code < 0x1F00 or 0xFF21 <= code <= 0xFF5A:
        return "latin"
    for low, high, name in (
        (0x0370, 0x03FF, "greek"), (0x1F00, 0x1FFF, "greek"), (0x0400, 0x052F, "cyrillic"),
        (0x0590, 0x05FF, "hebrew"), (0x0600, 0x06FF, "arabic"), (0x0750, 0x077F, "arabic"),
        (0x08A0, 0x08FF, "arabic"), (0xFB50, 0xFDFF, "arabic"), (0xFE70, 0xFEFF, "arabic"),
        (0x1100, 0x11FF, "hangul"), (0x3130, 0x318F, "hangul"), (0xAC00, 0xD7AF, "hangul"),
        (0x3040, 0x30FF, "kana"), (0x31F0, 0x31FF, "kana"), (0xFF66, 0xFF9F, "kana"),
        (0x3400, 0x4DBF, "han"), (0x4E00, 0x9FFF, "han"), (0xF900, 0xFAFF, "han"),
    ):  # fmt: skip
        if low <= code <= high:
            return name
    return "other"
