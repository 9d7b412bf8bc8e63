"""Captions: the lines that people and bots write under a post, and which of them name the recording.

A labelled value ('Title: ...', '🎤 ...') says what it is. A line with a separator is read as a name. Hashtags, handles,
links, labelled values of other kinds and lines that ask to join a channel name nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from navaar_identifier.data.word_lists import phrases, table, word_set
from navaar_identifier.names import cleanup, credits
from navaar_identifier.names.boilerplate import is_remark
from navaar_identifier.text.normalisation import FIELD
from navaar_text.folding import fold

LONGEST = 2000
"""Characters of a caption looked at."""
_MOST_LINES = 30

_LABELS = table("field_labels.toml")
_KINDS = ("artist", "title", "album", "either", "other")
# Letters that keyboards of one language write in two ways; one for one, so that places in the text stay.
_ONE_LETTER = str.maketrans("يكىةأإآİıёЁ：＝", "یکیهاااIiеЕ:=")
_ADVERTISING = word_set(_LABELS["advertising"])


def _labels() -> dict[str, str]:
    found: dict[str, str] = {}
    for kind in _KINDS:
        for phrase in phrases(_LABELS[kind]):
            found.setdefault(_matched(phrase).lower(), kind)
    return found


def _matched(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_ONE_LETTER)


_KIND_OF = _labels()
_LABEL = "|".join(re.escape(label) for label in sorted(_KIND_OF, key=len, reverse=True))
_EDGE = r"(?:^|(?<=[\s|,;·•/،、*_(\[\"“]))"
_LABELLED = re.compile(
    rf"{_EDGE}(?P<label>{_LABEL})(?:\(s\))?(?:\s?[/|]\s?(?:{_LABEL}))?[\s*_]*[:=][\s*_]*", re.IGNORECASE
)
_DASHED = re.compile(rf"^\W*(?:\d{{1,2}}[.)]\s*)?(?P<label>{_LABEL})\s*[-–—→➜➔➤⇒»>]+\s+(?=\S)", re.IGNORECASE)
_SIGN_KINDS = {
    sign.replace("\ufe0f", ""): kind
    for kind in ("artist", "title", "other")
    for sign in _LABELS[f"{kind}_signs"].split()
}
_SIGN = re.compile("|".join(map(re.escape, sorted(_SIGN_KINDS, key=len, reverse=True))))
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\(\s*(?:https?://|tg://)[^()\s]*\s*\)")
_MARKUP = re.compile(r"\*\*|__|~~|\|\||`+|</?(?:b|i|u|s|strong|em|code|a|span|pre|blockquote)(?:\s[^<>]{0,200})?>")
_COUNTED = re.compile(r"^\W*\d{1,2}[.)]\s*")
_HASHTAG = re.compile(r"(?<![\w#])#([^\W\d_][\w]*)")
_TAG_AS_NAME = re.compile(r"^\W*#([^\W\d_]\w*)(?=\s*[-–—|:])|(?<=[-–—|])\s*#([^\W\d_]\w*)(?=\s*$)")
_HANDLE_IN_FRONT = re.compile(r"^\W*@[A-Za-z0-9_]{3,40}\s*[:|•·–—~>»-]*\s*")
_RULER = " \t-–—_=~•·.|*«»▬━─═▪➖:,;،"


@dataclass(frozen=True, slots=True)
class Caption:
    """What a caption says. A text that is not there is ''."""

    artist: str = ""
    """Of a labelled value."""
    title: str = ""
    """Of a labelled value."""
    album: str = ""
    lines: tuple[str, ...] = ()
    """The other lines that may be a name, in order, without hashtags, handles and links."""
    by_signs: bool = False
    """Whether emoji were the labels."""


def read_caption(text: str) -> Caption:
    """Takes a caption apart; any text is accepted."""
    lines = [line for line in _unmarked(text[:LONGEST]).splitlines() if line.strip()][:_MOST_LINES]
    dashed = sum(_DASHED.match(_matched(line)) is not None for line in lines) > 1
    found: dict[str, str] = {}
    rest: list[str] = []
    waiting = ""
    for line in lines:
        values = _labelled(line, dashed=dashed)
        if values is None:
            if waiting and not _SIGN.match(line.strip()):
                values, waiting = [(waiting, line)], ""
            else:
                rest.append(line)
                continue
        for kind, value in values:
            plain = _value(value)
            waiting = kind if not plain and kind != "other" else ""
            if plain and not (kind == "artist" and credits.is_junk(plain)):
                found.setdefault(kind, plain)
    if either := found.pop("either", ""):
        found.setdefault("artist" if "title" in found else "title", either)
    by_signs = not (found.get("artist") and found.get("title"))
    if by_signs:
        signed, rest = _signed(rest)
        by_signs = bool(signed)
        found = signed | found if signed else found
    return Caption(
        artist=found.get("artist", ""),
        title=found.get("title", ""),
        album=found.get("album", ""),
        lines=tuple(dict.fromkeys(name for line in rest if (name := _name(line)))),
        by_signs=by_signs,
    )


def is_advertising(text: str) -> bool:
    """Whether a text speaks of a channel to join or a site to load from."""
    return not _ADVERTISING.isdisjoint(fold(text).split())


def _unmarked(text: str) -> str:
    return _MARKUP.sub("", _LINK.sub(r"\1", text))


def _labelled(line: str, *, dashed: bool) -> list[tuple[str, str]] | None:
    """(kind, value) of each label in a line; None where there is none."""
    text = unicodedata.normalize("NFC", line)
    labels = list(_LABELLED.finditer(_matched(text)))
    if not labels and dashed:
        labels = [m for m in (_DASHED.match(_matched(text)),) if m]
    if not labels or any(map(str.isalnum, _without_extras(_COUNTED.sub("", text[: labels[0].start()])))):
        return None
    ends = [*(m.start() for m in labels[1:]), len(text)]
    return [
        (_KIND_OF[m.group("label").lower()], text[m.end() : end])
        for m, end in zip(labels, ends, strict=True)
        if m.group("label").lower() in _KIND_OF
    ]


def _signed(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """The values that emoji mark, and the lines without them. Only an artist and a title together count."""
    found: dict[str, str] = {}
    rest: list[str] = []
    for line in lines:
        text = line.replace("\ufe0f", "")
        signs = list(_SIGN.finditer(text))
        if not signs or any(map(str.isalnum, text[: signs[0].start()])):
            rest.append(line)
            continue
        ends = [*(m.start() for m in signs[1:]), len(text)]
        for sign, end in zip(signs, ends, strict=True):
            value = _value(text[sign.end() : end])
            if value:
                found.setdefault(_SIGN_KINDS[sign.group()], value)
    if "artist" in found and "title" in found and not credits.is_junk(found["artist"]):
        return {kind: found[kind] for kind in ("artist", "title")}, rest
    return {}, lines


def _value(text: str) -> str:
    """A labelled value as a name; hashtags in it are words, for bots write names as hashtags."""
    plain = _HASHTAG.sub(lambda m: m.group(1).replace("_", " "), text)
    return _bare(_without_extras(plain))


def _name(line: str) -> str:
    """A line without what is no name; '' where nothing is left."""
    text = _TAG_AS_NAME.sub(lambda m: (m.group(1) or f" {m.group(2)}").replace("_", " "), line)
    text = _bare(_without_extras(_HASHTAG.sub(" ", _HANDLE_IN_FRONT.sub("", text))))
    asks = is_advertising(text) and not cleanup.SPACED_DASH.search(text)
    return "" if not text or asks or is_remark(text, bracket=False) else text[:FIELD]


def _without_extras(text: str) -> str:
    return cleanup.SITE.sub(" ", cleanup.HANDLE.sub(" ", text))


def _bare(text: str) -> str:
    plain = "".join(" " if unicodedata.category(c) in ("So", "Cf", "Sk") and c != "\u200c" else c for c in text)
    plain = " ".join(plain.replace("\ufe0f", "").split()).strip(_RULER)
    return plain[:FIELD] if any(map(str.isalnum, plain)) else ""
