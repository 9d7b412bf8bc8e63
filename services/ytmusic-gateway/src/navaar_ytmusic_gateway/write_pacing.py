"""How often a playlist may be changed. YouTube Music blocks accounts for hours that change much in a short time."""

from __future__ import annotations

REFUSALS = 3
"""After so many refusals in a row the account is left alone for a long time."""


def refusal_pause_s(in_a_row: int, *, first_s: float, long_s: float) -> float:
    """Seconds without a write after so many refusals in a row, 1 or more: growing, and long from the third on."""
    return long_s if in_a_row >= REFUSALS else min(first_s * 4.0 ** (in_a_row - 1), long_s)
