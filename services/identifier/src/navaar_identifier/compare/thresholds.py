"""The limits between yes, perhaps and no. Chosen on data: docs/quality/calibration shows what they cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities, 0..1."""

    match: float = 0.6
    """From here a candidate is placed without asking."""
    review: float = 0.30
    """From here to `match` a person is asked; below it there is no match."""
    same: float = 0.6
    """From here two items are one recording."""
    different: float = 0.25
    """Below it they are two; between, unsure."""


DEFAULT = Thresholds()
