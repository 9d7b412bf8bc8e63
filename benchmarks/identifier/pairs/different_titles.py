"""Alike but different: one performer, and two titles of which one nearly is the other."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.identifier.pairs import invented
from benchmarks.identifier.pairs.dress import (
    Made,
    length,
    of_two,
    song,
    turned,
    two_songs,
)
from benchmarks.identifier.pairs.invented import artist, others, person, title, two_titles

_ROMAN = ("I", "II", "III", "IV", "V")

_WORDS = ("One", "Two", "Three", "Four", "Five")


_PIECES = (
    "Interlude",
    "Intro",
    "Outro",
    "Skit",
    "Prelude",
    "Intermission",
    "Prologue",
    "Epilogue",
    "Overture",
    "Interludio",
)

_MORE = (
    "and the Sea",
    "over the Hill",
    "Blues",
    "Tonight",
    "in December",
    "Is Falling",
    "for Two",
    "Never Sleeps",
    "with You",
    "Lullaby",
    "on the Wall",
    "Song",
    "Lies",
    "without Me",
    "Waltz",
    "of the Heart",
    "Down",
    "Go",
    "Man",
    "Theory",
    "Parade",
    "in My Head",
)

_SWAPS = (
    ("Morning", "Evening"),
    ("Summer", "Winter"),
    ("North", "South"),
    ("Mother", "Father"),
    ("First", "Last"),
    ("Black", "White"),
    ("Seven", "Eleven"),
    ("Love", "Hate"),
    ("Friday", "Monday"),
    ("Brother", "Sister"),
    ("Rise", "Fall"),
    ("King", "Queen"),
    ("Never", "Always"),
    ("Inside", "Outside"),
    ("Before", "After"),
    ("Yesterday", "Tomorrow"),
    ("One", "Two"),
    ("Lena", "Mara"),
)


def numbers(dice: Random) -> Made:
    name, low = title(dice), dice.randint(2, 9)
    other = dice.choice((f"{name} {low + 1}", name, f"{name} {low + 10}"))
    return of_two(dice, (f"{name} {low}", other))


def numbers_in_brackets(dice: Random) -> Made:
    name, low = title(dice), dice.randint(2, 5)
    one = dice.choice(
        (f"{name} ({low})", f"{name} [{low}]", f"{name} #{low}", f"{name} (No. {low})", f"{name} ({_ROMAN[low - 1]})")
    )
    return of_two(dice, (one, name))


def parts(dice: Random) -> Made:
    name, low = title(dice), dice.randint(1, 4)
    word = dice.choice(("Pt.", "Part", "Act", "Chapter", "Movement"))
    numerals: tuple[object, ...] = dice.choice((_ROMAN, _WORDS, (1, 2, 3, 4, 5)))
    form = dice.choice(("{}, {} {}", "{} ({} {})", "{} - {} {}", "{} {} {}"))
    one = form.format(name, word, numerals[low - 1])
    return of_two(dice, (one, dice.choice((form.format(name, word, numerals[low]), name))))


def sequels(dice: Random) -> Made:
    name = title(dice)
    bare = name.removeprefix("The ")
    other = dice.choice(
        (
            f"{name} II",
            f"{name} Again",
            f"Return to the {bare}",
            f"{name} (Continued)",
            f"{name}: The Sequel",
            f"Son of {bare}",
            f"{name} (Chapter Two)",
            f"Another {bare}",
            f"{name} Revisited",
            f"Goodbye {bare}",
            f"{name} Forever",
            f"Beyond {name}",
        )
    )
    return of_two(dice, (name, other))


def volumes(dice: Random) -> Made:
    name, low = title(dice), dice.randint(1, 4)
    form = dice.choice(("{}, Vol. {}", "{} (Volume {})", "{} - Vol. {}", "{} Vol {}", "{} (Book {})"))
    return of_two(dice, (form.format(name, low), dice.choice((form.format(name, low + 1), name))))


def interludes(dice: Random) -> Made:
    piece, (name, other) = dice.choice(_PIECES), two_titles(dice)
    forms = (
        (piece, f"{piece} ({name})"),
        (piece, f"{piece}: {name}"),
        (piece, f"{piece} - {name}"),
        (f"{piece} ({name})", f"{piece} ({other})"),
        (f"{piece}: {name}", f"{piece}: {other}"),
        (name, f"{name} ({piece})"),
        (name, f"{name} - {piece}"),
        (piece, f"{piece} {dice.randint(2, 6)}"),
        (f"{name} ({piece})", f"{other} ({piece})"),
        (piece, f"{name} ({piece})"),
        (f"{piece} I", f"{piece} II"),
    )
    seconds = float(dice.randint(35, 90))
    pair = two_songs(dice, artist(dice), dice.choice(forms), (seconds, seconds + dice.randint(-1, 9)))
    return "different", *turned(dice, pair)


def a_longer_title(dice: Random) -> Made:
    name = title(dice)
    return of_two(dice, (name, f"{name} {dice.choice(_MORE)}"))


def a_longer_beginning(dice: Random) -> Made:
    name = title(dice)
    bare = name.removeprefix("The ")
    return of_two(
        dice,
        (
            name,
            dice.choice(
                (
                    f"My {bare}",
                    f"No More {bare}",
                    f"Don't Lose the {bare}",
                    f"Under the {bare}",
                    f"When the {bare} Comes",
                    f"I Hate {bare}",
                )
            ),
        ),
    )


def one_word_other(dice: Random) -> Made:
    one, other = dice.choice(_SWAPS)
    noun = dice.choice(invented.NOUNS)
    form = dice.choice(
        (
            "Waiting for Your {} {}",
            "The {} {} of My Life",
            "{} {}",
            "Everything I Know about {} {}s",
            "{} in the {}",
            "A Long Letter to the {} {}",
            "Song for {} and the {}",
            "{} {} (Don't Look Back)",
            "Once upon a {} {}",
        )
    )
    return of_two(dice, (form.format(one, noun), form.format(other, noun)), gap=(0, 30))


def negated(dice: Random) -> Made:
    noun = dice.choice(invented.NOUNS)
    titles = dice.choice(
        (
            (f"I Want Your {noun}", f"I Don't Want Your {noun}"),
            (f"We Are {noun}s", f"We Are Not {noun}s"),
            (f"This Is the {noun}", f"This Isn't the {noun}"),
            (f"You Can Have My {noun}", f"You Can't Have My {noun}"),
            (f"I Do Believe in {noun}s", f"I Don't Believe in {noun}s"),
            (f"Nothing like the {noun}", f"Something like the {noun}"),
            (f"I Will Break the {noun}", f"I Won't Break the {noun}"),
            (f"It Was the {noun}", f"It Wasn't the {noun}"),
            (f"Everybody Needs a {noun}", f"Nobody Needs a {noun}"),
        )
    )
    return of_two(dice, titles, gap=(0, 30))


def medleys(dice: Random) -> Made:
    name, other = two_titles(dice)
    third = title(dice)
    titles = dice.choice(
        (
            (name, f"{name} / {other}"),
            (name, f"{other} / {name}"),
            (name, f"Medley: {name}, {other}"),
            (name, f"{name} & {other} (Medley)"),
            (f"{name} / {other}", f"{name} / {third}"),
            (name, f"{name} (Medley)"),
            (name, f"{name}/{other}"),
            (name, f"{name} + {other}"),
            (f"Medley: {name} / {other}", f"Medley: {name} / {third}"),
            (name, f"{other} - {name} (Mashup)"),
            (name, f"{name} x {other} (Mashup)"),
        )
    )
    return of_two(dice, titles, gap=(25, 160))


def short_titles(dice: Random) -> Made:
    one, other = dice.choice(
        (
            ("Run", "Sun"),
            ("Stay", "Stray"),
            ("Fire", "Fine"),
            ("Home", "Hope"),
            ("Lost", "Last"),
            ("Gold", "Cold"),
            ("Dream", "Dreamer"),
            ("Lover", "Loser"),
            ("Night", "Light"),
            ("Waves", "Wives"),
            ("Rain", "Train"),
            ("Wake", "Make"),
            ("Bones", "Stones"),
            ("Sleep", "Sheep"),
            ("Hands", "Bands"),
            ("Tears", "Years"),
            ("Heart", "Hearts"),
            ("Alone", "Along"),
        )
    )
    return of_two(dice, (one, other), "not same", gap=(4, 40))


def generic_titles(dice: Random) -> Made:
    """What many tracks of many records are called, by nobody knows whom."""
    name = dice.choice(
        ("Intro", "Untitled", "Hello", "Home", "Outro", "Interlude", "Stay", "Forever", "Track 3", "Theme")
    )
    one, other = others(dice, 2)
    seconds = length(dice)
    a = song(one, name, seconds, invented.album(dice), kind="song")
    b = dice.choice(
        (
            song(other, name, seconds + dice.randint(-2, 20), kind="song"),
            {"title": name, "duration_s": seconds + 19},
            {"title": name},
            song("Various Artists", name, seconds + 22, kind="song"),
        )
    )
    return "not same", *turned(dice, (a, b))


def movements(dice: Random) -> Made:
    who, number = person(dice), dice.randint(1, 9)
    key = dice.choice(("C minor", "G major", "E-flat major", "D minor", "A major"))
    tempi = ("Allegro", "Adagio", "Menuetto", "Presto")
    work = dice.choice(
        (
            f"Symphony No. {number} in {key}",
            f"String Quartet No. {number} in {key}, Op. {number + 10}",
            f"Concerto in {key}",
        )
    )
    low, high = sorted(dice.sample(range(4), 2))
    titles = dice.choice(
        (
            (f"{work}: {_ROMAN[low]}. {tempi[low]}", f"{work}: {_ROMAN[high]}. {tempi[high]}"),
            (f"{work}: {_ROMAN[low]}. Allegro", f"{work}: {_ROMAN[high]}. Allegro"),
            (f"Nocturne No. {low + 1} in {key}", f"Nocturne No. {high + 1} in {key}"),
            (f"Étude, Op. {number}, No. {low + 1}", f"Étude, Op. {number}, No. {high + 1}"),
        )
    )
    seconds = length(dice)
    return "different", *two_songs(dice, who, titles, (seconds, seconds + dice.randint(0, 90)))


KINDS: dict[str, Callable[[Random], Made]] = {
    "numbers": numbers,
    "numbers in brackets": numbers_in_brackets,
    "parts": parts,
    "sequels": sequels,
    "volumes": volumes,
    "interludes": interludes,
    "a longer title": a_longer_title,
    "a longer beginning": a_longer_beginning,
    "one word other": one_word_other,
    "negated": negated,
    "medleys": medleys,
    "short titles": short_titles,
    "generic titles": generic_titles,
    "movements": movements,
}
