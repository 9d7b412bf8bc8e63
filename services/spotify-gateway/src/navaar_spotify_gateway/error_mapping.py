"""What a client error means for the work at hand. Pure."""

from __future__ import annotations

from typing import cast

import requests
from spotipy.exceptions import SpotifyException, SpotifyOauthError

from navaar_playlist_gateway.rate_limit_pause import RateLimitPause, retry_after
from navaar_playlist_gateway.sign_in import NotSignedIn
from navaar_runtime.failures import AuthRejected, Failure, Permanent, Transient, Translation
from navaar_spotify_gateway.session import AccountsUnavailable
from navaar_spotify_gateway.tokens import SIGN_IN

FORBIDDEN = (
    "Spotify forbids this. Causes in life: the owner of the app has no Premium, this account is not among the app's "
    "users, the playlist belongs to somebody else, or the sign-in lacks a permission (navaar auth spotify)"
)


def of_api(error: SpotifyException, pause: RateLimitPause) -> Failure:
    """The failure for an error of the Web API; a 429 begins a pause."""
    status = int(error.http_status or 0)
    said = message(error)
    colon = f": {said}" if said else ""
    if status == 429:
        return pause.begin(_retry_after(error))
    if status == 401:
        return AuthRejected(f"Spotify does not accept the sign-in (HTTP 401{colon}); {SIGN_IN}")
    if status == 403:
        return Permanent(f"{FORBIDDEN} (HTTP 403{colon})")
    if status == 404:
        return Permanent(f"Spotify does not know this playlist or track (HTTP 404{colon})")
    if status >= 500 or status in (0, 408, 409):
        return Transient(f"Spotify is in trouble (HTTP {status}{colon})")
    return Permanent(f"Spotify refuses the request (HTTP {status}{colon})")


def of_sign_in(error: SpotifyOauthError) -> Failure:
    """The failure for a refused refresh."""
    kind = error.error if isinstance(error.error, str) else ""
    if kind == "invalid_grant":
        return AuthRejected(f"the Spotify sign-in has ended: it was revoked, or its six months are over; {SIGN_IN}")
    if kind == "invalid_client":
        return AuthRejected(
            "Spotify refuses the app: check NAVAAR_SPOTIFY_CLIENT_ID and NAVAAR_SPOTIFY_CLIENT_SECRET against the way "
            f"you signed in; {SIGN_IN}"
        )
    return Transient(f"Spotify's accounts service refused to refresh the sign-in ({kind[:80] or 'no reason given'})")


def of_accounts(error: AccountsUnavailable, pause: RateLimitPause) -> Failure:
    """The failure for an accounts service that is limited or in trouble."""
    if error.status == 429:
        return pause.begin(error.retry_after_s)
    return Transient(f"Spotify's accounts service is in trouble (HTTP {error.status})")


def table(pause: RateLimitPause) -> Translation:
    """Every error that spotipy, requests and the token holder raise."""
    return {
        SpotifyException: lambda e: of_api(cast(SpotifyException, e), pause),
        SpotifyOauthError: lambda e: of_sign_in(cast(SpotifyOauthError, e)),
        AccountsUnavailable: lambda e: of_accounts(cast(AccountsUnavailable, e), pause),
        NotSignedIn: lambda e: AuthRejected(str(e)),
        requests.Timeout: lambda _: Transient("Spotify did not answer in time"),
        requests.ConnectionError: lambda _: Transient("the connection to Spotify broke or was refused"),
        requests.RequestException: lambda e: Transient(f"talking to Spotify failed ({type(e).__name__})"),
    }


def message(error: SpotifyException) -> str:
    """Spotify's own sentence; spotipy puts the address before it."""
    text = str(error.msg or "").partition(":\n ")[2] or str(error.msg or "")
    return "" if text in ("None", "") else " ".join(text.split())[:200]


def _retry_after(error: SpotifyException) -> float | None:
    headers = error.headers or {}
    return retry_after(headers.get("Retry-After") or headers.get("retry-after"))
