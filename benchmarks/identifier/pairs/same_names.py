"""Unlike but the same: names that are spelled, credited, cut or filed in two ways."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.identifier.pairs import invented
from benchmarks.identifier.pairs.dress import (
    Made,
    length,
    near,
    song,
    two,
    typo,
)
from benchmarks.identifier.pairs.invented import artist, others, title, two_titles
from benchmarks.identifier.pairs.rows import Fields


def misspelled(dice: Random) -> Made:
    name, who = title(dice), artist(dice)
    while len(name.replace(" ", "")) < 10:
        name = title(dice)
    return two(dice, (who, name), (who, typo(dice, name)), untimed=0)


def accents_and_case(dice: Random) -> Made:
    plain, marked = dice.choice(
        (
            ("Uber den Wolken", "Über den Wolken"),
            ("Corazon Salvaje", "Corazón Salvaje"),
            ("Deja la Nuit", "Déjà la Nuit"),
            ("Gunes Gibi", "Güneş Gibi"),
            ("Zolty Deszcz", "Żółty Deszcz"),
            ("Sol och Ost", "Sol och Öst"),
            ("A Manha de Julho", "A Manhã de Julho"),
            ("Grosse Strasse", "Große Straße"),
            ("Rod Gronne Blomster", "Rød Grønne Blomster"),
            ("Nino de la Lluvia", "Niño de la Lluvia"),
            ("Cesta Domu", "Cesta Domů"),
            ("Apres l'Ete", "Après l'Été"),
        )
    )
    who = artist(dice)
    one, other = dice.choice(((plain, marked), (plain.upper(), marked), (plain.lower(), marked.upper())))
    return two(dice, (who, one), (dice.choice((who, who.upper(), who.lower())), other))


def punctuation(dice: Random) -> Made:
    noun, other = dice.sample(invented.NOUNS, 2)
    left, right = dice.choice(
        (
            (f"Don't Stop the {noun}", f"Dont Stop the {noun}"),
            (f"{noun} & {other}", f"{noun} and {other}"),
            (f"{noun}, {other}", f"{noun} {other}"),
            (f"{noun}!!!", noun),
            (f"What's in the {noun}?", f"Whats In The {noun}"),
            (f"{noun}-{other}", f"{noun} {other}"),
            (f"...{noun}", noun),
            (f"“{noun}” {other}", f'"{noun}" {other}'),
            (f"{noun} … {other}", f"{noun} ... {other}"),
            (f"Rock 'n' {noun}", f"Rock n {noun}"),
            (f"The {noun}’s {other}", f"The {noun}'s {other}"),
            (f"Mr. {noun}", f"Mr {noun}"),
            (f"{noun}: {other}", f"{noun} - {other}"),
            (f"O.K. {noun}", f"OK {noun}"),
            (f"{noun} (No {other})", f"{noun}, No {other}"),
            (f"{noun}/{other}", f"{noun} / {other}"),
            (f"Goin' {noun}", f"Goin {noun}"),
            (f"#{noun}", noun),
        )
    )
    who = artist(dice)
    return two(dice, (who, left), (who, right))


def guest_credits(dice: Random) -> Made:
    name, (who, guest) = title(dice), others(dice, 2)
    ways = (
        (who, f"{name} (feat. {guest})"),
        (f"{who} feat. {guest}", name),
        (f"{who}, {guest}", name),
        (f"{who} & {guest}", name),
        (who, f"{name} ft. {guest}"),
        (f"{who} ft {guest}", name),
        (who, f"{name} [with {guest}]"),
        (f"{who} x {guest}", name),
        (who, f"{name} (featuring {guest})"),
        (f"{who} featuring {guest}", name),
        (f"{guest}, {who}", name),
    )
    one, other = dice.sample(ways, 2)
    return two(dice, one, other)


def guest_left_out(dice: Random) -> Made:
    name, (who, guest) = title(dice), others(dice, 2)
    form = dice.choice(("{} (feat. {})", "{} ft. {}", "{} [feat. {}]", "{} (with {})"))
    return two(dice, (who, form.format(name, guest)), (who, name), untimed=0)


def order_of_artists(dice: Random) -> Made:
    name, names = title(dice), others(dice, 3)
    names = names[: dice.choice((2, 3))]
    joiner, other = dice.sample((", ", " & ", " / ", " x ", "; ", " and ", " + "), 2)
    return two(dice, (joiner.join(names), name), (other.join(dice.sample(names, len(names))), name))


def advertising(dice: Random) -> Made:
    name, who = title(dice), artist(dice)
    site = dice.choice(("muzbox.example.com", "tracks4you.net", "www.songhall.org", "newmusic.ir", "zvukoff.ru"))
    one = dice.choice(
        (
            (who, f"{name} [{site}]"),
            (f"{who} ({site})", name),
            (who, f"{name} @bestmusic_channel"),
            (who, f"{name} | t.me/harbour_songs"),
            (f"{who} - @songs_daily", name),
            (who, f"{name} - {site}"),
            (f"{who} [{site}]", f"{name} [{site}]"),
            (who, f"{site} - {name}"),
            (site, f"{who} - {name}"),
            ("@music_every_day", f"{who} - {name}"),
            (who, f"{name} (Official Audio) | {site}"),
            (who, f"{name} 🔥🔥 NEW"),
            (who, f"{name} #newmusic #{who.split()[-1]}"),
            (who, f"{name} 320kbps"),
            (who, f"{name} [320]"),
        )
    )
    return two(dice, one, (who, name))


def truncated(dice: Random) -> Made:
    name, other = two_titles(dice)
    long = f"{name} and {other} before the Morning"
    if len(long) < 34:
        long += " Comes Again to the Harbour"
    who = artist(dice)
    cut = dice.choice(
        (
            long[:30].rstrip(),
            long[:30].rstrip(),
            f"{long[: dice.randint(20, 28)].rstrip()}...",
            f"{long[: dice.randint(20, 28)].rstrip()}…",
        )
    )
    crew = f"{who} and the {dice.choice(invented.ADJECTIVES)} {dice.choice(invented.NOUNS)} Orchestra of Somewhere"
    one, whole = dice.choice(
        (
            ((who, cut), (who, long)),
            ((who, cut), (who, long)),
            ((crew[:30].rstrip(), name), (crew, name)),
            ((crew[:30].rstrip(), cut), (crew, long)),
        )
    )
    return two(dice, one, whole, untimed=0)


def artist_in_title(dice: Random) -> Made:
    name, who = title(dice), artist(dice)
    one = dice.choice(
        (
            (who, f"{who} - {name}"),
            ("", f"{who} - {name}"),
            ("Various Artists", f"{who} - {name}"),
            ("Unknown Artist", f"{who} – {name}"),
            (who, f"{name} - {who}"),
            (who, f"{who}: {name}"),
            (who, f"{who} | {name}"),
            ("", f"{who} — {name}"),
            ("", f"{name} by {who}"),
        )
    )
    made = two(dice, one, (who, name))
    return made[0], *({k: v for k, v in side.items() if v != ""} for side in made[1:])  # type: ignore[return-value]


def file_names(dice: Random) -> Made:
    name, who = title(dice), artist(dice)
    number = dice.randint(1, 18)
    file = dice.choice(
        (
            f"{who} - {name}.mp3",
            f"{number:02d}. {who} - {name}.mp3",
            f"{who.replace(' ', '_')}_-_{name.replace(' ', '_')}.mp3",
            f"{number:02d} - {who} - {name}.flac",
            f"{who} - {name} (2).mp3",
            f"{who} - {name} (320 kbps).mp3",
            f"{who} - {name} (Official Video).m4a",
            f"{number:02d} {who} - {name}.mp3",
            f"{who}-{name}.mp3".replace(" ", "-"),
            f"{who} - {name} [muzbox.net].mp3",
            f"{who} - {name} - Copy.mp3",
        )
    )
    seconds = length(dice)
    a: Fields = {"file_name": file, "kind": "audio", "duration_s": seconds}
    return "same", a, song(who, name, near(dice, seconds), dice.choice((None, invented.album(dice))), kind="song")


def machine_names(dice: Random) -> Made:
    name, who = title(dice), artist(dice)
    file = dice.choice(
        (
            f"2_{dice.randrange(10**18, 9 * 10**18)}.mp3",
            f"AUD-2026{dice.randint(1, 9):02d}14-WA{dice.randrange(10**4):04d}.mp3",
            f"audio_{dice.randrange(10**9)}.mp3",
            f"file_{dice.randrange(10**4)}.mp3",
            f"{dice.randrange(10**12):x}.m4a",
            "voice.ogg",
            f"track{dice.randint(1, 20):02d}.mp3",
        )
    )
    seconds = length(dice)
    told = dice.choice(
        (
            {"title": name, "artist": who},
            {"caption": f"{who} - {name}"},
            {"title": name, "artist": who, "caption": "@harbour_songs"},
            {"caption": f"Title: {name}\nArtist: {who}"},
            {"title": f"{who} - {name}"},
        )
    )
    a: Fields = {"file_name": file, "kind": "audio", "duration_s": seconds, **told}
    return "same", a, song(who, name, near(dice, seconds), kind="song")


def artist_spelled_otherwise(dice: Random) -> Made:
    name = title(dice)
    one, other = dice.choice(
        (
            ("The Paper Anchors", "Paper Anchors"),
            ("Lena Voß", "Lena Voss"),
            ("Kettle & Crane", "Kettle and Crane"),
            ("DJ Marrow", "Dj Marrow"),
            ("Ostara (UK)", "Ostara"),
            ("Brickwork!", "Brickwork"),
            ("Jörgen Sælid", "Jorgen Saelid"),
            ("Nell-Marie Holm", "Nell Marie Holm"),
            ("T. Quillby", "T Quillby"),
            ("Voss, Lena", "Lena Voss"),
            ("Lena Voss Official", "Lena Voss"),
            ("Tin Astronomers, The", "The Tin Astronomers"),
            ("Mara Stroud Trio", "Mara Stroud"),
            ("MC Palomar", "Mc Palomar"),
            ("Solénne", "Solenne"),
            ("Harbour Pilots Band", "Harbour Pilots"),
            ("$olenne", "Solenne"),
            ("Sølvi Brenn", "Solvi Brenn"),
        )
    )
    return two(dice, (one, name), (other, name), untimed=0)


KINDS: dict[str, Callable[[Random], Made]] = {
    "misspelled": misspelled,
    "accents and case": accents_and_case,
    "punctuation": punctuation,
    "guests' credits": guest_credits,
    "guest left out": guest_left_out,
    "order of artists": order_of_artists,
    "advertising": advertising,
    "truncated": truncated,
    "artist in the title": artist_in_title,
    "file names": file_names,
    "machine names": machine_names,
    "artist spelled otherwise": artist_spelled_otherwise,
}
