"""Separators: where a raw name is cut into pieces, and which pieces say nothing."""

from __future__ import annotations

import re

from navaar_identifier.data.word_lists import word_set
from navaar_identifier.names import boilerplate, credits
from navaar_identifier.names.brackets import groups, without
from navaar_identifier.names.persian_sentences import is_sentence
from navaar_identifier.text.scripts import script
from navaar_text.folding import fold

DASH = re.compile(r"\s+(?:-{1,3}|[–—―‐‑‒−]{1,2})\s+")
_UNDERSCORE = re.compile(r"\s_\s")
_COLON = re.compile(r":\s+")
_RANKED = (
    # Best evidence first: a dash between spaces, other signs between spaces, a dash leaning on one word.
    DASH,
    # A slash stands within titles too.
    re.compile(r"\s+(?:[~•·✦✧★☆|=∙⋅:｜〜⁓ـ]|[●■◆◇○□▪]+|\.{3})\s+|\s+//\s+"),
    _UNDERSCORE,
    re.compile(r"\s*-{2,3}\s*|\s+[-–—]|[-–—]\s+|\s*[—–]\s*"),
    re.compile(r"\s+[/／]\s+"),
    _COLON,
)
_NUMBER_OF_TITLE = re.compile(r"^0\d(?:\s?[.)]\s?-?\s?|\s+)(?=[^\W\d_])")
_ALSO_BANDS = frozenset(("free", "new", "hot", "full"))
"""Words that publishing uses and that bands are called."""
_TRACK_PIECE = re.compile(r"(?:track|faixa|pista|piste|трек) ?\d{1,2}")
_PIPE = re.compile(r"\s*(?:\||｜|\s//\s)\s*")
SPACED = re.compile(r"\s[-–—~•|:]+\s|[-–—]\s|\s[-–—]")
_NUMBERED_HEAD = re.compile(r"\d|\b(?:op|no|act|part|vol|chapter)\b", re.IGNORECASE)
_TITLE_HEADS = word_set(
    """
    reel jig intro outro interlude medley suite concerto sonata symphony prelude overture theme hymn psalm aria
    scene skit act prologue epilogue waltz march polka song bonus dance recitative fugue toccata chorale live remix
    cover
    """
)
"""Words that stand before a colon inside a title."""
_BITRATE = re.compile(r"64|128|192|256|320")
_DATE = re.compile(r"^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|^\d{4}$")
_CHANNEL = re.compile(r"official|channel|music|records|کانال|موزیک", re.IGNORECASE)


def pieces(text: str) -> tuple[list[str], str]:
    """Cuts a name at its best separator.

    Returns:
        The pieces without boilerplate, and the text that they were cut from. One piece when there is no separator, or
        only boilerplate behind it.
    """
    if "_" in text and DASH.search(text):
        # File systems allow no '|'.
        text = _UNDERSCORE.sub(" | ", text)
    if "|" in text or "｜" in text:
        text = _best_pipe_piece(text)
    for separator in _RANKED:
        parts = _meaningful([p for p in _split_outside(text, separator) if any(map(str.isalnum, p))])
        if len(parts) == 1 and separator is DASH:
            text = parts[0]
        if len(parts) < 2 or (separator is _COLON and not _colon_separates(parts)):
            continue
        return _ordered(parts), text
    return [text], text


def without_translation(text: str) -> tuple[str, str]:
    """Takes off the same name in another script, in a bracket or as a sentence behind the last dash.

    Returns:
        The text without it, and what it was ('' if there is none).
    """
    for group in groups(text):
        inner = script(group.inside)
        if group.start and inner and inner != script(text[: group.start]) and SPACED.search(group.inside):
            return without(text, (group,)), group.inside
    parts = _split_outside(text, DASH)
    if len(parts) > 2 and is_sentence(parts[-1]):
        return " - ".join(parts[:-1]), parts[-1]
    if len(parts) == 1 and ":" in text:
        # 'Artist title : download the new song of Artist by the name of Title'
        front, _, sentence = (piece.strip() for piece in text.partition(":"))
        if front and is_sentence(sentence):
            return sentence, ""
    if text.isascii() or len(parts) < 3:
        return text, ""
    # 'Artist - Title | the same' and, without any sign, 'Artist - Title the same'
    first = script(parts[0])
    words = text.split()
    change = next((i for i, w in enumerate(words) if script(w) not in ("", first)), 0)
    if not change or any(script(w) == first for w in words[change:]):
        return text, ""
    front, behind = " ".join(words[:change]).rstrip(" |/-–—"), " ".join(words[change:])
    return (front, behind) if DASH.search(front) and DASH.search(behind) else (text, "")


def _split_outside(text: str, separator: re.Pattern[str]) -> list[str]:
    """Splits at the separator, but not inside brackets."""
    spans = [(g.start, g.end) for g in groups(text)]
    parts: list[str] = []
    start = 0
    for found in separator.finditer(text):
        if any(low < found.start() < high for low, high in spans):
            continue
        parts.append(text[start : found.start()].strip())
        start = found.end()
    parts.append(text[start:].strip())
    return parts


def _best_pipe_piece(text: str) -> str:
    """Of 'A - B | Film | Label' the piece that holds the name."""
    parts = [p for p in _PIPE.split(text) if any(map(str.isalnum, p)) and not boilerplate.is_remark(p, bracket=False)]
    if not parts:
        return text
    if len(parts) == 2 and not any(DASH.search(p) for p in parts):
        # 'Artist | Title', but 'Artist: Title | Album'
        return parts[0] if _COLON.search(parts[0]) else " | ".join(parts)
    return next((p for p in parts[:2] if DASH.search(p)), parts[0])


def _meaningful(parts: list[str]) -> list[str]:
    """The pieces that are not publishing talk; all of them when nothing else is left."""
    if len(parts) < 2:
        return parts
    kept = [
        part
        for index, part in enumerate(parts)
        if (
            not boilerplate.is_remark(part, bracket=False)
            or (not index and len(parts) == 2 and fold(part) in _ALSO_BANDS)
        )
        and not (len(parts) > 2 and (_BITRATE.fullmatch(part.strip(" -")) or _TRACK_PIECE.fullmatch(fold(part))))
        and (index or fold(part) == "artist" or not credits.is_junk(part))
    ]
    return kept or parts


def _colon_separates(parts: list[str]) -> bool:
    """'Artist: Title' with a short left side; 'Act 1: Scene' and 'Sonata No. 5: Allegro' are titles."""
    left = parts[0]
    if len(parts) != 2 or len(left.split()) > 5:
        return False
    return not _NUMBERED_HEAD.search(left) and fold(left) not in _TITLE_HEADS


def _ordered(parts: list[str]) -> list[str]:
    """The pieces from the artist on: without numbers, channels and repeats in front, and dates with places behind."""
    if len(parts) > 2 and re.fullmatch(r"\d{1,3}\.?", parts[0]):
        parts = parts[1:]
    if len(parts) > 2 and re.fullmatch(r"\d{1,3}|(?:19|20)\d\d", parts[1]):
        # 'Artist - 03 - Title', 'Artist - 1996 - Title'
        parts = [parts[0], *parts[2:]]
    if len(parts) == 2:
        # 'Artist - 03 Title'
        parts = [parts[0], _NUMBER_OF_TITLE.sub("", parts[1])]
    if len(parts) > 2 and (fold(parts[0]) == fold(parts[1]) or _is_channel(parts[0], parts[1])):
        parts = parts[1:]
    end = next((i for i in range(2, len(parts)) if _DATE.search(parts[i])), len(parts))
    return parts[:end]


def _is_channel(first: str, second: str) -> bool:
    """Whether the first of three pieces is the channel that posted the song."""
    foreign = script(first) != script(second)
    if _CHANNEL.search(first) and (" " not in first or (foreign and len(first.split()) <= 3)):
        return True
    return script(first) == "latin" and script(second) == "arabic" and " " not in first
