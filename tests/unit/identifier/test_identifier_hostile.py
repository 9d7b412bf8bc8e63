"""Text made to be slow: ten thousand characters, and what makes careless expressions run for ever."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navaar_contracts.identifiers import Platform
from navaar_contracts.music import AudioTags, Candidate, ItemMetadata, Kind, Reading, Recording
from navaar_contracts.platforms.spec import QueryDialect
from navaar_identifier.compare.lookup_keys import identity_keys
from navaar_identifier.compare.verdicts import choose, same_recording
from navaar_identifier.identification import identify
from navaar_identifier.search_queries import queries

LONG = 10_000
LIMIT_MS = 50.0
PIECES = [
    "a", "A", " ", "(", ")", "()", "((a)", "[[", "[(", "- ", " - a", " – ", "a.", "..", "_a", '"', "'a ", "“a”", "«",
    "「a」", "feat. ", "ft ft ", "live ", "(live) ", "remix - ", "x & ", "a, ", "#a ", "@aaa ", "www.", "www.a.ru ",
    "گ", "آهنگ ", "به نام ", "و ", "한", "漢あ", "e\u0301", "\u0301", "\u200f", "\u200c", "0", "1 - ", "01. ", "2011 ",
    "🎵", "【a】", "a-", "a-a",
    "official video ", "official (video) [", "|a", "Ã©", "\n", "\x00", "\t ", "ﷺ", "by ", "cover by ", "~", "//", ": a",
    "a/a ", "a x ", "vs. ", "İ", "ß", "ｶﾞ", "Кино ", "mp3.", ".mp3", "320kbps ", "!!!", "?!", "\\", "^(a+)+$", "(a|a)*b",
]  # fmt: skip


def milliseconds(work: Callable[[], object]) -> float:
    """Processor time of this thread; the better of two, since a machine may be busy with something else."""
    found = []
    for _ in range(2):
        start = time.thread_time_ns()
        work()
        found.append((time.thread_time_ns() - start) / 1e6)
    return min(found)


def works(text: str) -> dict[str, Callable[[], object]]:
    """Everything that is asked about foreign text, with the text in every field."""
    item = ItemMetadata(title=text, artists=(text,), album=text, file_name=text, caption=text, duration_s=200)
    tags = AudioTags(title=text, artist=text, album=text)
    one = Recording(
        artist=text,
        artists=(text,),
        title=text,
        version=(text,),
        album=text,
        readings=(Reading(artist=text, title=text),),
    )
    other = Recording(artist=f"x{text}", title=f"{text}x", album=text, kind=Kind.UPLOAD)
    candidate = Candidate(id="1", title=text[1:], artists=(text,), album=text, kind=Kind.VIDEO)
    return {
        "identify a post": lambda: identify(item, None, Platform("telegram")),
        "identify by tags": lambda: identify(ItemMetadata(), tags, Platform("telegram")),
        "identify a video": lambda: identify(item.model_copy(update={"kind": Kind.UPLOAD}), None, Platform("youtube")),
        "identify a track": lambda: identify(item, None, Platform("spotify")),
        "keys": lambda: identity_keys(one),
        "queries": lambda: queries(one, QueryDialect.FIELDS),
        "same": lambda: same_recording(one, other),
        "match": lambda: choose(one, [candidate]),
    }


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_ten_thousand_characters_of_anything_take_less_than_fifty_milliseconds(piece: str) -> None:
    text = (piece * LONG)[:LONG]
    slow = {name: taken for name, work in works(text).items() if (taken := milliseconds(work)) > LIMIT_MS}
    assert not slow


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5), st.text(max_size=5))
def test_no_mixture_of_them_is_slow(pieces: list[str], ending: str) -> None:
    together = "".join(pieces)
    text = (together * (LONG // len(together) + 1))[: LONG - len(ending)] + ending
    slow = {name: taken for name, work in works(text).items() if (taken := milliseconds(work)) > LIMIT_MS}
    assert not slow


def test_twenty_long_candidates_are_weighed_in_time() -> None:
    text = ("(live) feat. x - " * LONG)[:LONG]
    candidates = [Candidate(id=str(n), title=f"{n} {text}", artists=(text,)) for n in range(20)]
    assert milliseconds(lambda: choose(Recording(artist=text, title=text), candidates)) < LIMIT_MS
