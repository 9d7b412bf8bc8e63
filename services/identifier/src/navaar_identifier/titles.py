"""Titles: the bare title, the version words, the guests and the subtitles of one title string."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from navaar_identifier import noise
from navaar_identifier.artists import split_credit
from navaar_identifier.brackets import Group, groups, without
from navaar_identifier.versions import Version, Way, read_versions

_FEATURE_GROUP = re.compile(r"^(?:feat(?:uring)?|ft|w/|with|f\.|con|avec|prod)\b[.:]?\s*(.+)$", re.IGNORECASE)
_FEATURE_TAIL = re.compile(r"\s+(?:feat(?:uring)?\.?|ft\.?|w/)\s+([^()\[\]]+)$", re.IGNORECASE)
_SUFFIX_SIGNS = frozenset("-–—|~•/")
_SUFFIX = re.compile(r"\s+(?:[-–—|~•]|//)\s+")
_BARE_VERSION = re.compile(
    r"\s+((?:[\w'’.&]+\s+){0,3}(?:remix|rmx|bootleg|ремикс|ریمیکس)|live (?:at|in|from|on|@)\b.{0,60}|acoustic(?: version)?|"
    r"instrumental|karaoke(?: version)?|sped up|slowed(?:(?: (?:and|n|&|\+) | ?\+ ?| )reverb)?|nightcore|8d(?: audio)?|unplugged|"
    r"radio edit|bass boosted|(?:guitar|drum|piano|bass) cover|a ?cappella|remastered(?: \d{4})?|\d{4} remaster(?:ed)?|en vivo|ao vivo|"
    r"en directo)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Title:
    """One title taken apart."""

    written: str
    """As written, without noise, with its version words and guests."""
    bare: str
    """Without version words and guests."""
    versions: tuple[str, ...] = ()
    """Version words as written."""
    marks: frozenset[Version] = frozenset()
    featured: tuple[str, ...] = ()
    main: str = ""
    """`bare` without its unexplained brackets: 'Big Girl (You Are Beautiful)' gives 'Big Girl'."""


@lru_cache(maxsize=8192)
def read_title(text: str) -> Title:
    """Takes a title apart. `text` holds no artist and no file name additions (see `noise.untangle`)."""
    written = noise.drop_noise_brackets(text)
    written = noise.drop_noise_tail(written)
    written = noise.trim(noise.drop_year_tail(noise.drop_noise_brackets(written)))
    guests: tuple[str, ...] = ()
    tail = _FEATURE_TAIL.search(written)
    if tail and written[: tail.start()].strip():
        guests = split_credit(tail.group(1))
        written = noise.trim(written[: tail.start()])
    bare, featured = written, list(guests)
    versions: list[str] = []
    removed: list[Group] = []
    for group in groups(bare):
        guest = _FEATURE_GROUP.match(group.inside)
        if guest:
            featured.extend(split_credit(guest.group(1)))
            removed.append(group)
        elif _says_version(group, bare):
            versions.append(group.inside)
            removed.append(group)
    if removed:
        rest = without(bare, tuple(removed))
        bare = rest if any(c.isalnum() for c in rest) else bare
    bare, suffixes = _cut_suffixes(bare)
    versions.extend(suffixes)
    last = _BARE_VERSION.search(bare)
    if last and not versions and bare[: last.start()].strip(" -"):
        versions.append(last.group(1))
        bare = bare[: last.start()]
    bare = noise.trim(bare) or written
    main = bare
    open_groups = tuple(g for g in groups(bare) if g.start > 0)
    if open_groups:
        main = noise.trim(without(bare, open_groups)) or bare
    marks = frozenset(mark for version in versions for mark in read_versions(version))
    return Title(written, bare, tuple(versions), marks, tuple(featured), main)


def _says_version(group: Group, text: str) -> bool:
    """Whether a bracket is about the version. In front of a title only one that says nothing else: '(Live) Title'."""
    marks = read_versions(group.inside)
    if not marks:
        return False
    if text[: group.start].strip(" -"):
        return True
    return all(not m.who and m.way is not Way.PLAIN for m in marks) and bool(text[group.end :].strip())


def _cut_suffixes(bare: str) -> tuple[str, list[str]]:
    """Cuts ' - Live at X', ' - 2011 Remaster' off the end; other suffixes belong to the title."""
    found: list[str] = []
    if _SUFFIX_SIGNS.isdisjoint(bare):
        return bare, found
    for _ in range(3):
        parts = list(_SUFFIX.finditer(bare))
        if not parts:
            break
        last = parts[-1]
        suffix = bare[last.end() :].strip()
        head = bare[: last.start()].strip()
        if not head or not suffix:
            break
        if noise.is_noise(suffix, bracket=False):
            bare = head
        elif len(suffix) <= 80 and read_versions(suffix):
            found.insert(0, suffix)
            bare = head
        else:
            break
    return bare, found


def plain(title: Title) -> bool:
    """Whether nothing says that this is another version than the studio one."""
    return not any(m.way is not Way.PLAIN for m in title.marks)
