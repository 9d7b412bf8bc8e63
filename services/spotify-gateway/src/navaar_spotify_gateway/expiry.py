"""How old a Spotify authorization may grow, and the gauge that shows it.

Refresh tokens end six months after the person agreed, and refreshing does not extend them (Spotify, June 2026).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from navaar_runtime import metrics
from navaar_spotify_gateway.settings import PLATFORM

LIFE = timedelta(days=182)
WARN_AFTER = timedelta(days=150)

_ENDS = metrics.gauge(
    "navaar_sign_in_expiry_timestamp_seconds",
    "When the sign-in ends and a person has to renew it; absent while that is not known",
    "platform",
)


def warning(authorized_at: float | None, now: datetime) -> str | None:
    """What to tell a person about an authorization of that unix time; None while there is nothing to tell."""
    if authorized_at is None:
        return "when you signed in is not known; Spotify ends a sign-in after six months: navaar auth spotify renews it"
    begun = datetime.fromtimestamp(authorized_at, UTC)
    if now - begun < WARN_AFTER:
        return None
    ends = begun + LIFE
    if now >= ends:
        return f"the Spotify sign-in of {begun:%d %B %Y} is over six months old and has ended: navaar auth spotify"
    days = max(1, (ends - now).days)
    return f"the Spotify sign-in ends on {ends:%d %B %Y} (days left: {days}): renew it with navaar auth spotify"


def ends(authorized_at: float) -> datetime:
    """When an authorization of that unix time ends."""
    return datetime.fromtimestamp(authorized_at, UTC) + LIFE


def show(authorized_at: float | None) -> None:
    """Since when the sign-in is valid, in unix time; None when nobody knows."""
    if authorized_at is None:
        _ENDS.forget(platform=PLATFORM)
    else:
        _ENDS.set(authorized_at + LIFE / timedelta(seconds=1), platform=PLATFORM)
