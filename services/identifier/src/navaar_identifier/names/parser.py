"""Whole names: one text that holds an artist and a title, in some order, with some separator, amid boilerplate."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache, partial

from navaar_identifier.data.word_lists import word_set
from navaar_identifier.names import boilerplate, cleanup
from navaar_identifier.names.brackets import groups, repair_brackets, without
from navaar_identifier.names.guess import Guess
from navaar_identifier.names.order import bar, slash_between, title_first
from navaar_identifier.names.persian_sentences import read_persian
from navaar_identifier.names.quoted import read_quoted, unquoted
from navaar_identifier.names.separators import SPACED, pieces, without_translation
from navaar_identifier.names.titles import Title, read_title
from navaar_identifier.names.unseparated import read_joined, read_tight_dash
from navaar_identifier.names.versions import is_version
from navaar_identifier.text.encoding_repair import repair_encoding
from navaar_identifier.text.percent import unquoted as without_percent_signs
from navaar_text.folding import fold

LONGEST = 300
"""Characters of a raw name looked at."""

_NUMBER_IN_FRONT = re.compile(r"^\d{2,3}-(?=\S)[^_]+$")
_PADDED_NUMBER = re.compile(r"^0\d\d-")
_SLUG = re.compile(r"^[a-z0-9.']+(?:-[a-z0-9.'()_]+){3,}$")
_AMPERSAND = re.compile(r"\s+amp;?\s+")
_WIDE_GAP = re.compile(r"(?<=[^\s|:~•/–—-])\s{2,}(?:\d{1,2}\s{2,})?(?=[^\W\d]|\d+\D)")
_LENTICULAR = re.compile(r"^([^【】「」『』]{1,60})【([^】]{1,80})】")
_SLASH = re.compile(r"\s[/／]\s")
_BY = re.compile(r"^by\s+(.+)$")
_MARKS_IN_FRONT = frozenset(
    ("nightcore", "sped up nightcore", "speed up", "slowed", "karaoke", "8d", "8d audio", "lyrics", "cover")
)
_ALTERED = word_set("sped slowed nightcore speedup 8d")
_BESIDE_ALTERED = word_set("speed up down reverb reverbed ultra super very version ver lofi lo fi and n audio tiktok")


@dataclass(frozen=True, slots=True)
class Name:
    """What a raw name was read as."""

    artist: str | None
    """The credit as written, guests included."""
    title: Title
    readings: tuple[tuple[str | None, str], ...] = ()
    """Other (artist, title) readings, likeliest first."""
    reason: str = ""


@lru_cache(maxsize=8192)
def read_name(raw: str) -> Name:
    """Reads 'Artist - Title (Official Video).mp3' and its many relatives.

    Args:
        raw: a file name, a video's title, a caption's first line. Any text is accepted.

    Returns:
        The likeliest reading with the others beside it. The title is '' only for a text without letters and digits.
    """
    if "%" in raw:
        raw = without_percent_signs(raw[: 4 * LONGEST])
    text = _prepared(raw)
    if not any(map(str.isalnum, text)):
        return Name(None, read_title(text.strip()), reason="no letters or digits")
    # A track number in front of a name without spaced separators says that a title follows, not an artist.
    numbered = bool(_NUMBER_IN_FRONT.match(raw)) and not cleanup.looks_like_file(raw)
    separated = partial(_read_separated, at_least=bar(raw[: 4 * LONGEST]))
    if numbered and _PADDED_NUMBER.match(raw):
        text = cleanup.strip_number(text)
        other = separated(text)
        cut = ((_credit(other.artist), other.title),) if other is not None and other.artist else ()
        return Name(None, read_title(text), cut, "a track number in front of a title")
    hyphened = partial(read_tight_dash, file=cleanup.looks_like_file(raw) or bool(_SLUG.match(raw)))
    for reader in (read_persian, read_quoted, separated, hyphened, read_joined):
        guess = reader(text)
        if guess is not None and (guess.numbered or not numbered):
            return _name(guess)
    return Name(None, read_title(cleanup.strip_number(text)), reason="no separator")


def _prepared(raw: str) -> str:
    """The text without what file names, channels and tools add."""
    text = raw[: 4 * LONGEST].strip()[:LONGEST]
    if "amp" in text or "&" in text:
        text = _AMPERSAND.sub(" & ", html.unescape(text))
    if "  " in text and not SPACED.search(text) and len(_WIDE_GAP.findall(text)) == 1 and "《" not in text:
        # Some tools drop the dash of ' - ' and leave its spaces.
        text = _WIDE_GAP.sub(" - ", text)
    held = _LENTICULAR.match(text)
    if (
        held
        and not boilerplate.is_remark(held.group(2))
        and not SPACED.search(held.group(1))
        and _ends_there(text, held)
    ):
        text = f"{held.group(1)}「{held.group(2).strip()}」"
    if text.count("～") == 1 and not SPACED.search(text):
        text = text.replace("～", " ~ ")
    text = " ".join(repair_encoding(text).replace("\u200e", "").replace("\u200f", "").split())
    # Brackets of boilerplate go before the separators are looked at: they hold separators of their own.
    text = repair_brackets(cleanup.clean(text))
    text = boilerplate.drop_brackets(boilerplate.cut_behind_remark(text))
    if text[-1:].isdigit() and cleanup.looks_like_file(raw):
        text = cleanup.strip_rate(text, film=cleanup.is_film(raw))
    # 'Song.mp3 [HD]': the ending may stand before what was taken off.
    text = boilerplate.drop_tail(_without_ending(text))
    return _without_ending(text)


def _without_ending(text: str) -> str:
    ended = cleanup.strip_extension(text) if "." in text else text
    return ended if any(map(str.isalnum, ended)) else text


def _ends_there(text: str, held: re.Match[str]) -> bool:
    """Whether nothing but remarks follow a title in lenticular brackets."""
    rest = text[held.end() :].strip(" -–")
    return rest.startswith("【") or (
        bool(rest) and boilerplate.is_remark(without(rest, groups(rest)) or rest, bracket=False)
    )


def _read_separated(text: str, *, at_least: float) -> Guess | None:
    """'Artist - Title' with any separator, in either order, with more pieces before and behind.

    Args:
        text: the prepared name.
        at_least: how clearly the words must say that the title comes first (see `order.bar`).
    """
    rest, translation = without_translation(text)
    parts, rest = pieces(rest)
    if len(parts) < 2:
        return None if rest == text else Guess(None, rest, "no separator", translation=translation)
    if parts[0] and _BY.match(parts[-1]):
        return Guess(parts[-1][2:].strip(), parts[0], "title, by artist")
    left, right = parts[0], _as_written(parts[1:], rest)
    if fold(left) in _MARKS_IN_FRONT:
        artist = parts[1] if len(parts) > 2 else None
        title = " - ".join(parts[2:]) if artist else right
        return Guess(artist, f"{title} ({left})", "a version word in front", translation=translation)
    front = groups(left)[:1]
    if front and front[0].start == 0 and is_version(front[0].inside) and any(map(str.isalnum, left[front[0].end :])):
        # '(Live) Artist - Title'
        left, right = left[front[0].end :].strip(), f"{right} ({front[0].inside})"
    # 'Word: the rest' is a title behind a track number; a dash is a separator anywhere.
    numbered = SPACED.search(rest.replace(": ", " ")) is not None
    if len(parts) == 2 and _is_altered(right):
        return Guess(None, f"{left} - {right}", "a version behind the title", ((left, right),), translation)
    if title_first(left, right, at_least) or (_SLASH.search(rest) and slash_between(left, right)):
        said = tuple(g for g in groups(right) if is_version(g.inside))
        title = " ".join((left, *(f"({g.inside})" for g in said)))
        # A genre in square brackets is no part of the artist's name.
        said = tuple(g for g in groups(right) if g in said or (g.opener == "[" and g.end == len(right)))
        return Guess(without(right, said), title, "title before artist", ((left, right),), translation, numbered)
    return Guess(left, right, "artist, separator, title", ((right, left),), translation, numbered)


def _is_altered(part: str) -> bool:
    """Whether a piece says how a recording was altered and nothing else: 'Sped Up', 'slowed + reverb'."""
    words = fold(part).split()
    said = not _ALTERED.isdisjoint(words) or ("speed" in words and "up" in words)
    return said and all(w in _ALTERED or w in _BESIDE_ALTERED for w in words)


def _as_written(parts: list[str], text: str) -> str:
    """The pieces of a title with the separators that stood between them."""
    joined = " - ".join(parts)
    if len(parts) == 1:
        return joined
    start, end = text.find(parts[0]), text.rfind(parts[-1]) + len(parts[-1])
    between = text[start:end] if 0 < start < end else ""
    # Pieces that were left out between make it longer than it should be.
    whole = between and "|" not in between and len(between) <= len(joined) + 2 * len(parts)
    return " ".join(between.split()) if whole else joined


def _name(guess: Guess) -> Name:
    if guess.artist is None and guess.reason == "no separator" and not guess.others:
        # Shortened by what was taken off: the rest may be readable in another way.
        again = read_name(guess.title)
        if again.artist or not guess.translation:
            return again
    native: tuple[tuple[str | None, str], ...] = ()
    if guess.translation:
        other = read_name(guess.translation)
        native = ((other.artist, other.title.bare),) if other.artist else ()
    others = tuple((_credit(a), read_title(unquoted(t)).bare) for a, t in guess.others)
    return Name(
        _credit(guess.artist),
        read_title(unquoted(guess.title)),
        tuple(r for r in (*native, *others) if r[1]),
        guess.reason,
    )


def _credit(artist: str | None) -> str | None:
    """The artist's part without publishing talk; None when nothing is left."""
    if artist is None:
        return None
    text = boilerplate.drop_brackets(artist)
    front = groups(text)[:1]
    if front and front[0].start == 0 and front[0].opener == "[" and front[0].end < len(text):
        # '[Genre] Artist'
        text = text[front[0].end :]
    text = cleanup.strip_number(boilerplate.trim(text))
    return text if any(map(str.isalnum, text)) else None
