"""Results of a search."""

from __future__ import annotations

from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Candidate, Kind
from navaar_telegram_gateway.bot.addresses import address
from navaar_telegram_gateway.bot.wording import words
from navaar_telegram_gateway.bot.wording.markup import code, linked, plain

NOTHING = "Nothing was found."
_KINDS = {Kind.VIDEO: "video", Kind.UPLOAD: "somebody's upload"}


def head(platform: Platform, words_: str) -> str:
    return f"<b>{words.NAMES[platform]}</b>: {plain(words_)}"


def result(number: int, found: Candidate, platform: Platform) -> str:
    """'1 Googoosh - Pol · 3:45 · Pol (album) · video · dQw4w9WgXcQ'"""
    artists = ", ".join(found.artists)
    called = linked(f"{artists} - {found.title}" if artists else found.title, found.url or _address(found, platform))
    facts = [words.length(found.duration_s), plain(found.album or "", 60), _KINDS.get(found.kind, "")]
    if found.isrc:
        facts.append(f"ISRC {plain(found.isrc, 20)}")
    facts.append(code(found.id, 24))
    return f"<b>{number}</b> {called} · " + " · ".join(fact for fact in facts if fact)


def _address(found: Candidate, platform: Platform) -> str | None:
    return address(platform, found.id, None)
