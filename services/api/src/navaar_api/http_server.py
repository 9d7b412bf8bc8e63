"""uvicorn inside a service: it neither owns signals nor configures logs, and keeps to the bounds of `edge`."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any, cast

import uvicorn
from litestar.types import ASGIApp

from navaar_api.edge.callers import Network
from navaar_api.edge.connections import Connections, room
from navaar_api.edge.entrance import LARGEST_HEAD
from navaar_api.edge.protocol import protocol

SWEEP_S = 1.0
_AT_ONCE = 32
"""Connections that are taken in one go, so that those before get to say what they want before they give way."""
_QUEUE = 1024
"""Connections that the system holds until they are taken."""


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # The process has one owner of signals, and it is not this server.
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # asyncio takes as many connections in one go as it lets the system hold; here those are two numbers.
        for each in sockets or ():
            each.listen(_QUEUE)


class HttpServer:
    """Serves one application until its task is cancelled."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str,
        port: int,
        before_stop: Callable[[], None],
        trusted_proxies: tuple[Network, ...] = (),
    ) -> None:
        self._before_stop = before_stop
        self._connections = Connections(room())
        self._server = _Server(
            uvicorn.Config(
                cast("Any", app),
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                http=protocol(self._connections, trusted_proxies),
                ws="none",
                # Who calls is found out at the entrance: uvicorn would believe everybody on this machine.
                proxy_headers=False,
                h11_max_incomplete_event_size=LARGEST_HEAD,
                backlog=_AT_ONCE,
                timeout_graceful_shutdown=2,
            )
        )

    async def serve(self) -> None:
        """Raises OSError when the address cannot be bound."""
        task = asyncio.create_task(self._serve())
        sweeping = asyncio.create_task(self._sweep())
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            # Open streams end first: the server waits for every answer that is still being written.
            self._before_stop()
            self._server.should_exit = True
            await task
            raise
        finally:
            sweeping.cancel()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            self._connections.sweep(monotonic())

    async def _serve(self) -> None:
        config = self._server.config
        try:
            listening = _listen(config.host, config.port)
        except OSError:
            raise OSError(f"cannot listen on {config.host}:{config.port}: is something else using it?") from None
        await self._server.serve(sockets=listening)


def _listen(host: str, port: int) -> list[socket.socket]:
    """A socket for each address of `host`. Raises OSError."""
    found: list[socket.socket] = []
    try:
        addresses = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol_, _, address in dict.fromkeys(addresses):
            one = socket.socket(family, kind, protocol_)
            found.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
    except OSError:
        for one in found:
            one.close()
        raise
    return found
