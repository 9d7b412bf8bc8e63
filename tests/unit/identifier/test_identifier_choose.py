"""Which candidate is picked, which is left to a person, and which is never picked. All cases are our own."""

from __future__ import annotations

import itertools

import pytest

from navaar_contracts.music import Candidate, Kind, Reading, Recording, Verdict
from navaar_identifier.compare.thresholds import Thresholds
from navaar_identifier.compare.verdicts import choose

ADELE = Recording(artist="Adele", artists=("Adele",), title="Hello", duration_s=295)


def candidate(identity: str, artist: str, title: str, seconds: float | None = None, **fields: object) -> Candidate:
    return Candidate.model_validate(
        {"id": identity, "artists": (artist,), "title": title, "duration_s": seconds, **fields}
    )


RIGHT = candidate("right", "Adele", "Hello", 295.5)

NEAR_MISSES = [
    candidate("live", "Adele", "Hello (Live at the NRJ Awards)", 300),
    candidate("live video", "AdeleVEVO", "Adele - Hello (Live)", 300, kind="video"),
    candidate("remix", "Adele", "Hello (Marshmello Remix)", 250),
    candidate("unnamed remix", "Adele", "Hello - Remix", 295),
    candidate("cover", "Jane Sings", "Hello (Adele cover)", 290, kind="upload"),
    candidate("cover by", "Jane Sings", "Adele - Hello (Cover by Jane Sings)", 290, kind="upload"),
    candidate("cover without a word", "Jane Sings", "Hello", 295),
    candidate("karaoke", "Sing King", "Adele - Hello (Karaoke Version)", 295, kind="upload"),
    candidate("in the style of", "Party Tyme", "Hello (In the Style of Adele)", 295),
    candidate("instrumental", "Adele", "Hello (Instrumental)", 295),
    candidate("piano", "Piano Dreamers", "Hello (Piano Version)", 295),
    candidate("sped up", "Adele", "Hello (Sped Up)", 240),
    candidate("slowed", "slow tapes", "Adele - Hello (slowed + reverb)", 340, kind="upload"),
    candidate("8D", "8D Tunes", "Adele - Hello (8D Audio)", 295, kind="upload"),
    candidate("nightcore", "nightcore", "Nightcore - Hello", 220, kind="upload"),
    candidate("mashup", "dj", "Adele - Hello x Hotline Bling (Mashup)", 240, kind="upload"),
    candidate("same title", "Lionel Richie", "Hello", 251),
    candidate("same title and length", "Lionel Richie", "Hello", 295),
    candidate("other song", "Adele", "Skyfall", 286),
    candidate("other song, same length", "Adele", "When We Were Young", 295),
    candidate("reaction", "We React", "Adele - Hello REACTION!!", 600, kind="upload"),
    candidate("tutorial", "Keys", "How to play Hello by Adele", 400, kind="upload"),
    candidate("one hour", "loops", "Adele - Hello 1 hour", 3600, kind="upload"),
    candidate("teaser", "AdeleVEVO", "Adele - Hello (Teaser)", 30, kind="video"),
    candidate("whole album", "uploads", "Adele - 25 (Full Album)", 2900, kind="upload"),
    candidate("demo", "Adele", "Hello (Demo)", 295),
    candidate("wrong length", "Adele", "Hello", 95),
]


@pytest.mark.parametrize("wrong", NEAR_MISSES, ids=[c.id for c in NEAR_MISSES])
def test_a_near_miss_is_never_placed(wrong: Candidate) -> None:
    choice = choose(ADELE, [wrong])
    assert choice.verdict is not Verdict.MATCH, choice.reason
    assert choice.chosen is None
    assert choice.reason


@pytest.mark.parametrize("wrong", NEAR_MISSES, ids=[c.id for c in NEAR_MISSES])
def test_the_right_one_is_picked_beside_a_near_miss(wrong: Candidate) -> None:
    choice = choose(ADELE, [wrong, RIGHT])
    assert choice.verdict is Verdict.MATCH
    assert choice.chosen is not None
    assert choice.chosen.candidate.id == "right"


def test_the_right_one_is_picked_among_all_of_them() -> None:
    choice = choose(ADELE, [*NEAR_MISSES, RIGHT])
    assert choice.chosen is not None
    assert choice.chosen.candidate.id == "right"


WANTED_VERSIONS = [
    ("Hello", ("Marshmello Remix",), "remix"),
    ("Hello", ("Live at the NRJ Awards",), "live"),
    ("Hello", ("sped up",), "sped up"),
    ("Hello", ("8D Audio",), "8D"),
    ("Hello", ("Instrumental",), "instrumental"),
    ("Hello", ("Karaoke Version",), "karaoke"),
]


@pytest.mark.parametrize(("title", "version", "expected"), WANTED_VERSIONS)
def test_a_wanted_version_is_found(title: str, version: tuple[str, ...], expected: str) -> None:
    wanted = Recording(artist="Adele", title=title, version=version)
    choice = choose(wanted, [RIGHT, *NEAR_MISSES])
    assert choice.chosen is not None, choice.reason
    assert choice.chosen.candidate.id == expected


UPLOADS = [
    candidate("a", "AdeleVEVO", "Adele - Hello (Official Music Video)", 367, kind="video"),
    candidate("a", "Adele - Topic", "Hello", 296, kind="song"),
    candidate("a", "lyrics4u", "Adele - Hello (Lyrics)", 296, kind="upload"),
    candidate("a", "lyrics4u", "Hello - Adele (lyrics)", 296, kind="upload"),
    candidate("a", "lyrics4u", "Hello (Adele) with lyrics on screen", 296, kind="upload"),
    candidate("a", "lyrics4u", "ADELE Hello HQ", 296, kind="upload"),
    candidate("a", "lyrics4u", "Adele - Hello | 25 | XL Recordings", 296, kind="upload"),
    candidate("a", "lyrics4u", "Adele 'Hello'", 296, kind="upload"),
    candidate("a", "lyrics4u", "Adele - Hello (Official Audio) [4K] 2015", 296, kind="upload"),
]


@pytest.mark.parametrize("upload", UPLOADS, ids=[u.title for u in UPLOADS])
def test_an_upload_of_the_recording_is_recognised(upload: Candidate) -> None:
    assert choose(ADELE, [upload]).verdict is Verdict.MATCH


def test_an_audio_track_comes_before_a_video_before_an_upload() -> None:
    song = candidate("song", "Adele", "Hello", 295, kind=Kind.SONG)
    video = candidate("video", "AdeleVEVO", "Adele - Hello (Official Video)", 295, kind=Kind.VIDEO)
    upload = candidate("upload", "Adele", "Adele - Hello", 295, kind=Kind.UPLOAD)
    for order in itertools.permutations((song, video, upload)):
        assert [s.candidate.id for s in choose(ADELE, order).ranked] == ["song", "video", "upload"]


CODE = "GBBKS1500214"


def test_isrc_decides_between_candidates_that_nothing_contradicts() -> None:
    wanted = Recording(artist="Adele", title="Hello", isrc=CODE)
    decoy = candidate("decoy", "Adele", "Hello")
    coded = candidate("coded", "Adele", "Hello", isrc=CODE)
    choice = choose(wanted, [decoy, coded])
    assert choice.chosen is not None
    assert choice.chosen.candidate.id == "coded"
    assert "same ISRC" in choice.reason


CODED_WRONGLY = [
    candidate("another song", "Someone", "Something", 295, isrc=CODE),
    candidate("another artist", "Someone", "Hello", 295, isrc=CODE),
    candidate("another title", "Adele", "Skyfall", 295, isrc=CODE),
    candidate("a longer title", "Adele", "Hello Again", 295, isrc=CODE),
    candidate("a number", "Adele", "Hello 2", 295, isrc=CODE),
    candidate("a live take", "Adele", "Hello (Live at the Pier)", 351, isrc=CODE),
    candidate("a remix", "Adele", "Hello (Anvil Remix)", 295, isrc=CODE),
    candidate("another length", "Adele", "Hello", 351, isrc=CODE),
]


@pytest.mark.parametrize("coded", CODED_WRONGLY, ids=[c.id for c in CODED_WRONGLY])
def test_an_isrc_alone_never_wins_against_what_contradicts_it(coded: Candidate) -> None:
    wanted = ADELE.model_copy(update={"isrc": CODE})
    assert choose(wanted, [coded]).verdict is not Verdict.MATCH
    for studio in (RIGHT, RIGHT.model_copy(update={"isrc": "GBBKS1500299"})):
        both = choose(wanted, [coded, studio])
        assert both.chosen is not None
        assert both.chosen.candidate.id == "right"


EDITIONS = [
    # what the source says, the one to take, the other
    ({"explicit": True}, {"explicit": True}, {"explicit": False}),
    ({"explicit": False}, {"explicit": False}, {"explicit": True}),
    ({"explicit": True}, {"explicit": None}, {"explicit": False}),
    ({"version": ("Explicit",)}, {"explicit": True}, {"title": "Hello (Clean)"}),
    ({"explicit": False}, {"title": "Hello (Clean)"}, {"title": "Hello [Explicit]"}),
    ({"version": ("Remastered 2011",)}, {"title": "Hello (2011 Remaster)"}, {}),
    ({"version": ("Remastered 2011",)}, {"title": "Hello (2011 Remaster)"}, {"title": "Hello (2003 Remaster)"}),
    ({}, {}, {"title": "Hello (2011 Remaster)"}),
    ({"album": "25"}, {"album": "25"}, {"album": "Hello"}),
    ({"album": "Hello"}, {"album": "Hello"}, {"album": "25"}),
    ({"album": "Northern Roads"}, {"album": "Northern Roads"}, {"album": "Northern Roads (Deluxe Edition)"}),
    ({"album": "Northern Roads"}, {"album": "Northern Roads (Deluxe Edition)"}, {"album": "Greatest Hits"}),
    ({"explicit": True, "album": "25"}, {"explicit": True, "album": "Hello"}, {"explicit": False, "album": "25"}),
    ({}, {"kind": "video"}, {"kind": "video", "artists": ("lyrics4u",), "title": "Adele - Hello"}),
]


@pytest.mark.parametrize(("said", "meant", "other"), EDITIONS, ids=lambda e: repr(e))
def test_the_source_says_which_edition_is_meant(
    said: dict[str, object], meant: dict[str, object], other: dict[str, object]
) -> None:
    wanted = ADELE.model_copy(update=said)
    for low, high in (("a", "b"), ("b", "a")):
        rows = [RIGHT.model_copy(update={**meant, "id": low}), RIGHT.model_copy(update={**other, "id": high})]
        for order in (rows, rows[::-1]):
            choice = choose(wanted, [Candidate.model_validate(r.model_dump()) for r in order])
            assert choice.verdict is Verdict.MATCH
            assert choice.chosen is not None
            assert choice.chosen.candidate.id == low


AGES = [
    # the one to take, the other
    ({"released": "1975"}, {"released": "2011"}),
    ({"released": "1975-10-31"}, {"released": "1975-11-21"}),
    ({"released": "1975-10"}, {"released": "2011-03-08"}),
    ({"released": "2011"}, {}),
    ({"released": "1975", "duration_s": 296.0}, {"released": "2011", "duration_s": 295.0}),
    ({"released": "2011", "kind": "song"}, {"released": "1975", "kind": "video"}),
    ({"released": "2011", "album": "25"}, {"released": "1975", "album": "Hello"}),
    ({}, {}),
]


@pytest.mark.parametrize(("older", "other"), AGES, ids=lambda e: repr(e))
def test_of_equal_uploads_the_older_is_taken_and_else_the_first_id(
    older: dict[str, object], other: dict[str, object]
) -> None:
    wanted = ADELE.model_copy(update={"album": "25"})
    for low, high in (("a", "b"), ("b", "a")) if older != other else (("a", "b"),):
        rows = [RIGHT.model_copy(update={**older, "id": low}), RIGHT.model_copy(update={**other, "id": high})]
        for order in (rows, rows[::-1]):
            choice = choose(wanted, [Candidate.model_validate(r.model_dump(warnings=False)) for r in order])
            assert choice.chosen is not None
            assert choice.chosen.candidate.id == low


def test_the_print_that_is_meant_comes_before_the_kind_of_upload() -> None:
    wanted = ADELE.model_copy(update={"explicit": True})
    clean = candidate("clean", "Adele", "Hello", 295, explicit=False)
    explicit = candidate("explicit", "Adele", "Adele - Hello", 295, kind="video", explicit=True)
    unknown = candidate("unknown", "Adele", "Adele - Hello", 295, kind="video")
    for rows, right in (((clean, explicit), "explicit"), ((clean, unknown), "clean")):
        for order in (rows, rows[::-1]):
            chosen = choose(wanted, order).chosen
            assert chosen is not None
            assert chosen.candidate.id == right


def test_the_nearer_length_wins() -> None:
    near, far = candidate("near", "Adele", "Hello", 296), candidate("far", "Adele", "Hello", 310)
    choice = choose(ADELE, [far, near])
    assert choice.chosen is not None
    assert choice.chosen.candidate.id == "near"


def test_an_unsure_match_is_left_to_a_person_and_says_why() -> None:
    wanted = Recording(artist=None, title="Hello")
    choice = choose(wanted, [candidate("a", "Adele", "Hello", 295)])
    assert choice.verdict is Verdict.REVIEW
    assert choice.chosen is None
    assert choice.ranked[0].candidate.id == "a"
    assert "artist unknown" in choice.reason


def test_a_live_take_is_taken_for_a_bare_name_only_where_there_is_nothing_better() -> None:
    bare, live = Recording(artist="Adele", title="Hello"), candidate("live", "Adele", "Hello (Live)")
    assert choose(bare, [live]).verdict is Verdict.MATCH
    both = choose(bare, [live, candidate("studio", "Adele", "Hello")])
    assert both.chosen is not None
    assert both.chosen.candidate.id == "studio"


def test_a_live_take_is_never_taken_for_an_item_with_a_length() -> None:
    timed = Recording(artist="Adele", title="Hello", duration_s=295)
    assert choose(timed, [candidate("live", "Adele", "Hello (Live)", 301)]).verdict is not Verdict.MATCH


def test_the_second_reading_is_asked_too() -> None:
    wanted = Recording(artist="Hello There", title="Adele", readings=(Reading(artist="Adele", title="Hello There"),))
    choice = choose(wanted, [candidate("a", "Adele", "Hello There", 295)])
    assert choice.verdict is Verdict.MATCH


def test_nothing_found() -> None:
    choice = choose(ADELE, [])
    assert choice.verdict is Verdict.NONE
    assert choice.reason == "the search found nothing"


def test_at_most_five_are_ranked() -> None:
    assert len(choose(ADELE, NEAR_MISSES).ranked) == 5


def test_the_limits_can_be_set() -> None:
    assert choose(ADELE, [RIGHT], Thresholds(match=1.0)).verdict is Verdict.REVIEW
    assert choose(ADELE, [RIGHT], Thresholds(match=1.0, review=1.0)).verdict is Verdict.NONE


PERSIAN = [
    candidate("mix", "Persian Music", "Top 10 Dariush - میکس بهترین آهنگ های داریوش", 3000, kind="video"),
    candidate("right", "Persian Music", "Dariush - Shaghayegh - آهنگ شقایق از داریوش", 271, kind="video"),
    candidate("live", "Persian Music", "Dariush - Shaghayegh (Live) - اجرای زنده شقایق داریوش", 330, kind="video"),
    candidate("other", "Persian Music", "Dariush - Cheshme Man - آهنگ چشم من از داریوش", 250, kind="video"),
]


@pytest.mark.parametrize(
    "wanted",
    [
        Recording(artist="Dariush", title="Shaghayegh", duration_s=271),
        Recording(artist="داریوش", title="شقایق", duration_s=271),
        Recording(artist="داريوش", title="شقايق", duration_s=272),
        Recording(artist="Daryoosh", title="Shaqayeq", duration_s=271),
    ],
    ids=lambda w: w.display,
)
def test_persian_in_either_script(wanted: Recording) -> None:
    choice = choose(wanted, PERSIAN)
    assert choice.chosen is not None, choice.reason
    assert choice.chosen.candidate.id == "right"


def test_persian_without_the_right_one() -> None:
    wanted = Recording(artist="داریوش", title="یاور همیشه مومن", duration_s=300)
    assert choose(wanted, PERSIAN).verdict is Verdict.NONE


NINA = Recording(artist="Nina Hart", artists=("Nina Hart",), title="Slow Rain", duration_s=200, album="Northern Roads")
BY_SOMEBODY_ELSE = [
    candidate("in a bracket", "Jane Bell", "Slow Rain (Nina Hart)", 212, kind="upload"),
    candidate("in a bracket, no length", "Jane Bell", "Slow Rain (Nina Hart)", kind="video"),
    candidate("in a bracket, a performer's", "Jane Bell", "Slow Rain (Nina Hart)", 200, kind="song"),
    candidate("square", "Jane Bell", "Slow Rain [Nina Hart]", 205, kind="upload"),
    candidate("both named", "Jane Bell", "Jane Bell - Slow Rain (Nina Hart)", kind="upload"),
    candidate("her song", "Jane Bell", "Slow Rain - Jane Bell (Nina Hart song)", kind="upload"),
    candidate("a cover of the same length", "Jane Bell", "Nina Hart - Slow Rain (Cover)", 200, kind="upload"),
    candidate("a cover by", "Jane Bell", "Slow Rain - Nina Hart (cover by Jane Bell)", 201, kind="upload"),
    candidate("a tribute", "The Rain Band", "Slow Rain (Nina Hart Tribute)", 200),
    candidate("a tribute to", "Harts of Gold", "Slow Rain (A Tribute to Nina Hart)", 200),
    candidate("made famous", "Harts of Gold", "Slow Rain (Made Famous by Nina Hart)", 200),
    candidate("plays", "Jane Bell", "Jane Bell plays Slow Rain by Nina Hart", kind="upload"),
    candidate("a tribute first", "Jane Bell", "Nina Hart Tribute - Slow Rain - Jane Bell", kind="upload"),
    candidate("a stranger's, much longer", "somebody", "Nina Hart - Slow Rain", 230, kind="upload"),
    candidate("hers, much longer", "Nina Hart", "Slow Rain", 226),
    candidate("the next part", "somebody", "Nina Hart - Slow Rain 2", 200, kind="upload"),
    candidate("the next part, freely named", "somebody", "NINA HART Slow Rain Pt. 2", 200, kind="upload"),
    candidate("another mix", "Nina Hart", "Slow Rain (Tongs Mix)", 200, album="Northern Roads"),
]


@pytest.mark.parametrize("wrong", BY_SOMEBODY_ELSE, ids=[c.id for c in BY_SOMEBODY_ELSE])
def test_what_only_names_the_artist_is_not_taken(wrong: Candidate) -> None:
    choice = choose(NINA, [wrong])
    assert choice.verdict is not Verdict.MATCH, choice.reason


HERS = [
    candidate("a", "somebody's uploads", "Slow Rain (Nina Hart)", 201, kind="upload"),
    candidate("a", "Harbour Records", "Nina Hart - Slow Rain (Official Video)", 210, kind="video"),
    candidate("a", "Harbour Records", "Slow Rain | Nina Hart | Official Song 2019", 203, kind="video"),
    candidate("a", "Harbour Records", "Slow Rain - Full Song | Northern Roads | Nina Hart | Joan Reed", kind="video"),
    candidate("a", "Harbour Records", "Nina Hart 'Slow Rain' feat. Joan Reed", kind="video"),
    candidate("a", "Harbour Records", 'Nina Hart "Slow Rain" ft. Joan Reed (Official Video)', kind="video"),
    candidate("a", "uploads", "Nina Hart - Northern Roads (Deluxe Edition) [CD1] - 03. Slow Rain", kind="upload"),
    candidate("a", "uploads", "Nina Hart - Northern Roads - Track 03 - Slow Rain", kind="upload"),
    candidate("a", "Nina Hart", "The Hart Collection 1999, Disc 2, Track 03: Slow Rain", kind="upload"),
    candidate("a", "Nina Hart", "Slow Rain", 230, kind="video"),
    candidate("a", "Joan Reed", "Joan Reed - Slow Rain (prod. Nina Hart)", 203, kind="video"),
    candidate("a", "Harbour Records", "Joan Reed - Slow Rain [Prod. by Nina Hart] (Official Video)", 203, kind="video"),
    candidate("a", "Joan Reed", "Joan Reed - Slow Rain (Produced by Nina Hart)", kind="video"),
    candidate("a", "Joan Reed", "Joan Reed - Slow Rain | Prod. Nina Hart & Bo Lee", kind="video"),
]


@pytest.mark.parametrize("upload", HERS, ids=[u.title for u in HERS])
def test_hers_is_taken_however_the_channel_names_it(upload: Candidate) -> None:
    choice = choose(NINA, [upload])
    assert choice.verdict is Verdict.MATCH, choice.reason


BARE = Recording(artist="The Hammers", artists=("The Hammers",), title="Knockin' on the Iron Door")
FREELY_NAMED = [
    candidate("a", "somebody", "the hammers knocking on the iron door", kind="upload"),
    candidate("a", "somebody", "The Hammers Knockin On The Iron Door HQ", kind="upload"),
    candidate("a", "somebody", "The Hammers - Knockin' on the Iron Door Live Osaka 1994.wmv", kind="upload"),
    candidate("a", "The Hammers", "Knockin' on the Iron Door - Old Anvils (The Hammers acoustic cover)", kind="video"),
]


@pytest.mark.parametrize("upload", FREELY_NAMED, ids=[u.title for u in FREELY_NAMED])
def test_a_freely_named_upload_is_found_for_a_bare_name(upload: Candidate) -> None:
    assert choose(BARE, [upload]).verdict is Verdict.MATCH


def test_another_performance_is_not_taken_where_the_length_is_known() -> None:
    timed = BARE.model_copy(update={"duration_s": 200.0})
    for upload in FREELY_NAMED[2:]:
        assert choose(timed, [upload]).verdict is not Verdict.MATCH
