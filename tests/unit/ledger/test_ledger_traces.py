"""Which trace a message about a track belongs to."""

from __future__ import annotations

from datetime import UTC, datetime

from navaar_contracts.commands import DiscardAudio, RunCycle
from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.music import ItemMetadata
from navaar_ledger.domain.audit import trace_id
from navaar_ledger.domain.track import Track, TrackState
from navaar_ledger.telemetry.tracing import MOST, Traces

AT = datetime(2026, 11, 22, tzinfo=UTC)


def a_track(number: int, trace: str | None = None) -> Track:
    return Track(
        id=number,
        link="main",
        origin=Platform.YOUTUBE,
        origin_external_id=f"v{number}",
        item=ItemMetadata(title="Pol"),
        trace=trace or f"trace-of-{number}",
        changed_at=AT,
        created_at=AT,
        updated_at=AT,
    )


def about(number: int) -> DiscardAudio:
    return DiscardAudio(link="main", track_id=number, names=("a",))


def test_a_message_belongs_to_its_track_s_trace() -> None:
    traces = Traces()
    traces.know(a_track(1))
    assert traces.of(about(1)) == "trace-of-1"
    assert traces.of(about(2)) is None
    assert traces.of(RunCycle(link="main", direction=Direction.TG_TO_YT, number=1)) is None


def test_what_was_joined_goes_on_in_the_trace_of_the_one_that_stays() -> None:
    traces = Traces()
    traces.know(a_track(2))
    traces.know(a_track(1).changed(absorbed=(2,)))
    traces.know(a_track(2).changed(state=TrackState.MERGED, merged_into=1))
    assert traces.of(about(2)) == "trace-of-1"


def test_only_the_last_tracks_are_remembered() -> None:
    traces = Traces()
    for number in range(1, MOST + 3):
        traces.know(a_track(1, "t").changed(id=number))
    assert traces.of(about(1)) is None
    assert traces.of(about(MOST + 2)) == "t"


def test_the_id_is_the_second_part_of_a_traceparent() -> None:
    assert trace_id("00-" + "1" * 32 + "-" + "2" * 16 + "-01") == "1" * 32
    assert trace_id(None) is None
    assert trace_id("nonsense") is None
