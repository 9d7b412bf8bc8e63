"""Runs the tests; what failed runs once more, alone. What then passes is flaky: named, counted, and held to a budget.

A test that fails twice is a failure. More flaky tests than the budget are one too: their causes are to be mended.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

BUDGET = 0.002
"""Of all tests."""
SOME_FAILED = 1
"""pytest's exit code when tests failed; any other is no matter of single tests."""


def run(folder: Path, *arguments: str) -> int:
    """Run pytest in `folder`, twice if need be, and say what was flaky; the exit code."""
    code = _pytest(folder, "--cache-clear", *arguments)
    failed, tests = _cached(folder, "lastfailed"), len(_cached(folder, "nodeids"))
    if code == SOME_FAILED:
        print(f"\n== what failed ({len(failed)}), once more, one at a time", flush=True)
        code = _pytest(folder, *arguments, "-n", "0", "--last-failed", "--last-failed-no-failures", "none")
    if code:
        return code
    text, within = report(failed, tests)
    print(f"\n== {text}", flush=True)
    return 0 if within else SOME_FAILED


def report(flaky: Sequence[str], tests: int) -> tuple[str, bool]:
    """(what to say of tests that failed and then passed, whether there are few enough)."""
    allowed = int(tests * BUDGET)
    lines = [f"flaky tests: {len(flaky)} of {tests}; the budget is {allowed}", *(f"  {name}" for name in sorted(flaky))]
    if len(flaky) > allowed:
        lines.append("more than the budget: mend what makes them fail")
    return "\n".join(lines), len(flaky) <= allowed


def _pytest(folder: Path, *arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=folder, check=False).returncode


def _cached(folder: Path, name: str) -> list[str]:
    """The names in one of pytest's cache files."""
    file = folder / ".pytest_cache" / "v" / "cache" / name
    return list(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else []


if __name__ == "__main__":
    raise SystemExit(run(Path.cwd(), *sys.argv[1:]))
