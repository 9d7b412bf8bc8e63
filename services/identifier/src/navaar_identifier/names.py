"""Whole names: one string that holds an artist and a title in some order, with some separator, amid noise."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from navaar_identifier import artists, noise, vocabulary
from navaar_identifier.brackets import TITLE_QUOTES, groups, quoted, without
from navaar_identifier.folding import fold, script
from navaar_identifier.given_names import GIVEN_NAMES
from navaar_identifier.mending import mend
from navaar_identifier.titles import Title, read_title
from navaar_identifier.versions import is_version

LONGEST = 300
"""Characters of a raw name looked at."""

# Best evidence first: a dash between spaces, then other signs between spaces, then a dash leaning on one word.
_SEPARATORS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\s+(?:-{1,3}|[–—―‐‑‒−]{1,2})\s+",
        r"\s+(?:[~•·✦✧★☆|=∙⋅:｜/／〜⁓ـ]|[●■◆◇○□▪]+)\s+|\s+//\s+",
        r"\s*-{2,3}\s*|\s+[-–—]|[-–—]\s+|\s*[—–]\s*",
        r"\s_\s|:\s+",
    )
)
_PIPE = re.compile(r"\s*(?:\||｜|\s//\s)\s*")
_PERSIAN = re.compile(
    r"^(?:دانلود\s+)?(?:(?:موزیک\s*ویدیو|موزیک\s*ویدئو|ویدیو|ویدئو|کلیپ|ریمیکس|اجرای زنده)\s+)?(?:ی\s+)?(?:آهنگ|ترانه|اهنگ|موزیک|قطعه)\s+(?:(?:جدید|زیبای|زیبا|بسیار|شاد|غمگین|عاشقانه|قدیمی|معروف|فوق العاده)\s+){0,3}(?P<rest>.+)$"
)
_PERSIAN_TAIL = re.compile(r"\s+(?:با کیفیت|کیفیت|همراه با متن|با لینک|با متن|\+ ?متن).*$")
_BY = re.compile(r"^(?P<title>.{2,80}?)\s+(?:\"[Bb]y\"|by|BY|от)\s+(?P<artist>\S.{1,60})$")
_TIGHT_DASH = re.compile(r"(?<=[\w).!?'’])-(?=[\w('\"“])")
_HYPHENED = frozenset(
    "semi anti self ex non re co pre post multi ultra half all well un sub super mid bi tri e x t a b o f g i u uh ah ha la na da "
    "do di de oh hey bye rock hip trip lo hi hit be bow sha doo wop yo ping tick boom ding bang one two three four five six seven "
    "eight nine ten twenty thirty forty fifty sixty seventy eighty ninety al el ul ar as az il d l j s y jay z kool jean mary "
    "marie anne smith newton lloyd st saint mc ku op op. no vice ever never over under good high low first second third".split()
)
_CASE_BREAK = re.compile(r"^((?:[A-ZÀ-Þ][\w'’.]*[a-zß-ÿ][\w'’.]*\s+){1,3})((?:[A-ZÀ-Þ0-9'’]{2,}\s*){1,8})$")


REVERSED = 2.6
"""How much likelier than the right side a title the left side must look. Artists come first in nine names of ten."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a raw name was read as."""

    artist: str | None
    """The credit as written, guests included."""
    title: Title
    readings: tuple[tuple[str | None, str], ...] = ()
    """Other (artist, title) readings, likeliest first."""
    reason: str = ""


@lru_cache(maxsize=8192)
def read_name(raw: str) -> Name:
    """Reads 'Artist - Title (Official Video).mp3' and its many relatives.

    Args:
        raw: a file name, a video's title, a caption's first line. Any text is accepted.

    Returns:
        The likeliest reading with the others beside it. The title is '' only for a text without letters and digits.
    """
    text = _prepared(raw)
    if not any(c.isalnum() for c in text):
        return Name(None, read_title(text.strip()), reason="no letters or digits")
    # A track number in front of a name without spaced separators says that a title follows, not an artist.
    numbered = bool(_TIGHT_NUMBER.match(raw)) and not noise.looks_like_file(raw)
    for reader in (_read_persian, _read_quoted, _read_separated, _read_tight_dash, _read_joined):
        if numbered and reader in (_read_tight_dash, _read_joined):
            continue
        name = reader(text)
        if numbered and name is not None and ":" in name.reason:
            continue
        if name is not None:
            return name
    return Name(None, read_title(noise.strip_number(text)), reason="no separator")


_TIGHT_NUMBER = re.compile(r"^\d{2,3}-(?=\S)[^_]+$")
_WIDE_GAP = re.compile(r"(?<=[^\s|:~•/–—-])\s{2,}(?:\d{1,2}\s{2,})?(?=[^\W\d]|\d+\D)")
_SPACED_DASH = re.compile(r"\s[-–—~•|:]+\s|[-–—]\s|\s[-–—]")
_LENTICULAR = re.compile(r"^([^【】「」『』]{1,60})【([^】]{1,80})】(.*)$")


def _prepared(raw: str) -> str:
    text = raw[: 4 * LONGEST].strip()[:LONGEST]
    if "amp" in text or "&" in text:
        text = re.sub(r"\s+amp;?\s+", " & ", html.unescape(text))
    if "  " in text and not _SPACED_DASH.search(text) and len(_WIDE_GAP.findall(text)) == 1:
        # Some tools drop the dash of ' - ' and leave its spaces.
        text = _WIDE_GAP.sub(" - ", text)
    held = _LENTICULAR.match(text)
    if held and not noise.is_noise(held.group(2)) and not _SPACED_DASH.search(held.group(1)) and held.group(3).startswith("【"):
        text = f"{held.group(1)}「{held.group(2)}」"
    if text.count("～") == 1 and not _SPACED_DASH.search(text):
        text = text.replace("～", " ~ ")
    text = mend(text)
    text = " ".join(text.replace("\u200e", "").replace("\u200f", "").split())
    text = noise.untangle(text)
    # Noise brackets go first: they hold separators of their own.
    text = noise.drop_noise_brackets(text)
    return noise.drop_noise_tail(text)


def _without_translation(text: str) -> tuple[str, str]:
    """Takes off a bracket that repeats the whole name in another script.

    Returns:
        The text without it, and what stood in it ('' if there is none).
    """
    for group in groups(text):
        if group.start and _SPACED_DASH.search(group.inside) and script(group.inside) not in ("", script(text[: group.start])):
            return without(text, (group,)), group.inside
    return text, ""


def _read_persian(text: str) -> Name | None:
    """'آهنگ X از Y' (the song X by Y), alone or behind a Latin name."""
    found = _PERSIAN.match(text)
    if not found:
        return None
    rest = _PERSIAN_TAIL.sub("", found.group("rest"))
    for word, artist_first in (("به نام", True), ("بنام", True), ("از", False), ("با صدای", False)):
        left, mark, right = rest.partition(f" {word} ")
        if mark and left.strip() and right.strip():
            artist, title = (left, right) if artist_first else (right, left)
            return _name(artist.strip(), title.strip(), "Persian 'song X of Y'")
    return None


def _read_quoted(text: str) -> Name | None:
    """'Artist "Title" M/V', 'Artist「Title」', 'Artist: "Title"'."""
    found = quoted(text)
    if found is None:
        return None
    before, after = text[: found.start].strip(), text[found.end :].strip()
    if any(p.search(before + " ") or p.search(f" {before}  x") for p in _SEPARATORS[:1]):
        # 'Artist - "Title"' and 'Artist - Movement "Name"' belong to the separator.
        return None
    title = found.inside
    if before:
        lead = noise.trim(re.sub(r"(?:MV|PV|M/V)$", "", noise.drop_noise_brackets(before)).rstrip(" :-"))
        if not any(c.isalnum() for c in lead):
            return _name(None, title, "quoted title")
        cut = re.search(r"\s+[-–—~|/]\s+", after)
        if cut and found.opener not in TITLE_QUOTES:
            return None
        if found.opener in "'‘" and not _looks_like_suffix(after):
            return None
        if found.opener == '"' and len(lead.split()) > 5:
            return None
        native = groups(lead)
        if native and native[-1].end == len(lead) and native[-1].start > 0 and native[-1].opener == "[":
            lead = without(lead, native[-1:])
        title = re.sub(r"(?:MV|PV)$", "", title).strip() or title
        kept = after if after and _keeps(after) else ""
        return _name(lead, f"{title} {kept}".strip(), "quoted title")
    artist = re.match(r"^(?:by|from|-|–|—|:)\s*(.+)$", after)
    if artist and any(c.isalnum() for c in artist.group(1)):
        return _name(noise.trim(artist.group(1)), title, "quoted title, artist after it")
    if not after or noise.is_noise(after, bracket=False):
        return _name(None, title, "quoted title")
    if found.opener in "'‘" and re.fullmatch(r"[a-z ]+", after):
        return _name(None, title, "quoted title")
    return None


def _looks_like_suffix(after: str) -> bool:
    return not after or noise.is_noise(after) or after.startswith(("(", "[", "【")) or _keeps(after)


def _keeps(after: str) -> bool:
    return bool(re.match(r"^(?:\(?(?:feat|ft)\b)", after, re.IGNORECASE)) or (after.startswith(("(", "[")) and is_version(after))


def _read_separated(text: str) -> Name | None:
    whole = text
    text, translation = _without_translation(text)
    if "|" in text or "｜" in text:
        text = _best_pipe_piece(text)
    for rank, separator in enumerate(_SEPARATORS):
        parts = [p for p in _split_outside(text, separator) if any(c.isalnum() for c in p)]
        parts = _without_noise_parts(parts)
        if len(parts) < 2:
            if len(parts) == 1 and rank == 0:
                text = parts[0]
            continue
        if rank == 3 and not _colon_separates(parts):
            continue
        name = _from_parts(parts, text)
        if translation:
            native = read_name(translation)
            if native.artist:
                name = replace(name, readings=((native.artist, native.title.bare), *name.readings))
        return name
    return None if text == whole else read_name(text)


def _split_outside(text: str, separator: re.Pattern[str]) -> list[str]:
    """Splits at the separator, but not inside brackets."""
    spans = [(g.start, g.end) for g in groups(text)]
    parts: list[str] = []
    at = 0
    for found in separator.finditer(text):
        if any(start < found.start() < end for start, end in spans):
            continue
        parts.append(text[at : found.start()])
        at = found.end()
    parts.append(text[at:])
    return [p.strip() for p in parts]


def _best_pipe_piece(text: str) -> str:
    """Of 'A - B | Movie | Label' the piece that holds the name."""
    pieces = [p for p in _PIPE.split(text) if any(c.isalnum() for c in p) and not noise.is_noise(p, bracket=False)]
    if not pieces:
        return text
    if len(pieces) == 2 and not any(_SEPARATORS[0].search(p) for p in pieces):
        return " | ".join(pieces)
    for piece in pieces[:2]:
        if _SEPARATORS[0].search(piece):
            return piece
    return pieces[0]


def _without_noise_parts(parts: list[str]) -> list[str]:
    kept = []
    for index, part in enumerate(parts):
        if len(parts) > 1 and (noise.is_noise(part, bracket=False) or (not index and artists.is_junk(part) and fold(part) != "artist")):
            continue
        if index and _PERSIAN.match(part) and len(parts) > 2:
            # 'Latin artist - Latin title - the same in Persian'
            continue
        kept.append(part)
    return kept or parts


def _colon_separates(parts: list[str]) -> bool:
    """'Artist: Title' with a short left side; 'Act 1: Scene' and 'Sonata No. 5: Allegro' are titles."""
    left = parts[0]
    return (
        len(parts) == 2
        and len(left.split()) <= 5
        and not re.search(r"\d|\b(?:op|no|act|part|vol|chapter)\b", left, re.IGNORECASE)
        and fold(left) not in _TITLE_HEADS
    )


_TITLE_HEADS = frozenset(
    "reel jig intro outro interlude medley suite concerto sonata symphony prelude overture theme hymn psalm aria scene skit act "
    "prologue epilogue waltz march polka song bonus dance recitative fugue toccata chorale live remix cover".split()
)


def _from_parts(parts: list[str], text: str) -> Name:
    """The reading of two or more separated pieces."""
    if len(parts) > 2 and re.fullmatch(r"\d{1,3}\.?", parts[0]):
        parts = parts[1:]
    if len(parts) > 2 and noise.strip_number(parts[1]) != parts[1] and re.fullmatch(r"\d{1,3}", parts[1]):
        parts = [parts[0], *parts[2:]]
    if len(parts) > 2 and fold(parts[0]) == fold(parts[1]):
        parts = parts[1:]
    for index in range(2, len(parts)):
        if re.search(r"^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|^\d{4}$", parts[index]):
            # 'Artist - Title - 3/7/1971 - Fillmore West'
            parts = parts[:index]
            break
    if len(parts) > 2 and _is_channel(parts[0], parts[1]):
        parts = parts[1:]
    by = re.match(r"^by\s+(.+)$", parts[-1])
    if by and len(parts) > 1:
        return _name(by.group(1), parts[0], "title - by artist")
    left, right = parts[0], " - ".join(parts[1:])
    if len(parts) > 2:
        # The title keeps the separators that it was written with.
        start, end = text.find(parts[1]), text.rfind(parts[-1])
        between = text[start : end + len(parts[-1])] if 0 < start < end else ""
        if between and len(between) <= len(right) + 2 * len(parts) and "|" not in between:
            right = " ".join(between.split())
    if fold(left) in ("nightcore", "sped up nightcore", "speed up", "slowed", "karaoke", "8d", "8d audio", "lyrics", "cover"):
        if len(parts) > 2:
            return _name(parts[1], f"{' - '.join(parts[2:])} ({left})", "version word in front")
        return _name(None, f"{right} ({left})", "version word in front")
    front = groups(left)
    if front and front[0].start == 0 and is_version(front[0].inside) and any(c.isalnum() for c in left[front[0].end :]):
        # '(Live) Artist - Title'
        left, right = left[front[0].end :].strip(), f"{right} ({front[0].inside})"
    if _reversed(left, right):
        kept = " ".join(f"({g.inside})" for g in groups(right) if is_version(g.inside))
        return _name(without(right, tuple(g for g in groups(right) if is_version(g.inside))), f"{left} {kept}".strip(), "title before artist", (left, right))
    return _name(left, right, "artist, separator, title", (right, left))


def _is_channel(first: str, second: str) -> bool:
    """Whether the first of three pieces is the channel that posted the song."""
    if re.search(r"official|channel|music|records|کانال|موزیک", first, re.IGNORECASE) and (
        " " not in first or (script(first) != script(second) and len(first.split()) <= 3)
    ):
        return True
    return script(first) == "latin" and script(second) == "arabic" and " " not in first


def _reversed(left: str, right: str) -> bool:
    """Whether 'left - right' is likelier 'title - artist'."""
    right = noise.drop_noise_tail(noise.drop_noise_brackets(right))
    return _titleness(left) - _titleness(right) >= REVERSED


def _titleness(part: str) -> float:
    """How much a piece reads like a title (positive) or like an artist (negative)."""
    score = 0.0
    folded = fold(part)
    words = folded.split()
    inner = groups(part)
    if any(_is_guest_or_version(g.inside) for g in inner if g.start > 0):
        score += 3
    elif inner and inner[-1].start > 0 and script(inner[-1].inside) == script(part):
        score += 1.5
    plain_words = fold(without(part, inner)).split() or words
    known = sum(1 for w in plain_words if w in vocabulary.TITLE_WORDS)
    if len(plain_words) > 1:
        score += min(3.0, 1.2 * known)
    if len(plain_words) > 5:
        score += 1
    if "?" in part or part.endswith("..."):
        score += 1
    names = [p for p in artists.split_credit(part) if p]
    if len({fold(n) for n in names}) == len(names) > 1 and known == 0 and "," in part and len(words) > len(names):
        # 'A B, C D': a list of people; 'Crying, Waiting, Hoping' is a title.
        score -= 3 if all(len(n.split()) <= 3 and n[0].isupper() for n in names) else 0
    if plain_words and plain_words[0] in GIVEN_NAMES and 2 <= len(plain_words) <= 3 and known == 0:
        score -= 2.2
    elif len(names) > 1 and known == 0 and all(2 <= len(n.split()) <= 3 and fold(n).split()[:1][0] in GIVEN_NAMES for n in names if fold(n)):
        score -= 2.8
    if len(words) == 1 and script(part) == "arabic" and words[0] in GIVEN_NAMES:
        # Persian singers go by one name, and Persian channels write the title first.
        score -= 2.8
    if re.match(r"^(?:[A-Z]\.\s?){1,3}\s?[A-Z]", part):
        score -= 2.5
    if plain_words and plain_words[0] in ("the", "dj", "mc", "lil", "los", "orchestra") and len(plain_words) <= 4 and known == 0:
        score -= 1.0
    if re.search(r"\b(?:band|orchestra|trio|quartet|ensemble|choir|brothers|sisters|singers|group|gang|crew|boys|girls)$", folded):
        score -= 1.5
    return score


def _is_guest_or_version(inside: str) -> bool:
    return bool(re.match(r"(?:feat|ft|featuring|with|prod)\b", inside, re.IGNORECASE)) or is_version(inside)


def _read_tight_dash(text: str) -> Name | None:
    """'Artist-Title' without spaces, as file names have it."""
    outside = [m for m in _TIGHT_DASH.finditer(text) if not any(g.start < m.start() < g.end for g in groups(text))]
    if not outside or len(outside) > 3:
        return None
    for found in outside:
        left, right = text[: found.start()].strip(), text[found.end() :].strip()
        last = left.split()[-1].lower()
        if last in _HYPHENED or len(left) < 2 or len(fold(right)) < 2 or right[0].isdigit():
            continue
        if not (right[0].isupper() or not right[0].isascii() or len(right.split()) > 2 or right[0] in "'\"(“"):
            continue
        if len(left.split()) == 1 and len(right.split()) == 1 and right[0].islower():
            continue
        if " " not in text:
            right = right.replace("-", " ")
        return _name(left, right, "artist-title without spaces", (right, left), (None, text))
    return None


def _read_joined(text: str) -> Name | None:
    """No separator: a change to capitals, or a person's name in front, tells where the title begins."""
    found = _CASE_BREAK.match(text)
    if found:
        return _name(found.group(1).strip(), found.group(2).strip(), "the title is in capitals", (None, text))
    covered = re.match(r"^(.+?)\s*[(\[](?:cover|covered|performed|sung) by ([^()\[\]]+)[)\]](.*)$", text, re.IGNORECASE)
    if covered:
        return _name(covered.group(2), covered.group(1), "cover by artist")
    change = _script_change(text)
    if change:
        return _name(*change, "the script changes", (None, text), (change[1], change[0]))
    by = _BY.match(text)
    words = text.split()
    folded = fold(words[0]) if words else ""
    if by and _is_performer(by.group("title"), by.group("artist")):
        return _name(noise.drop_year_tail(by.group("artist")), by.group("title"), "title by artist", (None, text))
    if len(words) >= 4 and folded in GIVEN_NAMES and words[1][:1].isupper() and fold(words[1]) not in vocabulary.TITLE_WORDS:
        artist, title = " ".join(words[:2]), " ".join(words[2:])
        return _name(artist, title, "a person's name in front", (None, text))
    if by:
        return _name(None, text, "no separator", (by.group("artist"), by.group("title")))
    last = groups(text)
    if last and last[-1].end == len(text) and last[-1].start > 0 and not is_version(last[-1].inside) and last[-1].opener in "([":
        # 'Iron Fist (Pro-Pain)': a subtitle as often as the artist.
        return _name(None, text, "no separator", (last[-1].inside, text[: last[-1].start].strip()))
    if len(words) >= 3 and folded in GIVEN_NAMES:
        return _name(None, text, "no separator", (" ".join(words[:2]), " ".join(words[2:])))
    return None


def _is_performer(title: str, artist: str) -> bool:
    """Whether 'title by artist' is that, and not a title with 'by' in it: 'Stand by Me', 'Day by Day'."""
    left, right = fold(title).split(), fold(artist).split()
    if not left or not right or right[0] in vocabulary.TITLE_WORDS or left[-1] == right[0] or right[0] in vocabulary.SMALL_WORDS - {"the"}:
        return False
    return len(right) <= 6 and left[-1] not in ("stand", "killed", "written", "inspired", "passing", "passed", "touched", "side", "standing", "bye")


def _script_change(text: str) -> tuple[str, str] | None:
    """'GRIVINA А ты вспоминай осень': the place where one script gives way to another, if there is exactly one."""
    words = text.split()
    kinds = [script(w) for w in words]
    known = [k for k in kinds if k]
    if len(set(known)) != 2 or "kana" in known or "other" in known or "(" in text:
        return None
    changes = [i for i in range(1, len(words)) if kinds[i] and kinds[i] != next((k for k in reversed(kinds[:i]) if k), kinds[i])]
    if len(changes) != 1 or not kinds[0]:
        return None
    return " ".join(words[: changes[0]]), " ".join(words[changes[0] :])


def _name(artist: str | None, title: str, reason: str, *others: tuple[str | None, str]) -> Name:
    credit = _credit(artist)
    read = read_title(_unquoted(title))
    readings = tuple((_credit(a), read_title(_unquoted(t)).bare) for a, t in others)
    return Name(credit, read, tuple(r for r in readings if r[1]), reason)


def _credit(artist: str | None) -> str | None:
    if artist is None:
        return None
    text = noise.drop_noise_brackets(artist)
    front = groups(text)
    if front and front[0].start == 0 and front[0].opener == "[" and front[0].end < len(text):
        # '[Genre] Artist'
        text = text[front[0].end :]
    text = noise.strip_number(noise.trim(text))
    return text if any(c.isalnum() for c in text) else None


def _unquoted(title: str) -> str:
    """Takes the quotation marks off a title that begins with them, with what follows if that is more than noise."""
    found = quoted(title)
    if found is None or found.start != 0:
        return title
    after = title[found.end :].strip()
    if not after:
        return found.inside
    if re.match(r"^[-–—]\s", after) and is_version(after):
        return f"{found.inside} {after}"
    if noise.is_noise(after) or (after[0] in "([" and len(groups(after)) == 1 and not is_version(after)):
        return found.inside
    if after[0] in "([":
        return f"{found.inside} {after}"
    return title
