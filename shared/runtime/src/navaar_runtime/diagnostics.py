"""What a check of a sign-in or a playlist found, for `navaar doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
