"""The pretend accounts.spotify.com: consent, codes, tokens, and how they end.

With a client secret the refresh token stays; with PKCE every refresh brings a new one and ends the old one.
Source: the Spotify authorization guides.
"""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from navaar_sandbox.faults import Gate

SCOPES = "playlist-read-private playlist-read-collaborative playlist-modify-private playlist-modify-public"
TOKEN_SECONDS = 3600
REFRESH_SECONDS = 182 * 86_400  # a refresh token dies six months after consent


@dataclass
class _Code:
    client_id: str
    redirect_uri: str
    scope: str
    challenge: str | None


@dataclass
class AccessToken:
    """What a bearer token allows; `ends` is in unix seconds, `user` None for an app without a user."""

    scope: str
    ends: float
    user: str | None


@dataclass
class _Grant:
    scope: str
    consented: float
    pkce: bool


@dataclass
class SpotifyAccounts:
    """State: the app, the one user, and every code and token given out."""

    now: Callable[[], float]
    client_id: str = "5a4d0b0c0f1e4c0d9e8f7a6b5c4d3e2f"
    client_secret: str = "sandboxsecret00000000000000000000"  # noqa: S105 - opens nothing real
    user: str = "sandboxlistener"
    consents: bool = True  # the person presses "Agree"
    revoked: bool = False  # the person removed the app's access
    codes: dict[str, _Code] = field(default_factory=dict)
    access: dict[str, AccessToken] = field(default_factory=dict)
    grants: dict[str, _Grant] = field(default_factory=dict)  # by refresh token

    def issue(self, scope: str, user: str | None) -> str:
        """A new access token."""
        token = f"BQ{secrets.token_urlsafe(48)}"
        self.access[token] = AccessToken(scope, self.now() + TOKEN_SECONDS, user)
        return token

    def sign_in(self, scope: str = SCOPES, *, pkce: bool = False) -> dict[str, object]:
        """What a finished sign-in leaves in spotipy's token cache."""
        refresh = f"AQ{secrets.token_urlsafe(48)}"
        self.grants[refresh] = _Grant(scope, self.now(), pkce)
        return {
            "access_token": self.issue(scope, self.user),
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "refresh_token": refresh,
            "scope": scope,
            "expires_at": int(self.now()) + TOKEN_SECONDS,
        }

    def expire_access(self) -> None:
        """End every access token now, as far as the API is concerned."""
        for token in self.access.values():
            token.ends = 0.0

    def grown_old(self, seconds: float) -> None:
        """Pretend that every consent was given so many seconds earlier."""
        for grant in self.grants.values():
            grant.consented -= seconds

    def token(self, authorization: str) -> AccessToken | None:
        """The token behind an Authorization header, None if there never was one."""
        return None if self.revoked else self.access.get(authorization.removeprefix("Bearer "))


class _Refused(Exception):
    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status


class SpotifyAccountsServer:
    """/authorize and /api/token."""

    def __init__(self, accounts: SpotifyAccounts, gate: Gate) -> None:
        self._accounts = accounts
        self._gate = gate

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """The routes, below `prefix`."""
        return [web.get(prefix + "/authorize", self._authorize), web.post(prefix + "/api/token", self._token)]

    async def _authorize(self, request: web.Request) -> web.StreamResponse:
        async def act() -> web.Response:
            query, accounts = request.query, self._accounts
            if query.get("client_id") != accounts.client_id:
                return web.Response(status=400, text="INVALID_CLIENT: Invalid client")
            redirect = query.get("redirect_uri", "")
            # Spotify takes plain http only for a loopback address, and no longer for the name "localhost".
            if urlsplit(redirect).hostname != "127.0.0.1":
                return web.Response(status=400, text="INVALID_CLIENT: Insecure redirect URI")
            answer = {"state": query["state"]} if "state" in query else {}
            if accounts.consents:
                code = f"AQ{secrets.token_urlsafe(64)}"
                accounts.codes[code] = _Code(
                    accounts.client_id, redirect, query.get("scope", ""), query.get("code_challenge")
                )
                answer["code"] = code
            else:
                answer["error"] = "access_denied"
            raise web.HTTPFound(f"{redirect}?{urlencode(answer)}")

        return await self._gate.call(request, "spotify_accounts", "authorize", act, shape)

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = {key: str(value) for key, value in (await request.post()).items()}

        async def act() -> web.Response:
            try:
                return web.json_response(self._grant(form, request.headers.get("Authorization", "")))
            except _Refused as refusal:
                body = {"error": refusal.error, "error_description": str(refusal)}
                return web.json_response(body, status=refusal.status)

        operation = f"token.{form.get('grant_type', 'unknown')}"
        return await self._gate.call(request, "spotify_accounts", operation, act, shape)

    def _grant(self, form: dict[str, str], authorization: str) -> dict[str, object]:
        confidential = self._client(form, authorization)
        grant_type = form.get("grant_type")
        if grant_type == "client_credentials" and confidential:
            return self._answer(self._accounts.issue("", None), "")
        if grant_type == "authorization_code":
            return self._from_code(form, confidential=confidential)
        if grant_type == "refresh_token":
            return self._from_refresh(form, confidential=confidential)
        raise _Refused("unsupported_grant_type", "grant_type parameter is missing or unknown")

    def _client(self, form: dict[str, str], authorization: str) -> bool:
        """True for a client that showed its secret, False for a public one."""
        accounts = self._accounts
        if authorization.startswith("Basic "):
            try:
                client_id, _, secret = base64.b64decode(authorization[6:]).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                raise _Refused("invalid_client", "Invalid client") from None
        else:
            client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        if client_id != accounts.client_id:
            raise _Refused("invalid_client", "Invalid client")
        if secret and secret != accounts.client_secret:
            raise _Refused("invalid_client", "Invalid client secret")
        return bool(secret)

    def _from_code(self, form: dict[str, str], *, confidential: bool) -> dict[str, object]:
        code = self._accounts.codes.pop(form.get("code", ""), None)
        if code is None:
            raise _Refused("invalid_grant", "Invalid authorization code")
        if form.get("redirect_uri") != code.redirect_uri:
            raise _Refused("invalid_grant", "Invalid redirect URI")
        if not confidential:
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if code.challenge != base64.urlsafe_b64encode(digest).decode().rstrip("="):
                raise _Refused("invalid_grant", "code_verifier was incorrect")
        self._accounts.revoked = False
        cached = self._accounts.sign_in(code.scope, pkce=not confidential)
        return {key: value for key, value in cached.items() if key != "expires_at"}

    def _from_refresh(self, form: dict[str, str], *, confidential: bool) -> dict[str, object]:
        accounts = self._accounts
        given = form.get("refresh_token", "")
        grant = accounts.grants.get(given)
        if grant is None:
            raise _Refused("invalid_grant", "Invalid refresh token")
        if accounts.revoked:
            raise _Refused("invalid_grant", "Refresh token revoked")
        if accounts.now() - grant.consented > REFRESH_SECONDS:
            raise _Refused("invalid_grant", "Refresh token expired")
        if not confidential and not grant.pkce:
            raise _Refused("invalid_client", "Invalid client secret")
        answer = self._answer(accounts.issue(grant.scope, accounts.user), grant.scope)
        if grant.pkce:
            del accounts.grants[given]
            fresh = f"AQ{secrets.token_urlsafe(48)}"
            accounts.grants[fresh] = grant
            answer["refresh_token"] = fresh
        return answer

    @staticmethod
    def _answer(token: str, scope: str) -> dict[str, object]:
        return {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS, "scope": scope}


def shape(status: int, retry_after: int | None) -> web.Response:
    """An error of the accounts service."""
    response = web.json_response({"error": "server_error", "error_description": "Failed"}, status=status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response
