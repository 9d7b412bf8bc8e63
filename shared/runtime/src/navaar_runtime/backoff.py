"""How long to wait before something that failed is tried again."""

from __future__ import annotations

import random


def pause_s(failures: int, *, first_s: float, longest_s: float, jitter: float = 0.0) -> float:
    """Seconds after so many failures in a row, 1 or more: doubling from `first_s` up to `longest_s`.

    Args:
        jitter: up to this share is added at random, so that those who failed together do not come back together.
    """
    # The exponent is bounded: what fails for days must not overflow.
    return min(first_s * 2.0 ** min(max(failures, 1) - 1, 30), longest_s) * (1 + random.random() * jitter)
