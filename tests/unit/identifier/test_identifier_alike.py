"""Alike but different, unlike but the same: the kinds of pairs that a likeness of letters gets wrong. All our own."""

from __future__ import annotations

from typing import Any

import pytest

from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Candidate, ItemMetadata, Kind, Recording, Sameness, Verdict
from navaar_identifier.compare.verdicts import choose, same_recording
from navaar_identifier.compare.words import WordDifference, difference
from navaar_identifier.identification import identify
from navaar_identifier.names.version_words import VersionKind
from navaar_identifier.names.versions import kinds, read_versions


def song(title: str, artist: str = "Nina Hart", **fields: Any) -> Recording:
    """A song of one album and one length with all others."""
    return Recording(artist=artist, title=title, **{"duration_s": 200, "album": "Northern Roads", **fields})


TWO = [
    # why, one title, the other
    ("a number in brackets", "Slow Rain", "Slow Rain (2)"),
    ("a number in square brackets", "Slow Rain", "Slow Rain [3]"),
    ("a version's number", "Slow Rain", "Slow Rain (2.0)"),
    ("a named interlude", "Interlude", "Interlude (Mara)"),
    ("two named interludes", "Interlude (Mara)", "Interlude (Tomas)"),
    ("a named skit", "Skit", "Skit (Phone Call)"),
    ("an interlude of its own", "Interlude", "Letters (Interlude)"),
    ("an intro behind a dash", "Intro", "Intro - The Crossing"),
    ("two lettered mixes", "Slow Rain (A Mix)", "Slow Rain (B Mix)"),
    ("two numbered mixes", "Slow Rain (Mix 1)", "Slow Rain (Mix 2)"),
    ("two takes", "Slow Rain (Take 1)", "Slow Rain (Take 2)"),
    ("two reworks", "Slow Rain (Anvil Rework)", "Slow Rain (Tongs Rework)"),
    ("two club mixes", "Slow Rain [Anvil Club Mix]", "Slow Rain [Tongs Club Mix]"),
    ("two edits", "Slow Rain (Anvil Edit)", "Slow Rain (Tongs Edit)"),
    ("a remix and its VIP", "Slow Rain (Remix)", "Slow Rain (VIP Mix)"),
    ("cut from a set", "Slow Rain", "Slow Rain [Mixed]"),
    ("her own version", "Slow Rain", "Slow Rain (Nina's Version)"),
    ("her own version, whole name", "Slow Rain", "Slow Rain (Nina Hart's Version)"),
    ("a version of its own name", "Slow Rain", "Slow Rain (Bedroom Version)"),
    ("an anniversary", "Slow Rain", "Slow Rain (10th Anniversary Version)"),
    ("imagined again", "Slow Rain", "Slow Rain (Re-Imagined)"),
    ("without the voice", "Slow Rain", "Slow Rain (Minus One)"),
    ("an idea", "Slow Rain", "Slow Rain (Work in Progress)"),
    ("faster", "Slow Rain", "Slow Rain - Faster"),
    ("another tuning", "Slow Rain", "Slow Rain (432 Hz)"),
    ("two subtitles", "Slow Rain (Day)", "Slow Rain (Night)"),
    ("one word other", "The North River of My Life", "The South River of My Life"),
    ("a name other", "A Long Letter to Lena in Summer", "A Long Letter to Mara in Summer"),
    ("negated", "You Can Have My Harbour", "You Can't Have My Harbour"),
    ("denied", "This Is the River", "This Isn't the River"),
    ("a word in front", "Gardens", "My Gardens"),
    ("words in front", "Golden Sparrow", "Under the Golden Sparrow"),
    ("its song", "The Slow Monument", "The Slow Monument Song"),
    ("a first letter", "Night River", "Light River"),
    ("two guests", "Slow Rain (feat. Tomas Brenn)", "Slow Rain (feat. Noor Stroud)"),
    ("Russian version", "Slow Rain", "Slow Rain (русская версия)"),
    ("Turkish version", "Slow Rain", "Slow Rain (Türkçe Versiyon)"),
    ("Cantonese version", "风铃", "风铃 (粤语版)"),
    ("Hebrew parts", "לילה חלק א", "לילה חלק ב"),
    ("Greek parts", "Νύχτα Ι", "Νύχτα ΙΙ"),
    ("Arabic parts", "رسالة الجزء الأول", "رسالة الجزء الثاني"),
    ("Hindi words", "तेरी बातें", "तेरी रातें"),
]


@pytest.mark.parametrize(("one", "other"), [r[1:] for r in TWO], ids=[r[0] for r in TWO])
def test_what_a_title_adds_makes_another_recording_whatever_else_agrees(one: str, other: str) -> None:
    judgement = same_recording(song(one), song(other))
    assert judgement.same is not Sameness.YES, judgement
    assert same_recording(song(other), song(one)) == judgement
    candidate = Candidate(id="x", title=other, artists=("Nina Hart",), duration_s=200, album="Northern Roads")
    assert choose(song(one), [candidate]).verdict is not Verdict.MATCH


UPLOADED = ["I Hate Slow Rain", "Son of Slow Rain", "Slow Rain of the Heart", "Slow Rain Never Sleeps | Lyric Video"]


@pytest.mark.parametrize("title", UPLOADED)
def test_a_longer_title_of_a_video_is_another_song(title: str) -> None:
    video = Recording(artist="Nina Hart", title=f"Nina Hart - {title} (Official Video)", kind=Kind.VIDEO)
    assert same_recording(song("Slow Rain"), video).same is not Sameness.YES


ONE = [
    ("a part told otherwise", "Slow Rain (2)", "Slow Rain 2"),
    ("a copy's number", "Slow Rain", "Slow Rain (1)"),
    ("cut within a word", "Dreaming of Crooked Tunnels an", "Dreaming of Crooked Tunnels and Crimson Engines"),
    ("cut with dots", "Carry Me to Wooden Horizons…", "Carry Me to Wooden Horizons and Velvet Islands"),
    ("a slip of two letters", "Hello My America", "Helo Mi America"),
    ("words run together", "Sun Flower Girl", "Sunflower Girl"),
    ("traditional characters", "无声的河流", "無聲的河流"),
    ("one version in two languages", "별 (Acoustic)", "별 (어쿠스틱)"),
    ("Hindi", "चाँदनी", "Chandni"),
    ("Tamil", "மழை", "Mazhai"),
    ("a translation beside it", "شب بارانی", "Shabe Barani | شب بارانی"),
]


@pytest.mark.parametrize(("one", "other"), [r[1:] for r in ONE], ids=[r[0] for r in ONE])
def test_what_differs_in_writing_only_is_one(one: str, other: str) -> None:
    judgement = same_recording(song(one), song(other, album=None))
    assert judgement.same is Sameness.YES, judgement
    assert same_recording(song(other, album=None), song(one)) == judgement


def test_a_copied_file_is_the_song_and_a_numbered_title_is_not() -> None:
    for item, same in (
        (ItemMetadata(file_name="Nina Hart - Slow Rain (2).mp3", duration_s=200), Sameness.YES),
        (ItemMetadata(title="Slow Rain (2)", artists=("Nina Hart",), duration_s=200), Sameness.NO),
    ):
        posted = identify(item, None, next(p for p in Platform if p.spec.gives_files)).recording
        assert same_recording(posted, song("Slow Rain")).same is same


def test_a_bare_cover_is_its_channels() -> None:
    video = ItemMetadata(
        title="Nina Hart - Slow Rain (cover)", artists=("Otto Bell",), kind=Kind.UPLOAD, duration_s=200
    )
    heard = identify(video, None, next(p for p in Platform if not p.spec.gives_files)).recording
    assert heard.version == ("cover by Otto Bell",)
    assert same_recording(heard, song("Slow Rain")).same is Sameness.NO


def test_a_guest_on_one_side_is_left_out_or_sings_another_take_by_the_length() -> None:
    alone = song("Slow Rain", album=None)
    near, far = (song("Slow Rain (feat. Tomas Brenn)", album=None, duration_s=s) for s in (201, 223))
    assert same_recording(alone, near).same is Sameness.YES
    assert same_recording(alone, far).same is not Sameness.YES


def test_namesakes_share_one_of_two_names() -> None:
    one, other = song("Slow Rain", "Mara Voss", album=None), song("Slow Rain", "Lena Voss", album=None, duration_s=209)
    assert same_recording(one, other).same is not Sameness.YES
    both = song("风铃", "陈月白 Chen Yuebai", album=None)
    assert same_recording(both, song("风铃", "陳月白", album=None)).same is Sameness.YES


def test_two_halls_of_one_tour_are_a_question() -> None:
    one, other = (
        song(f"Slow Rain (Live at {hall})", duration_s=s) for hall, s in (("Kite Hill", 240), ("Lakeside", 246))
    )
    assert same_recording(one, other).same is Sameness.UNSURE


@pytest.mark.parametrize(
    ("a", "b"), [("Тихий перрон", "Tikhiy Parohod"), ("شب بارانی", "Shabe Tanhai"), ("Дом", "Dym")]
)
def test_one_word_of_two_scripts_is_another(a: str, b: str) -> None:
    one, other = song(a, album=None), song(b, album=None)
    assert same_recording(one, other).same is not Sameness.YES


DIFFERENCES = [
    ("slow rain", "slow rain", WordDifference.NONE),
    ("slow rain", "slow rian", WordDifference.NONE),
    ("the slow rain", "slow rain", WordDifference.NONE),
    ("hello america", "helb america", WordDifference.SLIGHT),
    ("get it up for love", "get up for love", WordDifference.SLIGHT),
    ("slow rain tonight", "slow rain", WordDifference.CERTAIN),
    ("i want you", "i dont want you", WordDifference.CERTAIN),
    ("summer rain", "winter rain", WordDifference.CERTAIN),
    ("hat trick", "hut trick", WordDifference.CERTAIN),
]


@pytest.mark.parametrize(("a", "b", "expected"), DIFFERENCES)
def test_words_differ_in_spelling_slightly_or_certainly(a: str, b: str, expected: WordDifference) -> None:
    assert difference(a, b) is expected
    assert difference(b, a) is expected


@pytest.mark.parametrize(
    ("text", "kind", "who"),
    [
        ("A Mix", VersionKind.REMIX, "a"),
        ("Mix 2", VersionKind.REMIX, "2"),
        ("Take 3", VersionKind.ALTERNATE, "3"),
        ("Anvil Edit", VersionKind.REMIX, "anvil"),
        ("Anvil Club Mix", VersionKind.REMIX, "anvil"),
        ("Radio Edit", VersionKind.EDIT, ""),
        ("Edit 2005", VersionKind.EDIT, ""),
        ("Anvil Rework", VersionKind.RERECORDED, "anvil"),
        ("Mixed", VersionKind.REMIX, "mixed"),
    ],
)
def test_of_two_mixes_the_name_letter_or_number_is_kept(text: str, kind: VersionKind, who: str) -> None:
    marks = read_versions(text)
    assert kinds(marks) == {kind}
    assert marks[0].who == who
