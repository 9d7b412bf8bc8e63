"""Untangling: what file names and channels put around a name: ending, underscores, sites, handles, emoji, numbers."""

from __future__ import annotations

import re
from functools import lru_cache

from navaar_identifier.data import word_lists
from navaar_identifier.names.versions import is_version

_EXTENSION = re.compile(rf"(?:\.(?:{'|'.join(sorted(word_lists.EXTENSIONS))})|(?<=\w)[_-]mp3)$", re.IGNORECASE)
_ENDINGS = "|".join(sorted(word_lists.SITE_ENDINGS))
_LINKS = "|".join(map(re.escape, sorted(word_lists.LINK_SITES)))
SITE = re.compile(
    rf"(?:https?://[^\s)\]]+|\bwww[._][^\s)\]]+|\b(?:{_LINKS})/[^\s)\]]+"
    rf"|(?<![\w.])[\w-]{{2,40}}(?:\.[\w-]{{2,30}})?\.(?:{_ENDINGS})(?:/[^\s)\]]*)?(?![\w.]))",
    re.IGNORECASE,
)
_SITE_BEHIND = re.compile(
    r"[ _(\[](?:www[_. ][a-z0-9-]{2,30}(?:[_.][a-z]{2,4})?|[a-z0-9-]{3,30}_(?:com|ru|org)"
    r"|[a-z0-9-]{3,30}\.(?:com|net|org|ru|ir|info|me|su|fm|uz|cc|pro)"
    # 'Love_Me' and 'Luchshe_net' are words; a site with such an ending shows what it is about.
    r"|(?=[a-z0-9-]*(?:mu[sz]|mp3|song|audio|zayc|pesn|hit))[a-z0-9-]{3,30}_(?:net|me|fm|info|ir|su))[)\]]?$",
    re.IGNORECASE,
)
_SITE_IN_FRONT = re.compile(
    r"^(?:www[_. ])?[a-z0-9-]{3,20}[_.](?:ru|com|net|org|me|ir|su|info|fm)[_ ]+(?=\S)", re.IGNORECASE
)
_SITE_GROWN_IN_FRONT = re.compile(
    r"^(?=[a-z0-9]*(?:mu[sz]|mp3|pesn|zayc))[a-z0-9]{3,16}(?:ru|com|net|org|me|fm|su|cc)_+(?=\S)", re.IGNORECASE
)
"""A site's name that lost its dot: 'muzlome_'."""
_SITE_BETWEEN_HYPHENS = re.compile(
    rf"(?<=[^\s-])-+\w{{3,30}}(?:\.\w{{2,30}})?\.(?:{_ENDINGS})(?=-|$)|[._-]www\.[\w-]{{2,30}}\.(?:{_ENDINGS})$",
    re.IGNORECASE,
)
HANDLE = re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,40}")
_HASHTAG = re.compile(r"(?<!\w)#[^\W\d]\w{1,60}")
_BITRATE = re.compile(
    r"[\[(]?(?:\bmp3[ _-]?|\b)(?:\d{2,4}\s?(?:kbps|kbit|kb/s|kb)|(?:32|48|64|96|112|128|160|192|224|256|320)\s?k)\b"
    r"[\])]?(?!\w)",
    re.IGNORECASE,
)
_RATE_TAIL = re.compile(r"(?<=[^\W_])[ _-]+(?:128|192|256|320|(?:144|240|360|480|720|1080)p)$", re.IGNORECASE)
_GROWN_RATE = re.compile(r"(?<=[a-z]{2})(?:128|320)$")
_HEIGHT_TAIL = re.compile(r"(?<=[^\W_])[ _-]+(?:144|240|360|480|720|1080)$")
_FILM = (".mp4", ".mkv", ".avi", ".webm", ".mov", ".3gp")
_DISC = re.compile(r"^\d{1,2}_(?=\d{1,2}\s?[-.])")
_BRACKET_WITH_HANDLE = re.compile(r"[(\[][^()\[\]]{0,30}@[A-Za-z0-9_]{3,40}[^()\[\]]{0,20}[)\]]")
_SIGNS = (
    "[\U0001f000-\U0001faff\u2600-\u2604\u2607-\u26ff\u2700-\u2716\u2718-\u2725\u2728-\u27bf\u2b00-\u2bff"
    "\u266a-\u266f\u2460-\u24ff\ufe0f\u200b\u25b2-\u25c5\u2190-\u21ff\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ufeff\u00ae\u2122\u00a9]+"
)
# A sign between two letters is part of the word, as in 'I♥NY'.
_EMOJI = re.compile(rf"(?<!\w){_SIGNS}|{_SIGNS}(?!\w)")
_STARS = re.compile(
    r"\*{2,}[^*]{1,30}\*{2,}|\*(?:new|hot|official|free|out now|premiere|exclusive)\b[^*]{0,24}\*", re.IGNORECASE
)
_EMPTY = re.compile(r"[(\[{（【]\s*[)\]}）】]")
_UNDERSCORE = re.compile(r"(?<=\S)_|_(?=\S)")
_UNDERSCORE_IN_WORD = re.compile(r"[^\W_]_[^\W_]")
_LOST_DASH = re.compile(r"(?<=[^\W_])__(?=[^\W_])")
_FOR_COLON = re.compile(r"(?<=\w)_\s+(?=\w)")
_FOR_BAR = re.compile(r"(?<=[^\W\d_]{2})_(?=[^\W_]{2})")
_NUMBER = re.compile(
    r"^(?:(?:track|трек)?\s?[\[(#]?(?P<n>\d{1,3})[\])]?"
    r"(?P<mark>\s?[.)]\s?[-–—]?\s?|\s[-–—]\s|\s?[-–—]\s|[-–—](?=\S)))",
    re.IGNORECASE,
)
_ZERO_NUMBER = re.compile(r"^0\d{1,2}\s+(?=\S)")
_COPY = re.compile(r"(?:\s?\((?:1|copy|копия)\)|\s-\s(?:copy|копия))$", re.IGNORECASE)
_COPY_OF_FILE = re.compile(r"\s?\(\d{1,2}\)$")
"""Only behind a file's name: 'Title (2)' in a title field is another piece than 'Title'."""
_ID_IN_FRONT = re.compile(r"^\d{9,20}[ _-]+(?=[^\W\d_])")
_FILE_ID = re.compile(r"(?:(?<=mp3)[ _-]\d{4,5}|[ _-]+\d{6,20})$")
_AS_IN_FILES = 2
"""Underscores that show that a text was a file's name."""
SPACED_DASH = re.compile(r"\s[-–—]\s")


def strip_extension(text: str) -> str:
    """Cuts a media file's ending ('.mp3'), also a doubled one ('.mp3.mp3')."""
    for _ in range(2):
        text = _EXTENSION.sub("", text.rstrip())
    return text


def looks_like_file(text: str) -> bool:
    """Whether a text is the name of a media file: a title that must be read as one."""
    text = text.strip()
    underscores = text.count("_") >= _AS_IN_FILES
    return ("." in text and bool(_EXTENSION.search(text))) or (underscores and " " not in text)


@lru_cache(maxsize=8192)
def clean(raw: str) -> str:
    """Takes off what file names and channels add: ending, underscores, sites, handles, emoji, track number.

    Args:
        raw: the text as found; the caller bounds its length.

    Returns:
        The rest, as written. Never empty when the input held a letter or a digit.
    """
    text = raw.strip()
    if "." in text:
        text = strip_extension(text)
    file = text != raw.strip() or text.count("_") >= _AS_IN_FILES
    if "_" in text:
        if "@" in text and " " in text:
            # A handle holds underscores of its own.
            text = _without_handles(text).strip()
        text = _spaced(text)
    if text[:9].isdigit():
        text = _ID_IN_FRONT.sub("", text)
    before = text
    if "." in text:
        text = _SITE_BETWEEN_HYPHENS.sub("", text)
        text = SITE.sub(" ", text)
    if "@" in text:
        text = _without_handles(text)
    if "*" in text:
        text = _STARS.sub(" ", text)
    if not text.isascii():
        text = _EMOJI.sub(" ", text)
    if "k" in text or "K" in text:
        text = _BITRATE.sub(" ", text)
    if "#" in text:
        text = _HASHTAG.sub(" ", text)
    if text != before:
        text = _EMPTY.sub(" ", text)
    text = " ".join(text.split())
    if text[-1:].isdigit() or text[-1:] in ")pyя":
        text = _COPY.sub("", _COPY_OF_FILE.sub("", text) if file else text)
        text = _RATE_TAIL.sub("", _FILE_ID.sub("", text))
    text = strip_number(text).strip(" \t|;,•·_")
    return text if any(map(str.isalnum, text)) else raw.strip()


def _without_handles(text: str) -> str:
    """The text without handles, and without the brackets around them."""
    return HANDLE.sub(" ", _BRACKET_WITH_HANDLE.sub(_unless_version, text))


def _unless_version(bracket: re.Match[str]) -> str:
    """A bracket with a handle is the channel's mark, unless it says which version this is."""
    return bracket.group() if is_version(bracket.group()) else " "


def strip_rate(text: str, *, film: bool) -> str:
    """Cuts a bitrate off the end of a file's name: ' 128', also grown onto the last word; a film's height: ' 720'."""
    text = _GROWN_RATE.sub("", _RATE_TAIL.sub("", text))
    return _HEIGHT_TAIL.sub("", text) if film else text


def is_film(raw: str) -> bool:
    """Whether a file's name ends as those of moving pictures do."""
    return raw.rstrip().lower().endswith(_FILM)


def _spaced(text: str) -> str:
    """Underscores as the spaces they stand for; ' _ ' is somebody's dash and stays. A site at either end goes first."""
    text = _DISC.sub("", _SITE_GROWN_IN_FRONT.sub("", _SITE_IN_FRONT.sub("", text)))
    many = text.count("_") >= 2
    if many:
        text = _SITE_BEHIND.sub(" ", text)
    if many and "-" not in text and text.count("__") == 1:
        # A file system took the dash away.
        text = _LOST_DASH.sub(" - ", text)
    if many or " " not in text:
        text = text.replace("_ _", " ").replace("_-_", " - ").replace("_—_", " — ").replace("_–_", " – ")
    if not many and " " in text:
        if not SPACED_DASH.search(text):
            # File systems allow neither ':' nor '|'.
            return _FOR_BAR.sub(" _ ", _FOR_COLON.sub(": ", text))
        if _UNDERSCORE_IN_WORD.search(text) and not text[0].isdigit():
            # One underscore beside blanks stands for no blank: 'andy_boy - Song'.
            return text
    return _UNDERSCORE.sub(" ", text)


def strip_number(text: str) -> str:
    """Cuts a track number in front: '01. ', '002-', '07 '. A title that is a number or starts with one keeps it."""
    if not text[:1].isdigit() and text[:1] not in "[(#tTтТ":
        return text
    found = _NUMBER.match(text)
    if not found:
        zero = _ZERO_NUMBER.match(text)
        return text[zero.end() :] if zero else text
    rest = text[found.end() :].strip()
    if not any(map(str.isalnum, rest)):
        return text
    number, mark = found.group("n"), found.group("mark")
    if mark.strip() in ("-", "–", "—") and len(number) < 3 and not number.startswith("0"):
        # '22 - Taylor Swift' is a song; '12 - Artist - Song' is a number; '24-7' and '50-50' are words.
        if mark.endswith(" "):
            return rest if SPACED_DASH.search(rest) else text
        return rest if rest[:1].isupper() else text
    if mark.endswith(" ") and mark.strip() in ("-", "–", "—") and number > "199" and not SPACED_DASH.search(rest):
        # No record has so many tracks: '306 - HONNE'.
        return text
    if mark.strip() == "." and rest.split(" ")[0].lower() in word_lists.EXTENSIONS:
        return text
    return rest
