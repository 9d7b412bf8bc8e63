"""The HTTP server by itself, over real sockets and with no patience: what it says to clients that are too slow."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from navaar_api import http_server
from navaar_api.edge.connections import Connections, Phase
from navaar_api.edge.entrance import entered
from navaar_api.http_server import HttpServer
from tests.support.ports import free_port

SOON_S = 0.05


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["path"] == "/broken":
        raise OverflowError("nobody expected that")
    size = 50_000_000 if scope["path"] == "/large" else 2
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(size).encode())]})
    for _ in range(max(1, size // 1_000_000)):
        await send({"type": "http.response.body", "body": b"x" * min(size, 1_000_000), "more_body": size > 2})
    if size > 2:
        await send({"type": "http.response.body", "body": b""})


@pytest_asyncio.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(http_server, "SWEEP_S", 0.01)
    number = free_port()
    server = HttpServer(
        entered(app, ()),
        host="127.0.0.1",
        port=number,
        before_stop=lambda: None,
        connections=Connections(8, dict.fromkeys(Phase, SOON_S)),
    )
    serving = asyncio.create_task(server.serve())
    while True:
        with contextlib.suppress(OSError):
            (await asyncio.open_connection("127.0.0.1", number))[1].close()
            break
        await asyncio.sleep(0.01)
    yield number
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


async def exchange(port: int, sent: bytes) -> bytes:
    """All that the server says to it until it hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with asyncio.timeout(30):
        said = await reader.read()
    writer.close()
    return said


def problem_of(said: bytes) -> tuple[int, str]:
    head, _, body = said.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    return int(head.split()[1]), json.loads(body)["detail"]


@pytest.mark.parametrize(
    "half",
    [
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{",
    ],
)
async def test_a_request_that_does_not_come_in_time_is_told_so(port: int, half: bytes) -> None:
    status, detail = problem_of(await exchange(port, half))
    assert (status, "in time" in detail) == (408, True)


async def test_a_connection_without_a_request_is_closed_without_a_word(port: int) -> None:
    assert await exchange(port, b"") == b""
    answered = await exchange(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answered.endswith(b"\r\n\r\nxx")


async def test_who_does_not_take_the_answer_is_let_go(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
    # Nothing is read until the server has hung up, which a write then finds out.
    async with asyncio.timeout(30):
        with contextlib.suppress(OSError):
            while True:
                writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                await writer.drain()
                await asyncio.sleep(0.01)
    assert writer.transport.is_closing() or reader.at_eof()


async def test_what_gets_past_every_handler_is_a_problem_document(port: int) -> None:
    said = await exchange(port, b"GET /broken HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert problem_of(said)[0] == 500
    assert b"OverflowError" not in said
