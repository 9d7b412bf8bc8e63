"""How tests are spread over the workers: the longest begin first, and tests that share a fixture stay together.

`seconds.txt` says how long things took: a line names a test that runs apart from the rest of its file, or a file,
whose tests run one after another in one worker, or a folder whose files do. What it does not name takes a moment. A run
of everything with NAVAAR_TEST_SECONDS=write makes it again.
"""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

FILE = Path(__file__).with_name("seconds.txt")
LONG_S = 5.0
"""A test of more seconds runs apart, unless its file's tests share something that takes long to start."""
FOLDERS = ("tests/architecture",)
"""Their files share what they have read."""
SHARING = (
    *FOLDERS,
    "tests/deployment/test_nats_cli.py",
    "tests/deployment/test_nats_permissions.py",
    "tests/integration/test_bot_commands.py",
    "tests/integration/test_ledger_mongo_surviving.py",
    "tests/system/test_bot.py",
    "tests/system/test_realistic.py",
    "tests/system/test_songs_that_are_alike.py",
)


def known() -> dict[str, float]:
    lines = FILE.read_text(encoding="utf-8").splitlines() if FILE.is_file() else []
    return {name: float(seconds) for seconds, _, name in (line.partition(" ") for line in lines)}


SECONDS = known()


def together(nodeid: str) -> str:
    """What a test is run together with: itself alone, its file or its folder."""
    return nodeid if nodeid in SECONDS else home(nodeid)


def home(nodeid: str) -> str:
    """The test's file, or the folder whose files stay together."""
    file = nodeid.partition("::")[0]
    return next((folder for folder in FOLDERS if file.startswith(f"{folder}/")), file)


def longest_first(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: -SECONDS.get(together(item.nodeid), 0.0))


class LongestFirst(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out what `together` names, in the order of the collection."""

    def __init__(self, config: pytest.Config, log: object = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)


class Clock:
    """Adds up what the tests of a run took, and writes it down if asked to."""

    def __init__(self) -> None:
        self.took: dict[tuple[str, str], float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.took[report.nodeid, report.when or ""] = report.duration

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if os.environ.get("NAVAAR_TEST_SECONDS") == "write" and not hasattr(session.config, "workerinput"):
            FILE.write_text("".join(f"{s:.1f} {name}\n" for name, s in summed(self.took)), encoding="utf-8")


def summed(took: dict[tuple[str, str], float]) -> list[tuple[str, float]]:
    """(test that runs apart or file, seconds), the longest first; what takes a moment is left out."""
    found: dict[str, float] = defaultdict(float)
    for (nodeid, when), seconds in took.items():
        file = home(nodeid)
        # A file's first test sets up what all of them share: that makes no long test of it.
        apart = took.get((nodeid, "call"), 0.0) >= LONG_S and file not in SHARING
        found[nodeid if apart and when == "call" else file] += seconds
    return sorted(((n, s) for n, s in found.items() if s >= 1), key=lambda entry: -entry[1])
