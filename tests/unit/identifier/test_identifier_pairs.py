"""The benchmark of pairs: its file is what its generator writes, and the identifier holds its limits on it."""

from __future__ import annotations

from benchmarks.identifier.pairs.__main__ import DATA, FIELDS, MOST_FALSE, MOST_MISSED, asked, figures
from benchmarks.identifier.pairs.rows import load
from benchmarks.identifier.pairs.written import by_hand, generated
from navaar_identifier.audio.fingerprint import frames, heard


def test_the_file_is_what_the_generator_writes() -> None:
    assert load(DATA) == [*generated(), *by_hand()]


def test_there_are_enough_pairs_of_every_sort_in_either_half() -> None:
    pairs = load(DATA)
    assert sum(p.right != "same" for p in pairs) >= 400
    assert sum(p.right == "same" for p in pairs) >= 200
    assert {p.kind for p in pairs if p.half == "held"} == {p.kind for p in pairs if p.half == "developed"}


def test_the_invented_sounds_can_be_read() -> None:
    sounds = {p.kind: p.a["fingerprint"] for p in load(DATA) if "fingerprint" in p.a}
    assert all(len(frames(sound)) == 200 for sound in sounds.values())
    assert heard(sounds["silent sounds"]) < 3
    assert heard(sounds["one intro"]) > 150


def test_no_two_songs_are_joined_and_few_pairs_missed() -> None:
    answers = [answer for pair in load(DATA)[::4] for answer in asked(pair, ways=(FIELDS,))]
    counted = figures(answers)[FIELDS]["all"]
    assert counted["false joins %"] <= MOST_FALSE
    assert counted["missed %"] <= MOST_MISSED
