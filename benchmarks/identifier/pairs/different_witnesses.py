"""Alike but different: one title, code, guest list or sound that two recordings share."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.identifier.pairs import invented
from benchmarks.identifier.pairs.dress import (
    Made,
    length,
    song,
    turned,
    two_songs,
    upload,
)
from benchmarks.identifier.pairs.invented import REMIXERS, artist, others, person, title, two_titles


def namesakes(dice: Random) -> Made:
    name, (one, other) = title(dice), others(dice, 2)
    seconds = length(dice)
    record = invented.album(dice)
    albums = dice.choice(((None, None), (None, record), (name, name), (record, invented.album(dice))))
    a = song(one, name, seconds, albums[0], kind="song")
    b = song(other, name, seconds + dice.randint(-2, 30), albums[1], kind="song")
    if dice.random() < 0.3:
        b = upload(dice, other, name, b["duration_s"])
    return "different", *turned(dice, (a, b))


def namesakes_of_like_names(dice: Random) -> Made:
    name, who = title(dice), person(dice)
    first, last = who.split()
    other = dice.choice(
        (f"{invented.person(dice).split()[0]} {last}", f"{first} {invented.person(dice).split()[1]}", f"{last} Sisters")
    )
    if other == who:
        other = f"{last} & Sons"
    seconds = length(dice)
    a = song(who, name, seconds, kind="song")
    return "not same", *turned(dice, (a, song(other, name, seconds + dice.randint(9, 60), kind="song")))


def one_isrc(dice: Random) -> Made:
    code = invented.isrc(dice)
    name, another = two_titles(dice)
    one, other = others(dice, 2)
    seconds = length(dice)
    b = dice.choice(
        (
            song(other, another, seconds + dice.randint(-30, 30)),
            song(one, another, seconds + dice.randint(-3, 30)),
            song(other, name, seconds),
            song(one, f"{name} (Live at {dice.choice(invented.PLACES)})", seconds + 34),
            song(one, f"{name} ({dice.choice(REMIXERS)} Remix)", seconds + 21),
            song(one, f"{name} 2", seconds + 5),
            song(one, f"{name} (Instrumental)", seconds),
            song(one, f"{name} ({dice.choice(REMIXERS)} Mix)", seconds + 3),
            song(one, f"{name} (2)", seconds + 12),
            song(one, name, seconds + 75),
        )
    )
    return "not same", *turned(dice, (song(one, name, seconds, isrc=code), {**b, "isrc": code}))


def one_intro(dice: Random) -> Made:
    """Two songs that begin with the same half-minute: a producer's tag, a sample, a loop."""
    shared, rest = invented.frames(dice, 70), 130
    one = [*shared, *invented.frames(dice, rest)]
    other = [*invented.blurred(dice, shared), *invented.frames(dice, rest)]
    seconds = length(dice)
    who, titles = artist(dice), two_titles(dice)
    if dice.random() < 0.5:
        titles = (titles[0], f"{titles[0]} {dice.choice(('2', '(Interlude)', '(Live)', 'Again'))}")
    a, b = two_songs(dice, who, titles, (seconds, seconds + dice.randint(0, 30)))
    return (
        "not same",
        {**a, "fingerprint": invented.fingerprint(one)},
        {**b, "fingerprint": invented.fingerprint(other)},
    )


def silent_sounds(dice: Random) -> Made:
    """Two files that are hardly more than silence, and so sound the same."""
    rows = invented.silence(dice)
    seconds = length(dice)
    titles = two_titles(dice)
    if dice.random() < 0.4:
        titles = (titles[0], f"{titles[0]} {dice.choice(('2', '(Interlude)', '(Live)', 'II'))}")
    a, b = two_songs(dice, artist(dice), titles, (seconds, seconds + dice.randint(0, 3)))
    if dice.random() < 0.4:
        b["artist"] = others(dice, 1, a["artist"])[0]
        b["title"] = titles[1]
    sound = {"fingerprint": invented.fingerprint(rows)}
    return "not same", {**a, **sound}, {**b, **sound}


def tribute_karaoke_cover(dice: Random) -> Made:
    name, (who, other) = title(dice), others(dice, 2)
    seconds = length(dice)
    b = dice.choice(
        (
            song("Sing Along Stars", f"{name} (Karaoke Version)", seconds, kind="song"),
            song(other, f"{name} (In the Style of {who})", seconds, kind="song"),
            song(other, f"{name} (Originally Performed by {who})", seconds, kind="song"),
            song(other, f"{who} - {name} (cover)", seconds + 2, kind="upload"),
            song(other, f"{name} - {who} (cover by {other})", seconds, kind="upload"),
            song(other, f"{other} - {name} ({who} cover)", seconds + 4, kind="video"),
            song(f"Tribute to {who}", name, seconds, kind="song"),
            song(f"The {who} Tribute Band", name, seconds + 1, kind="song"),
            song(other, f"{name} (Tribute to {who})", seconds, kind="song"),
            song("Karaoke Corner", f"{who} - {name} (Karaoke)", seconds, kind="upload"),
            song(who, f"{name} (Karaoke Version)", seconds, kind="song"),
            song(other, f"{name} (Made Famous by {who})", seconds, kind="song"),
            song("Lullaby Nursery", f"{name} (Lullaby Rendition of {who})", seconds, kind="song"),
            song(other, f"{name} [as made famous by {who}]", seconds, kind="song"),
            song(other, f"{who} - {name} - Piano Cover", seconds, kind="upload"),
            song("8 Bit Arcade", f"{name} (8-Bit {who} Emulation)", seconds, kind="song"),
            song("String Tribute Players", f"{name} (String Quartet Tribute to {who})", seconds, kind="song"),
        )
    )
    return "different", *turned(dice, (song(who, name, seconds, invented.album(dice), kind="song"), b))


def guests(dice: Random) -> Made:
    """A version with a guest is sung anew; with another guest, it is a third one."""
    name, (who, one, other) = title(dice), others(dice, 3)
    form = dice.choice(("{} (feat. {})", "{} feat. {}", "{} [ft. {}]", "{} (with {})"))
    seconds = length(dice)
    titles = dice.choice(
        (
            (name, form.format(name, one)),
            (form.format(name, one), form.format(name, other)),
            (f"{name} (Remix)", f"{name} (Remix) [feat. {one}]"),
        )
    )
    gap = dice.randint(21, 60) if one in titles[1] and one not in titles[0] else dice.randint(3, 50)
    a, b = (song(who, t, s, kind="song") for t, s in zip(titles, (seconds, seconds + gap), strict=True))
    return "not same", *turned(dice, (a, b))


def other_lengths(dice: Random) -> Made:
    """One title by one performer that nothing names a version of, much longer or shorter."""
    name = title(dice)
    seconds = length(dice)
    who = artist(dice)
    a, b = song(who, name, seconds, kind="song"), song(who, name, seconds + dice.randint(45, 140), kind="song")
    return "not same", *turned(dice, (a, b))


KINDS: dict[str, Callable[[Random], Made]] = {
    "namesakes": namesakes,
    "namesakes of like names": namesakes_of_like_names,
    "one ISRC by mistake": one_isrc,
    "one intro": one_intro,
    "silent sounds": silent_sounds,
    "tribute, karaoke, cover": tribute_karaoke_cover,
    "guests": guests,
    "other lengths": other_lengths,
}
