"""How surely two titles are one: spelling, numbers, subtitles, scripts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from navaar_identifier.compare import phonetics
from navaar_identifier.compare.profile import ComparableReading
from navaar_identifier.compare.words import WordDifference, difference
from navaar_identifier.data import word_lists
from navaar_identifier.names.brackets import groups, without
from navaar_identifier.text import japanese, normalisation
from navaar_identifier.text.cuts import continues
from navaar_identifier.text.hanzi import simplified
from navaar_identifier.text.romanisation import skeleton, sound
from navaar_identifier.text.scripts import script
from navaar_text.folding import fold

_NUMBER = re.compile(r"\d+")
_COUNTED = word_lists.word_set(
    """
    part parts pt pts vol volume no nr num number nro numero nummer act atto acte chapter book teil parte partie
    movement scene disc cd часть قسمت بخش
    """
)
_KEYS = word_lists.word_set("major minor maj min dur moll flat sharp majeur mineur")
_SURELY_ROMAN = frozenset(("ii", "iii", "iv", "vii", "viii", "ix", "xi", "xii"))
_COUNTS = {
    **word_lists.ROMAN,
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
}  # fmt: skip
_PIECES = word_lists.PIECES
"""What makes a piece of its own of a title's name."""
_OF_A_SERIES = 0.72
"""The most that two titles are worth of which one is another part: it is a song of its own, whatever else agrees."""
_OTHER_WORDS = {WordDifference.NONE: 1.0, WordDifference.SLIGHT: 0.84, WordDifference.CERTAIN: 0.72}
"""The most that two titles are worth that differ in a word: 'The Night Before' and 'The Night Before Us'."""
_TWO_SUBTITLES = 0.72
"""The most that one title is worth with two unlike subtitles."""
_MIXES = word_lists.word_set("mix remix rmx edit dub version take")
_JOINED_NUMBER = re.compile(r"[^\W\d_a-z](\d{1,2})$")
"""Scripts that write no blanks put the part's number right behind the title."""
_MOST_DIGITS = 2
_ALBUM = 80
_FEW_BONES = 3
"""Consonants below which a glance at a title in another script shows nothing."""
_TELLING_HEAD = 5
_HEAD_ALONE = 0.86
"""Enough with the same length, too little without."""
_SYLLABLES = "\u2e80"
"""From here on a sign is a syllable or a word, and two of them tell as much as a long word."""
_APART = 58
"""Likeness per cent below which two titles without a common word need no closer look."""
_MUCH_ALIKE = 80
"""Likeness per cent of consonants that is looked at closely, whatever the vowels."""
_SHORT = 4
"""Letters up to which a title is another one as soon as a letter differs."""
_SHORT_MISSPELLED = 0.73
"""Enough only with artist, album and length, more than two different numbers are worth."""
_RATHER_SHORT = 6
"""Letters up to which one letter makes it doubtful."""
_APART_RATHER_SHORT = 70
"""Likeness per cent below which such a title and any other need no closer look."""
_UNLIKE = 58
_UNLIKE_UNVOWELLED = 55
"""Likeness per cent of sounds below which two fields of two scripts are two titles; one name gave 60 and more."""


def readings_agree(a: ComparableReading, b: ComparableReading, album_a: str = "", album_b: str = "") -> float:
    """How surely two readings have one title, 0..1. Symmetric.

    Args:
        a: a reading of one side.
        b: a reading of the other.
        album_a: the first side's album, folded: the other side may have it in its title.
        album_b: the second side's.
    """
    whole = texts_agree(a.folded, b.folded)
    if whole >= 0.97:
        return whole
    if a.cut or b.cut:
        whole = max(whole, _uncut(a, b), _uncut(b, a))
    # What is the other's album is no part of the title. Without any artist, what stands before the dash may be one.
    if a.tail and (a.artists or not b.split) and album_b and fuzz.ratio(a.tail, album_b) >= _ALBUM:
        whole = texts_agree(a.head, b.folded)
    if b.tail and (b.artists or not a.split) and album_a and fuzz.ratio(b.tail, album_a) >= _ALBUM:
        whole = texts_agree(a.folded, b.head)
    if whole < _HEAD_ALONE:
        whole = max(whole, _without_tail(a, b), _without_tail(b, a))
    if a.main == a.folded and b.main == b.folded:
        return whole
    # A subtitle in brackets on one side only, 'Big Girl (You Are Beautiful)'; two different ones are two songs.
    if is_piece(a.main) or is_piece(b.main):
        # 'Interlude (Mara)': there the bracket is the name.
        return whole
    mains = texts_agree(a.main, b.main)
    if _another_part(a.folded, b.folded):
        mains = min(mains, _OF_A_SERIES)
    if a.main == a.folded or b.main == b.folded:
        return max(whole, mains - 0.05)
    return max(whole, min(_TWO_SUBTITLES, mains))


def _uncut(short: ComparableReading, long: ComparableReading) -> float:
    """What it is worth that one title is the beginning of the other, cut where formats cut."""
    if not short.cut or part(short.folded):
        return 0.0
    behind = long.folded[len(short.folded) :]
    return 0.0 if part(behind, alone=True) or numbers(behind) else continues(short.folded, long.folded)


def _without_tail(long: ComparableReading, short: ComparableReading) -> float:
    """What it is worth that one title begins the other: behind the dash may stand an album that nobody names."""
    if (
        len(long.head) < _TELLING_HEAD
        or not (long.artists or not short.split)
        or part(long.tail, alone=True)
        or numbers(long.tail)
        or is_piece(long.head)
    ):
        return 0.0
    if texts_agree(long.head, short.folded) < 0.97:
        return 0.0
    return _HEAD_ALONE


@lru_cache(maxsize=16384)
def texts_agree(a: str, b: str) -> float:
    """How surely two folded titles are one, 0..1. Symmetric."""
    left, right = a.replace(" ", ""), b.replace(" ", "")
    if left == right:
        return 1.0 if left else 0.0
    if not left or not right:
        return 0.0
    script_a, script_b = script(a), script(b)
    if script_a != script_b and script_a and script_b:
        return phonetics.alike(a, b)
    if script_a == "han":
        a, b = simplified(a), simplified(b)
        left, right = a.replace(" ", ""), b.replace(" ", "")
        if left == right:
            return 1.0
    ratio = fuzz.ratio(left, right) / 100
    unlike_signs = not (a.isascii() and b.isascii()) and japanese.has_kanji(a) != japanese.has_kanji(b)
    if unlike_signs:
        # Mostly Latin, with a few characters of another script: '裸足でSummer'.
        ratio = max(ratio, phonetics.alike(a, b))
    if ratio < 0.5:
        return ratio
    if normalisation.alike(a, b):
        return 0.97
    ratio = max(ratio, fuzz.token_sort_ratio(a, b) / 100 - 0.02)
    numbers_a, numbers_b = numbers(a), numbers(b)
    if numbers_a == numbers_b and _one_part(a, b):
        return 0.97
    if numbers_a != numbers_b:
        # 'Part 1' and 'Part 2' differ by one letter and are two recordings.
        ratio = min(ratio, _OF_A_SERIES if numbers_a and numbers_b else 0.84)
    if _another_part(a, b) or _another_mix(a, b):
        ratio = min(ratio, _OF_A_SERIES)
    elif ratio > _OTHER_WORDS[WordDifference.CERTAIN] and not unlike_signs:
        ratio = min(ratio, _OTHER_WORDS[difference(a, b)])
    shorter = min(len(left), len(right))
    # One letter makes another word of a short one.
    return (
        min(ratio, _SHORT_MISSPELLED) if shorter <= _SHORT else min(ratio, 0.84) if shorter <= _RATHER_SHORT else ratio
    )


@lru_cache(maxsize=16384)
def numbers(folded: str) -> tuple[str, ...]:
    """The numbers of a folded title: digits anywhere; Roman ones and words behind 'part' and the like and at the end.

    Roman ones also stand behind another number, behind a key and before a tempo: 'in A major: I. Allegro'.
    """
    found = [n.lstrip("0") or "0" for n in _NUMBER.findall(folded)]
    words = folded.split()
    for index, word in enumerate(words):
        value = _COUNTS.get(word)
        if value is None or not index:
            continue
        before = words[index - 1]
        counted = before in _COUNTED or (index > 1 and before in _COUNTS and words[index - 2] in _COUNTED)
        movement = word in word_lists.ROMAN and (
            word in _SURELY_ROMAN
            or before.isdigit()
            or before in _KEYS
            or not word_lists.TEMPI.isdisjoint(words[index + 1 : index + 2])
        )
        if counted or movement or index == len(words) - 1:
            found.append(value)
    return tuple(sorted(found))


@lru_cache(maxsize=16384)
def part(folded: str, *, alone: bool = False) -> str:
    """Which part of a series a folded title is by its last words: 'paper crown 2', '... pt ii', '... reprise'; or ''.

    Args:
        folded: the title.
        alone: it is a piece of a title, that may be nothing but its number.
    """
    words = folded.split()
    if words and (joined := _JOINED_NUMBER.search(words[-1])):
        return str(int(joined[1]))
    if len(words) < 2 - alone:
        return ""
    last = words[-1]
    if last in _PIECES:
        return last
    counted = len(words) > 1 and words[-2] in _COUNTED
    if last.isdecimal():
        # Longer ones are years and bit rates.
        return str(int(last)) if counted or len(last) <= _MOST_DIGITS else ""
    if last in word_lists.ROMAN:
        return word_lists.ROMAN[last]
    return _COUNTS.get(last, "") if counted else ""


def is_piece(folded: str) -> bool:
    """Whether a folded title only says which sort of piece it is: 'interlude', 'intro'."""
    return _PIECES.issuperset(folded.split())


def _another_part(a: str, b: str) -> bool:
    """Whether at the end of one title stands a part that the other does not name."""
    mine, theirs = part(a), part(b)
    if mine == theirs:
        return False
    # '2 Become 1' and 'Two Become One', 'Part Four' and 'Part 4' are compared as numbers.
    return not (mine and theirs) or numbers(a) != numbers(b)


def _one_part(a: str, b: str) -> bool:
    """Whether both are one part of one title, told in other words: 'Part Two' and 'Pt. 2'."""
    which = part(a)
    return bool(which) and which == part(b) and _stem(a) == _stem(b)


def _stem(folded: str) -> tuple[str, ...]:
    """A title's words before the part at its end."""
    words = folded.split()[:-1]
    return tuple(words[:-1] if words and words[-1] in _COUNTED else words)


def _another_mix(a: str, b: str) -> bool:
    """Whether two titles end with mixes of two names that no bracket sets off: 'Slow Rain Anvil Mix'."""
    mine, theirs = a.split(), b.split()
    if min(len(mine), len(theirs)) < 3 or mine[-1] != theirs[-1] or mine[-1] not in _MIXES:
        return False
    return fuzz.ratio(mine[-2], theirs[-2]) < _MUCH_ALIKE


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a glance sees of a title field."""

    folded: str
    joined: str
    """Its words run together."""
    words: frozenset[str]
    """Those long enough to tell something."""
    native: str
    """The words that are not written in Latin letters."""
    script: str
    """Theirs."""
    latin: str
    """Those in plain Latin letters run together, with the numbers."""


@lru_cache(maxsize=1024)
def _seen(text: str) -> _Seen:
    folded = simplified(fold(text))
    words = folded.split()
    telling = frozenset([w for w in words if len(w) > 2 or w >= _SYLLABLES])
    joined = "".join(words)
    if folded.isascii():
        return _Seen(folded, joined, telling, "", "", joined)
    native = " ".join([w for w in words if not w.isascii() and script(w) not in ("latin", "")])
    latin = "".join([w for w in words if w.isascii()])
    return _Seen(folded, joined, telling, native, script(native) if native else "", latin)


def far_apart(a: str, b: str) -> bool:
    """Whether two title fields surely hold two titles, at a glance. Symmetric.

    It spares most candidates of a search the full comparison; in doubt it says no.
    """
    if not _far_apart(a, b):
        return False
    if (a.isascii() and b.isascii()) or not any(sign in text for text in (a, b) for sign in "([（"):
        return True
    # A remark in brackets hides a short title of another script.
    bare_a, bare_b = without(a, groups(a)), without(b, groups(b))
    return (bare_a == a and bare_b == b) or not bare_a or not bare_b or _far_apart(bare_a, bare_b)


def _far_apart(a: str, b: str) -> bool:
    left, right = _seen(a), _seen(b)
    shorter = min(len(left.joined), len(right.joined))
    if shorter <= _SHORT and left.folded.isascii() and right.folded.isascii():
        few, more = (left, right) if len(left.joined) == shorter else (right, left)
        # A number at most may be no title at all; see `Profile.untitled`.
        named = all(any(map(str.isalpha, side.joined)) for side in (left, right))
        return named and not _runs_hold(more.folded.split(), few.joined)
    if shorter <= 3:
        return False
    if not left.words.isdisjoint(right.words) or left.folded in right.folded or right.folded in left.folded:
        return False
    if left.script == right.script:
        # Also two in Latin letters: neither has words of another script.
        enough = _APART_RATHER_SHORT if shorter <= _RATHER_SHORT else _APART
        return fuzz.partial_ratio(left.joined, right.joined, score_cutoff=enough) < enough
    bones_left, bones_right = skeleton(left.folded), skeleton(right.folded)
    shorter = min(len(bones_left), len(bones_right))
    if shorter < _FEW_BONES:
        return False
    enough = _APART - 8 if shorter > _FEW_BONES else 70
    bones = fuzz.partial_ratio(bones_left, bones_right, score_cutoff=enough)
    if bones >= _MUCH_ALIKE or (bones >= enough and not _sound_apart(left, right)):
        return False
    # Last, for it may ask a dictionary.
    return not phonetics.unknowable(left.folded, right.folded)


def _runs_hold(words: list[str], joined: str) -> bool:
    """Whether some words in a row are this text when run together: 'U.F.O.' and 'UFO' are one title."""
    for start in range(len(words)):
        run = ""
        for word in words[start:]:
            run += word
            if run == joined:
                return True
            if len(run) >= len(joined):
                break
    return False


def _sound_apart(left: _Seen, right: _Seen) -> bool:
    """Whether two fields of two scripts are unlike with their vowels too: long ones share consonants by chance."""
    if min(len(left.joined), len(right.joined)) <= phonetics.LONGEST_ACRONYM:
        return False
    if left.latin and right.latin and fuzz.partial_ratio(left.latin, right.latin) >= _APART:
        return False
    unlike = _UNLIKE_UNVOWELLED if phonetics.UNVOWELLED & {left.script, right.script} else _UNLIKE
    if fuzz.partial_ratio(sound(left.folded), sound(right.folded), score_cutoff=unlike) >= unlike:
        return False
    # The native words alone may be the title, and the others the artist.
    a, b = left.native or left.folded, right.native or right.folded
    bones_a, bones_b = skeleton(a), skeleton(b)
    bones = fuzz.partial_ratio(bones_a, bones_b, score_cutoff=_APART - 8)
    if bones >= _MUCH_ALIKE and min(len(bones_a), len(bones_b)) >= _FEW_BONES:
        return False
    return bones < _APART - 8 or fuzz.partial_ratio(sound(a), sound(b), score_cutoff=unlike) < unlike
