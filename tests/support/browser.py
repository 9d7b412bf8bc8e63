"""Which browser the dashboard is tested in, and what becomes of those tests where there is none."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.missing_program import deselect, is_required

FOLDER = Path(__file__).parents[1] / "browser"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The cheapest first: the headless shell takes a third of what a whole browser does."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def browser_path() -> str | None:
    """NAVAAR_TEST_BROWSER (a path), or a Chromium on the PATH."""
    named = os.environ.get("NAVAAR_TEST_BROWSER", "")
    if "/" in named:
        return named
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def must_run() -> bool:
    """In CI a missing browser is a failure, not an excuse."""
    return is_required("NAVAAR_TEST_BROWSER")


def left_out() -> bool:
    return browser_path() is None and not must_run()


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the browser tests on a machine without a browser; `say_so` tells."""
    if left_out():
        deselect(config, items, lambda item: FOLDER in item.path.parents)


def say_so(reporter: pytest.TerminalReporter) -> None:
    if left_out():
        reporter.section("browser tests left out", yellow=True)
        reporter.line(
            "There is no Chromium here, so tests/browser was not run. Install one (Debian: apt-get install "
            "chromium-headless-shell) or name it in NAVAAR_TEST_BROWSER=/path/to/one. With CI=true they always run."
        )
