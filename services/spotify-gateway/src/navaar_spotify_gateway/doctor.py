"""What `navaar doctor` asks about Spotify: two requests, and none that changes anything, there or here."""

from __future__ import annotations

from datetime import UTC, datetime

from navaar_contracts.links import Link
from navaar_playlist_gateway.facts import diagnosed
from navaar_playlist_gateway.rate_limit_pause import advice_to_wait
from navaar_runtime.diagnostics import Diagnostic, Level, exposed_to_others
from navaar_runtime.failures import Failure, RateLimited
from navaar_spotify_gateway.expiry import ends, warning
from navaar_spotify_gateway.playlist_facts import app_mode, facts_of
from navaar_spotify_gateway.settings import PLATFORM, SpotifySettings
from navaar_spotify_gateway.spotify import Spotify

SUBJECT = "Spotify sign-in"


async def check_account(spotify: Spotify, settings: SpotifySettings) -> tuple[Diagnostic, ...]:
    """The sign-in and its age, whether Spotify accepts it, and what is asked with it."""
    try:
        account = await spotify.user()
    except RateLimited as failure:
        return (Diagnostic(SUBJECT, Level.PROBLEM, failure.reason, advice_to_wait(PLATFORM)),)
    except Failure as failure:
        return (Diagnostic(SUBJECT, Level.PROBLEM, failure.reason, "navaar auth spotify"),)
    authorized_at = spotify.tokens.file.authorized_at()
    way = "its secret" if settings.spotify_client_secret.get_secret_value() else "PKCE"
    parts = [f"signed in as {account.name} through your app, with {way}"]
    if authorized_at is not None:
        parts.append(f"the sign-in lasts until {ends(authorized_at):%d %B %Y}")
    parts.append(
        f"at most {settings.spotify_requests_per_minute:g} requests a minute, {settings.spotify_requests_burst} at once"
    )
    found = [Diagnostic(SUBJECT, Level.OK, "; ".join(parts))]
    found += exposed_to_others(SUBJECT, settings.spotify_cache_path)
    aged = warning(authorized_at, datetime.now(UTC))
    if aged is not None:
        found.append(Diagnostic(SUBJECT, Level.WARNING, aged, "navaar auth spotify"))
    return tuple(found)


async def check_playlist(spotify: Spotify, link: Link) -> Diagnostic:
    """Whose the link's playlist is, how full, and whether this account may add to it."""
    subject = f"Spotify playlist of {link.name}"
    playlist = spotify.playlist(link.collections[PLATFORM])
    try:
        user = (spotify.account or await spotify.user()).id
        head = await playlist.head()
        facts = facts_of(head, user)
        if facts.may_write is None:
            facts = facts_of(head, user, added=await playlist.added_by(user))
    except RateLimited as failure:
        return Diagnostic(subject, Level.PROBLEM, failure.reason, advice_to_wait(PLATFORM))
    except Failure as failure:
        return Diagnostic(subject, Level.PROBLEM, failure.reason, "check NAVAAR_SPOTIFY_PLAYLIST_ID and the account")
    advice = (
        "sign in with the owner's account (navaar auth spotify), or set NAVAAR_SPOTIFY_PLAYLIST_ID to one of your own"
    )
    return diagnosed(subject, facts, advice, more=app_mode(head))
