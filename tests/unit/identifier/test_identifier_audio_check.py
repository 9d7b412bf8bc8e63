"""Downloads that are not the recording asked for are refused."""

from __future__ import annotations

import pytest

from navaar_contracts.music import Kind, Recording, Sameness
from navaar_identifier.audio.check import judge_audio


@pytest.mark.parametrize(
    ("wanted_s", "got_s", "source", "expected"),
    [
        (200, 200, Kind.SONG, Sameness.YES),
        (200, 206, Kind.SONG, Sameness.YES),
        (200, 240, Kind.SONG, Sameness.NO),
        (200, 160, Kind.SONG, Sameness.NO),
        (200, 230, Kind.VIDEO, Sameness.YES),
        (200, 300, Kind.VIDEO, Sameness.NO),
        (200, 30, Kind.UPLOAD, Sameness.NO),
        (200, 3600, Kind.UPLOAD, Sameness.NO),
        (None, 200, Kind.SONG, Sameness.UNSURE),
        (200, None, Kind.SONG, Sameness.UNSURE),
        (200, 0, Kind.SONG, Sameness.UNSURE),
    ],
)
def test_length(wanted_s: float | None, got_s: float | None, source: Kind, expected: Sameness) -> None:
    judgement = judge_audio(Recording(title="x", duration_s=wanted_s), got_s, source=source)
    assert judgement.same is expected
    assert judgement.reasons


def test_a_refusal_says_why() -> None:
    judgement = judge_audio(Recording(title="x", duration_s=200), 260)
    assert judgement.reasons == ("60 s longer than the recording asked for",)
