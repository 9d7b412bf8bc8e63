"""What becomes of tests whose program is missing: left out on a developer's machine, a failure in CI."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest


def is_required(variable: str) -> bool:
    """In CI, or where `variable` is set, a missing program is a failure and no excuse."""
    return os.environ.get("CI", "").lower() in ("1", "true") or bool(os.environ.get(variable))


def deselect(config: pytest.Config, items: list[pytest.Item], needs_it: Callable[[pytest.Item], bool]) -> None:
    """Take the tests out of the run that need the program."""
    dropped = [item for item in items if needs_it(item)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if item not in dropped]
