"""Whether two items are one recording. All cases are our own."""

from __future__ import annotations

import pytest

from navaar_contracts.music import Kind, Reading, Recording, Sameness
from navaar_identifier.compare.verdicts import same_recording


def item(artist: str | None, title: str, **fields: object) -> Recording:
    return Recording.model_validate({"artist": artist, "title": title, **fields})


def row(text: str) -> Recording:
    """A recording from 'artist ;; title ;; seconds ;; album'; '-' for no artist."""
    artist, title, seconds, album = (*text.split(" ;; "), "", "")[:4]
    return item(None if artist == "-" else artist, title, duration_s=float(seconds or 0) or None, album=album or None)


SAME = [
    # why they are one; then each as "artist ;; title ;; seconds ;; album"
    ("the same", "Queen ;; Bohemian Rhapsody", "Queen ;; Bohemian Rhapsody"),
    ("case", "QUEEN ;; BOHEMIAN RHAPSODY", "Queen ;; Bohemian Rhapsody"),
    ("accents", "Beyonce ;; Deja Vu", "Beyoncé ;; Déjà Vu"),
    ("punctuation", "Guns N' Roses ;; Don't Cry", "Guns N Roses ;; Dont Cry"),
    ("and", "Hall and Oates ;; Maneater", "Hall & Oates ;; Maneater"),
    ("the", "The Cure ;; Lovesong", "Cure ;; Lovesong"),
    ("joined differently", "Queen, David Bowie ;; Under Pressure", "Queen & David Bowie ;; Under Pressure"),
    ("order of artists", "David Bowie & Queen ;; Under Pressure", "Queen, David Bowie ;; Under Pressure"),
    (
        "guest in the title",
        "Jay-Z ;; Empire State of Mind (feat. Alicia Keys)",
        "Jay-Z, Alicia Keys ;; Empire State of Mind",
    ),
    (
        "guest left out",
        "Jay-Z ;; Empire State of Mind (feat. Alicia Keys) ;; 276",
        "Jay-Z ;; Empire State of Mind ;; 277",
    ),
    ("remaster", "Queen ;; Bohemian Rhapsody - Remastered 2011 ;; 354", "Queen ;; Bohemian Rhapsody ;; 355"),
    (
        "two remasters",
        "Queen ;; Bohemian Rhapsody - 2011 Mix ;; 354",
        "Queen ;; Bohemian Rhapsody (Remastered) ;; 355",
    ),
    (
        "another release",
        "Queen ;; Bohemian Rhapsody ;; 354.3 ;; A Night at the Opera",
        "Queen ;; Bohemian Rhapsody ;; 354.9 ;; Greatest Hits",
    ),
    ("explicit and clean", "Eminem ;; Stan [Explicit] ;; 404", "Eminem ;; Stan (Clean) ;; 404"),
    ("album version", "Pink Floyd ;; Time (Album Version) ;; 413", "Pink Floyd ;; Time ;; 413"),
    (
        "misspelled version",
        "- ;; Queen - Bohemian Rhapsody (Anvil clsub remix) ;; 354",
        "Queen ;; Bohemian Rhapsody (Anvil club remix) ;; 354",
    ),
    ("video title", "QueenVEVO ;; Queen - Bohemian Rhapsody (Official Video)", "Queen ;; Bohemian Rhapsody"),
    ("topic channel", "Queen - Topic ;; Bohemian Rhapsody", "Queen ;; Bohemian Rhapsody"),
    ("label's channel", "Some Label ;; Queen - Bohemian Rhapsody [Official Video]", "Queen ;; Bohemian Rhapsody"),
    ("reversed", "somebody's uploads ;; Bohemian Rhapsody - Queen", "Queen ;; Bohemian Rhapsody"),
    ("bracketed artist", "somebody's uploads ;; Bohemian Rhapsody (Queen) ;; 354", "Queen ;; Bohemian Rhapsody ;; 355"),
    ("quoted", 'somebody\'s uploads ;; Queen "Bohemian Rhapsody" with lyrics', "Queen ;; Bohemian Rhapsody"),
    ("file name", "- ;; 01. Queen - Bohemian Rhapsody.mp3", "Queen ;; Bohemian Rhapsody"),
    ("site", "Queen [songs.ru] ;; Bohemian Rhapsody (songs.ru)", "Queen ;; Bohemian Rhapsody"),
    ("album in the title", "Queen ;; '39 (A Night at the Opera)", "Queen ;; '39 ;;  ;; A Night at the Opera"),
    (
        "album behind a dash",
        "Queen ;; Love of My Life - A Night at the Opera ;; 217",
        "Queen ;; Love of My Life ;; 217 ;; A Night at the Opera",
    ),
    (
        "typing mistake",
        "Qeen ;; Bohemian Rapsody ;; 354 ;; A Night at the Opera",
        "Queen ;; Bohemian Rhapsody ;; 354 ;; A Night at the Opera",
    ),
    ("the same remix", "Moby ;; Porcelain (Arty Remix)", "Moby ;; Porcelain - Arty Remix"),
    (
        "the same concert",
        "Queen ;; Love of My Life (Live at Wembley)",
        "Queen ;; Love of My Life - Live At Wembley Stadium",
    ),
    (
        "live album",
        "Nirvana ;; Polly ;; 196 ;; MTV Unplugged in New York",
        "Nirvana ;; Polly (Live) ;; 196 ;; MTV Unplugged In New York",
    ),
    ("the same sped up", "Oliver Tree ;; Life Goes On (sped up)", "Oliver Tree ;; Life Goes On - Sped Up Version"),
    (
        "a title with a version word",
        "Wings ;; Live and Let Die",
        "some channel ;; Wings - Live and Let Die (Official Audio)",
    ),
    ("Cover Me", "Bruce Springsteen ;; Cover Me", "Bruce Springsteen ;; Cover Me (Remastered)"),
    (
        "a cover named by its performer",
        "Jeff Buckley ;; Hallelujah",
        "Jeff Buckley ;; Hallelujah (Leonard Cohen Cover)",
    ),
    (
        "a length mistyped, the album behind the title",
        "The Lamplighters ;; Harbour Lights ;; 260 ;; Northern Roads",
        "Lamplighters ;; Harbour Lights - Northern Road ;; 159",
    ),
    (
        "a title that a bad tagger lost",
        "- ;; 011- ;; 241 ;; Evenings by the River",
        "くるみ ;; 日曜日の朝 ;; 241 ;; Evenings by the River",
    ),
    ("a damaged track number", "Lamplighters ;; 0D1-Harbour Lights Again", "The Lamplighters ;; Harbour Lights Again"),
    (
        "a track number before the artist",
        "- ;; 007-The Lamplighters - Harbour Lights",
        "The Lamplighters ;; Harbour Lights",
    ),
    (
        "a title with a version word in a sentence",
        "mods ;; PP Arnold - The First Cut Is The Deepest",
        "P.P. Arnold ;; The First Cut Is the Deepest",
    ),
    (
        "a short title misspelled, everything else the same",
        "Eric Clapton ;; Singe ;; 194 ;; Unplugged",
        "Eric Clapton ;; Signe ;; 194 ;; Unplugged",
    ),
    (
        "hyphens for blanks",
        "Nina-Hart ;; Slow-Rain-(Long-Ago)---Northern-Roads ;; 387",
        "- ;; Nina Hart - Slow Rain (Long Ago) ;; 387 ;; Northern Roads",
    ),
    ("2 for to", "Prince ;; Nothing Compares 2 U", "Prince ;; Nothing Compares To You"),
    ("figures for words", "Spice Girls ;; 2 Become 1", "Spice Girls ;; Two Become One"),
    (
        "the album's name in brackets is no version",
        "Eric Clapton ;; Malted Milk (Unplugged) ;; 217 ;; Unplugged",
        "Eric Clapton ;; Malted Milk ;; 217",
    ),
    (
        "a best-of behind the title",
        "Green Day ;; Warning (International Greatest Hits) ;; 223",
        "Green Day ;; Warning ;; 222",
    ),
    (
        "an album that nobody else names, the same length",
        "Lamplighters ;; Harbour Lights - Northern Roads ;; 212",
        "Lamplighters ;; Harbour Lights ;; 212",
    ),
    (
        "the artist in both fields",
        "Lamplighters ;; Lamplighters & Joan Reed - Harbour Lights",
        "somebody's uploads ;; Lamplighters - Harbour Lights",
    ),
    (
        "a live album whose length agrees",
        "Nirvana ;; Polly ;; 196 ;; Live in Berlin",
        "Nirvana ;; Polly ;; 197 ;; Polly and Others",
    ),
    ("Persian sentence", "some channel ;; آهنگ شقایق از داریوش", "داریوش ;; شقایق"),
    ("both scripts in one title", "some channel ;; Dariush - Shaghayegh | داریوش - شقایق", "داریوش ;; شقایق"),
]

TWO = [
    ("a title that holds the other", "- ;; Adele - Hello", "- ;; Adele - Hello Again"),
    ("the same, turned round", "- ;; Hello - Adele", "- ;; Hello Again - Adele"),
    (
        "movements",
        "- ;; Anton Weiss - Symphony No. 7 in A major, Op. 92: II. Allegretto",
        "- ;; Anton Weiss - Symphony No. 7 in A major, Op. 92: IV. Allegro con brio",
    ),
    (
        "movements before the composer",
        "- ;; Symphony No. 5: I. Allegro - Anton Weiss",
        "- ;; Symphony No. 5: IV. Allegro - Anton Weiss",
    ),
    (
        "movements of one album without lengths",
        "Weiss ;; Concerto No. 3 in G major: I. Allegro ;;  ;; Concertos",
        "Weiss ;; Concerto No. 3 in G major: III. Allegro ;;  ;; Concertos",
    ),
    ("parts in brackets", "Weiss ;; Long Road Home (Parts I-V)", "Weiss ;; Long Road Home (Parts VI-IX)"),
    ("parts and the album", "Weiss ;; Harbours, Part II - Harbours", "Weiss ;; Harbours, Part IV - Harbours"),
    ("counted in words", "Weiss ;; Cliffs - Theme One ;; 200", "Weiss ;; Cliffs - Theme Two ;; 200"),
    ("a hyphen and a number", "Weiss ;; Pot-Pourri No. 4 ;; 200", "Weiss ;; Pot-Pourri No. 2 ;; 201"),
    ("pieces in brackets", "Weiss ;; Medley (Alpha)", "Weiss ;; Medley (Beta)"),
    ("a title of hyphens", "Weiss ;; Lights-of-the-Harbour", "- ;; Joan Reed - Lights of the Harbour"),
    (
        "a single named like its song",
        "- ;; Oliver Tree - Miss You ;;  ;; Miss You",
        "lyrics ;; Oliver Tree - Hurt (Lyrics)",
    ),
    (
        "a nickname in quotation marks",
        '- ;; Joe "The Hat" - One Long Night',
        'Joe "The Hat" ;; Joe "The Hat" - Some Other Day',
    ),
    ("tribute before the title", "fan ;; Tribute to Nina Hart: Slow Rain", "Nina Hart ;; Slow Rain"),
    ("playing another's songs", "Quartet ;; Slow Rain - Plays Metallica", "Metallica ;; Slow Rain"),
    ("a version of its own name", "Alicia Keys ;; Girl on Fire (Inferno Version)", "Alicia Keys ;; Girl on Fire"),
    (
        "a misspelled version",
        "Nina Hart ;; Slow Rain - Aocustic Version ;; 180",
        "Nina Hart ;; Slow Rain ;; 181",
    ),
    (
        "a version before the album",
        "Nina Hart ;; Slow Rain - Acoustic (Long Roads) ;; 180 ;; Long Roads",
        "Nina Hart ;; Slow Rain ;; 181 ;; Long Roads",
    ),
    (
        "the title track and another",
        "Weiss ;; Overdrive - Let It Rain Down ;; 268",
        "Weiss ;; Let It Rain Down ;; 267 ;; Let It Rain Down",
    ),
    (
        "the album in both titles",
        "Weiss ;; The Rover (Physical Geography Disc 1) ;; 337 ;; Physical Geography Disc 1",
        "Weiss ;; Trodden Down (Physical Geography Disc 1) ;; 337 ;; Physical Geography Disc 1",
    ),
    (
        "the album's name beside the artist's",
        "- ;; Weiss - Fear of the Night ;;  ;; Fear of the Night",
        "- ;; Weiss - Fear Is the Key ;; 335 ;; Fear of the Night",
    ),
    (
        "a song of a medley",
        "- ;; Nina Hart - Iron Rain/Children of the Hill ;; 552",
        "Nina Hart ;; Children of the Hill",
    ),
    (
        "a title that others have, on another album, by nobody knows whom",
        "Weiss ;; Circles ;; 210 ;; Surfing the Roof",
        "- ;; Circles ;; 215 ;; Bleeding Hollywood",
    ),
    (
        "a movement in quotation marks",
        '- ;; Anton Weiss - Seasons, Concerto No. 3 in F major, RV 293 "Autumn": III. Allegro ;; 196',
        'Anton Weiss ;; Seasons, Concerto No. 3 in F major, RV 293 "Autumn": I. Allegro ;; 304',
    ),
    ("cover by another", "Old Tapes ;; Slow Rain - Nina Hart (Cover by Harry Bell)", "Nina Hart ;; Slow Rain"),
    ("a live album", "Nirvana ;; Polly ;; 149 ;; Live in Berlin", "Nirvana ;; Polly ;; 177 ;; Nevermind"),
    ("long, without lengths", "Nina Hart ;; Slow Rain (Club Mix)", "Nina Hart ;; Slow Rain"),
    ("another song", "Queen ;; Bohemian Rhapsody", "Queen ;; Radio Ga Ga"),
    ("another artist", "Queen ;; Crazy Little Thing Called Love", "Michael Bublé ;; Crazy Little Thing Called Love"),
    ("live", "Queen ;; Bohemian Rhapsody ;; 354", "Queen ;; Bohemian Rhapsody (Live at Live Aid) ;; 150"),
    ("live with no lengths", "Queen ;; Bohemian Rhapsody", "Queen ;; Bohemian Rhapsody - Live at the Rainbow"),
    ("remix", "Moby ;; Porcelain", "Moby ;; Porcelain (Arty Remix)"),
    ("two remixers", "Moby ;; Porcelain (Tiësto Remix)", "Moby ;; Porcelain (Arty Remix)"),
    ("karaoke", "Adele ;; Hello", "Sing King ;; Adele - Hello (Karaoke Version)"),
    ("karaoke in the style of", "Adele ;; Hello", "Karaoke Hits ;; Hello (In the Style of Adele)"),
    ("instrumental", "Adele ;; Hello", "Adele ;; Hello (Instrumental)"),
    ("acoustic", "Adele ;; Hello", "Adele ;; Hello - Acoustic"),
    ("a cappella", "Adele ;; Hello", "Adele ;; Hello (Acapella)"),
    ("sped up", "Oliver Tree ;; Life Goes On", "Oliver Tree ;; Life Goes On (sped up)"),
    ("slowed", "Oliver Tree ;; Life Goes On", "moody tapes ;; Oliver Tree - Life Goes On (slowed + reverb)"),
    ("nightcore", "Oliver Tree ;; Life Goes On", "nightcore zone ;; Nightcore - Life Goes On (Oliver Tree)"),
    ("8D", "Oliver Tree ;; Life Goes On", "8D Tunes ;; Oliver Tree - Life Goes On (8D Audio)"),
    ("bass boosted", "Oliver Tree ;; Life Goes On", "bass nation ;; Oliver Tree - Life Goes On [Bass Boosted]"),
    ("mashup", "Queen ;; We Will Rock You", "dj somebody ;; Queen - We Will Rock You x Bad Guy (Mashup)"),
    ("demo", "Queen ;; We Will Rock You", "Queen ;; We Will Rock You (Demo)"),
    ("cover by a stranger", "Adele ;; Hello", "Jane Sings ;; Hello - Adele (cover)"),
    ("cover named after the artist", "Adele ;; Hello", "Jane Sings ;; Jane Sings - Hello (Adele cover)"),
    ("guitar cover", "Adele ;; Hello", "Six Strings ;; Adele - Hello - Guitar Cover"),
    ("piano tutorial", "Adele ;; Hello", "Keys ;; Adele - Hello (Piano Tutorial)"),
    ("reaction", "Adele ;; Hello", "We React ;; Adele - Hello REACTION"),
    ("one hour", "Adele ;; Hello", "loops ;; Adele - Hello (1 hour)"),
    ("teaser", "Adele ;; Hello ;; 295", "AdeleVEVO ;; Adele - Hello (Teaser) ;; 30"),
    ("part", "Pink Floyd ;; Another Brick in the Wall, Pt. 1", "Pink Floyd ;; Another Brick in the Wall, Pt. 2"),
    ("number", "Chopin ;; Nocturne No. 1", "Chopin ;; Nocturne No. 2"),
    ("movement", "Vivaldi ;; Winter: I. Allegro", "Vivaldi ;; Winter: II. Largo"),
    ("language", "Blackpink ;; Kill This Love", "Blackpink ;; Kill This Love (Japanese Version)"),
    ("re-recorded", "Taylor Swift ;; Love Story", "Taylor Swift ;; Love Story (Taylor's Version)"),
    ("a longer title", "Xiu ;; Alone", "Xiu ;; You're Not Alone"),
    ("a word more", "Queen ;; Save Me", "Queen ;; Don't Save Me Now"),
    ("length", "Sigur Rós ;; Untitled ;; 120", "Sigur Rós ;; Untitled ;; 540"),
    ("short neighbours", "گوگوش ;; پل", "گوگوش ;; گل"),
    ("Persian live", "داریوش ;; شقایق", "داریوش ;; شقایق (اجرای زنده)"),
    ("Persian remix", "داریوش ;; شقایق", "دی جی ;; داریوش - شقایق (ریمیکس)"),
    ("Russian sped up", "Земфира ;; Искала", "speed songs ;; Земфира - Искала (speed up)"),
    ("Russian karaoke", "Земфира ;; Искала", "караоке ;; Земфира - Искала (караоке)"),
    ("Japanese covers", "YOASOBI ;; 夜に駆ける", "誰か ;; YOASOBI - 夜に駆ける 歌ってみた"),
]


@pytest.mark.parametrize(("a", "b"), [r[1:] for r in SAME], ids=[r[0] for r in SAME])
def test_one_recording(a: str, b: str) -> None:
    judgement = same_recording(row(a), row(b))
    assert judgement.same is Sameness.YES, judgement
    assert same_recording(row(b), row(a)) == judgement


@pytest.mark.parametrize(("a", "b"), [r[1:] for r in TWO], ids=[r[0] for r in TWO])
def test_two_recordings(a: str, b: str) -> None:
    judgement = same_recording(row(a), row(b))
    assert judgement.same is not Sameness.YES, judgement
    assert judgement.reasons
    assert same_recording(row(b), row(a)) == judgement


def test_a_bare_title_is_not_enough() -> None:
    assert same_recording(item(None, "Hello"), item("Adele", "Hello")).same is Sameness.UNSURE


def test_a_bare_title_with_the_same_length_is_better() -> None:
    bare = same_recording(item(None, "Hello"), item("Adele", "Hello", duration_s=295))
    timed = same_recording(item(None, "Hello", duration_s=295), item("Adele", "Hello", duration_s=295))
    assert timed.score > bare.score


def test_a_different_isrc_is_no_proof() -> None:
    a = item("Queen", "Bohemian Rhapsody", isrc="GBUM71029604", duration_s=354)
    b = item("Queen", "Bohemian Rhapsody", isrc="GBCEE7500101", duration_s=354)
    assert same_recording(a, b).same is Sameness.YES


def test_an_isrc_that_is_none_is_not_compared() -> None:
    assert same_recording(item("A", "B", isrc="none"), item("C", "D", isrc="none")).same is Sameness.NO


@pytest.mark.parametrize("kind", list(Kind))
def test_kinds_do_not_break_a_plain_case(kind: Kind) -> None:
    assert same_recording(item("Queen", "Radio Ga Ga", kind=kind), item("Queen", "Radio Ga Ga")).same is Sameness.YES


CODE, SPELLED = "GBUM71029604", "GB-UM7-10-29604"
ONE_CODE = [
    ("spelled otherwise", "Queen ;; Bohemian Rapsody ;; 354", "Queen ;; Bohemian Rhapsody ;; 355"),
    ("nothing else told", "- ;; Bohemian Rhapsody", "Queen ;; Bohemian Rhapsody"),
    ("a remaster", "Queen ;; Bohemian Rhapsody (2011 Remaster) ;; 354", "Queen ;; Bohemian Rhapsody ;; 357"),
    ("a guest", "Queen ;; Bohemian Rhapsody (feat. Bo) ;; 354", "Queen, Bo ;; Bohemian Rhapsody ;; 354"),
    ("a translated title", "くるみ ;; 夏 ;; 212", "Kurumi ;; Summer ;; 212"),
]
CONTRADICTED = [
    ("another artist", "Nina Hart ;; Slow Rain ;; 200", "Joan Reed ;; Slow Rain ;; 200"),
    ("another title", "Nina Hart ;; Slow Rain ;; 200", "Nina Hart ;; Harbour Lights ;; 200"),
    ("another song", "Nina Hart ;; Slow Rain ;; 200", "Joan Reed ;; Harbour Lights ;; 330"),
    ("a number", "Nina Hart ;; Slow Rain ;; 200", "Nina Hart ;; Slow Rain 2 ;; 201"),
    ("a part", "Nina Hart ;; Slow Rain ;; 200", "Nina Hart ;; Slow Rain, Part II ;; 201"),
    ("a longer title", "Nina Hart ;; Slow Rain ;; 200", "Nina Hart ;; Slow Rain Again ;; 201"),
    ("live", "Nina Hart ;; Slow Rain ;; 200", "Nina Hart ;; Slow Rain (Live at the Pier) ;; 256"),
    ("remix", "Nina Hart ;; Slow Rain ;; 200", "Nina Hart ;; Slow Rain (Anvil Remix) ;; 200"),
    ("length", "Nina Hart ;; Slow Rain ;; 200", "Nina Hart ;; Slow Rain ;; 260"),
]


@pytest.mark.parametrize(("a", "b"), [r[1:] for r in ONE_CODE], ids=[r[0] for r in ONE_CODE])
def test_the_same_isrc_joins_what_nothing_contradicts(a: str, b: str) -> None:
    judgement = same_recording(row(a).model_copy(update={"isrc": CODE}), row(b).model_copy(update={"isrc": SPELLED}))
    assert judgement.same is Sameness.YES, judgement
    assert judgement.reasons[0] == f"same ISRC {CODE}"


@pytest.mark.parametrize(("a", "b"), [r[1:] for r in CONTRADICTED], ids=[r[0] for r in CONTRADICTED])
def test_the_same_isrc_never_joins_against_a_contradiction(a: str, b: str) -> None:
    one, other = row(a).model_copy(update={"isrc": CODE}), row(b).model_copy(update={"isrc": SPELLED})
    judgement = same_recording(one, other)
    assert judgement.same is not Sameness.YES, judgement
    assert same_recording(other, one) == judgement


def test_one_contradiction_of_an_isrc_leaves_it_unsure() -> None:
    one, live = item("Nina Hart", "Slow Rain", isrc=CODE), item("Nina Hart", "Slow Rain (Live)", isrc=CODE)
    assert same_recording(one, live).same is Sameness.UNSURE


PARTS = [
    "Slow Rain 2", "Slow Rain II", "Slow Rain (Part II)", "Slow Rain, Pt. 2", "Slow Rain - Part Two", "Slow Rain - II",
    "Slow Rain Chapter Two", "Slow Rain (Interlude)", "Slow Rain Reprise", "Slow Rain 10", "Slow Rain Again",
    "Slow Rain (Vol. 3)", "Slow Rain ۲",
]  # fmt: skip


@pytest.mark.parametrize("other", PARTS)
def test_another_part_is_another_song_whatever_else_agrees(other: str) -> None:
    one = row("Nina Hart ;; Slow Rain ;; 200 ;; Northern Roads")
    part = row(f"Nina Hart ;; {other} ;; 200 ;; Northern Roads")
    upload = item("somebody's uploads", f"Nina Hart - {other} (Official Video)", duration_s=200, kind=Kind.UPLOAD)
    for two in (part, upload):
        judgement = same_recording(one, two)
        assert judgement.same is not Sameness.YES, judgement
        assert same_recording(two, one) == judgement
    assert same_recording(part, part).same is Sameness.YES


@pytest.mark.parametrize("tail", ["320", "2019", "1080p", "HQ", "(Official Video)", "- 2011 Remaster"])
def test_a_number_that_says_how_it_was_published_is_no_part(tail: str) -> None:
    one = row("Nina Hart ;; Slow Rain ;; 200 ;; Northern Roads")
    assert same_recording(one, row(f"Nina Hart ;; Slow Rain {tail} ;; 200 ;; Northern Roads")).same is Sameness.YES


SAME_PARTS = [
    ("Slow Rain (Part Two)", "Slow Rain, Pt. 2"),
    ("Slow Rain II", "Slow Rain 2"),
    ("Slow Rain, Vol. 2", "Slow Rain Volume II"),
    ("夏の歌2", "夏の歌 2"),
]


@pytest.mark.parametrize(("a", "b"), SAME_PARTS)
def test_one_part_told_in_other_words_is_one(a: str, b: str) -> None:
    assert same_recording(row(f"Nina Hart ;; {a} ;; 200"), row(f"Nina Hart ;; {b} ;; 200")).same is Sameness.YES


@pytest.mark.parametrize(("a", "b"), [("夏の歌", "夏の歌2"), ("Interlude", "Interlude II")])
def test_pieces_of_one_album_are_told_apart(a: str, b: str) -> None:
    one, other = (row(f"Nina Hart ;; {title} ;; 61 ;; Northern Roads") for title in (a, b))
    assert same_recording(one, other).same is not Sameness.YES


MIXES = [
    ("Slow Rain (Club Mix)", "Slow Rain (Radio Mix)"),
    ("Slow Rain (Sunset Mix)", "Slow Rain (Sunrise Mix)"),
    ("Slow Rain Anvil Mix", "Slow Rain Tongs Mix"),
    ("Slow Rain (Vocal Mix)", "Slow Rain (Dub Mix)"),
]


@pytest.mark.parametrize(("a", "b"), MIXES)
def test_two_mixes_of_one_album_are_two(a: str, b: str) -> None:
    one, other = (row(f"Nina Hart ;; {title} ;; 300 ;; Northern Roads") for title in (a, b))
    assert same_recording(one, other).same is not Sameness.YES


def test_lengths_far_apart_are_two_where_nothing_else_speaks_for_them() -> None:
    one, other = "Nina Hart ;; Slow Rain ;; 200", "Nina Hart ;; Slow Rain ;; 226"
    assert same_recording(row(one), row(other)).same is not Sameness.YES
    assert same_recording(row(f"{one} ;; Roads"), row(f"{other} ;; Roads")).same is Sameness.YES


def test_one_reading_that_fits_is_enough() -> None:
    reading = Reading(artist="Queen", title="Bohemian Rhapsody")
    a = item("Bohemian Rhapsody", "Queen", readings=(reading,))
    assert same_recording(a, item("Queen", "Bohemian Rhapsody")).same is Sameness.YES


ONE_TITLE_OF_TWO = [
    # A title that could itself be read as artist and title names nobody who plays it.
    "Wake Me Up Before You Go-Go",
    "Merry-Go-Round of Iron",
    "Iron Variations: Aria",
    "Carmela - Habanera",
    "Ave Ferrum (Schubert)",
    "I Do - I Do",
]


@pytest.mark.parametrize("title", ONE_TITLE_OF_TWO)
def test_one_title_by_two_performers_is_never_joined(title: str) -> None:
    a, b = item("The Hammers", title), item("Jane Anvil", title)
    assert same_recording(a, b).same is not Sameness.YES
    assert same_recording(b, a).same is not Sameness.YES


def test_two_uploads_of_one_named_song_are_joined_whatever_the_channels() -> None:
    a = item("a channel", "The Hammers - Iron Door (Official Video)", kind=Kind.VIDEO)
    b = item("Jane's lyrics", "The Hammers - Iron Door (Lyrics)", kind=Kind.UPLOAD)
    assert same_recording(a, b).same is Sameness.YES


@pytest.mark.parametrize("noise", ["", " (Official Video)", " | Lyrics", " [HD]", " - Remastered 2011", ".mp3"])
@pytest.mark.parametrize(
    ("native", "latin"), [("봄바람", "Bombaram"), ("شب بارانی", "Shabe Barani"), ("Снежинка", "Snezhinka")]
)
def test_publishing_talk_in_latin_letters_hides_no_native_title(native: str, latin: str, noise: str) -> None:
    a, b = item("Hammers", f"{native}{noise}"), item("Hammers", latin)
    assert same_recording(a, b).same is Sameness.YES


def test_another_remix_of_a_remix_is_another_recording() -> None:
    a = item("The Hammers", "Iron Door (Anvil remix)")
    assert same_recording(a, item("The Hammers", "Iron Door (Anvil remix) (Tongs remix)")).same is Sameness.NO
