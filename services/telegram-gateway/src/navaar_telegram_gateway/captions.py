"""What stands below a song in a channel, as its link's owner wants it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

from navaar_contracts.captions import CaptionField
from navaar_contracts.commands import PlaceTrack
from navaar_telegram_gateway.post_text import bounded

LONGEST = 1024
"""Characters. Source: https://core.telegram.org/bots/api#sendaudio, caption."""
LONGEST_FIELD = 200
_DANGLING = " -–—·|,:;/"
"""What joins two fields, and stands alone when one of them is empty."""
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]")
_JOINED_TWICE = re.compile(r"(\s+[-–—·|])(?:\s+[-–—·|])+")


def caption(template: str, command: PlaceTrack) -> str:
    """The caption of the post that `command` asks for; empty where none is wanted, or nothing of it is known.

    Args:
        template: with fields in braces, as `navaar_contracts.captions.checked` lets through.
    """
    lines = (_line(line, _values(command)) for line in template.splitlines())
    text = "\n".join(line for line in lines if line is not None).strip()
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def buttons(command: PlaceTrack) -> tuple[tuple[str, str], ...]:
    """A button for each other place of the song that has an address."""
    return tuple((platform.label, url) for platform, url in command.addresses.items() if url.startswith("https://"))


def hashtag(name: str) -> str:
    """'#KavinskyAndFriends': what Telegram takes for one word behind the sign, or nothing."""
    words = re.findall(r"[^\W_]+", name)
    tag = "".join(word[:1].upper() + word[1:] for word in words)
    # A tag of digits alone is no tag.
    return f"#{tag[:64]}" if tag and not tag.isdecimal() else ""


def _values(command: PlaceTrack) -> Mapping[str, str]:
    recording = command.recording
    title = recording.title + "".join(f" ({words})" for words in recording.version)
    artist = recording.artist or ", ".join(recording.artists)
    values = {
        CaptionField.ARTIST: artist,
        CaptionField.TITLE: title if recording.title else "",
        CaptionField.ALBUM: recording.album or "",
        CaptionField.YEAR: (command.released or "")[:4],
        CaptionField.HASHTAG_ARTIST: hashtag(recording.artists[0] if recording.artists else artist),
        CaptionField.HASHTAG_TITLE: hashtag(recording.title),
    }
    short = {field.value: bounded(value, LONGEST_FIELD) for field, value in values.items()}
    return {**short, CaptionField.LINKS.value: "\n".join(command.addresses.values())}


def _line(line: str, values: Mapping[str, str]) -> str | None:
    """A line filled in; None where all its fields are empty."""
    fields = [name for _, name, _, _ in Formatter().parse(line) if name is not None]
    if fields and not any(values[name] for name in fields):
        return None
    filled = line.format_map(dict(values))
    if all(values[name] for name in fields):
        return filled.rstrip()
    return _JOINED_TWICE.sub(r"\1", _EMPTY_BRACKETS.sub("", filled)).strip(_DANGLING)
