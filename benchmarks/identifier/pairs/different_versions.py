"""Alike but different: one title by one performer, recorded or mixed in two ways."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.identifier.pairs import invented
from benchmarks.identifier.pairs.dress import (
    Made,
    length,
    marked,
    of_two,
    sometimes_uploaded,
    turned,
    two_songs,
    with_mark,
)
from benchmarks.identifier.pairs.invented import REMIXERS, person, title


def _place(dice: Random) -> str:
    return dice.choice(invented.PLACES)


_LANGUAGES = (
    "Spanish",
    "French",
    "German",
    "Japanese",
    "Korean",
    "English",
    "Italian",
    "Portuguese",
    "Arabic",
    "Mandarin",
)


def live_and_studio(dice: Random) -> Made:
    marks = (
        "Live",
        f"Live at {_place(dice)}",
        f"Live from {_place(dice)}, {dice.randint(1971, 2024)}",
        "Live Session",
        "En Vivo",
        "Ao Vivo",
        "Live Version",
        "Unplugged",
        "MTV Unplugged",
        "Live in Concert",
        "Dal Vivo",
        "Live on the Radio",
        "Tiny Desk",
        f"Recorded Live at {_place(dice)}",
        "концерт",
        "اجرای زنده",
        "ライブ",
        "Live 2019",
        "Live Video",
        "live @ the club",
        f"Live/{dice.randint(1985, 2022)}",
        "Canlı",
        "Concert Version",
        "from the Live Room",
        "BBC Session",
    )
    return marked(dice, marks, gap=(0, 50))


def two_concerts(dice: Random) -> Made:
    name = title(dice)
    one, other = dice.sample(invented.PLACES, 2)
    form = dice.choice(("{} (Live at {})", "{} - Live at {}", "{} (Live from {})", "{} [Live in {}]"))
    return of_two(dice, (form.format(name, one), form.format(name, other)), "not same", gap=(4, 60))


def changed_speed(dice: Random) -> Made:
    marks = (
        "Sped Up",
        "sped up version",
        "Slowed",
        "slowed + reverb",
        "Slowed Down",
        "Nightcore",
        "Nightcore Version",
        "Super Slowed",
        "Speed Up",
        "ultra slowed",
        "1.25x",
        "x1.5",
        "Daycore",
        "8D Audio",
        "reverb",
        "Slowed & Reverb",
        "sped-up",
        "speed up ver.",
        "Slow + Reverb",
        "432 Hz",
        "Ultra Slowed",
        "Chopped & Screwed",
        "TikTok Sped Up",
        "pitched",
        "Faster",
        "8D",
    )
    return marked(dice, marks, gap=(0, 45))


def mixes(dice: Random) -> Made:
    name = title(dice)
    one, other = dice.sample(
        (
            *REMIXERS,
            "Sunset",
            "Sunrise",
            "Terrace",
            "Warehouse",
            "Night",
            "Morning",
            "Acid",
            "Ambient",
            "Deep",
            "Balearic",
            "Peak Time",
            "Blue",
            "Red",
            "Garage",
            "Disco",
            "Piano",
            "Summer",
            "Winter",
            "Midnight",
            "Beach",
        ),
        2,
    )
    word = dice.choice(("Mix", "Mix", "Remix", "Edit", "Dub", "Version", "Rework", "Bootleg", "VIP Mix", "Club Mix"))
    form = dice.choice(("{} ({} {})", "{} - {} {}", "{} [{} {}]", "{} {} {}"))
    titles = (
        form.format(name, one, word),
        dice.choice((form.format(name, other, word), form.format(name, other, word), name)),
    )
    return of_two(dice, titles, gap=(0, 30))


def unnamed_mixes(dice: Random) -> Made:
    name = title(dice)
    one, other = dice.choice(
        (
            ("A Mix", "B Mix"),
            ("Mix 1", "Mix 2"),
            ("Mix A", "Mix B"),
            ("Version 1", "Version 2"),
            ("Take 1", "Take 2"),
            ("Side A", "Side B"),
            *(
                tuple(
                    dice.sample(
                        (
                            "Club Mix",
                            "Radio Mix",
                            "Dub Mix",
                            "Vocal Mix",
                            "Instrumental Mix",
                            "Original Mix",
                            "Remix",
                            "VIP Mix",
                        ),
                        2,
                    )
                )
                for _ in range(4)
            ),
        )
    )
    form = dice.choice(("{} ({})", "{} - {}", "{} [{}]"))
    return of_two(dice, (form.format(name, one), form.format(name, other)), "not same", gap=(8, 90))


def acoustic(dice: Random) -> Made:
    marks = (
        "Acoustic",
        "Acoustic Version",
        "Stripped",
        "Piano Version",
        "Unplugged Version",
        "Guitar Version",
        "Acústico",
        "Акустика",
        "آکوستیک",
        "Acoustic Session",
        "Stripped Down",
        "Campfire Version",
        "Bedroom Version",
        "Acoustic Mix",
        "Piano & Vocal",
        "Versión Acústica",
        "Ballad Version",
        "Akustik",
        "acoustic ver.",
        "Solo Piano",
        "Strings Version",
    )
    return marked(dice, marks, gap=(0, 40))


def instrumental(dice: Random) -> Made:
    marks = (
        "Instrumental",
        "Instrumental Version",
        "Inst.",
        "Off Vocal",
        "минус",
        "بی کلام",
        "Beat Only",
        "Karaoke",
        "A Cappella",
        "Acapella",
        "Vocals Only",
        "Orchestral Version",
        "Without Vocals",
        "No Vocals",
        "インスト",
        "Backing Track",
        "Instrumentale",
        "Type Beat",
        "Symphonic Version",
        "Music Box Version",
        "Choir Version",
        "Minus One",
    )
    return marked(dice, marks, gap=(0, 3))


def edit_and_extended(dice: Random) -> Made:
    name = title(dice)
    short = dice.choice(
        ("Radio Edit", "Single Edit", "Edit", "Short Version", "Radio Version", '7" Version', "Radio Mix")
    )
    long = dice.choice(
        ("Extended Mix", "Extended Version", '12" Mix', "Club Mix", "Extended", "Long Version", "Full Length Version")
    )
    form = dice.choice(("{} ({})", "{} - {}", "{} [{}]"))
    titles = dice.choice(
        ((form.format(name, short), form.format(name, long)),) * 2
        + ((name, form.format(name, long)), (form.format(name, short), name))
    )
    return of_two(dice, titles, "not same", gap=(70, 180))


def dated_recordings(dice: Random) -> Made:
    name = title(dice)
    early, late = sorted(dice.sample(range(1964, 2024), 2))
    titles = dice.choice(
        (
            (f"{name} ({early} Version)", f"{name} ({late} Version)"),
            (f"{name} ({early} Recording)", name),
            (f"{name} - {late} Version", name),
            (f"{name} (Re-Recorded {late})", f"{name} ({early} Remaster)"),
            (f"{name} ({early} Demo)", f"{name} ({late} Remaster)"),
            (f"{name} ({late} Recording)", f"{name} ({early} Recording)"),
            (f"{name} (Re-Recorded)", f"{name} (Remastered {late})"),
            (f"{name} '{late % 100:02d}", name),
            (f"{name} ({late} Re-Recording)", f"{name} ({late} Remaster)"),
        )
    )
    return of_two(dice, titles, "not same", gap=(8, 40))


def languages(dice: Random) -> Made:
    name = title(dice)
    one, other = dice.sample(_LANGUAGES, 2)
    marks = (
        f"{one} Version",
        f"{one} Ver.",
        f"in {one}",
        f"{one} Language Version",
        "Versión en Español",
        "Version Française",
        "Versione Italiana",
        "русская версия",
        "日本語ver",
        "نسخه فارسی",
        "Türkçe Versiyon",
        "Deutsche Version",
        "Versão em Português",
        "ελληνική εκδοχή",
    )
    titles = dice.choice(
        ((name, with_mark(dice, name, dice.choice(marks))),) * 3
        + ((f"{name} ({one} Version)", f"{name} ({other} Version)"),)
    )
    return of_two(dice, titles, gap=(0, 4))


def reprises(dice: Random) -> Made:
    marks = (
        "Reprise",
        "reprise",
        "Intro",
        "Outro",
        "Prelude",
        "Coda",
        "Interlude",
        "Intro Version",
        "Finale",
        "Skit",
        "Bridge",
        "Instrumental Reprise",
    )
    return marked(dice, marks, gap=(0, 120))


def demos(dice: Random) -> Made:
    marks = (
        "Demo",
        "Demo Version",
        "Early Demo",
        "Home Demo",
        f"{dice.randint(1970, 2015)} Demo",
        "Rough Mix",
        "Alternate Take",
        "Take 2",
        "Outtake",
        "Alternate Version",
        "Early Version",
        "Original Demo",
        "4-Track Demo",
        "Voice Memo",
        "Work in Progress",
        "Rehearsal",
        "Studio Outtake",
        "Демо",
        "دمو",
        "Alternative Version",
        "First Take",
        "Piano Demo",
        "Writing Demo",
        "Unfinished",
        "Commentary",
        "Track by Track Commentary",
    )
    return marked(dice, marks, gap=(0, 40))


def own_versions(dice: Random) -> Made:
    """A singer takes an early song up again and names the new recording after herself."""
    name, who = title(dice), person(dice)
    first, last = who.split()
    mark = dice.choice(
        (
            f"{first}'s Version",
            f"{first}’s Version",
            f"{last}'s Version",
            f"{who}'s Version",
            "Our Version",
            "My Version",
            "Re-Recorded",
            "New Recording",
            "New Version",
            "Rerecorded Version",
            "10th Anniversary Version",
            "Re-Imagined",
            "2.0",
            "Reworked",
            "Redux",
        )
    )
    seconds = length(dice)
    pair = two_songs(dice, who, (name, with_mark(dice, name, mark)), (seconds, seconds + dice.randint(0, 6)))
    return "not same", *turned(dice, sometimes_uploaded(dice, pair))


KINDS: dict[str, Callable[[Random], Made]] = {
    "live and studio": live_and_studio,
    "two concerts": two_concerts,
    "sped up, slowed": changed_speed,
    "mixes": mixes,
    "mixes of nobody": unnamed_mixes,
    "acoustic": acoustic,
    "instrumental": instrumental,
    "edit and extended": edit_and_extended,
    "dated recordings": dated_recordings,
    "languages": languages,
    "reprise, intro, outro": reprises,
    "demos and takes": demos,
    "own versions": own_versions,
}
