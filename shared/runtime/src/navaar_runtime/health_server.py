"""/livez, /readyz and /metrics of one service, on plain asyncio: a container needs no web framework for that."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from types import TracebackType

from navaar_runtime.exposition import exposition

_LONGEST_REQUEST = 8192
_DEADLINE_S = 10.0


class HealthServer:
    """Serves while the context is open.

    `report` gives part -> what is wrong with it, or None; `details` gives part -> what it is at present.
    """

    def __init__(
        self,
        report: Callable[[], Awaitable[dict[str, str | None]]],
        *,
        host: str,
        port: int,
        details: Callable[[], Awaitable[dict[str, str]]] | None = None,
    ) -> None:
        self._report = report
        self._details = details
        self._host = host
        self._port = port
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> HealthServer:
        self._server = await asyncio.start_server(self._serve, self._host, self._port, limit=_LONGEST_REQUEST)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()

    @property
    def port(self) -> int:
        """The port in use, also when 0 was asked for."""
        if self._server is None:
            raise RuntimeError("the health server is not running")
        return int(self._server.sockets[0].getsockname()[1])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_DEADLINE_S):
                request = await reader.readuntil(b"\r\n\r\n")
                parts = request.split(b" ", 2)
                path = parts[1].decode("ascii", "replace") if len(parts) > 1 else "/"
                status, body, kind = await self._answer(path.partition("?")[0])
                head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
                writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
                await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            return
        finally:
            writer.close()

    async def _answer(self, path: str) -> tuple[str, bytes, str]:
        if path in ("/livez", "/healthz"):
            return "200 OK", b'{"status": "ok"}', "application/json"
        if path == "/readyz":
            parts = await self._report()
            ready = not any(parts.values())
            shown: dict[str, object] = {"status": "ok" if ready else "degraded", "parts": parts}
            if self._details is not None and (details := await self._details()):
                shown["details"] = details
            body = json.dumps(shown).encode()
            return ("200 OK" if ready else "503 Service Unavailable"), body, "application/json"
        if path == "/metrics":
            body, kind = await exposition()
            return "200 OK", body, kind
        return "404 Not Found", b'{"status": "not found"}', "application/json"
