"""Cuts: whether a field ends where formats cut it off, or says itself that it goes on."""

from __future__ import annotations

_CUT_AT = ((28, 31), (60, 64))
"""Characters or bytes at which ID3v1, and a messenger's fields, end, also where a blank or a mark was lost."""
_SURELY_CUT_AT = ((29, 30), (63, 64))
"""The same where nothing else shows that the field is cut."""
_FEWEST_LETTERS = 12
_WITHIN_A_WORD, _AT_A_WORD = 0.9, 0.86
_GOES_ON = ("…", "...", "..")


def ends_at_a_limit(text: str, limits: tuple[tuple[int, int], tuple[int, int]] = _CUT_AT) -> bool:
    """Whether a field as written has a length at which formats cut, in characters or in bytes of some encoding."""
    if text.isascii():
        (low, high), (lowest, highest) = limits
        return low <= len(text) <= high or lowest <= len(text) <= highest
    letters = len(text)
    wide = letters - len(text.encode("ascii", "ignore"))
    lengths = (letters, len(text.encode("utf-8", "replace")), letters + wide)
    return any(low <= length <= high for length in lengths for low, high in limits)


def may_be_cut(text: str) -> bool:
    """Whether a field may be cut that stands alone: it ends with an ellipsis, or just where a format cuts."""
    if len(text) < _FEWEST_LETTERS:
        return False
    text = text.strip()
    return text.endswith(_GOES_ON) or ends_at_a_limit(text, _SURELY_CUT_AT)


def continues(short: str, long: str) -> float:
    """How surely a longer folded text is what a cut one was: more where the cut went through a word.

    Returns:
        0.9, or 0.86, which is enough only with what else agrees; 0 where the longer does not begin with the shorter.
    """
    if not _FEWEST_LETTERS <= len(short) < len(long) or not long.startswith(short):
        return 0.0
    return _AT_A_WORD if long[len(short)] == " " else _WITHIN_A_WORD
