"""Who may do what: reading is open on loopback, all else needs the token or a browser's session."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException, TooManyRequestsException
from litestar.handlers import BaseRouteHandler

from navaar_api.credentials import Credentials

COOKIE = "navaar_session"
FORM_MARK_HEADER = "x-csrf-token"
_CHALLENGE = {"www-authenticate": 'Bearer realm="navaar"'}
_PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")

ALLOWED = 10
WINDOW_S = 60.0
_MOST_ADDRESSES = 1000

Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who has shown the token, or a session that the token opened."""

    session: str | None = None
    """The cookie; None for a bearer token."""


class WrongTokens:
    """Wrong tokens of the last minute, counted per address so that nobody can try many."""

    def __init__(self) -> None:
        self._failed: OrderedDict[str, deque[float]] = OrderedDict()

    def failed(self, address: str, now: float) -> None:
        times = self._failed.setdefault(address, deque(maxlen=ALLOWED))
        self._failed.move_to_end(address)
        times.append(now)
        if len(self._failed) > _MOST_ADDRESSES:
            self._failed.popitem(last=False)

    def wait_s(self, address: str, now: float) -> float:
        """Seconds until this address may try again; 0 means now."""
        times = self._failed.get(address)
        if times is None or len(times) < ALLOWED:
            return 0.0
        return max(0.0, times[0] + WINDOW_S - now)


class Access:
    """Who calls, and what they may do."""

    def __init__(self, credentials: Credentials, *, reading_is_open: bool, now: Callable[[], datetime]) -> None:
        self.credentials = credentials
        self.wrong_tokens = WrongTokens()
        self.reading_is_open = reading_is_open
        self._now = now

    def caller(self, connection: Connection) -> Caller | None:
        """Who calls.

        Raises:
            NotAuthorizedException: a bearer token was given and is wrong.
            TooManyRequestsException: after many wrong ones.
        """
        kind, _, token = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            self.check_token(connection, token.strip())
            return Caller()
        cookie = connection.cookies.get(COOKIE, "")
        if cookie and self.credentials.is_session(cookie, self._now()):
            return Caller(cookie)
        return None

    def check_token(self, connection: Connection, token: str) -> None:
        """Raises NotAuthorizedException, TooManyRequestsException."""
        address = connection.client.host if connection.client else "?"
        wait = self.wrong_tokens.wait_s(address, monotonic())
        if wait > 0:
            raise TooManyRequestsException(
                detail="too many wrong tokens from this address", headers={"retry-after": str(math.ceil(wait))}
            )
        if not self.credentials.is_token(token):
            self.wrong_tokens.failed(address, monotonic())
            raise NotAuthorizedException(detail="this is not the API token", headers=_CHALLENGE)


def may_read(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard of what only shows. Through a proxy, loopback is not this machine's user any more."""
    access = _of(connection)
    proxied = any(header in connection.headers for header in _PROXY_HEADERS)
    if access.caller(connection) is None and (proxied or not access.reading_is_open):
        raise NotAuthorizedException(detail="reading needs the API token", headers=_CHALLENGE)


def may_write(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard for programs; a browser's session must also send its form mark as X-CSRF-Token."""
    access = _of(connection)
    caller = access.caller(connection)
    if caller is None:
        raise NotAuthorizedException(detail="this needs the API token", headers=_CHALLENGE)
    mark = connection.headers.get(FORM_MARK_HEADER, "")
    if caller.session is not None and not access.credentials.is_form_mark(caller.session, mark):
        raise PermissionDeniedException(detail="a session must send its X-CSRF-Token")


def may_submit(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard for the pages' forms, whose mark is checked with the form itself."""
    if _of(connection).caller(connection) is None:
        raise NotAuthorizedException(detail="sign in to do this", headers=_CHALLENGE)
    refuse_other_sites(connection)


def _of(connection: Connection) -> Access:
    access: Access = connection.app.state.access
    return access


def refuse_other_sites(connection: Connection) -> None:
    """Raises PermissionDeniedException when a browser says that another site sent this."""
    site = connection.headers.get("sec-fetch-site")
    origin = connection.headers.get("origin")
    if site is not None:
        is_ours = site in ("same-origin", "none")
    else:
        # Older browsers send only this; programs send neither.
        is_ours = origin is None or origin.partition("://")[2] == connection.headers.get("host", "")
    if not is_ours:
        raise PermissionDeniedException(detail="this request came from another site")
