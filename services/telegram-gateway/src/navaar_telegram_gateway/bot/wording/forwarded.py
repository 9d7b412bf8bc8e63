"""Answers to posts that somebody forwards."""

from __future__ import annotations

from navaar_contracts.events import ItemSighted, ItemSkipped
from navaar_telegram_gateway.bot.wording.markup import plain

NOT_FROM_THE_CHANNEL = "I take in posts that you forward from the channel. To sync a file, post it in the channel."
NOTHING_TO_TAKE_IN = "There is nothing to sync in this post: it has no audio, or Navaar made it itself."
KNOWN_ALREADY = "This post is known already. /recent shows the newest tracks."


def taken_in(sighted: ItemSighted) -> str:
    item = sighted.item
    artists = ", ".join(item.artists)
    called = f"{artists} - {item.title}" if artists else item.title or item.file_name or f"post {sighted.external_id}"
    return f"📥 Taken in: {plain(called)}. /recent shows how it goes."


def skipped(fact: ItemSkipped) -> str:
    return f"This cannot be synced: {plain(fact.reason, 300)}"
