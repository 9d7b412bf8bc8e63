"""What is known of a playlist besides its entries, for people: whose it is, how full, and whether it may be written."""

from __future__ import annotations

from dataclasses import dataclass

from navaar_runtime.diagnostics import Diagnostic, Level


@dataclass(frozen=True, slots=True)
class PlaylistFacts:
    """As the platform described it when it was last looked at. Nothing here was tried out by writing."""

    name: str
    owner: str
    """As people are shown it; empty where the platform does not say."""
    count: int | None
    """Entries in it."""
    most: int
    """Entries that the platform lets it hold."""
    may_write: bool | None
    """None: only a write would show."""
    why: str
    """What that is told from, in words: "it is this account's own"."""

    def told(self) -> str:
        """In one line, without whether it may be written."""
        whose = f" of {self.owner}" if self.owner else ""
        return f"'{self.name}'{whose} holds {'?' if self.count is None else f'{self.count:,}'} of {self.most:,} entries"


def diagnosed(subject: str, facts: PlaylistFacts, advice: str, *, more: str = "") -> Diagnostic:
    """The finding about a playlist; `advice` is for one that may not be written, `more` follows what is told."""
    extra = f"; {more}" if more else ""
    if facts.may_write:
        return Diagnostic(subject, Level.OK, f"{facts.told()}; this account may edit it: {facts.why}{extra}")
    if facts.may_write is None:
        return Diagnostic(
            subject, Level.WARNING, f"{facts.told()}; whether this account may edit it is not known: {facts.why}{extra}"
        )
    return Diagnostic(subject, Level.PROBLEM, f"{facts.told()}; nothing can be added to it: {facts.why}", advice)
