"""What things are called: files for people, objects for the store."""

from __future__ import annotations

import unicodedata

_LONGEST_STEM = 120  # characters
_LONGEST_STEM_BYTES = 200  # file systems allow 255, suffix and temporary endings included
_FORBIDDEN = set('/\\:*?"<>|')


def clean(text: str, longest: int = 255) -> str:
    """One line of visible text, at most `longest` characters: no controls, no marks that turn the reading direction."""
    kept = (" " if c.isspace() else c for c in unicodedata.normalize("NFC", text) if c.isspace() or _visible(c))
    return _cut(" ".join("".join(kept).split()), longest)


def audio_file_name(artist: str | None, title: str, suffix: str) -> str:
    """'Artist - Title.m4a', safe on every file system; `suffix` with its dot."""
    whole = f"{artist} - {title}" if artist else title
    stem = "".join("_" if c in _FORBIDDEN else c for c in clean(whole))
    stem = _cut(stem, _LONGEST_STEM)
    while len(stem.encode("utf-8")) > _LONGEST_STEM_BYTES:
        stem = _cut(stem, len(stem) - 1)
    return f"{stem.strip(' .') or 'audio'}{suffix}"


def audio_object(link: str, track_id: int, attempt: int) -> str:
    """The object that holds a track's audio."""
    return f"audio-{link}-{track_id}-{attempt}"


def cover_object(link: str, track_id: int, attempt: int) -> str:
    """The object that holds its thumbnail."""
    return f"cover-{link}-{track_id}-{attempt}"


def _visible(character: str) -> bool:
    # Cc, Cf, Cs, Co, Cn: controls, bidirectional marks and the unassigned. The joiners are part of writing.
    return not unicodedata.category(character).startswith("C") or character in "\u200c\u200d"


def _cut(text: str, longest: int) -> str:
    """At most `longest` characters, without leaving half of a combined character behind."""
    if len(text) <= longest:
        return text
    end = longest
    while end > 0 and unicodedata.combining(text[end]):
        end -= 1
    return text[:end].rstrip("\u200d ")
