"""Audio that can never be used, and why."""

from __future__ import annotations

_SECONDS = 8.0
_SHARE = 0.06


class Unusable(Exception):
    """This audio cannot be used, and trying again cannot change that. The text is a sentence for a person."""


def length_problem(actual_s: float, expected_s: float | None) -> str | None:
    """None when `actual_s` is within 8 s or 6 % of `expected_s` (whichever is more), else a sentence for a person."""
    if expected_s is None or expected_s <= 0:
        return None
    if abs(actual_s - expected_s) <= max(_SECONDS, _SHARE * expected_s):
        return None
    return f"the download is {actual_s:.0f} s, the recording {expected_s:.0f} s: not what was asked for"
