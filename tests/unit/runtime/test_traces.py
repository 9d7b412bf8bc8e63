"""What spans tell and do not tell, and where they go."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from navaar_contracts.commands import DownloadAudio, FindCandidates, PollPlaylist, RunCycle
from navaar_contracts.events import DeliverySynced
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.music import Recording
from navaar_runtime import http_spans, message_spans, trace_export, tracing
from navaar_runtime.platform_requests import asking

SERVICE = "traces-under-test"
TOKEN = "7312345678:AAE-a_secret_token_of_a_bot_0123456789"


@pytest.fixture
def spans() -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    tracing.tracer_provider(SERVICE).add_span_processor(SimpleSpanProcessor(exporter))
    tracing.enter(SERVICE)
    return exporter


def told(spans: InMemorySpanExporter) -> str:
    return "\n".join(span.to_json() for span in spans.get_finished_spans())


class Refusing(SpanExporter):
    def __init__(self) -> None:
        self.result = SpanExportResult.FAILURE

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self.result


def test_an_address_is_told_without_what_may_be_secret(spans: InMemorySpanExporter) -> None:
    address = f"https://somebody:password@api.telegram.org:8443/file/bot{TOKEN}/music/file_7.mp3?key=AIza-secret#part"
    with tracing.span("step"), http_spans.calling("telegram file", "get", address) as call:
        http_spans.answered(call, 404)
    (one, _) = spans.get_finished_spans()
    assert dict(one.attributes or {}) == {
        "http.request.method": "GET",
        "server.address": "api.telegram.org",
        "server.port": 8443,
        "url.scheme": "https",
        "url.template": "/file/{id}/music/{id}",
        "http.response.status_code": 404,
        "error.type": "404",
    }
    for secret in (TOKEN, "password", "AIza"):
        assert secret not in told(spans)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/v1/playlists/37i9dQZF1DX/items", "/v1/playlists/{id}/items"),
        ("/youtubei/v1/browse/edit_playlist", "/youtubei/v1/browse/edit_playlist"),
        ("/bot{token}/{method}", "/bot{token}/{method}"),
        ("", "/"),
        ("/api/token/", "/api/token/"),
        ("/abcdefghijklmnopqrstuvwxyz", "/{id}"),
    ],
)
def test_a_path_keeps_only_the_words_of_an_api(path: str, kept: str) -> None:
    assert http_spans.template(path) == kept


def test_a_client_s_error_is_told_by_its_class_alone(spans: InMemorySpanExporter) -> None:
    address = f"https://api.telegram.org/bot{TOKEN}/sendAudio"
    with (
        pytest.raises(ConnectionError),
        tracing.span("step", quoting=False),
        asking(Platform.TELEGRAM, "sendAudio", "POST", address),
    ):
        raise ConnectionError(f"cannot connect to /bot{TOKEN}/sendAudio?caption=words")
    request, _ = spans.get_finished_spans()
    assert request.name == "telegram sendAudio"
    assert (request.attributes or {})["error.type"] == "ConnectionError"
    assert TOKEN not in told(spans)
    assert "caption" not in told(spans)


def test_an_error_of_ours_is_told_with_secrets_masked(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="refused"), tracing.span("step"):
        raise ValueError(f"refused: bot{TOKEN}")
    (one,) = spans.get_finished_spans()
    assert one.status.description == "refused: bot***"
    assert not one.events


def test_what_is_done_for_no_track_leaves_no_span(spans: InMemorySpanExporter) -> None:
    with asking(Platform.SPOTIFY, "playlist") as answered:
        answered(200)
    headers: dict[str, str] = {}
    with message_spans.asking("navaar.query.ledger.unknown-items", b"", headers):
        pass
    assert not spans.get_finished_spans()
    assert headers == {}


def test_a_message_goes_on_below_the_span_that_sent_it(spans: InMemorySpanExporter) -> None:
    headers: dict[str, str] = {}
    with message_spans.sending("navaar.cmd.spotify.find-candidates.main", b"{}", headers, "find:main:1:spotify:1:0"):
        pass
    with tracing.span("elsewhere", parent=tracing.extract(headers)):
        pass
    sent, taken = spans.get_finished_spans()
    assert sent.name == "send navaar.cmd.spotify.find-candidates.{link}"
    assert sent.kind is trace.SpanKind.PRODUCER
    assert sent.attributes is not None
    assert sent.attributes["messaging.system"] == "nats"
    assert sent.attributes["messaging.destination.name"] == "navaar.cmd.spotify.find-candidates.main"
    assert sent.attributes["messaging.message.id"] == "find:main:1:spotify:1:0"
    assert taken.parent is not None
    assert (taken.parent.span_id, taken.parent.trace_id) == (sent.context.span_id, sent.context.trace_id)


def test_a_message_of_another_trace_goes_on_in_its_own_and_both_are_linked(spans: InMemorySpanExporter) -> None:
    home = "00-11111111111111111111111111111111-2222222222222222-01"
    headers: dict[str, str] = {}
    subject = "navaar.cmd.spotify.place-track.main"
    with tracing.span("a person asks"), message_spans.sending(subject, b"", headers, "place", home):
        pass
    sent, asked = spans.get_finished_spans()
    assert headers["traceparent"].split("-")[1] == "1" * 32
    assert sent.parent is not None
    assert sent.parent.span_id == int("2" * 16, 16)
    assert [link.context.trace_id for link in sent.links] == [asked.context.trace_id]
    assert [link.context.trace_id for link in asked.links] == [sent.context.trace_id]


def test_a_message_of_the_running_trace_goes_on_where_it_is(spans: InMemorySpanExporter) -> None:
    with tracing.span("first sight"):
        home = tracing.traceparent()
    subject, there = "navaar.cmd.spotify.place-track.main", tracing.extract({"traceparent": home or ""})
    with tracing.span("later", parent=there), message_spans.sending(subject, b"", {}, "place", home):
        pass
    _, sent, later = spans.get_finished_spans()
    assert sent.parent is not None
    assert sent.parent.span_id == later.context.span_id
    assert not sent.links


def test_what_is_gone_through_again_is_in_the_trace_it_was_in(spans: InMemorySpanExporter) -> None:
    home = "00-11111111111111111111111111111111-2222222222222222-01"
    with tracing.within({"traceparent": home}):
        assert tracing.traceparent() == home
    with tracing.within({}):
        assert tracing.traceparent() is None
    assert not spans.get_finished_spans()


@pytest.mark.parametrize(
    ("subject", "template"),
    [
        ("navaar.evt.item.sighted.main", "navaar.evt.item.sighted.{link}"),
        ("navaar.dead.ledger.item-sighted.jazz", "navaar.dead.ledger.item-sighted.{link}"),
        ("navaar.query.ledger.track", "navaar.query.ledger.track"),
        ("nonsense", "nonsense"),
    ],
)
def test_spans_are_named_by_subjects_without_their_link(subject: str, template: str) -> None:
    assert message_spans.template(subject) == template


def test_an_unreadable_context_begins_a_trace(spans: InMemorySpanExporter) -> None:
    for wrong in ("", "00-0-0-00", "nonsense", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"):
        with tracing.span("step", parent=tracing.extract({"traceparent": wrong})):
            pass
    assert all(span.parent is None for span in spans.get_finished_spans())


def test_a_cycle_of_the_clock_begins_no_trace_but_one_that_a_person_asks_for_is_in_theirs(
    spans: InMemorySpanExporter,
) -> None:
    headers: dict[str, str] = {}
    with message_spans.sending("navaar.cmd.ledger.run-cycle.main", b"", headers, "cycle"):
        pass
    assert headers == {}
    with (
        tracing.span("a person asks"),
        message_spans.sending("navaar.cmd.ledger.run-cycle.main", b"", headers, "cycle"),
    ):
        pass
    assert "traceparent" in headers
    assert len(spans.get_finished_spans()) == 2


NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_message_is_named_by_link_track_and_delivery() -> None:
    find = FindCandidates(link="jazz", track_id=7, target=Platform.SPOTIFY, query="q")
    assert message_spans.about(find) == {"link": "jazz", "track": 7, "delivery": "jazz.7.spotify"}
    done = DeliverySynced(
        link="main", track_id=7, direction=Direction.SP_TO_TG, state=DeliveryState.SYNCED, display="x", seconds=1
    )
    assert message_spans.about(done)["delivery"] == "main.7.telegram"
    fetch = DownloadAudio(link="main", track_id=7, video_id="x", recording=Recording())
    assert message_spans.about(fetch)["delivery"] == "main.7.telegram"
    for other in (
        PollPlaylist(link="main", platform=Platform.YOUTUBE, asked_at=NOW),
        RunCycle(link="main", direction=Direction.TG_TO_YT, number=1),
    ):
        assert message_spans.about(other) == {"link": "main"}


def test_nothing_is_exported_where_no_collector_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    assert trace_export.processor.__wrapped__() is None
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "none")
    assert trace_export.processor.__wrapped__() is None


def test_ids_are_there_although_nothing_is_exported_or_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    tracing.enter("traces-unsampled")
    with tracing.span("step") as span:
        assert not span.is_recording()
        version, trace_id, _, flags = (tracing.traceparent() or "").split("-")
        assert (version, int(flags, 16) & 1) == ("00", 0)
        assert int(trace_id, 16)


def test_a_collector_that_is_gone_is_told_once_and_once_when_it_is_back() -> None:
    collector = Refusing()
    exporter = trace_export.TellingExporter(collector, "collector:4318")
    with structlog.testing.capture_logs() as said:
        for _ in range(5):
            exporter.export([])
        collector.result = SpanExportResult.SUCCESS
        exporter.export([])
        exporter.export([])
    assert [line["event"] for line in said] == ["traces_not_taken", "traces_taken_again"]


async def test_a_collector_that_hangs_holds_no_stop_up(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    class Hanging:
        def force_flush(self) -> None:
            released.wait(30)

    monkeypatch.setattr(tracing, "processor", Hanging)
    monkeypatch.setattr(tracing, "FLUSH_S", 0.2)
    begun = time.monotonic()
    async with asyncio.timeout(10):
        await tracing.flush()
    assert time.monotonic() - begun < 5
    released.set()
