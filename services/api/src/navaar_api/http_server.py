"""uvicorn inside a service: it neither owns signals nor configures logs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any, cast

import uvicorn
from litestar.types import ASGIApp


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # The process has one owner of signals, and it is not this server.
        yield


class HttpServer:
    """Serves one application until its task is cancelled."""

    def __init__(self, app: ASGIApp, *, host: str, port: int, before_stop: Callable[[], None]) -> None:
        self._before_stop = before_stop
        self._server = _Server(
            uvicorn.Config(
                cast("Any", app),
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                h11_max_incomplete_event_size=32 * 1024,
                limit_concurrency=500,
                timeout_graceful_shutdown=2,
            )
        )

    async def serve(self) -> None:
        """Raises OSError when the address cannot be bound."""
        task = asyncio.create_task(self._serve())
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            # Open streams end first: the server waits for every answer that is still being written.
            self._before_stop()
            self._server.should_exit = True
            await task
            raise

    async def _serve(self) -> None:
        try:
            await self._server.serve()
        except SystemExit:
            # uvicorn exits the process when it cannot bind; here that is one service's failure.
            config = self._server.config
            raise OSError(f"cannot listen on {config.host}:{config.port}: is something else using it?") from None
