"""What became of posts that were forwarded to the bot."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from navaar_bot.templates.markup import plain

NOT_FROM_THE_CHANNEL = "I take in posts that you forward from the channel. To sync a file, post it in the channel."
NOTHING_TO_TAKE_IN = "There is nothing to sync in this post: it has no audio, or Navaar made it itself."
KNOWN_ALREADY = "This post is known already. /recent shows the newest tracks."
MOST_REASONS = 5


@dataclass(slots=True)
class Tally:
    """Counts of one run of forwarded posts."""

    posts: int = 0
    taken: int = 0
    known: int = 0
    without_audio: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    """By reason."""
    refused: Counter[str] = field(default_factory=Counter)
    """By where they come from: no link's channel."""
    items: set[tuple[str, str]] = field(default_factory=set)
    """(link, post) of all that were counted."""
    name: str = ""
    """Of the last one that was taken in."""


def summary(tally: Tally) -> str:
    """HTML: in one sentence for one post, in a line for each outcome for several."""
    return _of_one(tally) if tally.posts == 1 else _of_several(tally)


def _of_one(tally: Tally) -> str:
    if tally.taken:
        return f"📥 Taken in: {plain(tally.name)}. /recent shows how it goes."
    if tally.known:
        return KNOWN_ALREADY
    for reason in tally.skipped:
        return f"This cannot be synced: {plain(reason, 300)}"
    return NOT_FROM_THE_CHANNEL if tally.refused else NOTHING_TO_TAKE_IN


def _of_several(tally: Tally) -> str:
    lines = [f"📥 <b>{tally.posts} posts</b> forwarded to me. /recent shows how they get on."]
    counts = (("Taken in", tally.taken), ("Known already", tally.known), ("Nothing to sync in", tally.without_audio))
    lines += [f"{what}: {count}" for what, count in counts if count]
    lines += [
        f"Cannot be synced: {count} – {plain(why, 200)}" for why, count in tally.skipped.most_common(MOST_REASONS)
    ]
    if tally.refused:
        names = ", ".join(f"“{plain(name, 60)}”" for name, _ in tally.refused.most_common(MOST_REASONS) if name)
        whose = f" – {names}" if names else ""
        lines.append(f"Refused, not from the channel: {tally.refused.total()}{whose}. {NOT_FROM_THE_CHANNEL}")
    return "\n".join(lines)
