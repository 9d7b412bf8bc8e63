"""What `navaar doctor` asks about Spotify. Nothing is written."""

from __future__ import annotations

from datetime import UTC, datetime

from navaar_contracts.links import Link
from navaar_playlist_gateway.rate_limit_pause import advice_to_wait
from navaar_runtime.diagnostics import Diagnostic, Level, exposed_to_others
from navaar_runtime.failures import Failure, RateLimited
from navaar_spotify_gateway.expiry import warning
from navaar_spotify_gateway.settings import PLATFORM, SpotifySettings
from navaar_spotify_gateway.spotify import Spotify

SUBJECT = "Spotify sign-in"


async def check_account(spotify: Spotify, settings: SpotifySettings) -> tuple[Diagnostic, ...]:
    """The sign-in and its age, and whether Spotify accepts it."""
    try:
        user = await spotify.user()
    except RateLimited as failure:
        return (Diagnostic(SUBJECT, Level.PROBLEM, failure.reason, advice_to_wait(PLATFORM)),)
    except Failure as failure:
        return (Diagnostic(SUBJECT, Level.PROBLEM, failure.reason, "navaar auth spotify"),)
    found = [Diagnostic(SUBJECT, Level.OK, f"signed in as {user}")]
    found += exposed_to_others(SUBJECT, settings.spotify_cache_path)
    aged = warning(spotify.tokens.file.authorized_at(), datetime.now(UTC))
    if aged is not None:
        found.append(Diagnostic(SUBJECT, Level.WARNING, aged, "navaar auth spotify"))
    return tuple(found)


async def check_playlist(spotify: Spotify, link: Link) -> Diagnostic:
    """Whether this account may add to the link's playlist."""
    subject = f"Spotify playlist of {link.name}"
    try:
        user = await spotify.user()
        about = await spotify.playlist(link.collections[PLATFORM]).about()
    except RateLimited as failure:
        return Diagnostic(subject, Level.PROBLEM, failure.reason, advice_to_wait(PLATFORM))
    except Failure as failure:
        return Diagnostic(subject, Level.PROBLEM, failure.reason, "check NAVAAR_SPOTIFY_PLAYLIST_ID and the account")
    owner = str((about.get("owner") or {}).get("id") or "")
    if owner == user:
        return Diagnostic(subject, Level.OK, f"'{about.get('name')}' belongs to this account")
    if about.get("collaborative"):
        return Diagnostic(subject, Level.OK, f"'{about.get('name')}' of {owner} is collaborative")
    return Diagnostic(
        subject,
        Level.PROBLEM,
        f"'{about.get('name')}' belongs to {owner}, not to {user}: nothing can be added to it",
        "sign in with the owner's account (navaar auth spotify), or set NAVAAR_SPOTIFY_PLAYLIST_ID to one of your own",
    )
