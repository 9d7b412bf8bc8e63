"""A thousand clients that begin a request and go no further, and whoever asks beside them."""

from __future__ import annotations

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator, Iterator, Sequence
from time import monotonic
from typing import Any

import httpx

SIZE = 1000
HALVES = (
    b"",
    b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    b"POST /api/retry HTTP/1.1\r\nHost: 127.0.0.1\r\n%sContent-Length: 100\r\n\r\n{",
    b"POST /api/retry HTTP/1.1\r\nHost: 127.0.0.1\r\n%sTransfer-Encoding: chunked\r\n\r\n5\r\n{",
)
STREAMS = (b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n",)


def signed_in(openings: Sequence[bytes], token: str) -> list[bytes]:
    """The same by somebody who is let in."""
    return [opening.replace(b"%s", f"Authorization: Bearer {token}\r\n".encode()) for opening in openings]


@contextlib.contextmanager
def many_files() -> Iterator[None]:
    """Room for a crowd in this process, and for what it is connected to if that is here, too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 4 * SIZE), hard), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextlib.asynccontextmanager
async def crowd(url: str, openings: Sequence[bytes]) -> AsyncIterator[asyncio.Future[Any]]:
    """SIZE clients of that server that begin so; yields what is done once all of them have come, or tried to."""
    port = int(url.rpartition(":")[2])
    there: list[asyncio.StreamWriter] = []

    async def come(number: int) -> None:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            there.append(writer)
            writer.write(openings[number % len(openings)])

    coming = asyncio.gather(*(come(number) for number in range(SIZE)))
    try:
        yield coming
    finally:
        await coming
        for writer in there:
            writer.transport.abort()


async def asked(url: str, path: str) -> tuple[int, float]:
    """(status, seconds) of a request over a connection of its own."""
    begun = monotonic()
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as http:
        answer = await http.get(path)
    return answer.status_code, monotonic() - begun
