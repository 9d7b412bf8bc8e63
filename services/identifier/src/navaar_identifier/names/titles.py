"""Titles: the bare title, the version words, the guests and the subtitles of one title string."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from navaar_identifier.names import boilerplate
from navaar_identifier.names.brackets import BracketGroup, groups, without
from navaar_identifier.names.credits import split_credit
from navaar_identifier.names.version_words import VersionKind
from navaar_identifier.names.versions import read_versions

_GUEST_IN_BRACKET = re.compile(r"^(?:feat(?:uring)?|ft|w/|with|f\.|con|avec|prod)\b[.:]?\s*(.+)$", re.IGNORECASE)
_GUEST_BEHIND = re.compile(r"\s+(?:feat(?:uring)?\.?|ft\.?|w/)\s+([^()\[\]]+)(?=[(\[]|$)", re.IGNORECASE)
_SUFFIX_SIGNS = frozenset("-–—|~•/")
_SUFFIX = re.compile(r"\s+(?:[-–—|~•]|//)\s+")
_LONGEST_SUFFIX = 80
_VERSION_BEHIND = re.compile(
    r"\s+((?:[\w'’.&]+\s+){0,3}(?:remix|rmx|bootleg|ремикс|ریمیکس)|live (?:at|in|from|on|@)\b.{0,60}"
    r"|acoustic(?: version)?|instrumental|karaoke(?: version)?|sped up|nightcore|8d(?: audio)?|unplugged|radio edit"
    r"|slowed(?:(?: (?:and|n|&|\+) | ?\+ ?| )reverb)?|bass boosted|(?:guitar|drum|piano|bass) cover|a ?cappella"
    r"|remastered(?: \d{4})?|\d{4} remaster(?:ed)?|en vivo|ao vivo|en directo)$",
    re.IGNORECASE,
)
"""Version words without brackets: only those that no title ends with."""
_WORDS_ONLY = re.compile(r"(?:[^\W\d_]| |['’](?=[^\W\d_]))+")
_MAYBE_GUEST = re.compile("feat|ft|w/")
_MAYBE_VERSION = re.compile(
    "mix|rmx|bootleg|ремикс|ریمیکس|live|acoustic|instrumental|karaoke|sped up|nightcore|8d|unplugged|edit|slowed"
    "|boosted|cover|cappella|remaster|en vivo|ao vivo|en directo"
)


@dataclass(frozen=True, slots=True)
class Title:
    """One title taken apart."""

    written: str
    """As written, without publishing talk, with its version words and bracketed guests."""
    bare: str
    """Without version words and guests."""
    versions: tuple[str, ...] = ()
    """Version words as written."""
    featured: tuple[str, ...] = ()
    main: str = ""
    """`bare` without its unexplained brackets: a subtitle that the other side may leave out."""


@lru_cache(maxsize=8192)
def read_title(text: str) -> Title:
    """Takes a title apart. `text` holds no artist and no file name additions (see `cleanup.clean`)."""
    lower = text.lower()
    if _WORDS_ONLY.fullmatch(lower) and not _MAYBE_GUEST.search(lower) and not _MAYBE_VERSION.search(lower):
        # Letters and blanks: there is nothing to take apart but a tail.
        plain = boilerplate.drop_tail(text).strip()
        return Title(plain, plain, main=plain)
    written = boilerplate.drop_tail(boilerplate.drop_brackets(text))
    written = boilerplate.trim(boilerplate.drop_year_tail(boilerplate.drop_brackets(written)))
    featured: list[str] = []
    # Looking for a word is much cheaper than the whole pattern, and most titles hold none.
    tail = _GUEST_BEHIND.search(written) if _MAYBE_GUEST.search(lower) else None
    if tail and written[: tail.start()].strip():
        featured.extend(split_credit(tail.group(1)))
        written = boilerplate.trim(f"{written[: tail.start()]} {written[tail.end() :]}".rstrip())
    bare, versions, guests = _cut_brackets(written)
    featured.extend(guests)
    bare, suffixes = _cut_suffixes(bare)
    versions.extend(suffixes)
    last = _VERSION_BEHIND.search(bare) if not versions and _MAYBE_VERSION.search(lower) else None
    if last and bare[: last.start()].strip(" -"):
        versions.append(last.group(1))
        bare = bare[: last.start()]
    bare = boilerplate.trim(bare) or written
    subtitles = tuple(g for g in groups(bare) if g.start > 0)
    main = boilerplate.trim(without(bare, subtitles)) or bare if subtitles else bare
    return Title(written, bare, tuple(versions), tuple(featured), main)


def _cut_brackets(text: str) -> tuple[str, list[str], list[str]]:
    """The text without its brackets about versions and guests, and what those say."""
    versions: list[str] = []
    featured: list[str] = []
    removed: list[BracketGroup] = []
    for group in groups(text):
        guest = _GUEST_IN_BRACKET.match(group.inside)
        if guest:
            featured.extend(split_credit(guest.group(1)))
            removed.append(group)
        elif _says_version(group, text):
            versions.append(group.inside)
            removed.append(group)
    rest = without(text, tuple(removed))
    return (rest if any(map(str.isalnum, rest)) else text), versions, featured


def _says_version(group: BracketGroup, text: str) -> bool:
    """Whether a bracket is about the version. In front of a title only one that says nothing else: '(Live) Title'."""
    marks = read_versions(group.inside)
    if not marks:
        return False
    if text[: group.start].strip(" -"):
        return True
    return all(not m.who and m.kind is not VersionKind.PLAIN for m in marks) and bool(text[group.end :].strip())


def _cut_suffixes(bare: str) -> tuple[str, list[str]]:
    """Cuts ' - Live at X', ' - 2011 Remaster' off the end; other suffixes belong to the title."""
    found: list[str] = []
    if _SUFFIX_SIGNS.isdisjoint(bare):
        return bare, found
    for _ in range(3):
        parts = list(_SUFFIX.finditer(bare))
        if not parts:
            break
        head, suffix = bare[: parts[-1].start()].strip(), bare[parts[-1].end() :].strip()
        if not head or not suffix:
            break
        if not boilerplate.is_remark(suffix, bracket=False):
            if len(suffix) > _LONGEST_SUFFIX or not read_versions(suffix):
                break
            found.insert(0, suffix)
        bare = head
    return bare, found
