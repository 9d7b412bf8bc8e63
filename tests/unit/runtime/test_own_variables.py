"""A process keeps the variables that it needs, and hands none of them on by accident."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from navaar_runtime.run import WhatIsRead
from navaar_runtime.settings import RuntimeSettings, load

TOKEN = "4815162342:not-this-service-s"


def test_a_service_keeps_what_it_reads_and_what_is_not_ours() -> None:
    foreign = {"NAVAAR_TELEGRAM_BOT_TOKEN": TOKEN, "NAVAAR_SPOTIFY_CLIENT_SECRET": "s"}
    environment = WhatIsRead({"NAVAAR_LOG_LEVEL": "debug", "PATH": "/bin", **foreign})
    assert load(RuntimeSettings, environment).log_level == "DEBUG"
    assert environment.kept() == {"NAVAAR_LOG_LEVEL": "debug", "PATH": "/bin"}
    assert load(RuntimeSettings, environment.kept()).log_level == "DEBUG"


def test_a_copy_counts_as_reading_everything() -> None:
    environment = WhatIsRead({"NAVAAR_A": "1", "NAVAAR_B": "2"})
    assert dict(environment) == environment.kept() == {"NAVAAR_A": "1", "NAVAAR_B": "2"}


def test_children_inherit_none_of_our_variables_and_we_still_know_them(tmp_path: Path) -> None:
    program = """
import os, subprocess, sys
from navaar_runtime.settings import process_environment, withhold_from_children
withhold_from_children()
withhold_from_children()
child = subprocess.run([sys.executable, "-c", "import os; print(sorted(os.environ))"], capture_output=True, text=True)
print("NAVAAR" in child.stdout, "PATH" in child.stdout, process_environment()["NAVAAR_TELEGRAM_BOT_TOKEN"])
"""
    said = subprocess.run(
        [sys.executable, "-c", program],
        env={"NAVAAR_TELEGRAM_BOT_TOKEN": TOKEN, "PATH": "/bin"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["False", "True", TOKEN]
