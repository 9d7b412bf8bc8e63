"""Containment: a known title and artist found inside an upload's longer title, with the rest explained or not.

Uploads are named in ways that no separator rule reads ('HALLELUJAH Jeff Buckley my favourite'). Where the artist and
the whole title of the other side stand in such a text, what is left over decides how much that is worth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from navaar_identifier.compare import artists, titles
from navaar_identifier.compare.profile import ComparableReading, Profile
from navaar_identifier.data import word_lists
from navaar_identifier.names import credits
from navaar_identifier.names.brackets import groups, without
from navaar_identifier.names.version_words import VersionKind
from navaar_identifier.names.versions import Version, kinds, read_versions
from navaar_identifier.text.normalisation import normalised
from navaar_identifier.text.scripts import script
from navaar_text.folding import fold

MOST_WORDS = 40
_COST = {1: 0.055, 2: 0.04, 3: 0.03}
"""What an unexplained word beside a found title costs, by the number of words in the title: one is found easily."""
_FOUND = 0.98
_GOES_ON = 0.8
"""The most that a found title is worth that only begins what stands there: asked about with the same length."""
_MEDLEY = re.compile(r"[^\W\d]\s*/\s*[^\W\d]")
_OF_A_MEDLEY = 2.5
"""'One Song/Another': the words beside a slash are likelier a song."""
_PLAYERS = word_lists.word_set(
    """
    piano vocals vocal guitar bass drums organ trumpet sax saxophone violin orchestra singer featuring em on at the
    album lp
    """
)
_ARTICLES = frozenset(("the", "a", "an"))
_ROMAN = frozenset(w for w in word_lists.ROMAN if len(w) > 1)
_COUNTED_THINGS = frozenset(("hour", "hours", "h", "min", "k", "d"))
"""'Title 1 hour': no part, and a version word besides."""
_GAP = "\0"
"""Stands where something was taken out, so that no phrase is found across it."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What was found."""

    title: float
    """How surely the title is the whole's title, 0..1."""
    artist: float
    marks: frozenset[Version]
    """Version words among the left-over words."""


def title_inside(whole: Profile, part: Profile) -> Inside | None:
    """Looks for the part's title and artist inside the whole's title text.

    Args:
        whole: the longer text.
        part: whose title and artist are looked for.

    Returns:
        None when the title is not in there, or the artist is neither in there nor the channel.
    """
    if len(whole.words) > MOST_WORDS:
        return None
    text = normalised(whole.words)
    channel_words = {word for name in whole.names for word in fold(name).split()}
    best: Inside | None = None
    for reading in part.readings[:3]:
        if reading.inside:
            # Pieces of a title, taken for a name and a song, are easily found.
            continue
        needle = normalised(tuple(reading.folded.split()))
        start = _find(text, needle)
        if start is None and len(needle) > 2 and needle[0] in _ARTICLES:
            needle = needle[1:]
            start = _find(text, needle)
        if start is None:
            continue
        if _within_album(whole.words, start, len(needle), part.album):
            continue
        if _goes_on_as_part(whole.words[start + len(needle) :], needle):
            continue
        rest = [*whole.words[:start], _GAP, *whole.words[start + len(needle) :]]
        numbered = _numbered(whole.words[:start])
        artist = 0.95 if _take_out(rest, reading) else 0.0
        channel = artists.agree(reading.artists, whole.names) if reading.artists and whole.names else 0.0
        own_channel = channel >= 0.8
        if own_channel and not artist and not numbered and _is_longer_title(whole, start, len(needle)):
            continue
        if own_channel:
            artist = max(artist, channel)
        elif artist and _only_in_bracket(whole, reading):
            # 'Somebody - Title (Our Artist)': our artist is whom somebody covers.
            continue
        if not artist:
            continue
        if numbered:
            # 'Artist - The Album (Deluxe) - 03. Title': what stands before the track number is the album.
            rest = rest[rest.index(_GAP, max(0, len(rest) - len(whole.words[start + len(needle) :]) - 1)) :]
        left_over = _left_over(rest, whole, part, own_channel=own_channel)
        if reading.folded == part.album and start and start + len(needle) == len(text) and left_over:
            # 'Another Song - The Album' is not the song that the album is named after.
            continue
        if reading.split and _unlike(
            {word for word, _ in left_over if not _ignorable(word)}, _rest(part, reading, whole)
        ):
            continue
        found = frozenset(read_versions(" ".join(word for word, _ in left_over)))
        if VersionKind.LIVE in kinds(found):
            left_over = _without_place(left_over)
        if titles.is_piece(reading.folded) and not all(_ignorable(word) for word, _ in left_over):
            # 'Interlude' in 'Letters (Interlude)' is what kind of piece that is.
            continue
        cost = sum(weight for word, weight in left_over if not _ignorable(word) and not read_versions(word))
        title = max(0.0, _FOUND - _COST[min(len(needle), 3)] * cost)
        if len("".join(needle)) <= 3:
            title -= 0.08
        if not found and _holds_more(whole, needle, left_over, channel_words):
            title = min(title, _GOES_ON)
        if best is None or title > best.title:
            best = Inside(title, artist, found)
    return best


def unlike_rests(a: Profile, left: ComparableReading, b: Profile, right: ComparableReading) -> bool:
    """Whether what two title fields hold besides an agreeing artist and title is unlike: then that was no title.

    'Tito "El Bambino" - One' and 'Tito "El Bambino" - Another' share a name in quotation marks.
    """
    if not (left.split and right.split):
        return False
    return _unlike(_rest(a, left, b), _rest(b, right, a))


def _unlike(rest: set[str], other: set[str]) -> bool:
    if not rest or not other:
        return False
    return rest.isdisjoint(other) or rest & _ROMAN != other & _ROMAN


def _rest(profile: Profile, reading: ComparableReading, other: Profile) -> set[str]:
    """The words of a title field that neither the reading nor anything else on either side explains."""
    known = {word for name in (*reading.artists, *profile.names, *other.names) for word in fold(name).split()}
    known.update(reading.folded.split(), profile.album.split(), other.album.split())
    known.update(word for phrase in profile.said for word in phrase.split())
    return {w for w in profile.words if w not in known and len(w) > 1 and not w.isdigit() and not _ignorable(w)}


def _within_album(words: tuple[str, ...], start: int, size: int, album: str) -> bool:
    """Whether what was found is only a piece of the album's name."""
    name = tuple(album.split())
    if len(name) <= size:
        return False
    at = _find(words, name)
    return at is not None and at <= start and start + size <= at + len(name)


def _goes_on_as_part(behind: tuple[str, ...], needle: tuple[str, ...]) -> bool:
    """Whether the words behind a found title make another part of it: 'Paper Crown' in 'Paper Crown Pt. 2 Official'."""
    for size in (1, 2):
        piece = behind[:size]
        if len(piece) == size and titles.part(" ".join((*needle, *piece))) and not titles.part(" ".join(needle)):
            return size == 2 or not piece[0].isdecimal() or not _counts(behind[1:3])
    return False


def _numbered(before: tuple[str, ...]) -> bool:
    """Whether the words before a title end with a track's number: '03', 'track 3', 'no 3'."""
    if not before or not before[-1].isdecimal() or len(before[-1]) > 2:
        return False
    return before[-1].startswith("0") or before[-2:-1] in (("track",), ("no",), ("nr",))


def _counts(behind: tuple[str, ...]) -> bool:
    """Whether the number before these words numbers no part: an hour's loop, a date."""
    if not behind:
        return False
    date = behind[0].isdecimal() and (len(behind[0]) > 1 or any(map(str.isdecimal, behind[1:2])))
    return date or behind[0] in _COUNTED_THINGS


def _is_longer_title(whole: Profile, start: int, size: int) -> bool:
    """Whether a field that holds nothing but a title has the found one as a piece of it: 'Hello Again', 'Not Hello'."""
    before = [word for word in whole.words[:start] if not word.isdecimal()]
    found = script(whole.words[start])
    # Words in another script are the title's translation.
    others = [word for word in (*before, *whole.words[start + size :]) if script(word) in (found, "")]
    if all(_ignorable(word) for word in others if word not in word_lists.SMALL_WORDS) and (
        word_lists.TITLE_WORDS.isdisjoint(others)
    ):
        return False
    text = " ".join(whole.words)
    return any(r.folded == r.main == text and not r.tail for r in whole.readings)


def _holds_more(
    whole: Profile, needle: tuple[str, ...], left_over: list[tuple[str, float]], channel_words: set[str]
) -> bool:
    """Whether some reading of a text has a title that holds the found one beside words that tell something."""
    weighty = {
        word for word, _ in left_over if word in word_lists.TITLE_WORDS or (_weight(word) >= 1 and not _ignorable(word))
    }
    weighty -= channel_words
    return bool(weighty) and any(_goes_on(reading, needle, weighty) for reading in whole.readings)


def _goes_on(reading: ComparableReading, needle: tuple[str, ...], weighty: set[str]) -> bool:
    """Whether what stands behind the artist is a title that holds another one: 'Artist - Hello Again'.

    Args:
        reading: of the longer text.
        needle: the words of the title that was found in it.
        weighty: the words beside it that nothing explains.
    """
    if not reading.split or reading.turned or reading.main != reading.folded or reading.tail:
        return False
    words = tuple(reading.folded.split())
    start = _find(normalised(words), needle)
    return start is not None and not weighty.isdisjoint((*words[:start], *words[start + len(needle) :]))


def _without_place(left_over: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """The left-over words with those behind 'live' made light: they name the place and the day."""
    for index, (word, _) in enumerate(left_over):
        if VersionKind.LIVE in kinds(read_versions(word)):
            return [*left_over[: index + 1], *((w, 0.3 * weight) for w, weight in left_over[index + 1 :])]
    return left_over


def _find(text: tuple[str, ...], needle: tuple[str, ...]) -> int | None:
    if not needle:
        return None
    size = len(needle)
    for start in range(len(text) - size + 1):
        if text[start] == needle[0] and text[start : start + size] == needle:
            return start
    return None


def _take_out(rest: list[str], reading: ComparableReading) -> bool:
    """Takes the reading's artists out of the words; whether one was there."""
    found = False
    # What stands behind a title may be the song; a piece of it is no performer.
    for name in reading.artists[:1] if reading.turned else reading.artists:
        words = tuple(fold(name).split())
        for _ in range(2):
            spot = _find(tuple(rest), words)
            if spot is None or _of_another(rest[:spot]):
                break
            rest[spot : spot + len(words)] = [_GAP]
            found = True
    return found


def _of_another(before: list[str]) -> bool:
    """Whether the words before a name say that somebody else plays this artist's songs."""
    words = [w for w in before[-3:] if w not in word_lists.SMALL_WORDS and w not in ("to", "by")]
    return bool(words) and words[-1] in credits.AFTER_OTHERS


def _only_in_bracket(whole: Profile, reading: ComparableReading) -> bool:
    """Whether a text that names a performer of its own has ours in a bracket only."""
    if all(r.by_channel for r in whole.readings):
        return False
    outer = tuple(fold(without(whole.text, groups(whole.text))).split())
    return not any(_find(outer, tuple(fold(name).split())) is not None for name in reading.artists)


def _left_over(rest: list[str], whole: Profile, part: Profile, *, own_channel: bool) -> list[tuple[str, float]]:
    """The words around a found title with how much each speaks against it: an album's or a channel's words do not."""
    known = set(part.album.split()) | set(whole.album.split())
    channel = {word for name in whole.names for word in fold(name).split()}
    words = [w for w in rest if w != _GAP]
    # A channel that names itself first is the performer; behind the name it is only a signature.
    if own_channel or (words and words[0] not in channel):
        known |= channel
    # 'Title | Film | Cast | Label'
    light = 0.3 if "|" in whole.text else _OF_A_MEDLEY if _MEDLEY.search(whole.text) else 1.0
    return [(word, light * _weight(word)) for word in words if word not in known]


def _weight(word: str) -> float:
    if word in _PLAYERS:
        return 0.4
    if len(word) == 1 or word.isdigit():
        return 0.5
    # 'Not', 'your', 'again': such a word makes a longer title of the one that was found.
    return 2.5 if word in word_lists.TITLE_WORDS else 1.0


def _ignorable(word: str) -> bool:
    """Whether a left-over word says nothing about the recording."""
    return (
        word in word_lists.BOILERPLATE
        or word in word_lists.FILLER
        or word in word_lists.SMALL_WORDS
        or (word.isdigit() and len(word) == 4)
    )
