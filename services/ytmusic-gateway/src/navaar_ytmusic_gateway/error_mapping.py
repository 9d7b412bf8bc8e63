"""What a client error means for the work at hand. Pure."""

from __future__ import annotations

import re
from typing import cast

import requests
from ytmusicapi.exceptions import YTMusicError, YTMusicGatedError, YTMusicUserError

from navaar_contracts.causes import Cause
from navaar_contracts.events import FailureKind
from navaar_playlist_gateway.rate_limit_pause import RateLimitPause
from navaar_playlist_gateway.sign_in import NotSignedIn
from navaar_runtime.failures import AuthRejected, Failure, Permanent, Transient, Translation
from navaar_ytmusic_gateway.session import NotJson, RequestRefused, SignedOut
from navaar_ytmusic_gateway.settings import PLATFORM
from navaar_ytmusic_gateway.sign_in_file import SIGN_IN

LAYOUT = (
    "YouTube Music answered in a layout that ytmusicapi does not know; if this stays so, update Navaar or ytmusicapi"
)

SIGNED_OUT = (
    "the YouTube Music session has ended, YouTube Music answers as it answers a stranger; "
    "sign in again with: navaar auth ytmusic"
)


_FOR_NOW = re.compile(
    r"try again later|not available right now|temporarily|too (?:many|often|quickly|fast)|slow down|quota|rate.?limit",
    re.IGNORECASE,
)


_FULL = re.compile(r"maximum playlist size|playlist is full|playlist size (?:is |was )?exceeded", re.IGNORECASE)
MOST = PLATFORM.spec.holds_at_most or 0
"""Songs that YouTube Music lets one playlist hold."""


def is_full(said: str) -> bool:
    """Whether the server's sentence says that the playlist takes no more."""
    return _FULL.search(said) is not None


def playlist_full(said: str) -> Permanent:
    """The failure for it: a later attempt helps once a person has made room."""
    return Permanent(
        f"the playlist is full: YouTube Music lets it hold {MOST:,} songs ({said.rstrip('.')}); take some out, and "
        "what waits is added by itself",
        FailureKind.EXHAUSTED,
        cause=Cause.PLAYLIST_FULL,
    )


def is_for_now(said: str) -> bool:
    """Whether the server's sentence refuses what is asked too often, not what is asked."""
    return _FOR_NOW.search(said) is not None


def of_status(refused: RequestRefused, pause: RateLimitPause, refusals: RateLimitPause) -> Failure:
    """The failure for an HTTP error status; a 429 begins `pause`, a refusal for now in other words `refusals`."""
    status, said = refused.status, f": {refused.message}" if refused.message else ""
    if status == 429:
        return pause.begin(refused.retry_after_s)
    if status in (400, 403, 409) and is_full(refused.message):
        return playlist_full(refused.message)
    if status in (400, 403) and is_for_now(refused.message):
        return refusals.begin(refused.retry_after_s)
    if status >= 500 or status in (408, 409):
        return Transient(f"YouTube Music is in trouble (HTTP {status}{said})")
    if status in (401, 403):
        return AuthRejected(f"YouTube Music refuses the sign-in (HTTP {status}{said}); {SIGN_IN}")
    if status == 404:
        return Permanent(f"YouTube Music does not know this playlist or video (HTTP 404{said})")
    return Permanent(f"YouTube Music refuses the request (HTTP {status}{said})")


def table(pause: RateLimitPause, refusals: RateLimitPause | None = None) -> Translation:
    """Every error that ytmusicapi and the session raise.

    `refusals` is begun instead of `pause` where what is asked for is refused for now.
    """
    return {
        RequestRefused: lambda e: of_status(cast(RequestRefused, e), pause, refusals or pause),
        SignedOut: lambda _: AuthRejected(SIGNED_OUT),
        NotJson: lambda _: Transient("YouTube Music sent a web page instead of data: a consent form, captcha or proxy"),
        NotSignedIn: lambda e: AuthRejected(str(e)),
        YTMusicGatedError: lambda _: AuthRejected(
            "YouTube Music asks for a confirmation in its own page; the account may be restricted. Open "
            "music.youtube.com with this account and answer the dialog"
        ),
        YTMusicUserError: lambda _: AuthRejected(f"the YouTube Music sign-in cannot be used; {SIGN_IN}"),
        YTMusicError: lambda _: Transient("YouTube Music answered with an error"),
        requests.Timeout: lambda _: Transient("YouTube Music did not answer in time"),
        requests.ConnectionError: lambda _: Transient("the connection to YouTube Music broke or was refused"),
        requests.RequestException: lambda e: Transient(f"talking to YouTube Music failed ({type(e).__name__})"),
        # ytmusicapi quotes whole answers in these, so their texts go nowhere.
        KeyError: lambda _: Transient(LAYOUT),
        IndexError: lambda _: Transient(LAYOUT),
        TypeError: lambda _: Transient(LAYOUT),
        AttributeError: lambda _: Transient(LAYOUT),
        ValueError: lambda _: Transient(LAYOUT),
    }
