"""Dress: how the fields of one item look on a platform, by dice: which of them are filled, and who wrote the title."""

from __future__ import annotations

from random import Random
from typing import Any

from benchmarks.identifier.pairs import invented
from benchmarks.identifier.pairs.invented import artist, title
from benchmarks.identifier.pairs.rows import Fields, Right

Made = tuple[Right, Fields, Fields]

_REMARKS = ("", " (Official Video)", " [Official Audio]", " (Lyrics)", " (Official Music Video) [HD]", " | Lyric Video")
_CHANNELS = ("somebody's uploads", "lyrics and more", "Harbour Records", "musicbox tv", "night drive")


def length(dice: Random) -> float:
    return float(dice.randint(150, 320))


def song(artist: str, title: str, seconds: float | None = None, album: str | None = None, **more: object) -> Fields:
    """A catalogue's entry, with the empty fields left out."""
    fields: Fields = {"artist": artist, "title": title, "duration_s": seconds, "album": album, **more}
    return {name: value for name, value in fields.items() if value is not None}


def two_songs(
    dice: Random, artist: str, titles: tuple[str, str], lengths: tuple[float, float], *, untimed: float = 0.2
) -> tuple[Fields, Fields]:
    """Two catalogue entries by one performer: of one album, of two, or of none that is named.

    Args:
        dice: what decides.
        artist: who performs both.
        titles: theirs.
        lengths: theirs, in seconds.
        untimed: how often the lengths are not known.
    """
    record = invented.album(dice)
    albums = dice.choice(
        ((record, record), (record, record), (None, None), (record, None), (record, invented.album(dice)))
    )
    timed = dice.random() >= untimed
    a, b = (
        song(artist, title, seconds if timed else None, name, kind="song")
        for title, seconds, name in zip(titles, lengths, albums, strict=True)
    )
    return a, b


def upload(dice: Random, artist: str, title: str, seconds: float | None = None) -> Fields:
    """A video of the performer's or of a stranger's channel, both names in its title."""
    kind = dice.choice(("video", "upload"))
    channel = artist if kind == "video" and dice.random() < 0.5 else dice.choice(_CHANNELS)
    return song(channel, f"{artist} - {title}{dice.choice(_REMARKS)}", seconds, kind=kind)


def sometimes_uploaded(dice: Random, pair: tuple[Fields, Fields]) -> tuple[Fields, Fields]:
    """The pair; in a third of the cases its second item is a video."""
    a, b = pair
    if dice.random() < 1 / 3:
        b = upload(dice, b["artist"], b["title"], b.get("duration_s"))
    return a, b


def turned(dice: Random, pair: tuple[Fields, Fields]) -> tuple[Fields, Fields]:
    """The pair in either order."""
    return pair if dice.random() < 0.5 else (pair[1], pair[0])


def of_two(dice: Random, titles: tuple[str, str], right: Right = "different", gap: tuple[int, int] = (0, 40)) -> Made:
    """Two titles by one performer, their lengths so many seconds apart (from, to)."""
    seconds = length(dice)
    lengths = (seconds, max(30.0, seconds + dice.choice((-1, 1)) * dice.randint(*gap)))
    pair = sometimes_uploaded(dice, two_songs(dice, artist(dice), titles, lengths))
    return right, *turned(dice, pair)


def marked(dice: Random, marks: tuple[str, ...], gap: tuple[int, int] = (0, 60)) -> Made:
    """A song and the same title with a version word."""
    name = title(dice)
    return of_two(dice, (name, with_mark(dice, name, dice.choice(marks))), gap=gap)


def with_mark(dice: Random, name: str, mark: str) -> str:
    """A title with what says its version, in a bracket or behind a dash."""
    return dice.choice((f"{name} ({mark})", f"{name} ({mark})", f"{name} - {mark}", f"{name} [{mark}]"))


def near(dice: Random, seconds: float) -> float:
    return seconds + dice.choice((-1, -0.4, 0, 0.3, 1))


def two(dice: Random, one: tuple[str, str], other: tuple[str, str], *, untimed: float = 0.2, **more: Any) -> Made:
    """One recording under two (artist, title); lengths are given for both, or in some cases for neither."""
    seconds = length(dice)
    timed = dice.random() >= untimed
    record = dice.choice((None, None, invented.album(dice)))
    a = song(*one, seconds if timed else None, record, kind="song")
    b = song(*other, near(dice, seconds) if timed else None, dice.choice((None, record)), kind="song", **more)
    return "same", *turned(dice, (a, b))


def typo(dice: Random, text: str) -> str:
    inside = [i for i in range(1, len(text) - 1) if text[i - 1 : i + 2].isalpha() and text[i] != text[i + 1]]
    at = dice.choice(inside)
    return dice.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        )
    )
