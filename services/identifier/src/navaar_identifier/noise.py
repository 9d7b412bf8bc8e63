"""Noise: what publishing adds to a name. Official video, lyrics, HD, sites, handles, bitrates, emoji, track numbers."""

from __future__ import annotations

import re
from functools import lru_cache

from navaar_identifier import vocabulary
from navaar_identifier.brackets import TITLE_QUOTES, Group, groups, without
from navaar_identifier.folding import fold
from navaar_identifier.versions import SAME_RECORDING, is_version, read_versions, ways

_EXTENSION = re.compile(rf"(?:\.(?:{'|'.join(sorted(vocabulary.EXTENSIONS))})|(?<=\w)[_-]mp3)$", re.IGNORECASE)
_ENDINGS = "|".join(sorted(vocabulary.SITE_ENDINGS))
_SITE = re.compile(
    r"(?:https?://[^\s)\]]+|\bwww[._][^\s)\]]+|\b(?:t|telegram)\.me/[^\s)\]]+"
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
_SITE_WORD = re.compile(
    r"[A-Za-z][a-z]+(?:Music|Muzik|Mp3|MP3|Radio|Song|Songs|Tube|Tunes|Melody|Musiq|Bot|Download|Ahang)(?:[A-Z]\w*|s|fa|ir)?"
    r"|\w{2,12}(?:music|mp3)(?:s|fa|ir|bot|download)|(?i:radio ?javan|navahang|zaycev|muzmo)"
)
_HANDLE = re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,40}")
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
_COPY = re.compile(r"(?:\s?\((?:\d{1,2}|copy|копия)\)|\s-\s(?:copy|копия))$", re.IGNORECASE)
_ID_IN_FRONT = re.compile(r"^\d{9,20}[ _-]+(?=[^\W\d_])")
_FILE_ID = re.compile(r"(?:(?<=mp3)[ _-]\d{4,5}|[ _-]+\d{6,20})$")
_YEAR_BEHIND = re.compile(r"(?:^|[\s,.'/-])(?:1[89]\d\d|20[0-4]\d)s?$")
_PRODUCER_BEHIND = re.compile(r"\s+prod(?:uced|\.)?\s+(?:by|por)\b[^()\[\]]{2,40}$", re.IGNORECASE)
_YEAR_BESIDE_NOISE = re.compile(r"[)\]]\s*(?:1[89]\d\d|20[0-4]\d)(?=(?:\s+(?:hd|hq|4k))*$)", re.IGNORECASE)
_DATED = re.compile(r"(?:remaster(?:ed)?|version|mix|edit|live|recording)$", re.IGNORECASE)
_DATE = re.compile(r"\b\d{1,4}[/.]\d{1,2}[/.]\d{2,4}\b")
_TRAILING_YEAR = re.compile(r"(?<=\w)\s+(?:19[2-9]\d|20[0-4]\d)$")
_CREDIT = re.compile(
    r"^(?:prod\b|(?:produced|produzido|director|directed|dir|shot|filmed|video|music|arranged|mixed)\b\.?\s?(?:by|por|:)(?!\w))",
    re.IGNORECASE,
)
_DASH_BEHIND = re.compile(r"\s*[-–—|]\s+")
_SPACED_DASH = re.compile(r"\s[-–—]\s")
_EDGE = " \t\r\n-–—_|•·:;,/\\*=<>`´✦★☆♪♫►▶"
_QUOTES = (('"', '"'), ("“", "”"), ("«", "»"))
_LOOSE = re.compile('["“”«»~]')
_WHOLE_NOISE = frozenset(
    (
        "m v",
        "new",
        "free download",
        "out now",
        "youtube",
        "youtube music",
        "soundcloud",
        "hot",
        "exclusive",
        "full song",
        "full",
        "original song",
        "free",
        "official",
        "studio version",
    )
)
_BRACKET_NOISE = frozenset(("full album", "album", "original", "full ep", "ep"))
_STRONG = frozenset(("mv", "pv", "lyrics", "videoclip"))


def strip_extension(text: str) -> str:
    """Cuts a media file's ending ('.mp3'), also a doubled one ('.mp3.mp3')."""
    for _ in range(2):
        text = _EXTENSION.sub("", text.rstrip())
    return text


def looks_like_file(text: str) -> bool:
    """Whether a text is the name of a media file: a title that must be read as one."""
    text = text.strip()
    return ("." in text and bool(_EXTENSION.search(text))) or (text.count("_") >= 2 and " " not in text)


@lru_cache(maxsize=8192)
def untangle(raw: str) -> str:
    """Takes off what file names and channels add: ending, underscores, sites, handles, emoji, track number.

    Args:
        raw: the text as found; the caller bounds its length.

    Returns:
        The rest, as written. Never empty when the input held a letter or a digit.
    """
    text = raw.strip()
    if "." in text:
        text = strip_extension(text)
    if "_" in text:
        if "@" in text and " " in text:
            # A handle holds underscores of its own.
            text = _HANDLE.sub(" ", _BRACKET_WITH_HANDLE.sub(_unless_version, text)).strip()
        text = _spaced(text)
    if text[:9].isdigit():
        text = _ID_IN_FRONT.sub("", text)
    before = text
    if "." in text:
        text = _SITE_BETWEEN_HYPHENS.sub("", text)
        text = _SITE.sub(" ", text)
    if "@" in text:
        text = _HANDLE.sub(" ", _BRACKET_WITH_HANDLE.sub(_unless_version, text))
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
        text = _RATE_TAIL.sub("", _FILE_ID.sub("", _COPY.sub("", text)))
    text = strip_number(text).strip(" \t|;,•·_")
    return text if any(map(str.isalnum, text)) else raw.strip()


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
        if not _SPACED_DASH.search(text):
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
            return rest if _SPACED_DASH.search(rest) else text
        return rest if rest[:1].isupper() else text
    if mark.endswith(" ") and mark.strip() in ("-", "–", "—") and number > "199" and not _SPACED_DASH.search(rest):
        # No record has so many tracks: '306 - HONNE'.
        return text
    if mark.strip() == "." and rest.split(" ")[0].lower() in vocabulary.EXTENSIONS:
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
    noisy = not vocabulary.NOISE.isdisjoint(words) or any(
        _grown_together(w) for w in words if len(w) >= 7 and w[:3] in _NOISE_HEADS
    )
    if noisy and all(
        w in vocabulary.NOISE or w in vocabulary.FILLER or w.isdigit() or _grown_together(w) for w in words
    ):
        return True
    if folded in _WHOLE_NOISE or _CREDIT.match(text) or _TAIL.fullmatch(text):
        return True
    if bracket and (
        folded in _BRACKET_NOISE or (folded.isdigit() and len(folded) >= 3) or _SITE_WORD.fullmatch(text.strip())
    ):
        return True
    dated = ("." in text or "/" in text or "@" in text) and (
        _SITE.search(text) or _DATE.search(text) or _HANDLE.search(text)
    )
    begins = bracket or words[0] in vocabulary.NOISE
    if not dated and not begins:
        # A piece is more than a remark unless it begins as one.
        return False
    marks = ways(read_versions(text))
    if dated and not marks:
        # Between separators a name may stand beside a date: 'Artist en Madrid 14/01/12'.
        return bracket or len(words) <= _WORDS_OF_A_DATE
    if not begins:
        return False
    if marks:
        # 'Official Live Video' stays: it says that this is a live take. 'Official Video Remastered' does not.
        return noisy and marks <= SAME_RECORDING
    return (bracket and bool(_YEAR_BEHIND.search(text))) or (noisy and not _STRONG.isdisjoint(words))


_WORDS_OF_A_DATE = 5
"""Words that a date, a site or a handle holds, with a few around them."""
_NOISE_HEADS = frozenset(word[:3] for word in vocabulary.NOISE)


def _grown_together(word: str) -> bool:
    """Whether a folded word is two noise words whose separator a file system did not allow: 'letralyrics'."""
    return (
        len(word) >= 7
        and word[:3] in _NOISE_HEADS
        and any(word[:cut] in vocabulary.NOISE and word[cut:] in vocabulary.NOISE for cut in range(3, len(word) - 2))
    )


@lru_cache(maxsize=2048)
def drop_noise_brackets(text: str) -> str:
    """Removes the brackets that hold only noise. A title that is nothing else keeps them."""
    found = groups(text)
    if not found:
        return text
    if text[-1:].isalnum() and _droppable(found[-1]):
        # 'Title (Official Video) 1989 HD': the year belongs to the video.
        beside = _YEAR_BESIDE_NOISE.search(text, found[-1].end - 1)
        if beside and beside.start() == found[-1].end - 1:
            text = text[: found[-1].end] + text[beside.end() :]
    rest = without(text, tuple(g for g in found if _droppable(g)))
    return rest if any(map(str.isalnum, rest)) else text


def cut_behind_remark(text: str) -> str:
    """'Artist - Title (Official Audio) - Album': what a dash sets off behind a remark is not the title any more."""
    for group in groups(text):
        behind = _DASH_BEHIND.match(text, group.end)
        title = _SPACED_DASH.split(text[: group.start])[1:]
        if behind and any(map(str.isalnum, "".join(title))) and is_noise(group.inside, bracket=False):
            rest = text[behind.end() :]
            return text if is_version(rest) else text[: group.start].rstrip()
    return text


def _droppable(group: Group) -> bool:
    if group.opener in TITLE_QUOTES:
        return False
    return is_noise(group.inside) or (group.opener in "【〖" and not is_version(group.inside))


_TAIL = re.compile(
    r"(?:^|[\s,.:;|/~-])(?:"
    r"(?:the )?(?:full )?(?:hd )?"
    r"(?:official|oficial|officiel|officielle|ufficiale|resmi|offizielles|officiell|officieel)"
    r"(?: (?:hd|4k|hq|music|lyrics?|video|vídeo|vidéo|audio|clip|visuali[sz]er|visual|full|song|version|performance"
    r"|mv|m/v|channel|klip|videoclip|animated|letra))*"
    r"|(?:video ?clip|v[ií]d[eé]o|clip|clipe|audio|áudio|klip|letra|lyric video)"
    r" (?:oficial|officiel|ufficiale|official|clip|resmi)(?: (?:hd|4k|hq))?"
    r"|(?:music|lyrics?|full|fan|audio|vidéo|live audio|animated) ?(?:video|clip)(?: (?:hd|4k|hq|song))?"
    r"|m/?v|pv|(?:in )?(?:h[dq]|uhd|4k|8k|full hd|1080p|720p|60fps|hi-?fi)"
    r"|(?:with |w/ ?|\+ ?)?(?:on screen )?lyrics?(?: on screen)?"
    r""
    r"|(?:con )?(?:subt[ií]tul\w*|sub\.?|legend\w*)(?: (?:en|em|al|y|ingl[eé]s|espa[nñ]ol|portugu[eê]s|sub))+"
    r"|visuali[sz]er|con letra|con testo|paroles|letra|sub(?:titulado)? (?:en )?español|full song|video ?klip"
    r"|full audio|(?<=[a-z] )clip|high quality|best quality|good quality|(?:144|240|360|480|720|1080|2160)p"
    r"|стерео|(?<=[.,|-] )stereo|(?:video|v[ií]deo) (?:con )?(?:letra|lyrics?)"
    r"|официальный клип|официальное видео|премьера(?: клипа| трека| песни)?(?:,? \d{4})?|клип"
    r"|موزیک ویدیو|ویدیو|뮤직비디오"
    r")[\s!.,]*$",
    re.IGNORECASE,
)
_LAST_WORDS = """
official oficial officiel officielle ufficiale resmi offizielles officiell officieel hd 4k hq music lyrics lyric video
vídeo vidéo audio clip visualizer visualiser visual full song version performance mv m/v channel klip videoclip animated
letra pv uhd 8k 1080p 720p 60fps hifi hi-fi screen testo paroles español quality mp3 inglés ingles português
144p 240p 360p 480p 2160p стерео ویدیو
клип видео премьера клипа трека песни stereo 뮤직비디오 videoklip musicvideo
"""
_LAST = frozenset(_LAST_WORDS.split())
"""The words that such a tail ends with."""
_PREMIERE = "премьера"
"""The one word of such a tail that a year may follow."""
_NEEDS_MORE = vocabulary.word_set("the a an my your no in on to and")


@lru_cache(maxsize=2048)
def drop_noise_tail(text: str) -> str:
    """Cuts publishing words off the end: '... Official Video HD'. A title that is nothing else stays whole."""
    if "prod" in text.lower():
        text = _PRODUCER_BEHIND.sub("", text) or text
    for _ in range(4):
        last = text.rstrip(" !.,").rpartition(" ")[2].lower().lstrip(":;|/~-.,")
        # Most names end in no such word; the pattern is only for those that do.
        if last not in _LAST and not (last[-4:].isdigit() and _PREMIERE in text.lower()):
            return text
        found = _TAIL.search(text)
        if not found:
            return text
        rest = text[: found.start()].rstrip(_EDGE)
        # 'The Official', 'In HD': one small word in front means that the tail is part of the name.
        if not any(map(str.isalnum, rest)) or fold(rest) in _NEEDS_MORE:
            return text
        text = rest
    return text


def drop_year_tail(text: str) -> str:
    """Cuts a year that an uploader put behind a title of several words: 'Song of Three Words 1964'."""
    if not text[-1:].isdigit():
        return text
    found = _TRAILING_YEAR.search(text)
    if found and not _DATED.search(text[: found.start()]) and len(text[: found.start()].split()) >= 3:
        return text[: found.start()].rstrip(_EDGE)
    return text


def trim(text: str) -> str:
    """The text without separators and loose quotation marks at its edges; paired marks and apostrophes stay."""
    trimmed = text.strip(_EDGE)
    if not _LOOSE.search(trimmed):
        return trimmed or text.strip()
    if "„" not in trimmed:
        for opener, closer in _QUOTES:
            count = trimmed.count(opener)
            if count % 2 if opener == closer else count != trimmed.count(closer):
                for mark in (opener, closer):
                    trimmed = trimmed.removeprefix(mark).removesuffix(mark)
                trimmed = trimmed.strip(_EDGE)
    if trimmed.count("~") == 1:
        trimmed = trimmed.strip("~ ")
    return trimmed or text.strip()
