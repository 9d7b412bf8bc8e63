"""What every request passes before the application: who calls is found out, and what is too large ends here.

Bodies are read to their end first, so that no handler waits for a slow client; how long that may take, the connection
knows (`edge/connections.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from litestar import Request, Response
from litestar.enums import ScopeType
from litestar.exceptions import ClientException
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from navaar_api.edge.callers import Caller, Network, identify
from navaar_api.edge.crowd import Turns
from navaar_api.problems import problem
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

LARGEST_BODY = 64 * 1024
LARGEST_HEAD = 32 * 1024
LONGEST_TARGET = 8 * 1024
"""Bytes of a request's path and query (RFC 9110, section 4.1, recommends at least 8,000)."""
DEEPEST_JSON = 32
_CALLER = "navaar.caller"
_NEVER_WAIT = ("/healthz",)
"""What asks nothing of anybody, and whom a crowd of others must not make look dead."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NESTING = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)


def entered(app: ASGIApp, trusted: Sequence[Network]) -> ASGIApp:
    """`app` behind the entrance; `trusted` are the proxies whose forwarding headers are believed."""

    turns = Turns()

    async def entrance(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        refusal = _refusal(scope)
        if refusal is None:
            try:
                body = await _whole_body(receive) if _has_body(scope) else b""
            except _Disconnected:
                return
            except _TooLarge:
                refusal = problem(413, f"the body is larger than {LARGEST_BODY} bytes")
        if refusal is not None:
            await answer_with(refusal, scope, receive, send)
            return
        client = scope.get("client")
        caller = identify(client[0] if client else None, scope["scheme"], list(scope["headers"]), trusted)
        known: Any = {**scope, "client": (caller.address, 0), "scheme": caller.scheme, _CALLER: caller}
        if scope["path"] not in _NEVER_WAIT:
            await turns.come()
        await _never_failing(app, known, _given(body, receive), send)

    return entrance


def caller_of(scope: Any) -> Caller:
    """Who sent the request of this scope."""
    caller: Caller = scope[_CALLER]
    return caller


async def answer_with(response: Response[bytes], scope: Scope, receive: Receive, send: Send) -> None:
    """Send a problem where no application is reached."""
    answer = response.to_asgi_response(app=None, request=None)  # type: ignore[arg-type]
    await answer(scope, receive, send)


class BoundedRequest(Request[Any, Any, Any]):
    """A request whose JSON may be nested so deep and no deeper: reading it deeper would exhaust the stack."""

    async def json(self) -> Any:
        """Raises ClientException, SerializationException: the body is no JSON that can be read."""
        if depth(await self.body()) > DEEPEST_JSON:
            raise ClientException(detail=f"the JSON is nested deeper than {DEEPEST_JSON}")
        return await super().json()


def depth(body: bytes) -> int:
    """How deep the objects and arrays of a JSON text are nested; of what is no JSON, an upper bound."""
    deepest = at = 0
    for found in _NESTING.finditer(body):
        if found[0] in b"[{":
            at += 1
            deepest = max(deepest, at)
        elif found[0] in b"]}":
            at -= 1
    return deepest


class _Disconnected(Exception):
    pass


class _TooLarge(Exception):
    pass


def _refusal(scope: Scope) -> Response[bytes] | None:
    target = len(scope["raw_path"]) + len(scope["query_string"])
    if target > LONGEST_TARGET:
        return problem(414, f"the address is longer than {LONGEST_TARGET} bytes")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEAD:
        return problem(431, f"the head is larger than {LARGEST_HEAD} bytes")
    # No path of ours has one, and what a file system makes of a NUL is an error.
    return problem(404, "there is nothing of this name") if _CONTROL.search(scope["path"]) else None


def _has_body(scope: Scope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip() != b"0")
        for name, value in scope["headers"]
    )


async def _whole_body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _Disconnected
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise _TooLarge
        if not message.get("more_body", False):
            return bytes(body)


def _given(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Any:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _never_failing(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """What gets past the application's own handlers is a problem document, too."""
    has_begun = False

    async def noting(message: Message) -> None:
        nonlocal has_begun
        has_begun = True
        await send(message)

    try:
        await app(scope, receive, noting)
    except Exception as error:
        if has_begun:
            raise
        log.error("request_failed", path=scope["path"], exc_info=error)
        await answer_with(problem(500, "this is a fault in Navaar; its log says more"), scope, receive, send)
