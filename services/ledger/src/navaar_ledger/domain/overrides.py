"""What a person decided for good about a recording and a platform, and which recordings it holds for. Pure.

A override is kept under names of the recording, not of a track: it holds for the same recording wherever it comes from
next. A name is the ISRC, and the folded artist, title and version together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from navaar_contracts.identifiers import Platform
from navaar_contracts.message import AwareDatetime
from navaar_contracts.music import Candidate, Recording, Value
from navaar_text.folding import fold

FAR_APART_S = 15.0
"""Recordings of one name whose lengths differ by more are not the same."""


class Named(Value):
    """A recording as the rules know it, whichever track it is at the time."""

    name: str
    """Folded artist, title and version; empty for one without a title."""
    isrc: str | None = None
    duration_s: float | None = None
    marks: tuple[str, ...] = ()
    """The very post or file: what tells two recordings of one name apart when it is met again."""


class Apart(Value):
    """A person said that two recordings are two songs: they are never joined."""

    one: Named
    one_id: int
    """The track it was then."""
    other: Named
    other_id: int


class Override(Value):
    """`chosen` is the recording there; without it, the recording shall never be placed there.

    Under `apart_keys` it holds for no platform, and `apart` has what the recording was parted from.
    """

    chosen: Candidate | None = None
    isrc: str | None = None
    duration_s: float | None = None
    by: str = ""
    made_at: AwareDatetime
    apart: tuple[Apart, ...] = ()


def override_keys(
    link: str, recording: Recording | None, target: Platform, folded: Callable[[str], str] = fold
) -> tuple[str, ...]:
    """The keys under which an override about `recording` is kept, the surest first; none for one without a name."""
    if recording is None or not recording.title.strip():
        return ()
    names = [f"isrc:{recording.isrc.upper()}"] if recording.isrc else []
    names.append(name_of(recording, folded))
    return tuple(f"{link}|rule|{name}|{target}" for name in names)


def name_of(recording: Recording, folded: Callable[[str], str] = fold) -> str:
    """Artist, title and version, folded; empty for one without a title."""
    if not recording.title.strip():
        return ""
    artist, title = folded(recording.artist or " ".join(recording.artists)), folded(recording.title)
    return f"{artist}/{title}/{'+'.join(sorted(folded(words) for words in recording.version))}"


def apart_keys(link: str, named: Named) -> tuple[str, ...]:
    """The keys under which it is kept what a recording was parted from."""
    names = [f"isrc:{named.isrc}"] if named.isrc else []
    names += [named.name] if named.name else []
    return tuple(f"{link}|apart|{name}" for name in (*names, *named.marks))


def holds_for(override: Override, recording: Recording) -> bool:
    """Whether it was made about this recording, not another one of the same name."""
    if override.isrc and recording.isrc:
        return override.isrc.upper() == recording.isrc.upper()
    if override.duration_s is None or recording.duration_s is None:
        return True
    return abs(override.duration_s - recording.duration_s) <= FAR_APART_S


def kept_apart(named: Named, rules: Iterable[Apart]) -> tuple[tuple[int, int], ...]:
    """As which track of each rule `named` is known, and what it is therefore not; (17, 42) for '17, not 42'.

    Of two recordings of one name and length it is neither: nothing tells which, and it may be joined to either.
    """
    found: dict[tuple[int, int], None] = {}
    for rule in rules:
        one, other = _likeness(named, rule.one), _likeness(named, rule.other)
        if one > other:
            found[rule.one_id, rule.other_id] = None
        elif other > one:
            found[rule.other_id, rule.one_id] = None
    return tuple(found)


def _likeness(named: Named, known: Named) -> int:
    """How surely both are one recording; 0: they are not."""
    marked = 8 * bool(set(named.marks) & set(known.marks))
    if named.isrc and known.isrc and named.isrc != known.isrc:
        return marked
    called, coded = bool(named.name) and named.name == known.name, bool(named.isrc) and named.isrc == known.isrc
    if not called and not coded:
        return marked
    if named.duration_s is None or known.duration_s is None:
        return marked + 4 * called + 2 * coded
    near = abs(named.duration_s - known.duration_s) <= FAR_APART_S
    return marked + (4 * called + 2 * coded + 1 if near else 0)
