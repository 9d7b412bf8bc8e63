"""Whether two items are one recording. All cases are our own."""

from __future__ import annotations

import pytest

from navaar_contracts.music import Kind, Reading, Recording, Sameness
from navaar_identifier.sameness import same_recording


def item(artist: str | None, title: str, **fields: object) -> Recording:
    return Recording.model_validate({"artist": artist, "title": title, **fields})


SAME = [
    # (why they are one, a, b)
    ("the same", item("Queen", "Bohemian Rhapsody"), item("Queen", "Bohemian Rhapsody")),
    ("case", item("QUEEN", "BOHEMIAN RHAPSODY"), item("Queen", "Bohemian Rhapsody")),
    ("accents", item("Beyonce", "Deja Vu"), item("Beyoncé", "Déjà Vu")),
    ("punctuation", item("Guns N' Roses", "Don't Cry"), item("Guns N Roses", "Dont Cry")),
    ("and", item("Hall and Oates", "Maneater"), item("Hall & Oates", "Maneater")),
    ("the", item("The Cure", "Lovesong"), item("Cure", "Lovesong")),
    ("joined differently", item("Queen, David Bowie", "Under Pressure"), item("Queen & David Bowie", "Under Pressure")),
    ("order of artists", item("David Bowie & Queen", "Under Pressure"), item("Queen, David Bowie", "Under Pressure")),
    ("guest in the title", item("Jay-Z", "Empire State of Mind (feat. Alicia Keys)"), item("Jay-Z, Alicia Keys", "Empire State of Mind")),
    ("guest left out", item("Jay-Z", "Empire State of Mind (feat. Alicia Keys)", duration_s=276), item("Jay-Z", "Empire State of Mind", duration_s=277)),
    ("remaster", item("Queen", "Bohemian Rhapsody - Remastered 2011", duration_s=354), item("Queen", "Bohemian Rhapsody", duration_s=355)),
    ("two remasters", item("Queen", "Bohemian Rhapsody - 2011 Mix", duration_s=354), item("Queen", "Bohemian Rhapsody (Remastered)", duration_s=355)),
    ("another release", item("Queen", "Bohemian Rhapsody", album="A Night at the Opera", duration_s=354.3), item("Queen", "Bohemian Rhapsody", album="Greatest Hits", duration_s=354.9)),
    ("explicit and clean", item("Eminem", "Stan [Explicit]", duration_s=404), item("Eminem", "Stan (Clean)", duration_s=404)),
    ("album version", item("Pink Floyd", "Time (Album Version)", duration_s=413), item("Pink Floyd", "Time", duration_s=413)),
    ("video title", item("QueenVEVO", "Queen - Bohemian Rhapsody (Official Video)"), item("Queen", "Bohemian Rhapsody")),
    ("topic channel", item("Queen - Topic", "Bohemian Rhapsody"), item("Queen", "Bohemian Rhapsody")),
    ("label's channel", item("Some Label", "Queen - Bohemian Rhapsody [Official Video]"), item("Queen", "Bohemian Rhapsody")),
    ("reversed", item("somebody's uploads", "Bohemian Rhapsody - Queen"), item("Queen", "Bohemian Rhapsody")),
    ("bracketed artist", item("somebody's uploads", "Bohemian Rhapsody (Queen)"), item("Queen", "Bohemian Rhapsody")),
    ("quoted", item("somebody's uploads", 'Queen "Bohemian Rhapsody" with lyrics'), item("Queen", "Bohemian Rhapsody")),
    ("file name", item(None, "01. Queen - Bohemian Rhapsody.mp3"), item("Queen", "Bohemian Rhapsody")),
    ("site", item("Queen [songs.ru]", "Bohemian Rhapsody (songs.ru)"), item("Queen", "Bohemian Rhapsody")),
    ("album in the title", item("Queen", "'39 (A Night at the Opera)"), item("Queen", "'39", album="A Night at the Opera")),
    ("album behind a dash", item("Queen", "Love of My Life - A Night at the Opera", duration_s=217), item("Queen", "Love of My Life", album="A Night at the Opera", duration_s=217)),
    ("typing mistake", item("Qeen", "Bohemian Rapsody", duration_s=354, album="A Night at the Opera"), item("Queen", "Bohemian Rhapsody", duration_s=354, album="A Night at the Opera")),
    ("the same remix", item("Moby", "Porcelain (Arty Remix)"), item("Moby", "Porcelain - Arty Remix")),
    ("the same concert", item("Queen", "Love of My Life (Live at Wembley)"), item("Queen", "Love of My Life - Live At Wembley Stadium")),
    ("live album", item("Nirvana", "Polly", album="MTV Unplugged in New York", duration_s=196), item("Nirvana", "Polly (Live)", album="MTV Unplugged In New York", duration_s=196)),
    ("the same sped up", item("Oliver Tree", "Life Goes On (sped up)"), item("Oliver Tree", "Life Goes On - Sped Up Version")),
    ("a title with a version word", item("Wings", "Live and Let Die"), item("some channel", "Wings - Live and Let Die (Official Audio)")),
    ("Cover Me", item("Bruce Springsteen", "Cover Me"), item("Bruce Springsteen", "Cover Me (Remastered)")),
    ("ISRC", item("X", "Y", isrc="GBUM71029604"), item("Queen", "Bohemian Rhapsody", isrc="GB-UM7-10-29604")),
    ("a cover named by its performer", item("Jeff Buckley", "Hallelujah"), item("Jeff Buckley", "Hallelujah (Leonard Cohen Cover)")),
    ("one reading fits", item("Bohemian Rhapsody", "Queen", readings=(Reading(artist="Queen", title="Bohemian Rhapsody"),)), item("Queen", "Bohemian Rhapsody")),
    ("Persian sentence", item("some channel", "آهنگ شقایق از داریوش"), item("داریوش", "شقایق")),
    ("both scripts in one title", item("some channel", "Dariush - Shaghayegh | داریوش - شقایق"), item("داریوش", "شقایق")),
]  # fmt: skip

TWO = [
    ("another song", item("Queen", "Bohemian Rhapsody"), item("Queen", "Radio Ga Ga")),
    ("another artist", item("Queen", "Crazy Little Thing Called Love"), item("Michael Bublé", "Crazy Little Thing Called Love")),
    ("live", item("Queen", "Bohemian Rhapsody", duration_s=354), item("Queen", "Bohemian Rhapsody (Live at Live Aid)", duration_s=150)),
    ("live with no lengths", item("Queen", "Bohemian Rhapsody"), item("Queen", "Bohemian Rhapsody - Live at the Rainbow")),
    ("remix", item("Moby", "Porcelain"), item("Moby", "Porcelain (Arty Remix)")),
    ("two remixers", item("Moby", "Porcelain (Tiësto Remix)"), item("Moby", "Porcelain (Arty Remix)")),
    ("karaoke", item("Adele", "Hello"), item("Sing King", "Adele - Hello (Karaoke Version)")),
    ("karaoke in the style of", item("Adele", "Hello"), item("Karaoke Hits", "Hello (In the Style of Adele)")),
    ("instrumental", item("Adele", "Hello"), item("Adele", "Hello (Instrumental)")),
    ("acoustic", item("Adele", "Hello"), item("Adele", "Hello - Acoustic")),
    ("a cappella", item("Adele", "Hello"), item("Adele", "Hello (Acapella)")),
    ("sped up", item("Oliver Tree", "Life Goes On"), item("Oliver Tree", "Life Goes On (sped up)")),
    ("slowed", item("Oliver Tree", "Life Goes On"), item("moody tapes", "Oliver Tree - Life Goes On (slowed + reverb)")),
    ("nightcore", item("Oliver Tree", "Life Goes On"), item("nightcore zone", "Nightcore - Life Goes On (Oliver Tree)")),
    ("8D", item("Oliver Tree", "Life Goes On"), item("8D Tunes", "Oliver Tree - Life Goes On (8D Audio)")),
    ("bass boosted", item("Oliver Tree", "Life Goes On"), item("bass nation", "Oliver Tree - Life Goes On [Bass Boosted]")),
    ("mashup", item("Queen", "We Will Rock You"), item("dj somebody", "Queen - We Will Rock You x Bad Guy (Mashup)")),
    ("demo", item("Queen", "We Will Rock You"), item("Queen", "We Will Rock You (Demo)")),
    ("cover by a stranger", item("Adele", "Hello"), item("Jane Sings", "Hello - Adele (cover)")),
    ("cover named after the artist", item("Adele", "Hello"), item("Jane Sings", "Jane Sings - Hello (Adele cover)")),
    ("guitar cover", item("Adele", "Hello"), item("Six Strings", "Adele - Hello - Guitar Cover")),
    ("piano tutorial", item("Adele", "Hello"), item("Keys", "Adele - Hello (Piano Tutorial)")),
    ("reaction", item("Adele", "Hello"), item("We React", "Adele - Hello REACTION")),
    ("one hour", item("Adele", "Hello"), item("loops", "Adele - Hello (1 hour)")),
    ("teaser", item("Adele", "Hello", duration_s=295), item("AdeleVEVO", "Adele - Hello (Teaser)", duration_s=30)),
    ("part", item("Pink Floyd", "Another Brick in the Wall, Pt. 1"), item("Pink Floyd", "Another Brick in the Wall, Pt. 2")),
    ("number", item("Chopin", "Nocturne No. 1"), item("Chopin", "Nocturne No. 2")),
    ("movement", item("Vivaldi", "Winter: I. Allegro"), item("Vivaldi", "Winter: II. Largo")),
    ("language", item("Blackpink", "Kill This Love"), item("Blackpink", "Kill This Love (Japanese Version)")),
    ("re-recorded", item("Taylor Swift", "Love Story"), item("Taylor Swift", "Love Story (Taylor's Version)")),
    ("a longer title", item("Xiu", "Alone"), item("Xiu", "You're Not Alone")),
    ("a word more", item("Queen", "Save Me"), item("Queen", "Don't Save Me Now")),
    ("length", item("Sigur Rós", "Untitled", duration_s=120), item("Sigur Rós", "Untitled", duration_s=540)),
    ("short neighbours", item("گوگوش", "پل"), item("گوگوش", "گل")),
    ("Persian live", item("داریوش", "شقایق"), item("داریوش", "شقایق (اجرای زنده)")),
    ("Persian remix", item("داریوش", "شقایق"), item("دی جی", "داریوش - شقایق (ریمیکس)")),
    ("Russian sped up", item("Земфира", "Искала"), item("speed songs", "Земфира - Искала (speed up)")),
    ("Russian karaoke", item("Земфира", "Искала"), item("караоке", "Земфира - Искала (караоке)")),
    ("Japanese covers", item("YOASOBI", "夜に駆ける"), item("誰か", "YOASOBI - 夜に駆ける 歌ってみた")),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_one_recording(a: Recording, b: Recording) -> None:
    judgement = same_recording(a, b)
    assert judgement.same is Sameness.YES, judgement
    assert same_recording(b, a) == judgement


@pytest.mark.parametrize(("a", "b"), [row[1:] for row in TWO], ids=[row[0] for row in TWO])
def test_two_recordings(a: Recording, b: Recording) -> None:
    judgement = same_recording(a, b)
    assert judgement.same is not Sameness.YES, judgement
    assert judgement.reasons
    assert same_recording(b, a) == judgement


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
