"""Invented names: artists, titles, albums and places out of plain words, and fingerprints of nothing, by dice."""

from __future__ import annotations

import base64
from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _names(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(","))


_FIRST = _words(
    """
    Lena Tomas Ivo Mara Odile Bram Petra Silas Noor Edda Callum Yara Joris Wanda Felix Imke Otto Runa Basil Greta Milo
    Tove Ansel Kaia Rufus Dagny Levi Orla Caspar Nell
    """
)
_LAST = _words(
    """
    Voss Tarn Quillby Harrowgate Brenn Ostrander Fennimore Lockley Adebar Stroud Mellinger Dunmore Castellan Wrenfield
    Thackray Holm Pellway Garrick Vantongeren Oakhurst Sarrano Kestrin Bellweather Morland Tessier Ruddock Ashgrove
    Lindqvort
    """
)
_BANDS = _names(
    """
    Lampworks, Meridians, Saltworks, Night Ferries, Paper Anchors, Copper Choir, Glass Orchards, Slow Tides, Harbour
    Pilots, Winter Engines, Velvet Gantry, Tin Astronomers, Hollow Pines, Quiet Machines, Marble Foxes, Rust Parade
    """
)
ADJECTIVES = _words(
    """
    Slow Paper Golden Broken Quiet Silver Hollow Distant Crimson Gentle Frozen Hidden Burning Velvet Restless Pale
    Wooden Crooked Electric Endless Faded Northern Copper Shallow Bitter Tender Narrow Painted Stolen Weary
    """
)
NOUNS = _words(
    """
    Rain Crown Harbour Meridian Lantern Orchard Window River Engine Garden Mirror Station Feather Compass Valley Thunder
    Island Letter Candle Shadow Carousel Anchor Blossom Kingdom Staircase Horizon Pavement Sparrow Avenue Chapel Ribbon
    Firework Lagoon Monument Postcard Satellite Tunnel Umbrella Vineyard Wildfire
    """
)
_OPENERS = _names(
    """
    Waiting for, Dancing with, Letters to, Songs about, Running from, Meet Me at, Carry Me to, Stars over, Dreaming of,
    Home to
    """
)
PLACES = _names(
    """
    the Pier, Eastgate Hall, Molenpark, the Glasshouse, Rivermouth Arena, the Old Mint, Sundby Square, Kite Hill, the
    Foundry, Lakeside
    """
)
REMIXERS = _names(
    """
    Anvil, Tongs, Kettle & Crane, DJ Marrow, Solenne, Two Cranes, Novik, Palomar Kid, Brickwork, Ostara
    """
)
_FRAMES = 200


def artist(dice: Random) -> str:
    """One performer: a person or a band."""
    if dice.random() < 0.4:
        return dice.choice(("The ", "")) + dice.choice(_BANDS)
    return f"{dice.choice(_FIRST)} {dice.choice(_LAST)}"


def person(dice: Random) -> str:
    return f"{dice.choice(_FIRST)} {dice.choice(_LAST)}"


def others(dice: Random, count: int, *but: str) -> list[str]:
    """So many performers, none twice and none of those given."""
    found: list[str] = []
    while len(found) < count:
        name = artist(dice)
        if name.removeprefix("The ") not in {known.removeprefix("The ") for known in (*found, *but)}:
            found.append(name)
    return found


def title(dice: Random) -> str:
    """One title of one to five words, in one of some forms."""
    noun, other = dice.sample(NOUNS, 2)
    adjective = dice.choice(ADJECTIVES)
    form = dice.randrange(7)
    if form == 0:
        return noun if len(noun) > 6 else several(noun)
    if form == 1:
        return f"{noun} of {several(other)}"
    if form == 2:
        return f"The {adjective} {noun}"
    if form == 3:
        return f"{dice.choice(_OPENERS)} the {noun}"
    if form == 4:
        return f"{dice.choice(_OPENERS)} {adjective} {several(noun)}"
    return f"{adjective} {noun}"


def album(dice: Random) -> str:
    form = dice.randrange(3)
    if form == 0:
        return f"House of {several(dice.choice(NOUNS))}"
    if form == 1:
        return f"{dice.choice(ADJECTIVES)} {several(dice.choice(NOUNS))} and Other Stories"
    return f"All the {dice.choice(ADJECTIVES)} {several(dice.choice(NOUNS))}"


def two_titles(dice: Random) -> tuple[str, str]:
    """Two titles that share no telling word."""
    first = title(dice)
    while True:
        second = title(dice)
        if not {w.rstrip("s") for w in first.split() if len(w) > 3} & {w.rstrip("s") for w in second.split()}:
            return first, second


def several(noun: str) -> str:
    """Its plural."""
    if noun.endswith("y") and noun[-2] not in "aeou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith("s") else f"{noun}s"


def isrc(dice: Random) -> str:
    return f"QZ{''.join(dice.choices('ABCDEFGHJKLM', k=3))}{dice.randrange(10**7):07d}"


def frames(dice: Random, count: int = _FRAMES) -> list[int]:
    """The frames of a sound that nothing else resembles."""
    return [dice.getrandbits(32) for _ in range(count)]


def silence(dice: Random, count: int = _FRAMES) -> list[int]:
    """The frames of a file that is one tone and a crackle."""
    tone, crackle = dice.getrandbits(32), dice.getrandbits(32)
    return [crackle if index % 60 == 59 else tone for index in range(count)]


def blurred(dice: Random, rows: list[int], bits: int = 1) -> list[int]:
    """The same sound encoded again: in most frames a bit is another."""
    return [row ^ sum({1 << dice.randrange(32) for _ in range(dice.randint(0, bits))}) for row in rows]


def fingerprint(rows: list[int]) -> str:
    """Frames as a compressed Chromaprint in URL-safe base64; `audio.fingerprint.frames` describes the form."""
    small: list[int] = []
    large: list[int] = []
    before = 0
    for row in rows:
        changed, position = row ^ before, 0
        before = row
        for bit in range(32):
            if changed >> bit & 1:
                distance = bit + 1 - position
                position = bit + 1
                small.append(min(distance, 7))
                if distance >= 7:
                    large.append(distance - 7)
        small.append(0)
    data = bytes((1, *len(rows).to_bytes(3, "big"))) + _packed(small, 3) + _packed(large, 5)
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _packed(values: list[int], width: int) -> bytes:
    bits = int("0" + "".join(f"{value:0{width}b}" for value in reversed(values)), 2)
    return bits.to_bytes((width * len(values) + 7) // 8, "little")
