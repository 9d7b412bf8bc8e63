"""What a check of a sign-in or a playlist found, for `navaar doctor`."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One line: `subject` was looked at, this is how it is, and what a person should do about it."""

    subject: str
    level: Level
    message: str
    advice: str = ""


def exposed_to_others(subject: str, path: Path) -> tuple[Diagnostic, ...]:
    """A warning when other users of the machine can read this file of secrets."""
    if not stat.S_IMODE(path.stat().st_mode) & 0o077:
        return ()
    return (Diagnostic(subject, Level.WARNING, f"others on this machine can read {path}", f"chmod 600 {path}"),)
