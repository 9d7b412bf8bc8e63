"""Figures: exact names and labels, values that last, and looking them up when somebody reads."""

from __future__ import annotations

import asyncio
import ssl
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from navaar_contracts.identifiers import Platform
from navaar_runtime import exposition, metrics, platform_requests
from navaar_runtime.certificates import first_end
from navaar_runtime.circuit_breaker import CircuitBreaker
from navaar_runtime.failures import AuthRejected
from navaar_runtime.health_server import HealthServer
from navaar_runtime.publisher import Publisher

COUNTED = metrics.counter("navaar_test_things_total", "Things", "kind")
SHOWN = metrics.gauge("navaar_test_level", "Level", "kind")
SIZED = metrics.histogram("navaar_test_size_seconds", "Sizes", buckets=(1, 5))
# Everybody's tests are imported into one process; others compare what is defined with what there should be.
OURS = {name: metrics.DEFINED.pop(name) for name in list(metrics.DEFINED) if name.startswith("navaar_test_")}


def value(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


@pytest.fixture(autouse=True)
def looked_up_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(exposition, "_looked_up_at", float("-inf"))
    monkeypatch.setattr(metrics, "DEFINED", metrics.DEFINED | OURS)
    yield
    exposition._hooks.clear()


async def text() -> str:
    body, kind = await exposition.exposition()
    assert kind.startswith("text/plain")
    return body.decode()


async def test_names_and_labels_are_shown_exactly_as_defined() -> None:
    COUNTED.add(2, kind="a")
    SHOWN.set(3, kind="a")
    SIZED.observe(2)
    lines = (await text()).splitlines()
    assert 'navaar_test_things_total{kind="a"} 2.0' in lines
    assert 'navaar_test_level{kind="a"} 3.0' in lines
    assert 'navaar_test_size_seconds_bucket{le="1.0"} 0.0' in lines
    assert 'navaar_test_size_seconds_bucket{le="5.0"} 1.0' in lines
    assert "navaar_test_size_seconds_sum 2.0" in lines
    assert not [line for line in lines if "otel" in line or line.startswith("target_info")]


async def test_a_gauge_keeps_its_value_until_it_is_forgotten() -> None:
    SHOWN.set(7, kind="kept")
    for _ in range(3):
        assert 'navaar_test_level{kind="kept"} 7.0' in await text()
    SHOWN.forget(kind="kept")
    SHOWN.forget(kind="kept")
    assert value("navaar_test_level", kind="kept") is None


def test_nothing_added_makes_a_series_visible() -> None:
    COUNTED.add(0, kind="never")
    assert value("navaar_test_things_total", kind="never") == 0


def test_other_labels_than_the_defined_are_refused() -> None:
    for wrong in ({}, {"sort": "a"}, {"kind": "a", "more": "b"}):
        with pytest.raises(TypeError, match="navaar_test_things_total"):
            COUNTED.add(1, **wrong)


def test_a_name_is_defined_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        metrics.gauge("navaar_test_level", "Again")


async def test_figures_are_looked_up_when_read_and_not_more_often_than_needed() -> None:
    asked = 0

    async def hook() -> None:
        nonlocal asked
        asked += 1
        SHOWN.set(asked, kind="hooked")

    exposition.before_reading(hook)
    assert 'navaar_test_level{kind="hooked"} 1.0' in await text()
    await asyncio.gather(text(), text())
    assert asked == 1
    exposition.no_longer(hook)
    exposition.no_longer(hook)


async def test_a_part_that_fails_or_hangs_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails() -> None:
        raise OSError("gone")

    async def hangs() -> None:
        await asyncio.Event().wait()

    async def works() -> None:
        SHOWN.set(5, kind="beside")

    monkeypatch.setattr(exposition, "HOOK_DEADLINE_S", 0.05)
    for hook in (fails, hangs, works):
        exposition.before_reading(hook)
    assert 'navaar_test_level{kind="beside"} 5.0' in await text()


async def test_a_process_is_up_while_each_of_its_services_is() -> None:
    for family in REGISTRY.collect():
        for sample in family.samples if family.name == "navaar_service_up" else ():
            # Stopped by an earlier test of this process.
            exposition.running(sample.labels["service"], True)
    exposition.running("test-one", True)
    exposition.running("test-two", True)
    assert value("navaar_up") == 1
    exposition.running("test-two", False)
    assert (value("navaar_up"), value("navaar_service_up", service="test-two")) == (0, 0)
    exposition.running("test-two", True)
    assert value("navaar_up") == 1


async def test_the_health_port_shows_the_figures() -> None:
    async def fine() -> dict[str, str | None]:
        return {}

    COUNTED.add(1, kind="over http")
    async with HealthServer(fine, host="127.0.0.1", port=0) as server:
        url = f"http://127.0.0.1:{server.port}/metrics"
        body = await asyncio.to_thread(lambda: urllib.request.urlopen(url, timeout=10).read().decode())
    assert 'navaar_test_things_total{kind="over http"} 1.0' in body
    assert "navaar_uptime_seconds" in body


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "ok"),
        (302, "ok"),
        (429, "rate_limited"),
        (401, "refused"),
        (403, "refused"),
        (404, "client_error"),
        (503, "server_error"),
    ],
)
def test_requests_are_counted_by_outcome(status: int, outcome: str) -> None:
    labels = {"platform": "spotify", "operation": "test", "outcome": outcome}
    before = value("navaar_platform_requests_total", **labels) or 0
    with platform_requests.asking(Platform.SPOTIFY, "test") as answered:
        answered(status)
    assert value("navaar_platform_requests_total", **labels) == before + 1


def test_a_request_without_an_answer_counts_as_such() -> None:
    labels = {"platform": "youtube", "operation": "test", "outcome": "no_answer"}
    before = value("navaar_platform_requests_total", **labels) or 0
    with pytest.raises(ConnectionError), platform_requests.asking(Platform.YOUTUBE, "test"):
        raise ConnectionError
    assert value("navaar_platform_requests_total", **labels) == before + 1


async def test_refused_sign_ins_are_counted_at_closing_and_at_each_further_refusal() -> None:
    probed = asyncio.Event()

    async def probe() -> None:
        probed.set()
        raise AuthRejected("no")

    breaker = CircuitBreaker(Platform.SPOTIFY, probe, (), Publisher(), every_s=0.01)
    before = value("navaar_auth_errors_total", service="sp")
    assert before is not None
    await breaker.close("no")
    await breaker.close("no")
    assert value("navaar_auth_errors_total", service="sp") == before + 1
    watching = asyncio.create_task(breaker.watch())
    async with asyncio.timeout(10):
        await probed.wait()
        while (value("navaar_auth_errors_total", service="sp") or 0) < before + 2:
            await asyncio.sleep(0)
    watching.cancel()


def test_the_first_certificate_to_end_is_found(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(f"Subject: a name before it\n{EARLY}\n{LATE}\n")
    assert first_end(file) == datetime(2034, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert first_end(tmp_path / "none.pem") is None
    file.write_text("no certificate")
    assert first_end(file) is None
    file.write_text(ssl.DER_cert_to_PEM_cert(b"\x30\x03\x02\x01\x01"))
    assert first_end(file) is None


def _certificate(not_after: bytes, kind: int) -> str:
    """As much of a certificate as has to be read."""

    def part(tag: int, content: bytes) -> bytes:
        size = bytes([len(content)]) if len(content) < 128 else b"\x82" + len(content).to_bytes(2, "big")
        return bytes([tag]) + size + content

    times = part(0x17, b"240101000000Z") + part(kind, not_after)
    names = part(0x30, b"\x31" * 200)
    body = part(0xA0, part(2, b"\x02")) + part(2, b"\x01") + part(0x30, b"") + names + part(0x30, times)
    return ssl.DER_cert_to_PEM_cert(part(0x30, part(0x30, body)))


EARLY = _certificate(b"340506070809Z", 0x17)
LATE = _certificate(b"20600101000000Z", 0x18)
