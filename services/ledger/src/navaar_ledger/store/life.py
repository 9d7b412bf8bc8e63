"""What a store keeps about the ledger as a whole: which life of it this is, and how far it has read the history.

A restored copy is the ledger of an earlier moment. It can only be told from the present one by what the streams know
and it does not, so each event's place in its stream is kept with what came of it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass

EPOCH = "epoch"
MARK = "history"
RESTORED = "restored"
RECONCILED = "reconciled"
RESTORING = "restoring"
"""Kept while a restore fills the database: what is there meanwhile is no ledger."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the history is worked off."""

    stream: str
    """When the stream was made: another one counts from the beginning again."""
    sequence: int

    def about(self) -> dict[str, str]:
        """As the store keeps it."""
        return {MARK: f"{self.stream} {self.sequence}"}


@dataclass(frozen=True, slots=True)
class Restored:
    """The ledger was put back from a backup, and has not been started since."""

    taken_at: str
    """When the backup was made, in ISO 8601."""
    restored_at: str
    complete: bool = False
    """A person said that Navaar has done nothing since the backup was made."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the ledger took over from the streams because it was older than they are."""

    at: str
    """In ISO 8601."""
    why: str
    events: int = 0
    unreadable: int = 0
    tracks: int = 0
    """That it had not known."""
    first: int = 0
    last: int = 0
    gap: str = ""
    """What could not be taken over, in words; empty where nothing is missing."""
    held_back: tuple[str, ...] = ()
    """Directions that wait for a person because of it."""
    in_doubt: int = 0
    """Deliveries of which nobody can tell whether they were made."""

    def told(self) -> str:
        """For people."""
        taken = f"{self.why}: took over what had happened since ({self.events} events, new tracks: {self.tracks})"
        parts = [taken if self.last else self.why, self.gap]
        if self.in_doubt:
            parts.append(f"{self.in_doubt} deliveries may have been made already: look, then retry them")
        if self.held_back:
            parts.append(f"held back until you resume them: {', '.join(self.held_back)}")
        return "; ".join(each for each in parts if each)


@dataclass(frozen=True, slots=True)
class Life:
    """Read from `Store.about`."""

    epoch: str | None
    mark: Mark | None
    restored: Restored | None
    reconciled: Reconciled | None

    @classmethod
    def of(cls, about: Mapping[str, str]) -> Life:
        stream, _, sequence = about.get(MARK, "").rpartition(" ")
        restored, reconciled = about.get(RESTORED), about.get(RECONCILED)
        known = json.loads(reconciled) if reconciled else None
        return cls(
            about.get(EPOCH),
            Mark(stream, int(sequence)) if stream else None,
            Restored(**json.loads(restored)) if restored else None,
            Reconciled(**{**known, "held_back": tuple(known.get("held_back", ()))}) if known else None,
        )


def new_epoch() -> dict[str, str]:
    """For a ledger that begins, or begins again from a backup."""
    return {EPOCH: secrets.token_hex(8)}


def restored(note: Restored) -> dict[str, str]:
    return {RESTORED: json.dumps(asdict(note))}


def reconciled(note: Reconciled) -> dict[str, str]:
    """As the store keeps it; the ledger is no longer freshly restored."""
    return {RECONCILED: json.dumps(asdict(note)), RESTORED: ""}
