"""Slow, broken and far too many clients: each gets an answer that says so, and none keeps others from theirs."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator, Sequence

import httpx
import pytest
import pytest_asyncio

from navaar_api import http_server
from navaar_api.edge import connections
from navaar_api.live.broadcaster import MOST_OF_ONE
from tests.support.api_service import BEARER, TOKEN, Api, api_service
from tests.support.crowd import HALVES, STREAMS, asked, crowd, signed_in
from tests.support.crowd import many_files as room_for_a_crowd
from tests.support.stub_ledger import StubLedger, track
from tests.support.whole_system import eventually

CHECKS = 25
AUTHORIZED = f"Host: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n"


@pytest.fixture
def many_files() -> Iterator[None]:
    with room_for_a_crowd():
        yield


@pytest_asyncio.fixture
async def api(nats_environment: dict[str, str]) -> AsyncIterator[Api]:
    ledger = StubLedger()
    ledger.put(track(1, "Song"))
    async with api_service(nats_environment, ledger=ledger) as running:
        yield running


async def said(api: Api, *parts: bytes) -> tuple[int, dict[str, str], bytes]:
    """(status, headers, body) of what the server answers to these bytes, until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(api.url.rpartition(":")[2]))
    for part in parts:
        writer.write(part)
    await writer.drain()
    async with asyncio.timeout(60):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    writer.close()
    return int(head[0].split()[1]), headers, body


def is_problem(status: int, headers: dict[str, str], body: bytes) -> bool:
    return headers["content-type"] == "application/problem+json" and json.loads(body)["status"] == status


UNANSWERABLE = [
    (b"GET /static/a%00b HTTP/1.1", 404),
    (b"GET /docs/files/a%00b HTTP/1.1", 404),
    (b"GET /static/" + b"a" * 300 + b" HTTP/1.1", 404),
    (b"GET /static/" + b"a/" * 2000 + b" HTTP/1.1", 404),
    (b"GET /static/..%2f..%2fapp.py HTTP/1.1", 404),
    (b"GET /static/%ff%fe HTTP/1.1", 404),
    (b"GET /static HTTP/1.1", 404),
    (b"GET /static/ HTTP/1.1", 404),
    (b"GET /" + b"a" * 9000 + b" HTTP/1.1", 414),
    (b"GET /nothing HTTP/1.1", 404),
    (b"GET //[ HTTP/1.1", 404),
    (b"GET http://[/ HTTP/1.1", 404),
    (b"OPTIONS * HTTP/1.1", 404),
    (b"PUT /api/stats HTTP/1.1", 405),
    (b"BREW /api/stats HTTP/1.1", 405),
    (b"GET /api/tracks/" + b"9" * 5000 + b" HTTP/1.1", 404),
    (b"GET /api/tracks/0 HTTP/1.1", 400),
    (b"GET /api/tracks?limit=1e400 HTTP/1.1", 400),
    (b"GET /api/stats HTTP/1.1\r\nX-Long: " + b"a" * 40_000, 431),
    (b"this is not HTTP", 400),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 400),
    (b"PRI * HTTP/2.0", 404),
    (b"POST /api/retry HTTP/1.1\r\nTransfer-Encoding: gzip", 501),
    (b"POST /api/retry HTTP/1.1\r\nContent-Length: ten", 400),
]
UNREADABLE = [
    (b"[" * 60_000, 400),
    (b'{"direction":' * 4000, 400),
    (b'{"a":[' * 33, 400),
    (b'{"link": "\\ud800"}', 400),
    (b'{"link": ' + b"9" * 50_000 + b"}", 400),
    (b"1e99999", 400),
    (b"NaN", 400),
    (b"\xff\xfe", 400),
    (b"\x00", 400),
    (b"x" * 70_000, 413),
]


async def test_what_cannot_be_answered_is_a_problem_document(api: Api) -> None:
    wrong = []
    for request, status in UNANSWERABLE:
        answer = await said(api, request, b"\r\n", AUTHORIZED.encode(), b"\r\n")
        if answer[0] != status or not is_problem(*answer):
            wrong.append((request[:60], status, answer))
    assert not wrong


async def test_a_body_that_cannot_be_read_is_a_problem_document(api: Api) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        for body, status in UNREADABLE:
            answer = await api.http.post("/api/retry", headers={**BEARER, "content-type": kind}, content=body)
            assert answer.status_code == status, (body[:60], kind, answer.text)
            assert is_problem(answer.status_code, dict(answer.headers), answer.content)
    assert not api.ledger.commands


async def test_a_form_of_another_kind_is_no_fault_of_ours(api: Api) -> None:
    kinds = ("multipart/form-data", "multipart/form-data; boundary=é", "multipart/form-data; boundary=x", "x/y")
    bodies = (b"--x\r\n\r\n", b"token=" + b"a" * 60_000, b"\xff", b"next=//[&token=x")
    for path, kind in ((path, kind) for path in ("/sign-in", "/actions/retry") for kind in kinds):
        for body in bodies:
            answer = await api.http.post(path, headers={"content-type": kind.encode(), **BEARER}, content=body)
            assert answer.status_code < 500, (kind, answer.text)


@pytest.mark.parametrize("room", [connections.MOST, connections.OTHER_FILES])
async def test_requests_that_never_end_keep_nobody_from_an_answer(
    nats_environment: dict[str, str], many_files: None, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    # With room for all of them, and with as much as a process of 1,024 files has.
    monkeypatch.setattr(http_server, "room", lambda: room)
    async with api_service(nats_environment) as api:
        await _healthy_beside(api, HALVES)


async def test_event_streams_keep_nobody_from_an_answer(api: Api, many_files: None) -> None:
    await _healthy_beside(api, STREAMS)
    async with httpx.AsyncClient(base_url=api.url, headers=BEARER, trust_env=False, timeout=20) as http:

        async def there_is_room() -> bool:
            async with http.stream("GET", "/live") as stream:
                return stream.status_code == 200

        # Places of those who went are free again.
        await eventually(there_is_room)


async def test_open_pages_of_one_client_are_limited_and_it_is_told(api: Api) -> None:
    async with contextlib.AsyncExitStack() as stack:
        http = await stack.enter_async_context(
            httpx.AsyncClient(
                base_url=api.url, headers=BEARER, trust_env=False, timeout=20, limits=httpx.Limits(max_connections=None)
            )
        )
        for _ in range(MOST_OF_ONE):
            assert (await stack.enter_async_context(http.stream("GET", "/live"))).status_code == 200
        full = await http.get("/live")
        assert full.status_code == 503
        assert full.headers["content-type"] == "application/problem+json"
        assert (await http.get("/healthz")).status_code == 200


async def _healthy_beside(api: Api, openings: Sequence[bytes]) -> None:
    """A health check beside a crowd is answered every time; `benchmarks.crowd` tells how soon."""
    async with crowd(api.url, signed_in(openings, TOKEN)) as has_come:
        for check in range(CHECKS):
            assert (await asked(api.url, "/healthz" if check % 2 else "/api/stats"))[0] == 200
        await has_come
        assert (await asked(api.url, "/healthz"))[0] == 200
