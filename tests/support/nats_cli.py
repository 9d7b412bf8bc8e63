"""The NATS CLI, and what becomes of its tests where the program is missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.missing_program import deselect, is_required

FILES = ("test_nats_cli.py", "test_backup_of_streams.py")


def program() -> str | None:
    """NAVAAR_TEST_NATS_CLI (a path), the program that .ci/run builds, or a `nats` on the PATH."""
    named = os.environ.get("NAVAAR_TEST_NATS_CLI", "")
    if "/" in named:
        return named
    built = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "navaar-checks" / "bin" / "nats"
    return str(built) if built.is_file() else shutil.which("nats")


def left_out() -> bool:
    return program() is None and not is_required("NAVAAR_TEST_NATS_CLI")


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the program's tests on a machine without it; `say_so` tells."""
    if left_out():
        deselect(config, items, lambda item: item.path.name in FILES)


def say_so(reporter: pytest.TerminalReporter) -> None:
    if left_out():
        reporter.section("NATS CLI tests left out", yellow=True)
        reporter.line(
            "There is no `nats` program here, so the commands of docs/operations/streams.md were not run. Build it "
            "(go install github.com/nats-io/natscli/nats@v0.5.1) or name it in NAVAAR_TEST_NATS_CLI=/path/to/nats. "
            "With CI=true they always run."
        )
