"""Runs the tests; what failed runs once more, alone. What then passes is flaky: named, counted, and held to a budget.

A test that fails twice is a failure. More flaky tests than the budget are one too: their causes are to be mended.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

BUDGET = 0.002
"""Of all tests."""
SOME_FAILED = 1
"""pytest's exit code when tests failed; any other is no matter of single tests."""


def run(folder: Path, *arguments: str) -> int:
    """Run pytest in `folder`, twice if need be, and say what was flaky; the exit code."""
    with tempfile.TemporaryDirectory() as kept:
        # The workers know the tests, and the process that started them keeps no list of its own.
        results = Path(kept) / "results.xml"
        code = _pytest(folder, "--cache-clear", f"--junitxml={results}", *arguments)
        tests = _counted(results)
    failed = _last_failed(folder)
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


def _counted(results: Path) -> int:
    """How many tests there are in a JUnit file of pytest's."""
    return sum(int(suite.get("tests", "0")) for suite in ElementTree.parse(results).getroot().iter("testsuite"))


def _last_failed(folder: Path) -> list[str]:
    """The names in pytest's cache of what failed."""
    file = folder / ".pytest_cache" / "v" / "cache" / "lastfailed"
    return list(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else []


if __name__ == "__main__":
    raise SystemExit(run(Path.cwd(), *sys.argv[1:]))
