"""Names without a clear separator: a hyphen without spaces, capitals, a change of script, 'Title by Artist'."""

from __future__ import annotations

import re

from navaar_identifier.data import word_lists
from navaar_identifier.names import boilerplate
from navaar_identifier.names.brackets import groups, without
from navaar_identifier.names.guess import Guess
from navaar_identifier.names.order import title_first, titleness
from navaar_identifier.names.versions import is_version
from navaar_identifier.text.scripts import script
from navaar_text.folding import fold

_TIGHT_DASH = re.compile(r"(?<=[\w).!?'’])-(?=[\w('\"“])")
_CAPITALS = re.compile(r"^((?:[A-ZÀ-Þ][\w'’.]*[a-zß-ÿ][\w'’.]*\s+){1,3})((?:[A-ZÀ-Þ0-9'’]{2,}\s*){1,8})$")
_COVER_BY = re.compile(r"^(.+?)\s*[(\[](?:cover|covered|performed|sung) by ([^()\[\]]+)[)\]](.*)$", re.IGNORECASE)
_BY = re.compile(r"^(?P<title>.{2,80}?)\s+(?P<by>\"[Bb]y\"|by|By|BY|от)\s+(?P<artist>\S.{1,60})$")
_NATIVE_TITLE = 1.0
"""How much likelier than the Latin words behind it the native words in front must look like a title."""
_LETTERS_IN_CAPITALS = 4
_HYPHENS_FOR_SPACES = 3
_SHORTEST_SMALL = 3
"""Letters of either side of a hyphen in a file's name without capitals."""
_TRANSLITERATED = word_lists.word_set("ja ya ty my vy ne na v s k o i a u kak eto moj moja moya tvoj tvoja tvoya")
"""Russian words that titles begin with, as slugs write them."""
_ARTICLE_BEFORE = re.compile(r"\b(?:the|an?)\s\w{2,7}$", re.IGNORECASE)
_PARTICIPLE = re.compile(r"[A-Z]?[a-z]{2,8}ed\b")
_SINGS = re.compile(r"^(?:sings?|singing|performs|performing|plays|playing)\s+(?=\S)")
_BEFORE_BY = word_lists.word_set("stand killed written inspired passing passed touched side standing bye")


def read_tight_dash(text: str, *, file: bool) -> Guess | None:
    """'Artist-Title' as file names have it; hyphened words are left alone.

    Args:
        text: the prepared name.
        file: whether it was a file's name, where small letters say nothing.
    """
    inner = groups(text)
    outside = [m for m in _TIGHT_DASH.finditer(text) if not any(g.start < m.start() < g.end for g in inner)]
    small = file and text.islower()
    if " " not in text and len(outside) >= (_HYPHENS_FOR_SPACES - 1 if small else _HYPHENS_FOR_SPACES):
        return _hyphens_for_spaces(text, file=file)
    if not outside or len(outside) > _HYPHENS_FOR_SPACES:
        return None
    # 'A-B-Title' in two scripts: the change of script is the surest sign.
    for found in sorted(
        outside, key=lambda m: script(text[: m.start()].split("-")[-1]) == script(text[m.end() :].split("-")[0])
    ):
        left, right = text[: found.start()].strip(), text[found.end() :].strip()
        if fold(left.split()[-1]) in word_lists.HYPHENED or len(left) < 2 or len(fold(right)) < 2 or right[0].isdigit():
            continue
        if _PARTICIPLE.match(right) and _ARTICLE_BEFORE.search(left):
            # 'The Red-Nosed Reindeer'
            continue
        plain = right[0].isascii() and not right[0].isupper() and right[0] not in "'\"(“" and len(right.split()) <= 2
        if plain and not (small and min(len(left), len(right)) >= _SHORTEST_SMALL):
            continue
        if " " not in text:
            right = right.replace("-", " ")
        if title_first(left, right):
            return Guess(right, left, "title before artist", ((left, right), (None, text)), numbered=False)
        return Guess(left, right, "a hyphen between artist and title", ((right, left), (None, text)), numbered=False)
    return None


def _hyphens_for_spaces(text: str, *, file: bool) -> Guess | None:
    """'First-Last-The-Title': with so many hyphens none of them says where the title begins."""
    words = [w for w in text.split("-") if w]
    spaced = " ".join(words)
    folded = [fold(w) for w in words]
    guest = next((i for i, w in enumerate(folded) if w in ("ft", "feat") and 0 < i < len(words) - 3), None)
    if guest is not None:
        # A guest has two names more often than one.
        cut = guest + 3
        return Guess(
            " ".join(words[:cut]), " ".join(words[cut:]), "hyphens for spaces", ((None, spaced),), numbered=False
        )
    sung = 2 * len(set(folded)) <= len(folded) or all(len(w) <= 2 for w in words)
    if file and not sung and folded[0] not in word_lists.GIVEN_NAMES and folded[0] not in word_lists.TITLE_WORDS:
        # Sites that sell in slugs put the artist first; two words are likelier than one.
        cut = 1 if folded[1] in word_lists.TITLE_WORDS or folded[1] in _TRANSLITERATED else 2
        return Guess(
            " ".join(words[:cut]),
            " ".join(words[cut:]),
            "hyphens for spaces",
            ((words[0], " ".join(words[1:])), (None, spaced)),
            numbered=False,
        )
    if fold(words[0]) in word_lists.GIVEN_NAMES:
        return Guess(
            " ".join(words[:2]),
            " ".join(words[2:]),
            "a person's name in front",
            ((words[0], " ".join(words[1:])), (None, spaced)),
            numbered=False,
        )
    return Guess(None, spaced, "hyphens for spaces", ((words[0], " ".join(words[1:])),), numbered=False)


def read_joined(text: str) -> Guess | None:
    """Artist and title with no sign between them."""
    covered = _COVER_BY.match(text)
    if covered:
        return _certain(covered.group(2), covered.group(1), "covered by the artist", text)
    by = _BY.match(text)
    if by and any(g.start < by.start("by") < g.end for g in groups(text)):
        # '[Originally Performed by Somebody]' names whom a karaoke track follows.
        by = None
    if by and _is_performer(by.group("title"), by.group("artist"), by.group("by")):
        artist, title = by.group("artist"), by.group("title")
        said = tuple(g for g in groups(artist) if is_version(g.inside))
        title = " ".join((title, *(f"({g.inside})" for g in said)))
        return _certain(boilerplate.drop_year_tail(without(artist, said)), title, "title by artist", text)
    capitals = _CAPITALS.match(text)
    if capitals and _is_title_in_capitals(capitals.group(1), capitals.group(2)):
        return _certain(capitals.group(1).strip(), capitals.group(2).strip(), "the title is in capitals", text)
    change = _script_change(text)
    if change:
        left, right = change
        if script(right) == "latin" and titleness(left) - titleness(right) >= _NATIVE_TITLE:
            left, right = right, left
        return Guess(left, right, "the script changes", ((None, text), (right, left)), numbered=False)
    words = text.split()
    person = len(words) >= 3 and fold(words[0]) in word_lists.GIVEN_NAMES
    named = words[1][:1].isupper() or text.islower() if person else False
    if person and named and fold(words[1]) not in word_lists.TITLE_WORDS | word_lists.SMALL_WORDS:
        title = _SINGS.sub("", " ".join(words[2:]))
        return _certain(" ".join(words[:2]), title, "a person's name in front", text)
    if by:
        return Guess(None, text, "no separator", ((by.group("artist"), by.group("title")),), numbered=False)
    for last in groups(text)[-1:]:
        if last.end == len(text) and last.start > 0 and last.opener in "([" and not is_version(last.inside):
            # 'Title (Artist)' and 'Title (Subtitle)' are equally common.
            return Guess(None, text, "no separator", ((last.inside, text[: last.start].strip()),), numbered=False)
    if person:
        return Guess(None, text, "no separator", ((" ".join(words[:2]), " ".join(words[2:])),), numbered=False)
    return None


def _is_title_in_capitals(artist: str, title: str) -> bool:
    """Whether capitals at the end are the title: 'Anarchy In The UK' has a short word and small words in front."""
    small = word_lists.TITLE_WORDS | word_lists.SMALL_WORDS
    return sum(map(str.isalpha, title)) >= _LETTERS_IN_CAPITALS and small.isdisjoint(fold(artist).split()[1:])


def _certain(artist: str, title: str, reason: str, text: str) -> Guess:
    return Guess(artist, title, reason, ((None, text),), numbered=False)


def _is_performer(title: str, artist: str, by: str) -> bool:
    """Whether 'title by artist' is that, and not a title with 'by' in it: 'Stand by Me', 'Day by Day'."""
    if artist[:4].lower() == "the " and (by == "By" or artist[0] == "t"):
        # 'Down By The River'
        return False
    left, right = fold(title).split(), fold(artist).split()
    if not left or not 1 <= len(right) <= 6 or left[-1] == right[0] or left[-1] in _BEFORE_BY:
        return False
    return right[0] not in word_lists.TITLE_WORDS and (right[0] == "the" or right[0] not in word_lists.SMALL_WORDS)


def _script_change(text: str) -> tuple[str, str] | None:
    """The place where one script gives way to another, if there is exactly one: 'MOLLY Под снегом'."""
    if text.isascii() or "(" in text:
        return None
    words = text.split()
    kinds = [script(w) for w in words]
    known = [k for k in kinds if k]
    if len(set(known)) != 2 or "kana" in known or "other" in known or not kinds[0]:
        return None
    changes: list[int] = []
    before = kinds[0]
    for index, kind in enumerate(kinds):
        if kind and kind != before:
            changes.append(index)
            before = kind
    if len(changes) != 1:
        return None
    return " ".join(words[: changes[0]]), " ".join(words[changes[0] :])
