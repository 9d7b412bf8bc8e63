"""Queries: what to ask a platform's search, from precise to loose, so that the first good answer ends the search."""

from __future__ import annotations

from navaar_contracts.music import Recording
from navaar_contracts.platforms.spec import QueryDialect
from navaar_identifier.names import boilerplate
from navaar_identifier.names.brackets import groups, without

MOST = 4
LONGEST = 120
"""Characters of a query: beyond that the platforms' searches find less, not more."""


def queries(recording: Recording, dialect: QueryDialect) -> tuple[str, ...]:
    """The queries worth asking, best first.

    Args:
        recording: what is looked for.
        dialect: what the platform's search understands.

    Returns:
        At most four different texts of at most 120 characters; empty when there is no title.
    """
    title = _tidy(recording.title)
    if not title:
        return ()
    main = recording.artists[0] if recording.artists else (recording.artist or "")
    version = " ".join(_tidy(v) for v in recording.version)
    everyone = " ".join(dict.fromkeys(recording.artists)) or main
    asked: list[str] = []

    def ask(text: str) -> None:
        text = " ".join(text.split())[:LONGEST].strip()
        if text and text.casefold() not in (a.casefold() for a in asked):
            asked.append(text)

    filters = dialect is QueryDialect.FIELDS
    if filters and recording.isrc:
        ask(f"isrc:{recording.isrc}")
    if filters and main:
        ask(f'track:"{_plain(title)}" artist:"{_plain(main)}"')
    ask(f"{everyone} {title} {version}")
    # The other readings come before looser forms of the first, which finds nothing at all if it is wrong.
    for reading in recording.readings[:2]:
        other = f"{reading.artist or ''} {_tidy(reading.title)}"
        if sorted(other.casefold().split()) != sorted(f"{main} {title}".casefold().split()):
            ask(other)
    bare = boilerplate.trim(without(title, tuple(g for g in groups(title) if g.start > 0))) or title
    ask(f"{main} {bare}")
    if not main:
        ask(title)
    else:
        ask(f"{title} {main}" if filters else title)
    return tuple(asked[:MOST])


def _tidy(text: str) -> str:
    return " ".join(text.replace("_", " ").split())


def _plain(text: str) -> str:
    return text.replace('"', " ")
