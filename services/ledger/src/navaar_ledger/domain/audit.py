"""A line of the audit log, and how people and traces are named in it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from navaar_contracts.identifiers import Direction
from navaar_contracts.music import Candidate, ScoredCandidate


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A line of the audit log, in words a person understands."""

    event: str
    details: str
    direction: Direction | None = None
    at: datetime | None = None
    """When it happened, where that was not now."""


def by(who: str) -> str:
    """' by admin 123', or nothing when nobody is named."""
    return f" by {who}" if who else ""


def trace_id(traceparent: str | None) -> str | None:
    """The 32 hexadecimal digits that a tracing backend is asked with."""
    parts = (traceparent or "").split("-")
    return parts[1] if len(parts) == 4 else None


def named(candidate: Candidate) -> str:
    """'Artist - Title (id)'."""
    name = f"{', '.join(candidate.artists)} - {candidate.title}" if candidate.artists else candidate.title
    return f"{name} ({candidate.id})"


def scored(match: ScoredCandidate) -> str:
    reasons = f": {'; '.join(match.reasons)}" if match.reasons else ""
    return f"{named(match.candidate)}, {match.score:.0%}{reasons}."
