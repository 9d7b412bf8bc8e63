"""What a reader of whole names hands back: pieces of text, not yet taken apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guess:
    """One way to cut a raw name."""

    artist: str | None
    title: str
    reason: str
    """In plain words, for the person who asks why."""
    others: tuple[tuple[str | None, str], ...] = ()
    """Other cuts as (artist, title), likeliest first."""
    translation: str = ""
    """The whole name in another script, as it stood beside this one."""
    numbered: bool = True
    """Whether the cut still holds behind a track number, where a bare title is the rule."""
