"""What holds for any text."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from navaar_contracts.identifiers import Platform
from navaar_contracts.music import AudioTags, Candidate, ItemMetadata, Kind, Reading, Recording, Verdict
from navaar_identifier.audio.fingerprint import similarity
from navaar_identifier.compare.evidence import at_best, weigh
from navaar_identifier.compare.lookup_keys import identity_keys
from navaar_identifier.compare.phonetics import alike
from navaar_identifier.compare.profile import of_candidate, of_recording
from navaar_identifier.compare.verdicts import choose, same_recording
from navaar_identifier.compare.versions import clash
from navaar_identifier.identification import identify
from navaar_identifier.judge import answer
from navaar_identifier.names.parser import read_name
from navaar_identifier.names.versions import read_versions
from navaar_identifier.search_queries import queries
from navaar_identifier.text.encoding_repair import repair_encoding
from navaar_identifier.text.romanisation import skeleton, sound

# Words that the rules know, so that the search meets them more often than chance would.
PIECES = st.sampled_from(
    [
        "Artist", "Title", " - ", "-", " – ", " | ", ": ", "(", ")", "[", "]", "【", "】",
        "「", "」", '"', "“", "”", "'", " ", "feat. ", "ft. ", "(Official Video)", "Live",
        "Remix", "slowed", "cover by ", "by ", "HD", ".mp3", "01. ", "007-", "گوگوش", "پل",
        "آهنگ ", " از ", " به نام ", "Кино", "빅뱅", "夜に駆ける", "🎵", "@channel", "www.site.ru",
        "#tag", "_", "2011", "Remaster", "~", "•", "&", " x ", "\u200c", "\u0301", "Ã©",
        "//", "...", "1", "II",
    ]
)  # fmt: skip
NAMES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=10).map("".join))
SECONDS = st.one_of(st.none(), st.floats(0, 4000))
RECORDINGS = st.builds(
    Recording,
    artist=st.one_of(st.none(), NAMES),
    artists=st.lists(NAMES, max_size=3).map(tuple),
    featured=st.lists(NAMES, max_size=2).map(tuple),
    title=NAMES,
    version=st.lists(NAMES, max_size=2).map(tuple),
    album=st.one_of(st.none(), NAMES),
    duration_s=SECONDS,
    isrc=st.sampled_from([None, "GBAJH9900032", "USRC17607839", "nonsense"]),
    kind=st.sampled_from([None, *Kind]),
    readings=st.lists(st.builds(Reading, artist=st.one_of(st.none(), NAMES), title=NAMES), max_size=2).map(tuple),
)
CANDIDATES = st.builds(
    Candidate,
    id=st.uuids().map(str),
    title=NAMES,
    artists=st.lists(NAMES, max_size=2).map(tuple),
    album=st.one_of(st.none(), NAMES),
    duration_s=SECONDS,
    kind=st.sampled_from(Kind),
)
many = settings(max_examples=150, deadline=None)


@many
@given(NAMES)
def test_any_name_is_read_without_an_exception(raw: str) -> None:
    name = read_name(raw)
    assert name == read_name(raw)
    if any(c.isalnum() for c in raw):
        assert name.title.bare


@many
@given(RECORDINGS, RECORDINGS)
def test_same_is_symmetric(a: Recording, b: Recording) -> None:
    assert same_recording(a, b) == same_recording(b, a)


@many
@given(RECORDINGS)
def test_every_key_and_query_is_bounded(recording: Recording) -> None:
    assert len(identity_keys(recording)) <= 8
    for platform in Platform:
        assert len(queries(recording, platform.spec.query_dialect)) <= 4


@many
@given(RECORDINGS, st.lists(CANDIDATES, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_candidates_never_changes_the_choice(
    recording: Recording, candidates: list[Candidate], random: object
) -> None:
    shuffled = list(candidates)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert choose(recording, candidates) == choose(recording, shuffled)


SONG = Recording(artist="Adele", artists=("Adele",), title="Hello", album="25", duration_s=295)
RELATED = st.builds(
    Candidate,
    id=st.uuids().map(str),
    title=st.sampled_from(["Hello", "Hello (Live)", "Adele - Hello", "Hallo", "25", "Hell", "01"]),
    artists=st.sampled_from([("Adele",), ("Adel",), ("Somebody",), ()]),
    album=st.sampled_from([None, "25", "Hello"]),
    duration_s=st.one_of(st.none(), st.sampled_from([295.0, 297.0, 310.0, 340.0, 400.0, 500.0]), st.floats(0, 1000)),
    kind=st.sampled_from(Kind),
)


@many
@given(st.one_of(RECORDINGS, st.just(SONG)), st.one_of(CANDIDATES, RELATED))
def test_no_comparison_says_more_than_the_lengths_allow(recording: Recording, candidate: Candidate) -> None:
    score = weigh(of_recording(recording), of_candidate(candidate)).score
    assert score <= at_best(recording, candidate) + 1e-9


@many
@given(st.lists(RELATED, min_size=4, max_size=12))
def test_candidates_that_are_left_out_never_change_the_choice(candidates: list[Candidate]) -> None:
    thorough = choose(SONG, candidates, worth_showing=len(candidates))
    quick = choose(SONG, candidates)
    assert (quick.verdict, quick.chosen) == (thorough.verdict, thorough.chosen)
    assert quick.verdict is Verdict.MATCH or quick == thorough


@many
@given(
    st.builds(
        ItemMetadata,
        title=NAMES,
        artists=st.lists(NAMES, max_size=2).map(tuple),
        file_name=st.one_of(st.none(), NAMES),
        caption=st.one_of(st.none(), NAMES),
        duration_s=SECONDS,
        kind=st.sampled_from(Kind),
    ),
    st.one_of(st.none(), st.builds(AudioTags, title=NAMES, artist=st.one_of(st.none(), NAMES))),
    st.sampled_from(Platform),
)
def test_any_item_is_identified_without_an_exception(
    item: ItemMetadata, tags: AudioTags | None, platform: Platform
) -> None:
    found = identify(item, tags, platform)
    assert found.reasons


NOISE_BEHIND = st.sampled_from(
    [
        " (Official Video)", " [Official Music Video]", " (Lyrics)", " [HD]", " (Official Audio)", " (Visualizer)",
        " (4K)", " HD", " Official Video", " [Official Video] (HD)", " @somechannel", " (www.songs.ru)", " 🎵", " 🔥🔥",
        " | Lyrics", " [320kbps]",
        " (موزیک ویدیو)", " (официальный клип)", " (MV)", " 【MV】", " #music",
    ]
)  # fmt: skip
NOISE_IN_FRONT = st.sampled_from(["", "", "🎵 ", "01. ", "[Official Video] ", "▶ "])
WORDS = st.lists(
    st.sampled_from(
        [
            "Morning",
            "Glory",
            "Velvet",
            "Street",
            "Golden",
            "Harbour",
            "دریا",
            "باران",
            "Снег",
            "Город",
            "봄",
            "夢",
            "Étoile",
            "Über",
        ]
    ),
    min_size=1,
    max_size=3,
).map(" ".join)


@many
@given(WORDS, WORDS, NOISE_IN_FRONT, st.lists(NOISE_BEHIND, max_size=2).map("".join), st.sampled_from(["", ".mp3"]))
def test_noise_never_changes_what_a_title_is_called(
    artist: str, title: str, front: str, behind: str, ending: str
) -> None:
    plain = read_name(f"{artist} - {title}")
    noisy = read_name(f"{front}{artist} - {title}{behind}{ending}")
    assert (noisy.artist, noisy.title.written) == (plain.artist, plain.title.written)


@many
@given(NAMES, NAMES)
def test_likeness_is_symmetric_and_bounded(a: str, b: str) -> None:
    assert alike(a, b) == alike(b, a)
    assert 0 <= alike(a, b) <= 1
    assert set(skeleton(a)) <= set("PTKSCLMN0123456789")
    assert " " not in sound(a)


@many
@given(NAMES, NAMES)
def test_clash_is_symmetric(a: str, b: str) -> None:
    left, right = frozenset(read_versions(a)), frozenset(read_versions(b))
    assert clash(left, right) == clash(right, left)
    assert clash(left, left)[0] == 0


@many
@given(NAMES)
def test_mending_keeps_plain_text(text: str) -> None:
    assert isinstance(repair_encoding(text), str)
    assert repair_encoding(text.encode("ascii", "ignore").decode()) == text.encode("ascii", "ignore").decode()


@many
@given(st.text(max_size=40), st.text(max_size=40))
def test_fingerprints_of_any_text_are_compared(a: str, b: str) -> None:
    assert similarity(a, b) == similarity(b, a) == 0


KEYS = st.sampled_from(["op", "raw", "a", "b", "query", "candidates", "title", "id"])
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False), st.text(max_size=10)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=8,
)
REQUESTS = st.builds(
    lambda op, body: {**body, "op": op},
    st.sampled_from(["identify", "match", "same"]),
    st.dictionaries(KEYS, JSON, max_size=4),
)


@many
@given(st.one_of(st.text(max_size=50), JSON.map(json.dumps), REQUESTS.map(json.dumps)))
def test_the_judge_answers_any_line(line: str) -> None:
    assert isinstance(answer(line), dict)
