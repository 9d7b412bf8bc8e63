"""uvicorn's HTTP/1.1 protocol with our bounds on connections, and with problem documents where it sends plain text."""

from __future__ import annotations

import asyncio
import sys
from http import HTTPStatus
from time import monotonic
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from navaar_api.edge.callers import UNKNOWN, Network, counted_as, is_believed
from navaar_api.edge.connections import Connections, Phase
from navaar_api.problems import PROBLEM, document

_RETRY_S = 5


def protocol(connections: Connections, trusted: tuple[Network, ...]) -> type[asyncio.Protocol]:
    """The class of which uvicorn makes one for each connection."""

    class BoundedProtocol(H11Protocol):
        """One connection, which knows in which phase it is and since when."""

        counted_as: str | None = None
        _since = 0.0
        _seen: Phase | None = None
        _has_begun = False
        """Some of the next request's head has come."""

        @property
        def phase(self) -> Phase:
            if self.cycle is None or self.cycle.response_complete:
                return Phase.WAITING
            if self.cycle.more_body and not self.cycle.response_started:
                return Phase.RECEIVING
            return Phase.STUCK if self.flow.write_paused else Phase.ANSWERING

        @property
        def since(self) -> float:
            return self._since

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            peer = self.client[0] if self.client else UNKNOWN
            self.counted_as = None if is_believed(peer, trusted) else counted_as(peer)
            self._note()
            if not connections.enter(self):
                self._refuse(503, "too many connections are open", f"Retry-After: {_RETRY_S}\r\n")

        def connection_lost(self, exc: Exception | None) -> None:
            connections.leave(self)
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self.transport.is_closing():
                return
            self._has_begun = True
            super().data_received(data)
            self._note()

        def on_response_complete(self) -> None:
            self._has_begun = False
            super().on_response_complete()
            self._has_begun = self._has_begun or bool(self.conn.trailing_data[0])
            self._note()

        def pause_writing(self) -> None:
            super().pause_writing()
            self._note()

        def resume_writing(self) -> None:
            super().resume_writing()
            self._note()

        def end(self, reason: str) -> None:
            if self.transport.is_closing():
                return
            waits_for_answer = self._has_begun and self.phase in (Phase.WAITING, Phase.RECEIVING)
            if waits_for_answer and not self.flow.write_paused:
                self._refuse(408, f"the request did not come in time: {reason}")
            elif self.flow.write_paused:
                self.transport.abort()
            else:
                self.transport.close()

        def send_400_response(self, msg: str) -> None:
            # h11's error says which status it deserves.
            status = getattr(sys.exc_info()[1], "error_status_hint", 400)
            detail = "its head is too large" if status == 431 else "this is no HTTP request that can be read"
            self._refuse(status, detail)

        def _note(self) -> None:
            phase = self.phase
            if phase is not self._seen or phase is Phase.ANSWERING:
                self._seen, self._since = phase, monotonic()

        def _refuse(self, status: int, detail: str, more: str = "") -> None:
            """Answer with a problem, whatever the client is in the middle of, and close."""
            if self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete:
                self.transport.close()
                return
            self.transport.write(_whole_answer(status, detail, more))
            self.transport.close()

    return BoundedProtocol


def _whole_answer(status: int, detail: str, more: str) -> bytes:
    body = document(status, detail)
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: {PROBLEM}\r\nContent-Length: {len(body)}\r\n"
        f"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n{more}Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
