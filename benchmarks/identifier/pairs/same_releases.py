"""Unlike but the same: one recording that was published in two ways."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.identifier.pairs import invented
from benchmarks.identifier.pairs.dress import (
    Made,
    length,
    near,
    song,
    turned,
    two,
    typo,
    upload,
)
from benchmarks.identifier.pairs.invented import REMIXERS, artist, others, title


def published_as_video(dice: Random) -> Made:
    name, who = title(dice), artist(dice)
    seconds = length(dice)
    video = upload(dice, who, name, near(dice, seconds) + dice.choice((0, 0, 2, 4)))
    b = dice.choice(
        (
            video,
            video,
            song(f"{who} - Topic", name, seconds, kind="song"),
            song(f"{who.replace(' ', '')}VEVO", f"{who} - {name} (Official Video)", seconds + 3, kind="video"),
            song(who, f"{name} (Official Music Video)", seconds, kind="video"),
            song("songs and words", f"{who} - {name} (Lyrics)", seconds, kind="upload"),
            song("songs and words", f'{who} "{name}" [Official Audio]', seconds, kind="upload"),
            song(who, f"{name} (Visualizer)", seconds, kind="video"),
            song(who, f"{who} - {name} (Audio)", seconds, kind="video"),
            song("words", f"{name} - {who} (lyrics)", seconds, kind="upload"),
        )
    )
    return "same", *turned(dice, (song(who, name, seconds, kind="song"), b))


def remastered(dice: Random) -> Made:
    name, who = title(dice), artist(dice)
    year, later = sorted(dice.sample(range(1990, 2024), 2))
    forms = (
        f"{name} - {year} Remaster",
        f"{name} (Remastered {year})",
        f"{name} (Remastered)",
        f"{name} [{later} Digital Remaster]",
        f"{name} - Remastered {later}",
        f"{name} ({later} Remastered Version)",
        f"{name} - {year} Mix",
        f"{name} (Remastered Version)",
        f"{name} (Deluxe Edition)",
    )
    one, other = dice.sample(forms, 2)
    return two(dice, (who, dice.choice((name, name, one))), (who, other), untimed=0.3)


def single_and_album(dice: Random) -> Made:
    name, who = title(dice), artist(dice)
    seconds = length(dice)
    a = song(
        who, name, seconds, dice.choice((name, f"{name} - Single", f"{name} (Single)", f"{name} - EP")), kind="song"
    )
    b = song(
        who,
        dice.choice((name, f"{name} (Album Version)", f"{name} - Single Version", f"{name} (Original Mix)", name)),
        near(dice, seconds),
        dice.choice(
            (invented.album(dice), f"{invented.album(dice)} (Deluxe Edition)", "Greatest Hits", f"Best of {who}")
        ),
        kind="song",
    )
    return "same", *turned(dice, (a, b))


def explicit_marker(dice: Random) -> Made:
    name, who = title(dice), artist(dice)
    marked = dice.choice(
        (
            f"{name} [Explicit]",
            f"{name} (Explicit)",
            f"{name} - Explicit",
            f"{name} (Explicit Version)",
            f"{name} (Clean)",
            f"{name} [Clean Version]",
            f"{name} 🅴",
        )
    )
    return two(dice, (who, name), (who, marked), explicit=dice.choice((None, True)))


def trailing_silence(dice: Random) -> Made:
    name, who = title(dice), artist(dice)
    seconds = length(dice)
    a, b = (
        song(who, name, seconds, kind="song"),
        song(who, name, seconds + dice.choice((2, 3, 4, 5, 6, 7, 8)), kind="song"),
    )
    if dice.random() < 0.5:
        b["album"] = invented.album(dice)
    return "same", *turned(dice, (a, b))


def versions_spelled_otherwise(dice: Random) -> Made:
    name, who = title(dice), artist(dice)
    place, remixer = dice.choice(invented.PLACES), dice.choice(REMIXERS)
    one, other = dice.choice(
        (
            (f"{name} - Live at {place}", f"{name} (Live at {place})"),
            (f"{name} (Live)", f"{name} [Live]"),
            (f"{name} ({remixer} Remix)", f"{name} - {remixer} Remix"),
            (f"{name} [{remixer} remix]", f"{name} (Remix by {remixer})"),
            (f"{name} (Acoustic)", f"{name} - Acoustic Version"),
            (f"{name} (Instrumental)", f"{name} [Instrumental Version]"),
            (f"{name} (sped up)", f"{name} - Sped Up Version"),
            (f"{name} (slowed + reverb)", f"{name} (Slowed & Reverb)"),
            (f"{name} (Demo)", f"{name} - Demo Version"),
            (f"{name} (Radio Edit)", f"{name} - Radio Edit"),
            (f"{name} (Karaoke)", f"{name} (Karaoke Version)"),
            (f"{name} (En Vivo)", f"{name} (Live)"),
            (f"{name} (Акустика)", f"{name} (Acoustic)"),
            (f"{name} (ریمیکس)", f"{name} (Remix)"),
            (f"{name} (Extended Mix)", f"{name} - Extended"),
            (f"{name} (Spanish Version)", f"{name} [Spanish Ver.]"),
            (f"{name} ({remixer} Mix)", f"{name} - {remixer} Mix"),
            (f"{name} (Reprise)", f"{name} - Reprise"),
            (f"{name} (Interlude)", f"{name} - Interlude"),
            (f"{name} (A Cappella)", f"{name} (Acapella)"),
            (f"{name} (Piano Version)", f"{name} - Piano Ver."),
        )
    )
    return two(dice, (who, one), (who, other))


def parts_told_otherwise(dice: Random) -> Made:
    name, who = title(dice), artist(dice)
    one, other = dice.choice(
        (
            (f"{name}, Pt. 2", f"{name} (Part Two)"),
            (f"{name} II", f"{name} 2"),
            (f"{name} - Part II", f"{name}, Part 2"),
            (f"{name} Vol. 3", f"{name}, Volume III"),
            (f"{name} (Pt. 1)", f"{name} Part 1"),
            (f"{name} (Part 3)", f"{name} Pt. III"),
            (f"{name}, Chapter 4", f"{name} (Chapter Four)"),
            (f"{name} #2", f"{name} No. 2"),
            (f"{name} (2)", f"{name} 2"),
            (f"{name} - 2", f"{name} 2"),
            (f"{name} [Part II]", f"{name} Pt 2"),
            (f"{name} No. 5", f"{name} Nr. 5"),
        )
    )
    return two(dice, (who, one), (who, other))


def extras_left_out(dice: Random) -> Made:
    name, who = title(dice), artist(dice)
    other = title(dice)
    extra = dice.choice(
        (
            f'{name} (From "{other}")',
            f"{name} (from the Motion Picture {other})",
            f"{name} (Bonus Track)",
            f"{name} (Mono)",
            f"{name} (Stereo Version)",
            f"{name} (Prod. by {dice.choice(REMIXERS)})",
            f"{name} (Original Version)",
            f"{name} ({dice.randint(1995, 2024)})",
            f"{name} - {other} (Soundtrack)",
            f"{name} [Album Version]",
            f"{name} (Single Version)",
            f"{name} - From {other}",
            f"{name} (Original Motion Picture Soundtrack)",
            f"{name} (Theme from {other})",
            f"{name} - Bonus Track",
            f"{name} (Main Version)",
        )
    )
    return two(dice, (who, name), (who, extra), untimed=0)


def subtitle_left_out(dice: Random) -> Made:
    name, who = title(dice), artist(dice)
    subtitle = dice.choice(
        (
            "Don't Let It Go",
            "You Are My Harbour",
            "I Remember Everything",
            "Say It Loud",
            "All Night Long",
            "Shake It Off the Wall",
            "The Boatman's Song",
        )
    )
    return two(dice, (who, name), (who, f"{name} ({subtitle})"), untimed=0)


def one_sound(dice: Random) -> Made:
    """The same file under other tags, or encoded again; what the tags say agrees in part."""
    name, who = title(dice), artist(dice)
    rows = invented.frames(dice)
    seconds = length(dice)
    one = song(who, name, seconds, kind="audio", fingerprint=invented.fingerprint(rows))
    other = dice.choice(
        (
            song(who, typo(dice, f"{name}s of Old"), seconds),
            {"title": name},
            song("Various Artists", f"Track {dice.randint(1, 9)}", seconds),
            {"title": "", "duration_s": seconds},
            song(who.upper(), name, seconds + 2),
            song(name, who, seconds),
        )
    )
    return "same", *turned(
        dice, (one, {**other, "kind": "audio", "fingerprint": invented.fingerprint(invented.blurred(dice, rows))})
    )


def one_code(dice: Random) -> Made:
    name, (who, guest) = title(dice), others(dice, 2)
    code = invented.isrc(dice)
    old = f"{name}s of Old"
    one, other = dice.choice(
        (
            ((who, name), (who, f"{name} (feat. {guest})")),
            ((who, old), (who, typo(dice, old))),
            ((who, name), (who, f"{name} - {dice.randint(1990, 2020)} Remaster")),
            ((who, name), (f"{who}, {guest}", name)),
            ((who, name), (who.upper(), name.lower())),
        )
    )
    made = two(dice, one, other)
    spelled = f"{code[:2]}-{code[2:5]}-{code[5:7]}-{code[7:]}"
    return made[0], {**made[1], "isrc": code}, {**made[2], "isrc": dice.choice((code, spelled, code.lower()))}


KINDS: dict[str, Callable[[Random], Made]] = {
    "published as a video": published_as_video,
    "remastered": remastered,
    "single and album": single_and_album,
    "explicit marker": explicit_marker,
    "trailing silence": trailing_silence,
    "versions spelled otherwise": versions_spelled_otherwise,
    "parts told otherwise": parts_told_otherwise,
    "extras left out": extras_left_out,
    "subtitle left out": subtitle_left_out,
    "one sound": one_sound,
    "one ISRC": one_code,
}
