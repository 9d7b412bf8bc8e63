"""Names whose title stands in quotation marks: 'Artist "Title" M/V', 'Artist「Title」', '"Title" by Artist'."""

from __future__ import annotations

import re

from navaar_identifier.names import boilerplate
from navaar_identifier.names.brackets import TITLE_QUOTES, groups, quoted, without
from navaar_identifier.names.guess import Guess
from navaar_identifier.names.separators import DASH
from navaar_identifier.names.versions import is_version

_VIDEO_MARK = re.compile(r"(?:MV|PV|M/V)$")
_CUT_BEHIND = re.compile(r"\s+[-–—~|/]\s+")
_CUT_BEFORE = re.compile(r"\s[|_~•]\s+\S|[^\W\d_][-–—]\s+\S|\s[-–—]\S")
_ARTIST_BEHIND = re.compile(r"^(?:by|from|-|–|—|:)\s*(.+)$")
_NAME_BEHIND = re.compile(r"^(?:[^\W\d_][\w.'’&]*(?:\s+|$)){1,5}(?:(?:19|20)\d\d)?$")
_YEAR_BEHIND = re.compile(r"\s+(?:19|20)\d\d$")
_GUEST = re.compile(r"^\(?(?:feat|ft)\b", re.IGNORECASE)
_DASH_BEHIND = re.compile(r"^[-–—]\s")
_MOST_WORDS = 5
"""An artist's name in front of a quotation has no more; a longer text quotes something else."""


def read_quoted(text: str) -> Guess | None:
    """Reads a name with a quoted title; None where a separator outside the quotation marks should decide."""
    found = quoted(text)
    if found is None:
        return None
    if any(g.start < found.start < g.end and g.opener in "([" for g in groups(text)):
        # 'Title (From "Film")'
        return None
    before, after = text[: found.start].strip(), text[found.end :].strip()
    if DASH.search(f" {before}  x") or _CUT_BEFORE.search(before):
        # 'Artist - "Title"' and 'Artist - Movement "Name"' belong to the separator.
        return None
    single = found.opener in "'‘"
    if not before:
        artist = _ARTIST_BEHIND.match(after)
        if artist and any(map(str.isalnum, artist.group(1))):
            return Guess(boilerplate.trim(artist.group(1)), found.inside, "quoted title, artist behind it")
        if not after or boilerplate.is_remark(after, bracket=False) or (single and re.fullmatch(r"[a-z ]+", after)):
            return Guess(None, found.inside, "quoted title")
        if found.opener in '"“«' and _NAME_BEHIND.match(after) and not is_version(after):
            return Guess(_YEAR_BEHIND.sub("", after), found.inside, "quoted title, artist behind it")
        return None
    lead = boilerplate.trim(_VIDEO_MARK.sub("", boilerplate.drop_brackets(before)).rstrip(" :-"))
    if not any(map(str.isalnum, lead)):
        return Guess(None, found.inside, "quoted title")
    if _CUT_BEHIND.search(after) and found.opener not in TITLE_QUOTES:
        return None
    if (single and not _closes_a_name(after)) or (found.opener == '"' and len(lead.split()) > _MOST_WORDS):
        return None
    native = groups(lead)
    if native and native[-1].end == len(lead) and native[-1].start > 0 and native[-1].opener == "[":
        # 'Artist [the same in another script] "Title"'
        lead = without(lead, native[-1:])
    title = _VIDEO_MARK.sub("", found.inside).strip() or found.inside
    return Guess(lead, f"{title} {after if _belongs(after) else ''}".strip(), "quoted title")


def _closes_a_name(after: str) -> bool:
    return not after or boilerplate.is_remark(after) or after.startswith(("(", "[", "【")) or _belongs(after)


def _belongs(after: str) -> bool:
    """Whether what follows the quotation is part of the title: a guest, a version."""
    return bool(_GUEST.match(after)) or (after.startswith(("(", "[")) and is_version(after))


def unquoted(title: str) -> str:
    """Takes the quotation marks off a title that begins with them, with what follows if that is boilerplate."""
    found = quoted(title)
    if found is None or found.start != 0:
        return title
    after = title[found.end :].strip()
    if not after:
        return found.inside
    if _DASH_BEHIND.match(after) and is_version(after):
        return f"{found.inside} {after}"
    bracket = after[0] in "(["
    if boilerplate.is_remark(after) or (bracket and len(groups(after)) == 1 and not is_version(after)):
        return found.inside
    return f"{found.inside} {after}" if bracket else title
