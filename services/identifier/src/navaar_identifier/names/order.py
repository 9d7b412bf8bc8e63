"""Order: whether 'left - right' is artist and title, or title and artist.

Text alone does not settle it. The signs below are the words that titles hold and artists' names do not, guests and
version words in brackets, initials, given names, lists of people. Where they do not speak clearly the artist is taken
to come first, as in nine names of ten, and the other order is kept as a second reading for the platform's search.
"""

from __future__ import annotations

import re
from functools import lru_cache

from navaar_identifier.data import word_lists
from navaar_identifier.names import boilerplate, cleanup, credits
from navaar_identifier.names.brackets import groups, without
from navaar_identifier.names.separators import SPACED
from navaar_identifier.names.versions import is_version
from navaar_identifier.text.scripts import script
from navaar_text.folding import fold

CLEARLY = 2.6
"""How much likelier than the right side a title the left side must look."""
_UNLESS_DOUBTED = -0.9
"""The same where the form of the name half says so: only words that say the contrary keep the order."""
_SUNG_IN_RUSSIAN = 1.4
"""What a Russian left side and a Latin right side add: many who sing in Russian have a Latin name, few who have a
Russian name sing in English."""
_INITIALS = re.compile(r"^(?:(?:[A-Z]\.\s?){1,3}\s?[A-Z]|(?:[a-z]\.\s?){2,3}\s?[a-z])[^\W\d_]")
_GUEST = re.compile(r"(?:feat|ft|featuring|with|prod)\b", re.IGNORECASE)
_GROUP = re.compile(
    r"\b(?:band|orchestra|trio|quartet|ensemble|choir|brothers|sisters|singers|group|gang|crew|boys|girls|kids"
    r"|collective|project|society|quintet|sextet|philharmonic|symphony|experience|family"
    r"|orkestra|orchester|orchestre|orquesta|grupo|gruppa|guruhi|группа)$"
)
_TOGETHER = re.compile(r"\w\s[xX×]\s\w")
"""How artists who play together are written, and titles seldom."""
_NAME_HEADS = frozenset(("the", "dj", "mc", "lil", "los", "os", "orchestra"))
_GAP = re.compile(r"(?<=[^\s|:~•/–—-])\s{3,}(?=[^\W\d_])")
_BRACKET_AND_DASH = re.compile(r"[)\]】]\s*[-–—]\s")
_DASH_BEHIND = re.compile(r"\s*[-–—]\s")


def title_first(left: str, right: str, at_least: float = CLEARLY) -> bool:
    """Whether 'left - right' is title and artist.

    Args:
        left: the piece in front.
        right: the piece behind.
        at_least: how much likelier than the right side a title the left side must look (see `bar`).
    """
    likelier = titleness(left) - titleness(boilerplate.drop_tail(boilerplate.drop_brackets(right)))
    if not left.isascii() and script(left) == "cyrillic" and script(right) == "latin":
        likelier += _SUNG_IN_RUSSIAN
    return likelier >= at_least


def bar(raw: str) -> float:
    """How clearly the words must say that the title comes first, where the form of a raw name says so too.

    Two forms do: 'Title   Artist' with three blanks, as players on phones save files (in the titles of videos it is a
    lost dash), and a remark about the video before the last dash, 'Title [Official Video] - Artist' or 'Title -
    Official Video - Artist', for such a remark follows the title.
    """
    if "   " in raw and len(_GAP.findall(raw)) == 1 and not SPACED.search(raw):
        return -CLEARLY if cleanup.looks_like_file(raw) else _UNLESS_DOUBTED
    pieces = cleanup.SPACED_DASH.split(raw)
    if len(pieces) == 3 and pieces[0] and boilerplate.is_remark(pieces[1], bracket=False):
        return -CLEARLY
    for group in groups(raw) if _BRACKET_AND_DASH.search(raw) else ():
        if group.start and _DASH_BEHIND.match(raw, group.end):
            said = group.inside
            sites = "." in said or "@" in said
            if not sites and not SPACED.search(raw[: group.start]) and boilerplate.is_remark(said, bracket=False):
                return -CLEARLY
            break
    return CLEARLY


def slash_between(left: str, right: str) -> bool:
    """Whether 'left / right' is title and artist because it is Japanese, where this is the custom of uploads."""
    scripts = {script(left), script(right)}
    if "kana" not in scripts and "latin" not in scripts:
        return False
    return script(left) in ("kana", "han") or (script(left) == "latin" and script(right) in ("kana", "han"))


@lru_cache(maxsize=2048)
def titleness(part: str) -> float:
    """How much a piece reads like a title (positive) or like an artist (negative)."""
    inner = groups(part)
    words = fold(without(part, inner)).split() or fold(part).split()
    known = sum(1 for w in words if w in word_lists.TITLE_WORDS)
    score = _bracket_score(part)
    if " " in part.strip():
        # A name in one piece, as will.i.am, is no sentence.
        score += min(3.0, 1.2 * known)
    if len(words) > 5:
        score += 1
    if "?" in part or part.endswith("..."):
        score += 1
    person = 0.0 if known else _personness(part, words)
    score -= person
    if not known and person <= 0 and len(words) >= 3 and len(credits.split_credit(part)) == 1:
        # One artist's name seldom has so many words.
        score += 0.4 if len(words) == 3 else 0.7
    if len(words) == 1 and words[0] in word_lists.GIVEN_NAMES and script(part) == "arabic":
        # Persian singers go by one name, and Persian channels write the title first.
        score -= 2.8
    if _INITIALS.match(part):
        score -= 2.5
    if _TOGETHER.search(part):
        score -= 1.5
    if _sentence_case(part):
        score += 1.2
    if words and _GROUP.search(words[-1]):
        score -= 1.5
    return score


def _sentence_case(part: str) -> bool:
    """Whether only the first word has a capital, as in a sentence; each word of a name has one."""
    words = [w for w in credits.split_features(part)[0].split() if w[0].isalpha()]
    if len(words) < 2 or not words[0][0].isupper():
        return False
    return any(w[0].islower() and len(w) > 3 and fold(w) not in word_lists.SMALL_WORDS for w in words[1:])


def _bracket_score(part: str) -> float:
    inner = [g for g in groups(part) if g.start > 0]
    if any(_GUEST.match(g.inside) or is_version(g.inside) for g in inner):
        return 3.0
    # A bracket in another script is an artist's other name.
    return 1.5 if inner and script(inner[-1].inside) == script(part) else 0.0


def _personness(part: str, words: list[str]) -> float:
    """How much a piece without title words reads like people's names."""
    score = 0.0
    names = credits.split_credit(part)
    if len({fold(n) for n in names}) == len(names) > 1:
        listed = all(len(n.split()) <= 3 and n[0].isupper() and not n.startswith("The ") for n in names)
        if "," in part and len(words) > len(names) and listed:
            # 'A B, C D' is a list of people; three words with commas are a title.
            score += 3.0
        elif "&" in part and all(len(n.split()) in (2, 3) and n.title() == n for n in names):
            # 'Ann Bee & Cee Dee'
            score += 2.0
        if all(_is_person(fold(n).split()) for n in names):
            score += 2.8
    elif _is_person(words):
        score += 2.2
    if words and words[0] in _NAME_HEADS and len(words) <= 4:
        score += 1.0
    return score


def _is_person(words: list[str]) -> bool:
    """Two or three words that begin with a given name."""
    return 2 <= len(words) <= 3 and words[0] in word_lists.GIVEN_NAMES
