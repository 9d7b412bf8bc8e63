"""Boilerplate: what publishing adds to a name, in brackets or behind it: official video, lyrics, HD, years, credits."""

from __future__ import annotations

import re
from functools import lru_cache

from navaar_identifier.data import word_lists
from navaar_identifier.names.brackets import TITLE_QUOTES, BracketGroup, groups, without
from navaar_identifier.names.cleanup import HANDLE, SITE, SPACED_DASH
from navaar_identifier.names.versions import SAME_RECORDING, is_version, kinds, read_versions
from navaar_text.folding import fold

_SITE_WORD = re.compile(
    r"[A-Za-z][a-z]+(?:Music|Muzik|Mp3|MP3|Radio|Song|Songs|Tube|Tunes|Melody|Musiq|Bot|Download|Ahang)(?:[A-Z]\w*|s|fa|ir)?"
    r"|\w{2,12}(?:music|mp3)(?:s|fa|ir|bot|download)|(?i:radio ?javan|navahang|zaycev|muzmo)"
)
_YEAR_BEHIND = re.compile(r"(?:^|[\s,.'/-])(?:1[89]\d\d|20[0-4]\d)s?$")
_PRODUCER_BEHIND = re.compile(r"\s+prod(?:uced|\.)?\s+(?:by|por)\b[^()\[\]]{2,40}$", re.IGNORECASE)
_YEAR_BESIDE_BOILERPLATE = re.compile(r"[)\]]\s*(?:1[89]\d\d|20[0-4]\d)(?=(?:\s+(?:hd|hq|4k))*$)", re.IGNORECASE)
_DATED = re.compile(r"(?:remaster(?:ed)?|version|mix|edit|live|recording)$", re.IGNORECASE)
_DATE = re.compile(r"\b\d{1,4}[/.]\d{1,2}[/.]\d{2,4}\b")
_TRAILING_YEAR = re.compile(r"(?<=\w)\s+(?:19[2-9]\d|20[0-4]\d)$")
_CREDIT = re.compile(
    r"^(?:prod\b|(?:produced|produzido|director|directed|dir|shot|filmed|video|music|arranged|mixed)\b\.?\s?(?:by|por|:)(?!\w))",
    re.IGNORECASE,
)
_DASH_BEHIND = re.compile(r"\s*[-–—|]\s+")
_EDGE = " \t\r\n-–—_|•·:;,/\\*=<>`´✦★☆♪♫►▶"
_QUOTES = (('"', '"'), ("“", "”"), ("«", "»"))
_LOOSE = re.compile('["“”«»~]')
_BRACKET_BOILERPLATE = frozenset(("full album", "album", "original", "full ep", "ep"))
_STRONG = frozenset(("mv", "pv", "lyrics", "videoclip"))
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
    r"|(?:con )?(?:subt[ií]tul\w*|sub\.?|legend\w*)(?: (?:en|em|al|y|ingl[eé]s|espa[nñ]ol|portugu[eê]s|sub))+"
    r"|visuali[sz]er|con letra|con testo|paroles|letra|sub(?:titulado)? (?:en )?español|full song|video ?klip"
    r"|full audio|(?<=[a-z] )clip|high quality|best quality|good quality|(?:144|240|360|480|720|1080|2160)p"
    r"|стерео|(?<=[.,|-] )stereo|(?:video|v[ií]deo) (?:con )?(?:letra|lyrics?)"
    r"|официальный клип|официальное видео|премьера(?: клипа| трека| песни)?(?:,? \d{4})?|клип"
    r"|موزیک ویدیو|ویدیو|뮤직비디오"
    r")[\s!.,]*$",
    re.IGNORECASE,
)
_PREMIERE = "премьера"
"""The one word of such a tail that a year may follow."""
_NEEDS_MORE = word_lists.word_set("the a an my your no in on to and")
_WORDS_OF_A_DATE = 5
"""Words that a date, a site or a handle holds, with a few around them."""
_BOILERPLATE_HEADS = frozenset(word[:3] for word in word_lists.BOILERPLATE)


@lru_cache(maxsize=8192)
def is_remark(text: str, *, bracket: bool = True) -> bool:
    """Whether a bracket or a segment is publishing talk and nothing else.

    Args:
        text: what stands inside the bracket, or between two separators.
        bracket: whether it is a bracket, where a year at the end is an uploader's remark.
    """
    folded = fold(text)
    words = folded.split()
    if not words:
        return True
    publishing = not word_lists.BOILERPLATE.isdisjoint(words) or any(
        _grown_together(w) for w in words if len(w) >= 7 and w[:3] in _BOILERPLATE_HEADS
    )
    if publishing and all(
        w in word_lists.BOILERPLATE or w in word_lists.FILLER or w.isdigit() or _grown_together(w) for w in words
    ):
        return True
    if folded in word_lists.BOILERPLATE_PHRASES or _CREDIT.match(text) or _TAIL.fullmatch(text):
        return True
    if bracket and (
        folded in _BRACKET_BOILERPLATE or (folded.isdigit() and len(folded) >= 3) or _SITE_WORD.fullmatch(text.strip())
    ):
        return True
    dated = ("." in text or "/" in text or "@" in text) and (
        SITE.search(text) or _DATE.search(text) or HANDLE.search(text)
    )
    begins = bracket or words[0] in word_lists.BOILERPLATE
    if not dated and not begins:
        # A piece is more than a remark unless it begins as one.
        return False
    marks = kinds(read_versions(text))
    if dated and not marks:
        # Between separators a name may stand beside a date: 'Artist en Madrid 14/01/12'.
        return bracket or len(words) <= _WORDS_OF_A_DATE
    if not begins:
        return False
    if marks:
        # 'Official Live Video' stays: it says that this is a live take. 'Official Video Remastered' does not.
        return publishing and marks <= SAME_RECORDING
    return (bracket and bool(_YEAR_BEHIND.search(text))) or (publishing and not _STRONG.isdisjoint(words))


def _grown_together(word: str) -> bool:
    """Whether a folded word is two boilerplate words whose separator a file system did not allow: 'letralyrics'."""
    return (
        len(word) >= 7
        and word[:3] in _BOILERPLATE_HEADS
        and any(
            word[:cut] in word_lists.BOILERPLATE and word[cut:] in word_lists.BOILERPLATE
            for cut in range(3, len(word) - 2)
        )
    )


@lru_cache(maxsize=2048)
def drop_brackets(text: str) -> str:
    """Removes the brackets that hold nothing else. A title that is nothing else keeps them."""
    found = groups(text)
    if not found:
        return text
    if text[-1:].isalnum() and _droppable(found[-1]):
        # 'Title (Official Video) 1989 HD': the year belongs to the video.
        beside = _YEAR_BESIDE_BOILERPLATE.search(text, found[-1].end - 1)
        if beside and beside.start() == found[-1].end - 1:
            text = text[: found[-1].end] + text[beside.end() :]
    rest = without(text, tuple(g for g in found if _droppable(g)))
    return rest if any(map(str.isalnum, rest)) else text


def cut_behind_remark(text: str) -> str:
    """'Artist - Title (Official Audio) - Album': what a dash sets off behind a remark is not the title any more."""
    for group in groups(text):
        behind = _DASH_BEHIND.match(text, group.end)
        title = SPACED_DASH.split(text[: group.start])[1:]
        if behind and any(map(str.isalnum, "".join(title))) and is_remark(group.inside, bracket=False):
            rest = text[behind.end() :]
            return text if is_version(rest) else text[: group.start].rstrip()
    return text


def _droppable(group: BracketGroup) -> bool:
    if group.opener in TITLE_QUOTES:
        return False
    return is_remark(group.inside) or (group.opener in "【〖" and not is_version(group.inside))


@lru_cache(maxsize=2048)
def drop_tail(text: str) -> str:
    """Cuts publishing words off the end: '... Official Video HD'. A title that is nothing else stays whole."""
    if "prod" in text.lower():
        text = _PRODUCER_BEHIND.sub("", text) or text
    for _ in range(4):
        last = text.rstrip(" !.,").rpartition(" ")[2].lower().lstrip(":;|/~-.,")
        # Most names end in no such word; the pattern is only for those that do.
        if last not in word_lists.LAST_WORDS and not (last[-4:].isdigit() and _PREMIERE in text.lower()):
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
