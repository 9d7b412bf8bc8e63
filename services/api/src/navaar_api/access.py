"""Who may do what: all needs the token or a browser's session, unless a setting opens reading on this machine."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException, TooManyRequestsException
from litestar.handlers import BaseRouteHandler

from navaar_api.credentials import Credentials
from navaar_api.edge.entrance import caller_of
from navaar_api.wrong_tokens import WrongTokens

COOKIE = "navaar_session"
FORM_MARK_HEADER = "x-csrf-token"
_CHALLENGE = {"www-authenticate": 'Bearer realm="navaar"'}
_KNOWN = "navaar.signed_in"

Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has shown the token, or a session that the token opened."""

    session: str | None = None
    """The cookie; None for a bearer token."""


class Access:
    """Who calls, and what they may do. `reading_is_open` opens it to direct calls from this machine only."""

    def __init__(self, credentials: Credentials, *, reading_is_open: bool, now: Callable[[], datetime]) -> None:
        self.credentials = credentials
        self.wrong_tokens = WrongTokens()
        self.reading_is_open = reading_is_open
        self._now = now
        self._used_links: dict[str, datetime] = {}

    async def signed_in(self, connection: Connection) -> SignedIn | None:
        """Who calls; looked at once a request.

        Raises:
            NotAuthorizedException: a bearer token was given and is wrong.
            TooManyRequestsException: the same, after many wrong ones.
        """
        scope: Any = connection.scope
        if _KNOWN not in scope:
            scope[_KNOWN] = await self._look(connection)
        known: SignedIn | None = scope[_KNOWN]
        return known

    async def _look(self, connection: Connection) -> SignedIn | None:
        kind, _, token = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            await self.check_token(connection, token.strip())
            return SignedIn()
        cookie = connection.cookies.get(COOKIE, "")
        if cookie and self.credentials.is_session(cookie, self._now()):
            return SignedIn(cookie)
        return None

    async def check_token(self, connection: Connection, token: str) -> None:
        """Raises NotAuthorizedException, TooManyRequestsException."""
        await self._check(connection, token, self.credentials.is_token, "this is not the API token")

    async def use_link(self, connection: Connection, code: str) -> None:
        """Once for each code that `navaar dashboard` made. Raises NotAuthorizedException, TooManyRequestsException."""
        await self._check(
            connection,
            code,
            self._is_fresh_link,
            "this link is over or was used; `navaar dashboard` prints a new one",
        )

    def _is_fresh_link(self, code: str) -> bool:
        now = self._now()
        over = self.credentials.link_ends(code, now)
        if over is None or code in self._used_links:
            return False
        self._used_links = {used: until for used, until in self._used_links.items() if until > now} | {code: over}
        return True

    async def _check(self, connection: Connection, given: str, is_right: Callable[[str], bool], wrong: str) -> None:
        client = caller_of(connection.scope).counted_as
        pause = self.wrong_tokens.pause_s(client, given, monotonic())
        if pause > 0:
            if not self.wrong_tokens.enter(client, given):
                raise _too_many(pause)
            try:
                await asyncio.sleep(pause)
            finally:
                self.wrong_tokens.leave(client, given)
        if is_right(given):
            return
        self.wrong_tokens.failed(client, given, monotonic())
        if pause > 0:
            raise _too_many(pause)
        raise NotAuthorizedException(detail=wrong, headers=_CHALLENGE)


def _too_many(pause_s: float) -> TooManyRequestsException:
    return TooManyRequestsException(
        detail="too many wrong tokens", headers={"retry-after": str(math.ceil(pause_s)), **_CHALLENGE}
    )


async def may_read(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard of what only shows.

    A call from this machine may have been passed on for anybody: nginx's plain `proxy_pass` leaves no trace in it. So
    without a setting that says otherwise, it needs the token, too.
    """
    access = _of(connection)
    is_open = access.reading_is_open and caller_of(connection.scope).is_direct
    if await access.signed_in(connection) is None and not is_open:
        raise NotAuthorizedException(detail="reading needs the API token", headers=_CHALLENGE)


async def may_write(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard for programs; a browser's session must also send its form mark as X-CSRF-Token."""
    access = _of(connection)
    signed_in = await access.signed_in(connection)
    if signed_in is None:
        raise NotAuthorizedException(detail="this needs the API token", headers=_CHALLENGE)
    mark = connection.headers.get(FORM_MARK_HEADER, "")
    if signed_in.session is not None and not access.credentials.is_form_mark(signed_in.session, mark):
        raise PermissionDeniedException(detail="a session must send its X-CSRF-Token")


async def may_submit(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard for the pages' forms, whose mark is checked with the form itself."""
    if await _of(connection).signed_in(connection) is None:
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
