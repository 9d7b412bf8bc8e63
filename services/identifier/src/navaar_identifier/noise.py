"""Noise: what publishing adds to a name. Official video, lyrics, HD, sites, handles, bitrates, emoji, track numbers."""

from __future__ import annotations

import re
from functools import lru_cache

from navaar_identifier import vocabulary
from navaar_identifier.brackets import Group, groups, without
from navaar_identifier.folding import fold
from navaar_identifier.versions import SAME_RECORDING, is_version, read_versions, ways

_EXTENSION = re.compile(rf"\.(?:{'|'.join(vocabulary.EXTENSIONS)})$", re.IGNORECASE)
_ENDINGS = "|".join(vocabulary.SITE_ENDINGS)
_SITE = re.compile(
    rf"(?:https?://[^\s)\]]+|\bwww[._][^\s)\]]+|(?<![\w.])[\w-]{{2,40}}(?:\.[\w-]{{2,30}})?\.(?:{_ENDINGS})(?:/[^\s)\]]*)?(?![\w.]))",
    re.IGNORECASE,
)
_UNDERSCORED_SITE = re.compile(
    r"[ _(\[](?:www[_. ][A-Za-z0-9-]{2,30}(?:[_.][a-z]{2,4})?|[A-Za-z0-9-]{3,30}[_.](?:com|net|org|ru|ir|info|me|su|fm))[)\]]?$", re.IGNORECASE
)
_SITE_IN_FRONT = re.compile(r"^(?:www[_. ])?[a-z0-9-]{3,20}[_.](?:ru|com|net|org|me|ir|su|info|fm)[_ ]+(?=\S)", re.IGNORECASE)
_SITE_WORD = re.compile(
    r"(?=.{6,})[\w-]*(?:music|musik|muzik|muzic|mp3|download|ahang|songs?|radio|remix)(?:[A-Z]\w*|s|fa|ir|farsi|bot)?|[A-Z][a-z]+(?:Music|Mp3|Radio|Song|Tube|Musiq|Bot)\w*|"
    r"radio ?javan|navahang|nex1(?:music)?|bia2(?:music)?|tik8|melo[dt]y\w*|sefon|zaycev|muzmo|lightaudio|hitmo|drivemusic|rusongs"
)
_HANDLE = re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,40}")
_HASHTAG = re.compile(r"(?<!\w)#[^\W\d]\w{1,60}")
_TELEGRAM = re.compile(r"(?:https?://)?(?:t|telegram)\.me/\S+", re.IGNORECASE)
_BITRATE = re.compile(r"[\[(]?\b\d{2,4}\s?(?:kbps|kbit|kb/s|kb|k)\b[\])]?(?!\w)", re.IGNORECASE)
_SIGNS = (
    "[\U0001f000-\U0001faff\u2600-\u2604\u2607-\u26ff\u2700-\u2716\u2718-\u2725\u2728-\u27bf\u2b00-\u2bff\u266a-\u266f\u2460-\u24ff\ufe0f\u200b"
    "\u25b2-\u25c5\u2190-\u21ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ae\u2122\u00a9]+"
)
# A sign between two letters is part of the word, as in 恋する♡エンジェル.
_EMOJI = re.compile(rf"(?<!\w){_SIGNS}|{_SIGNS}(?!\w)")
_STARS = re.compile(r"\*{2,}[^*]{1,30}\*{2,}")
_NUMBER = re.compile(
    r"^(?:(?:track|трек)?\s?[\[(#]?(?P<n>\d{1,3})[\])]?(?:\s?[.)]\s?[-–—]?\s?|\s[-–—]\s|\s?[-–—]\s|[-–—](?=\S))(?=.*\w))",
    re.IGNORECASE,
)
_ZERO_NUMBER = re.compile(r"^0\d{1,2}\s+(?=\S)")
_COPY = re.compile(r"(?:\s?\((?:\d{1,2}|copy|копия)\)|\s-\s(?:copy|копия))$", re.IGNORECASE)
_FILE_ID = re.compile(r"[ _-]\d{6,12}$")
_RATE_TAIL = re.compile(r"(?<=[a-zа-яی])[ _-]+(?:128|192|256|320|(?:144|240|360|480|720|1080)p)$", re.IGNORECASE)
_YEAR_BRACKET = re.compile(r"(?:^|[\s,.'/-])(?:1[89]\d\d|20[0-4]\d)s?$")
_DATE = re.compile(r"\b\d{1,4}[/.]\d{1,2}[/.]\d{2,4}\b")
_TRAILING_YEAR = re.compile(r"(?<=\w)\s+(?:19[2-9]\d|20[0-4]\d)$")
_PRODUCER = re.compile(r"^(?:prod|produced|produzido|producer|director|directed|dir|shot|filmed|video|music|arranged|mixed)\b\.?\s?(?:by|por)?\b", re.IGNORECASE)
_EDGE = " \t\r\n-–—_|•·:;,/\\*=<>`´✦★☆♪♫►▶"
_MARKS = (('"', '"'), ("“", "”"), ("«", "»"))


def strip_extension(text: str) -> str:
    """Cuts a media file's ending ('.mp3'), also a doubled one ('.mp3.mp3')."""
    for _ in range(2):
        text = _EXTENSION.sub("", text.rstrip())
    return text


def looks_like_file(text: str) -> bool:
    """Whether a text is the name of a media file: a title that must be read as one."""
    return bool(_EXTENSION.search(text.strip())) or (text.count("_") >= 2 and " " not in text.strip())


def untangle(raw: str) -> str:
    """Takes the file name's and the channel's additions off a raw name: ending, underscores, sites, handles, emoji, numbers.

    Args:
        raw: the text as found, at most a few hundred characters of it used by the caller.

    Returns:
        The rest, as written. Never empty when the input held a letter or a digit.
    """
    text = strip_extension(raw.strip())
    # An underscore between words stands for a space; ' _ ' is somebody's dash and stays.
    if "_" in text:
        text = _SITE_IN_FRONT.sub("", text)
        text = _UNDERSCORED_SITE.sub(" ", text) if text.count("_") > 1 else text
        if " " not in text.strip() or text.count("_") >= 2:
            text = text.replace("_ _", " ").replace("_-_", " - ").replace("_—_", " — ").replace("_–_", " – ")
        text = re.sub(r"(?<=\S)_|_(?=\S)", " ", text)
    before = text
    for pattern in (_TELEGRAM, _SITE, _HANDLE, _BITRATE, _STARS, _EMOJI):
        if pattern is _SITE and "." not in text:
            continue
        text = pattern.sub(" ", text)
    if text is not before and text != before:
        text = re.sub(r"[(\[{（【]\s*[)\]}）】]", " ", text)
    if "#" in text:
        text = _HASHTAG.sub(" ", text)
    text = _RATE_TAIL.sub("", _FILE_ID.sub("", _COPY.sub("", " ".join(text.split()))))
    text = strip_number(text)
    text = text.strip(" \t|;,•·_")
    return text if any(c.isalnum() for c in text) else raw.strip()


def strip_number(text: str) -> str:
    """Cuts a track number in front: '01. ', '002-', '07 '. A title that is a number or starts with one keeps it."""
    found = _NUMBER.match(text) or _ZERO_NUMBER.match(text)
    if not found:
        return text
    rest = text[found.end() :].strip()
    if not any(c.isalpha() for c in rest) and not rest:
        return text
    number = found.group("n") if found.re is _NUMBER else "0"
    mark = found.group()[len(number) :].strip() if found.re is _NUMBER else " "
    if not any(c.isalnum() for c in rest):
        return text
    if found.re is _NUMBER and mark in "-–—" and len(number) < 3 and not number.startswith("0"):
        # '22 - Taylor Swift' is a song; '12 - Artist - Song' is a number; '24-7' and '50-50' are words.
        spaced = found.group().endswith(" ")
        if (spaced and not re.search(r"\s[-–—]\s", rest)) or (not spaced and not rest[:1].isupper()):
            return text
    if rest[:1].islower() and mark == "." and rest.split(" ")[0] in vocabulary.EXTENSIONS:
        return text
    return rest


@lru_cache(maxsize=8192)
def is_noise(text: str, *, bracket: bool = True) -> bool:
    """Whether a bracket or a segment is publishing talk and nothing else.

    Args:
        text: what stands inside the bracket, or between two separators.
        bracket: whether it is a bracket, where a year at the end is an uploader's remark.
    """
    folded = fold(text)
    words = folded.split()
    if not words:
        return True
    if all(w in vocabulary.NOISE or w in vocabulary.FILLER or w.isdigit() for w in words) and any(
        w in vocabulary.NOISE for w in words
    ):
        return True
    if _SITE.search(text) or _DATE.search(text) or _HANDLE.search(text):
        return not is_version(text)
    if len(words) == 1 and words[0].isdigit() and len(words[0]) >= 3:
        return True
    if _PRODUCER.match(text):
        return True
    if _SITE_WORD.fullmatch(text.strip()):
        return True
    if folded in ("full album", "album", "original", "full ep", "ep"):
        return bracket
    if any(w in vocabulary.NOISE for w in words) and ways(read_versions(text)) and ways(read_versions(text)) <= SAME_RECORDING:
        # 'Official Music Video Remastered', 'Dirty/Explicit Video'
        return True
    if folded in ("m v", "new", "free download", "hot", "exclusive", "full song", "full", "original song", "free", "official", "studio version"):
        return True
    if not is_version(text):
        if bracket and _YEAR_BRACKET.search(text):
            return True
        return any(w in ("mv", "pv", "lyrics", "videoclip") for w in words)
    # 'Official Live Video' stays: it says that this is a live take.
    return False


def drop_noise_brackets(text: str) -> str:
    """Removes the brackets that hold only noise. A title that is nothing else keeps them."""
    found = groups(text)
    if not found:
        return text
    noisy = tuple(g for g in found if _droppable(g))
    rest = without(text, noisy)
    return rest if any(c.isalnum() for c in rest) else text


def _droppable(group: Group) -> bool:
    if group.opener in "「『《〈":
        return False
    if is_noise(group.inside):
        return True
    return group.opener in "【〖" and not is_version(group.inside)


_TAIL = re.compile(
    r"(?:^|[\s,.:;|/~-])(?:"
    r"(?:the )?(?:full )?(?:hd )?(?:official|oficial|officiel|officielle|ufficiale|resmi|offizielles|officiell|officieel)"
    r"(?: (?:hd|4k|hq|music|lyrics?|lyric|video|vídeo|vidéo|audio|clip|visuali[sz]er|visual|full|song|version|performance|mv|m/v|channel|"
    r"klip|videoclip|animated|letra))*"
    r"|(?:video ?clip|v[ií]d[eé]o|clip|clipe|audio|áudio|klip|letra|lyric video)"
    r" (?:oficial|officiel|ufficiale|official|clip|resmi)(?: (?:hd|4k|hq))?"
    r"|(?:music|lyrics?|full|fan|audio|vidéo|live audio|animated) ?(?:video|clip)(?: (?:hd|4k|hq|song))?"
    r"|m/?v|mv|pv|(?:in )?(?:h[dq]|uhd|4k|8k|full hd|1080p|720p|60fps|hi-?fi)|(?:with |w/ ?|\+ ?)?(?:on screen )?lyrics?(?: on screen)?"
    r"|visuali[sz]er|con letra|con testo|paroles|letra|sub(?:titulado)? (?:en )?español|full song|video ?klip"
    r"|full audio|(?<=[a-z] )clip|high quality|(?:144|240|360|480|720|1080|2160)p|best quality|good quality|стереo|official"
    r"|موزیک ویدیو|ویدیو|официальный клип|официальное видео|премьера(?: клипа| трека| песни)?(?:,? \d{4})?|клип|뮤직비디오"
    r")[\s!.,]*$",
    re.IGNORECASE,
)


def drop_noise_tail(text: str) -> str:
    """Cuts publishing words off the end: '... Official Video HD'. A title that is nothing else stays whole."""
    for _ in range(4):
        found = _TAIL.search(text)
        if not found:
            return text
        rest = text[: found.start()].rstrip(_EDGE)
        if not any(c.isalnum() for c in rest):
            return text
        # 'The Official', 'In HD': one small word in front means that the tail is part of the name.
        if fold(rest) in ("the", "a", "an", "my", "your", "no", "in", "on", "to", "and"):
            return text
        text = rest
    return text


def drop_year_tail(text: str) -> str:
    """Cuts a year that an uploader put behind a title of several words: 'Boogie Stop Shuffle 1959'."""
    found = _TRAILING_YEAR.search(text)
    if found and len(text[: found.start()].split()) >= 3:
        return text[: found.start()].rstrip(_EDGE)
    return text


def trim(text: str) -> str:
    """The text without separators and loose quotation marks at its edges; paired marks and apostrophes stay."""
    trimmed = text.strip(_EDGE)
    for opener, closer in _MARKS:
        if "„" in trimmed:
            break
        loose = trimmed.count(opener) % 2 if opener == closer else trimmed.count(opener) != trimmed.count(closer)
        if loose:
            trimmed = trimmed.removeprefix(opener).removesuffix(closer).removeprefix(closer).removesuffix(opener).strip(_EDGE)
    if trimmed.count("~") == 1:
        trimmed = trimmed.strip("~ ")
    return trimmed or text.strip()
