"""Measures what naming, matching and sameness cost, on names made up here.

    python -m benchmarks.identifier.speed [--rounds 300]

Every call meets text that it has not met before, so that no cache answers. Figures are processor time on one core.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from navaar_contracts.music import Candidate, Kind, Recording
from navaar_identifier.compare.verdicts import choose, same_recording
from navaar_identifier.names.parser import read_name

T = TypeVar("T")

LIMITS_US = {"identify": 200, "same": 200, "match over 20 candidates": 2000}
LONGEST_MS = 50
"""What the worst of the hostile inputs may cost."""

_SYLLABLES = (
    "ba", "ko", "ri", "men", "sta", "lu", "fen", "dor", "mi", "ra", "ven", "to", "sha", "lin", "gar", "pe", "no", "ta",
    "qui", "zel",
)  # fmt: skip
_NATIVE = ("شب بارانی", "دریا", "Снег идёт", "Город", "봄비", "夜の歌", "אהבה", "Νύχτα")
_PUBLISHED = (
    "", "", " (Official Video)", " [HD]", " (Lyrics)", " (Remastered 2011)", " (Live at the Hall)", " (X Remix)",
    " @channel",
)  # fmt: skip
HOSTILE = (
    "a", "(", ")", "()", "((a)", "- ", " - a", "a.", "_a", '"', "'a ", "feat. ", "live ", "#a ",
    "@aaa ", "www.", "a-", "گ", "한", "漢あ", "e\u0301", "0", "1 - ", "🎵", "【a】", "official video ",
    "|a", "Ã©", "remix - ", "\n", "\x00", "ﷺ", "by ", "~", "و ", " ",
)  # fmt: skip
_LONG = 10_000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=300)
    rounds = options.parse_args().rounds
    for name, times in measured(rounds).items():
        ordered = sorted(times)
        median, late = statistics.median(ordered), ordered[int(0.95 * len(ordered))]
        verdict = "" if median <= LIMITS_US[name] else f"  OVER {LIMITS_US[name]}"
        print(f"{name}: median {median:.0f} us, 95 % under {late:.0f} us{verdict}")
    worst, what = max(hostile())
    print(
        f"worst hostile input of {_LONG} characters: {worst:.1f} ms ({what!r}){'' if worst <= LONGEST_MS else '  OVER'}"
    )


def measured(rounds: int) -> dict[str, list[float]]:
    """Microseconds of processor time for every call of each kind."""
    dice = random.Random(1)
    return {
        "identify": _times(read_name, (_upload(dice) for _ in range(rounds))),
        "same": _times(lambda pair: same_recording(*pair), (_pair(dice) for _ in range(rounds))),
        "match over 20 candidates": _times(lambda q: choose(*q), (_question(dice) for _ in range(rounds // 3))),
    }


def _times(call: Callable[[T], object], inputs: Iterable[T]) -> list[float]:
    """Microseconds of processor time for each input."""
    found = []
    for value in list(inputs):
        start = time.process_time_ns()
        call(value)
        found.append((time.process_time_ns() - start) / 1000)
    return found


def hostile() -> list[tuple[float, str]]:
    """(milliseconds, piece) for long inputs made of one repeated piece: naming, and comparing in every field."""
    found = []
    # The detector of code pages is loaded once, when a text first needs it.
    read_name("\xcc\xe0\xea\xf1 \xca\xee\xf0\xe6")
    for piece in HOSTILE:
        text = (piece * _LONG)[:_LONG]
        start = time.process_time_ns()
        read_name(text)
        found.append(((time.process_time_ns() - start) / 1e6, piece))
        a = Recording(artist=text, title=text, album=text)
        b = Recording(artist=f"x{text}", title=f"{text}x", album=text)
        start = time.process_time_ns()
        same_recording(a, b)
        choose(a, [Candidate(id="1", title=text[1:], artists=(text,))])
        found.append(((time.process_time_ns() - start) / 1e6, piece))
    return found


def _words(dice: random.Random, most: int) -> str:
    if dice.random() < 0.15:
        return f"{dice.choice(_NATIVE)} {dice.randrange(1000)}"
    words = ("".join(dice.choices(_SYLLABLES, k=dice.randint(1, 3))) for _ in range(dice.randint(1, most)))
    return " ".join(words).title()


def _upload(dice: random.Random) -> str:
    return f"{_words(dice, 3)} - {_words(dice, 5)}{dice.choice(_PUBLISHED)}"


def _recording(dice: random.Random) -> Recording:
    return Recording(artist=_words(dice, 3), title=_words(dice, 5), duration_s=dice.randint(120, 400))


def _pair(dice: random.Random) -> tuple[Recording, Recording]:
    a = _recording(dice)
    if dice.random() < 0.5:
        return a, _recording(dice)
    return a, Recording(artist="Some Channel", title=f"{a.artist} - {a.title}{dice.choice(_PUBLISHED)}")


def _question(dice: random.Random) -> tuple[Recording, list[Candidate]]:
    wanted = _recording(dice)
    titles = [_upload(dice) for _ in range(10)]
    titles += [f"{wanted.artist} - {_words(dice, 5)}" for _ in range(5)]
    titles += [f"{wanted.artist} - {wanted.title}{added}" for added in _PUBLISHED[-5:]]
    kinds = list(Kind)
    return wanted, [
        Candidate(id=str(i), title=t, artists=("Some Channel",), kind=kinds[i % 4], duration_s=dice.randint(120, 400))
        for i, t in enumerate(titles)
    ]


if __name__ == "__main__":
    main()
