"""The pretend Google sign-in: the token endpoint, the device flow, and what a browser session proves.

Source: Google's OAuth 2.0 for TV and limited-input devices, and the error bodies of oauth2.googleapis.com.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any

from aiohttp import web
from multidict import CIMultiDictProxy

from navaar_sandbox.faults import Gate

SCOPE = "https://www.googleapis.com/auth/youtube"
TOKEN_SECONDS = 3599


@dataclass
class GoogleAccount:
    """Credentials of the one account. Switches make them fail as they do in life."""

    now: Callable[[], float]
    client_id: str = "sandbox-client.apps.googleusercontent.com"
    client_secret: str = "GOCSPX-sandbox-secret"  # noqa: S105 - opens nothing real
    sapisid: str = field(default_factory=lambda: f"sandbox{secrets.token_hex(12)}")
    refresh_token: str = field(default_factory=lambda: f"1//0sandbox{secrets.token_urlsafe(24)}")
    session_revoked: bool = False  # the browser session was signed out
    session_ended: bool = False  # the browser session ended silently: its owner is answered as a stranger, HTTP 200
    grant_revoked: bool = False  # access for the OAuth client was withdrawn
    refuses_oauth: bool = False  # InnerTube answers 400 to every OAuth call, as reported since 2024
    read_only: bool = False  # some sessions read but get 401 on writes
    renews_cookies: bool = False  # answers renew cookies, and who does not send them back is not known afterwards
    renewal: int = 0  # how often they were renewed
    renewed_every_s: float = 0.0  # at most so often, in life about every ten minutes
    grace_s: float = 0.0  # how long the cookies before the last renewal still count: several requests are under way
    idle_s: float | None = None  # a session that asks nothing for so long ends
    ends_silently: bool = False  # who cannot prove the account is answered as a stranger, HTTP 200, instead of 401
    device_approved: bool = True
    tokens: dict[str, float] = field(default_factory=dict)  # access token -> unix time it ends
    device_codes: dict[str, str] = field(default_factory=dict)  # device code -> user code
    _renewed_at: float = 0.0
    _asked_at: float = 0.0

    def issue(self) -> str:
        """A new access token."""
        token = f"ya29.{secrets.token_urlsafe(32)}"
        self.tokens[token] = self.now() + TOKEN_SECONDS
        return token

    def cookie(self) -> str:
        """The cookie header of a signed-in browser."""
        session, key = f"g.a000{self.sapisid}", self.sapisid
        return f"SID={session}; __Secure-3PSID={session}; __Secure-3PAPISID={key}; SAPISID={key}"

    def renew(self) -> list[str]:
        """The Set-Cookie headers of an answer, from now on needed by the next request; none while they are fresh."""
        if self.renewal and self.now() - self._renewed_at < self.renewed_every_s:
            return []
        self.renewal += 1
        self._renewed_at = self.now()
        attributes = "Domain=.youtube.com; Path=/; Secure; HttpOnly; SameSite=none"
        return [f"__Secure-3PSIDTS={self.timestamp()}; {attributes}", f"SIDCC={self.timestamp()}; {attributes}"]

    def timestamp(self, back: int = 0) -> str:
        """The value of the cookies that were renewed last, or so many renewals before."""
        return f"sidts-{hashlib.sha256(f'{self.renewal - back}|{self.sapisid}'.encode()).hexdigest()}"

    def signed_in(self, headers: CIMultiDictProxy[str]) -> bool | None:
        """True if the headers prove the account, None if they claim nothing, False if they claim and fail."""
        authorization = headers.get("Authorization", "")
        if not authorization or (self.session_ended and not authorization.startswith("Bearer ")):
            return None
        if authorization.startswith("Bearer "):
            ends = self.tokens.get(authorization.removeprefix("Bearer "), 0.0)
            return ends > self.now() and not self.grant_revoked
        if self.session_revoked:
            return False
        if self._sleeps() or not self._proves(authorization, headers):
            return None if self.ends_silently else False
        self._asked_at = self.now()
        return True

    def _sleeps(self) -> bool:
        """Whether the session was left alone for too long, for good."""
        if self.idle_s is not None and self._asked_at and self.now() - self._asked_at > self.idle_s:
            self.session_ended = True
        return self.session_ended

    def _proves(self, authorization: str, headers: CIMultiDictProxy[str]) -> bool:
        """Check SAPISIDHASH: "<time>_<sha1 of time, SAPISID and origin>", not older than a day."""
        try:
            cookie = SimpleCookie(headers.get("Cookie", "").replace('"', ""))
        except CookieError:
            return False
        if "__Secure-3PAPISID" not in cookie or cookie["__Secure-3PAPISID"].value != self.sapisid:
            return False
        sent = cookie.get("__Secure-3PSIDTS")
        if self.renewal and (sent.value if sent is not None else None) not in self._accepted():
            return False
        moment, _, digest = authorization.removeprefix("SAPISIDHASH ").partition("_")
        origin = headers.get("Origin") or headers.get("X-Origin", "")
        expected = hashlib.sha1(f"{moment} {self.sapisid} {origin}".encode()).hexdigest()  # noqa: S324 - Google's choice
        return moment.isdigit() and abs(self.now() - int(moment)) < 86_400 and hmac.compare_digest(digest, expected)

    def _accepted(self) -> tuple[str | None, ...]:
        """The values of the renewed cookie that count now; None where a sign-in never had one."""
        if self.now() - self._renewed_at >= self.grace_s:
            return (self.timestamp(),)
        return (self.timestamp(), self.timestamp(1) if self.renewal > 1 else None)


class GoogleServer:
    """/token and the device endpoint."""

    def __init__(self, account: GoogleAccount, gate: Gate) -> None:
        self._account = account
        self._gate = gate

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """The routes, below `prefix`."""
        return [
            web.post(prefix + "/token", self._token),
            web.post(prefix + "/device/code", self._device),
            web.post(prefix + "/o/oauth2/device/code", self._device),
        ]

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        grant = str(form.get("grant_type", ""))
        operation = "token.refresh" if grant == "refresh_token" else "token.device"

        async def act() -> web.Response:
            return self._grant(grant, {key: str(value) for key, value in form.items()})

        return await self._gate.call(request, "google", operation, act, shape)

    def _grant(self, grant: str, form: dict[str, str]) -> web.Response:
        account = self._account
        if form.get("client_id") != account.client_id:
            return _error(401, "invalid_client", "The OAuth client was not found.")
        if form.get("client_secret") != account.client_secret:
            return _error(401, "invalid_client", "Unauthorized")
        answer: dict[str, Any] = {"expires_in": TOKEN_SECONDS, "scope": SCOPE, "token_type": "Bearer"}
        if grant == "refresh_token":
            if account.grant_revoked or form.get("refresh_token") != account.refresh_token:
                return _error(400, "invalid_grant", "Token has been expired or revoked.")
            return web.json_response(answer | {"access_token": account.issue()})
        if grant.endswith("grant_type/device/1.0") or grant == "urn:ietf:params:oauth:grant-type:device_code":
            code = form.get("code") or form.get("device_code") or ""
            if code not in account.device_codes:
                return _error(400, "invalid_grant", "Malformed auth code.")
            if not account.device_approved:
                return _error(428, "authorization_pending", "Precondition Required")
            del account.device_codes[code]
            fresh = {
                "access_token": account.issue(),
                "refresh_token": account.refresh_token,
                "refresh_token_expires_in": 604_799,
            }
            return web.json_response(answer | fresh)
        return _error(400, "unsupported_grant_type", f"Invalid grant_type: {grant}")

    async def _device(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()

        async def act() -> web.Response:
            if form.get("client_id") != self._account.client_id:
                return _error(401, "invalid_client", "The OAuth client was not found.")
            device, user = f"AH-{secrets.token_urlsafe(24)}", "-".join(secrets.token_hex(2).upper() for _ in range(3))
            self._account.device_codes[device] = user
            where = "https://www.google.com/device"
            return web.json_response(
                {"device_code": device, "user_code": user, "expires_in": 1800, "interval": 5, "verification_url": where}
            )

        return await self._gate.call(request, "google", "device.code", act, shape)


def _error(status: int, error: str, description: str) -> web.Response:
    return web.json_response({"error": error, "error_description": description}, status=status)


def shape(status: int, retry_after: int | None) -> web.Response:
    """An error of the token endpoint."""
    response = _error(status, "internal_failure", "Backend Error")
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response
