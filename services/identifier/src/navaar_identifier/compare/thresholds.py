"""The limits between yes, perhaps and no.

Chosen on data, and looked at again on 2026-11-29 with the made-up pairs: docs/quality/identification.md shows what
other limits would cost. One witness against another ends at 0.5: the limit of yes must stay above it.
"""

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
