"""What an error of the Data API or of Google's sign-in means for the work at hand. Pure, but for the pauses it begins.

Source: https://developers.google.com/youtube/v3/docs/errors and the pages of the methods.
"""

from __future__ import annotations

import re
from typing import cast

import requests

from navaar_contracts.events import FailureKind
from navaar_playlist_gateway.rate_limit_pause import RateLimitPause
from navaar_playlist_gateway.sign_in import NotSignedIn
from navaar_runtime.failures import AuthRejected, Failure, Permanent, Transient, Translation
from navaar_ytmusic_gateway.data_api.calls import DAY_OVER, DataApiRefused
from navaar_ytmusic_gateway.data_api.google_oauth import OAuthRefused
from navaar_ytmusic_gateway.data_api.quota_ledger import QuotaLedger
from navaar_ytmusic_gateway.error_mapping import playlist_full
from navaar_ytmusic_gateway.session import NotJson, RequestRefused

SIGN_IN = "sign in again with: navaar auth ytmusic --oauth"

_TOO_QUICK = frozenset(
    {"rateLimitExceeded", "userRateLimitExceeded", "servingLimitExceeded", "concurrentLimitExceeded",
     "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"}
)  # fmt: skip
_API_OFF = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_SCOPE_MISSING = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
_A_DAY = re.compile(r"\bper day\b|\bdaily\b", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")


def of_refusal(refused: DataApiRefused, pause: RateLimitPause, quota: QuotaLedger) -> Failure:
    """The failure for an error of the API. Too many requests begin `pause`, used up units end the day of `quota`."""
    status, reason = refused.status, refused.reason
    said = f"HTTP {status}, {_TAGS.sub('', refused.message).rstrip('.') or reason or 'no reason given'}"
    if reason in DAY_OVER or (status in (403, 429) and _A_DAY.search(refused.message)):
        return quota.ended()
    if reason in _TOO_QUICK or status == 429:
        return pause.begin(refused.retry_after_s)
    if reason == "playlistContainsMaximumNumberOfVideos":
        return playlist_full(refused.message or "no reason given")
    if status >= 500 or status in (408, 409):
        return Transient(f"the YouTube Data API is in trouble ({said})")
    if reason in ("youtubeSignupRequired", "channelNotFound"):
        return AuthRejected(f"the account has no YouTube channel yet: make one on youtube.com ({said})")
    if reason in _API_OFF:
        return AuthRejected(
            "the Google project of NAVAAR_YTMUSIC_CLIENT_ID has no YouTube Data API v3: enable it on "
            f"console.cloud.google.com, APIs & Services ({said})"
        )
    if status == 401 or reason in _SCOPE_MISSING:
        return AuthRejected(f"YouTube does not accept the Google sign-in ({said}); {SIGN_IN}")
    if status == 403:
        return AuthRejected(
            f"YouTube forbids this to the account that is signed in ({said}): use the account that owns the playlist; "
            f"{SIGN_IN}"
        )
    if reason == "playlistNotFound":
        return Permanent(f"YouTube does not know this playlist, or hides it from this account ({said})")
    if reason in ("videoNotFound", "failedPrecondition"):
        return Permanent(f"YouTube does not have this video any more, or not for this account ({said})")
    if status == 404:
        return Permanent(f"YouTube does not know this playlist or video ({said})")
    return Permanent(f"YouTube refuses the request ({said})", FailureKind.PERMANENT)


def of_sign_in(refused: OAuthRefused) -> Failure:
    """The failure for a refused refresh."""
    if refused.error == "invalid_grant":
        return AuthRejected(
            "the Google sign-in has ended: it was revoked, or its app is in Testing, where a sign-in lasts seven days "
            f"(publish the app); {SIGN_IN}"
        )
    if refused.error in ("invalid_client", "unauthorized_client", "deleted_client"):
        return AuthRejected(
            "Google refuses the OAuth client: check NAVAAR_YTMUSIC_CLIENT_ID and NAVAAR_YTMUSIC_CLIENT_SECRET against "
            f"the client that the sign-in was made with; {SIGN_IN}"
        )
    return Transient(f"Google refused to refresh the sign-in ({refused.error})")


def of_oauth_server(refused: RequestRefused, pause: RateLimitPause) -> Failure:
    """The failure for an OAuth server that is limited or in trouble."""
    if refused.status == 429:
        return pause.begin(refused.retry_after_s)
    return Transient(f"Google's sign-in service is in trouble (HTTP {refused.status})")


def table(pause: RateLimitPause, quota: QuotaLedger) -> Translation:
    """Every error that a request to the API raises."""
    return {
        DataApiRefused: lambda e: of_refusal(cast(DataApiRefused, e), pause, quota),
        OAuthRefused: lambda e: of_sign_in(cast(OAuthRefused, e)),
        RequestRefused: lambda e: of_oauth_server(cast(RequestRefused, e), pause),
        NotSignedIn: lambda e: AuthRejected(str(e)),
        NotJson: lambda _: Transient("the YouTube Data API sent something that is no JSON"),
        requests.Timeout: lambda _: Transient("the YouTube Data API did not answer in time"),
        requests.ConnectionError: lambda _: Transient("the connection to the YouTube Data API broke or was refused"),
        requests.RequestException: lambda e: Transient(f"talking to YouTube failed ({type(e).__name__})"),
    }
