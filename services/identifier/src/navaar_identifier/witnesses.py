"""Witnesses: what tags, a platform's fields, a file's name and a caption each say about a posted file, and the name
that those put together who agree.

None is always right. Tags are read with the wrong table, cut at 30 characters or overwritten by advertisers; programs
name files; captions talk of other things. So each has a measure of trust, and what two say weighs more than what one
says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from navaar_contracts.music import AudioTags, ItemMetadata
from navaar_identifier.compare import artists
from navaar_identifier.compare.titles import texts_agree
from navaar_identifier.data.word_lists import JUNK_TITLES, NUMBERED_TITLES
from navaar_identifier.names import boilerplate, cleanup, credits
from navaar_identifier.names.captions import is_advertising, read_caption
from navaar_identifier.names.machine_names import is_made_by_program
from navaar_identifier.names.parser import Name, read_name
from navaar_identifier.names.titles import read_title
from navaar_identifier.text.code_pages import looks_misread
from navaar_identifier.text.cuts import ends_at_a_limit
from navaar_identifier.text.encoding_repair import repair_again, repair_encoding, repair_together
from navaar_identifier.text.normalisation import bounded
from navaar_identifier.text.percent import unquoted
from navaar_text.folding import fold

_TAGS, _FIELDS, _FILE_NAME = 1.0, 0.95, 0.8
_LABELLED, _BY_SIGNS, _LINE, _BARE_LINE = 0.9, 0.8, 0.6, 0.45
_NO_ARTIST = 0.3
"""What a name without an artist weighs less."""
_MISREAD, _CUT, _ADVERTISING, _GUESSED = 0.1, 0.3, 0.4, 0.8
"""Trust is multiplied by these."""
_COPIED = 0.3
"""What of its trust a witness adds to the one that it was copied from: platforms fill their fields from the tags."""
_AGREES = 0.8
_NUMBERED = re.compile(r"([^\W\d_]+)[ _]?\d*")
_LOST_LETTERS = re.compile(r"\?{3,}|\ufffd")
_LONGEST_FIELD = 1200
"""Characters of a field looked at."""
_MOST_LINES = 12
_HYPHENS = frozenset(("a hyphen between artist and title", "hyphens for spaces"))
"""Ways to read a name that are guesses."""


@dataclass(frozen=True, slots=True)
class Witness:
    """One source's name of the recording."""

    method: str
    source: str
    """In plain words."""
    name: Name
    trust: float
    written: tuple[str, str] = ("", "")
    """The artist and the title field, as written."""
    doubts: tuple[str, ...] = ()

    @property
    def weight(self) -> float:
        """What it counts for beside others."""
        return self.trust - (0 if self.name.artist else _NO_ARTIST * min(1.0, self.trust))


@dataclass(frozen=True, slots=True)
class Testimony:
    """All that was said about one file."""

    witnesses: tuple[Witness, ...]
    performers: tuple[tuple[str, str], ...] = ()
    """(artist, source) of those who named no title."""
    album: str = ""
    doubts: tuple[str, ...] = ()
    """Of sources that said nothing usable."""


@dataclass(frozen=True, slots=True)
class Said:
    """The name that the witnesses put together."""

    method: str
    name: Name
    reasons: tuple[str, ...]


def hear(metadata: ItemMetadata, tags: AudioTags | None, platform_method: str, platform_source: str) -> Testimony:
    """Everything that came with a posted file, read.

    Args:
        metadata: what the platform told.
        tags: what the file says, where its bytes were read.
        platform_method: what a name from the platform's fields is called.
        platform_source: the same in plain words.
    """
    performer = next((n for n in metadata.artists if n.strip()), "")
    # Before blanks are folded: what Latin-1 calls a blank is a letter in other tables.
    file_name = repair_encoding(unquoted((metadata.file_name or "")[:_LONGEST_FIELD]))
    caption = read_caption(metadata.caption or "")
    said = fold(" ".join((file_name, caption.artist, caption.title, *caption.lines)))
    fields = _mended((performer, metadata.title), said)
    inside = _mended((tags.artist or "", tags.title or ""), f"{said} {fold(' '.join(fields))}") if tags else ("", "")
    labelled = _BY_SIGNS if caption.by_signs else _LABELLED
    sources = (
        ("id3", *inside, "the tags inside the audio", _TAGS),
        (platform_method, *fields, platform_source, _FIELDS),
        ("filename", "", file_name, "the file's name", _FILE_NAME),
        ("filename", caption.artist, caption.title, "the caption's fields", labelled),
        ("filename", "", _named_line(caption.lines), "the caption", _LINE),
    )
    found: list[Witness] = []
    performers: list[tuple[str, str]] = []
    doubts: list[str] = []
    for method, *written, source, trust in sources:
        artist, title = (bounded(unquoted(field)) for field in written)
        if not artist and not title:
            continue
        name = _read_fields(artist, title)
        if name is None:
            doubts.append(f"{source}: nothing usable")
            if (alone := _performer(artist)) and not _is_doubtful(alone):
                performers.append((alone, source))
            continue
        found.append(_measured(Witness(method, source, name, trust, (artist, title))))
    return Testimony(_with_cuts(found), tuple(performers), caption.album, tuple(doubts))


def _mended(fields: tuple[str, str], known: str) -> tuple[str, str]:
    artist, title = repair_again(repair_together(tuple(f[:_LONGEST_FIELD] for f in fields), known), known)
    return artist, title


def _named_line(lines: Sequence[str]) -> str:
    """The line of a caption that reads as artist and title, or else its first; '' without any."""
    usable = [line for line in lines[:_MOST_LINES] if not is_junk_title(line)]
    return next((line for line in usable if read_name(line).artist), usable[0] if usable else "")


def _is_doubtful(text: str) -> bool:
    return looks_misread(text) or is_advertising(text) or bool(_LOST_LETTERS.search(text))


def _measured(witness: Witness) -> Witness:
    """The witness with the trust that its text deserves."""
    whole = " ".join(witness.written)
    trust, doubts = witness.trust, list(witness.doubts)
    if looks_misread(whole) or _LOST_LETTERS.search(whole):
        trust *= _MISREAD
        doubts.append(f"{witness.source}: misread letters")
    if is_advertising(whole):
        trust *= _ADVERTISING
        doubts.append(f"{witness.source}: advertising")
    if witness.trust == _LINE and not witness.name.artist:
        trust = min(trust, _BARE_LINE)
    if witness.name.reason in _HYPHENS:
        trust *= _GUESSED
    return replace(witness, trust=trust, doubts=tuple(doubts))


def _with_cuts(found: list[Witness]) -> tuple[Witness, ...]:
    """The witnesses; those whose fields end where another goes on are trusted less."""
    return tuple(
        replace(w, trust=w.trust * _CUT, doubts=(*w.doubts, f"{w.source}: cut off"))
        if any(o is not w and (_is_cut(w, o, 0) or _is_cut(w, o, 1)) for o in found)
        else w
        for w in found
    )


def _part(witness: Witness, which: int) -> str:
    return (witness.name.artist or "", witness.name.title.bare)[which]


def _is_cut(witness: Witness, other: Witness, which: int) -> bool:
    """Whether a field (0 the artist, 1 the title) is the beginning of the other's, cut where formats cut."""
    short, long = fold(_part(witness, which)), fold(_part(other, which))
    if not short or len(short) >= len(long) or not long.startswith(short):
        return False
    return ends_at_a_limit(witness.written[which] or _part(witness, which))


def _fields_agree(a: Witness, b: Witness, which: int) -> bool:
    left, right = _part(a, which), _part(b, which)
    if _is_cut(a, b, which) or _is_cut(b, a, which):
        return True
    if which == 0:
        return not left or not right or artists.agree(*map(credits.split_credit, (left, right))) >= _AGREES
    return texts_agree(fold(left), fold(right)) >= _AGREES


def _agree(a: Witness, b: Witness) -> bool:
    """Whether two name one recording; a title alone agrees with a name that holds it."""
    if _fields_agree(a, b, 1) and _fields_agree(a, b, 0):
        return True
    for one, other in ((a, b), (b, a)):
        if one.name.artist is None and other.name.artist and _same_title(one.name, other.name):
            return True
    if a.name.artist and b.name.artist and "" in (a.written[0], b.written[0]):
        # Text does not settle which side is the artist; a field does.
        turned = replace(b, name=Name(b.name.title.bare, read_title(b.name.artist)))
        return _fields_agree(a, turned, 1) and _fields_agree(a, turned, 0)
    return False


def _copied(a: Witness, b: Witness) -> bool:
    """Whether one of two that agree was made from the other: a platform's fields from the tags or the file's name."""
    left, right = (fold(cleanup.strip_extension(" ".join(w.written))) for w in (a, b))
    return left == right and (a.trust == _FIELDS or b.trust == _FIELDS)


def together(found: Sequence[Witness], performers: Sequence[tuple[str, str]] = ()) -> Said | None:
    """The name of those who agree and weigh most together; None where nobody names anything."""
    if not found:
        return None
    agreeing = {i: [w for w in found if w is found[i] or _agree(found[i], w)] for i in range(len(found))}
    best = max(agreeing, key=lambda i: (round(_support(found[i], agreeing[i]), 6), -i))
    members = agreeing[best]
    first = max(members, key=lambda w: w.trust)
    reasons = [first.source, first.name.reason]
    name = first.name
    full = next((w for w in sorted(members, key=lambda w: -w.trust) if w.name.artist), None)
    if name.artist is None and full is not None:
        # Tags without an artist and a file name with one are the name together.
        title = name.title
        if fold(title.bare) != fold(full.name.title.bare) and fold(full.name.artist or "") in fold(title.bare):
            title = full.name.title
        name = Name(full.name.artist, title, full.name.readings, full.name.reason)
        reasons.append(f"the artist from {full.source}")
    elif name.artist is None and performers:
        name = replace(name, artist=performers[0][0])
        reasons.append(f"the artist from {performers[0][1]}")
    name = _uncut(first, name, members)
    if len(members) > 1:
        reasons.append("said by " + ", ".join(dict.fromkeys(w.source for w in members)))
    return Said(first.method, name, (*reasons, *(d for w in found for d in w.doubts)))


def _support(seed: Witness, members: Sequence[Witness]) -> float:
    total = seed.weight
    heard = [seed]
    for witness in members:
        if witness is not seed:
            copied = any(_copied(witness, w) for w in heard)
            total += witness.weight * (_COPIED if copied else 1.0)
            heard.append(witness)
    return total


def _uncut(first: Witness, name: Name, members: Sequence[Witness]) -> Name:
    """The name with the whole artist and title, where the first witness's are cut."""
    for other in members:
        if _is_cut(first, other, 0):
            name = replace(name, artist=other.name.artist)
        if _is_cut(first, other, 1):
            name = replace(name, title=other.name.title)
    return name


def _same_title(a: Name, b: Name) -> bool:
    """Whether the first title is the second's, or stands in the second name."""
    left = fold(a.title.bare)
    return bool(left) and left in fold(f"{b.artist or ''} {b.title.bare}")


def _read_fields(artist: str, title: str) -> Name | None:
    """The name in an artist and a title field, or None when they say nothing."""
    if is_junk_title(title):
        return None
    performer = _performer(artist)
    name = read_name(title)
    if not any(map(str.isalnum, name.title.bare)) or is_made_by_program(name.title.bare):
        return None
    if performer is None:
        return name
    if cleanup.looks_like_file(title):
        # The title is a file's name; whatever the artist field says, the file's own artist is part of it.
        return name if name.artist else Name(performer, name.title, (), "the title is a file's name")
    if name.artist and artists.agree(credits.split_credit(performer), credits.split_credit(name.artist)) >= 0.85:
        return Name(performer, name.title, (), "the title repeats the artist")
    return Name(performer, read_title(cleanup.clean(title)))


def _performer(artist: str) -> str | None:
    """An artist field without sites and handles; None when nothing is left."""
    if credits.is_junk(artist):
        return None
    text = boilerplate.drop_brackets(cleanup.clean(artist))
    return None if credits.is_junk(text) else text


def is_junk_title(title: str) -> bool:
    """Whether a title field says nothing: empty, 'Track 01', a program's name, a handle or a site alone."""
    stripped = cleanup.strip_extension(title)
    words = fold(stripped).split()
    if not words or " ".join(words) in JUNK_TITLES or (stripped.startswith("@") and read_name(stripped).artist is None):
        return True
    if (numbered := _NUMBERED.fullmatch(" ".join(words))) and numbered.group(1) in NUMBERED_TITLES:
        return True
    if "." in stripped and " " not in stripped.strip() and credits.is_junk(stripped):
        return True
    digits = "".join(words)
    return (len(digits) >= 6 and digits.isdigit()) or is_made_by_program(title)
