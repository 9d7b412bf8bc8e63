"""What `navaar doctor` asks about Spotify. Nothing is written."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from datetime import UTC, datetime

from navaar_contracts.links import Link
from navaar_runtime.diagnostics import Diagnostic, Level
from navaar_runtime.failures import Failure
from navaar_runtime.settings import load, load_links
from navaar_spotify_gateway.expiry import warning
from navaar_spotify_gateway.settings import PUBLIC_CLIENT_ID, SpotifySettings
from navaar_spotify_gateway.spotify import Playlist, Spotify

SUBJECT = "Spotify sign-in"


async def check_write_access(environment: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """The sign-in, its age, whether Spotify accepts it, and whether it may edit each link's playlist.

    Raises:
        SettingsError: the configuration is wrong.
    """
    settings = load(SpotifySettings, environment)
    links = [link for link in load_links(environment) if link.spotify_playlist_id]
    if not links:
        return (Diagnostic("Spotify", Level.OK, "off: no link has a Spotify playlist"),)
    spotify = Spotify(settings)
    found = list(_client(settings))
    try:
        try:
            me = await spotify.call(lambda api: api.me())
        except Failure as failure:
            return (*found, Diagnostic(SUBJECT, Level.PROBLEM, failure.reason, "navaar auth spotify"))
        user = str((me or {}).get("id") or "")
        found.append(Diagnostic(SUBJECT, Level.OK, f"signed in as {user}"))
        found.extend(_file(settings, spotify))
        found.extend([await _playlist(spotify, link, user) for link in links])
    finally:
        await spotify.close()
    return tuple(found)


def _client(settings: SpotifySettings) -> tuple[Diagnostic, ...]:
    if settings.client_id != PUBLIC_CLIENT_ID:
        return ()
    return (
        Diagnostic(
            "Spotify app",
            Level.WARNING,
            "a public client id is in use, which Spotify may limit at any time",
            "make an app at developer.spotify.com and set NAVAAR_SPOTIFY_CLIENT_ID",
        ),
    )


def _file(settings: SpotifySettings, spotify: Spotify) -> tuple[Diagnostic, ...]:
    found = []
    path = settings.spotify_cache_path
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        found.append(Diagnostic(SUBJECT, Level.WARNING, f"others on this machine can read {path}", f"chmod 600 {path}"))
    aged = warning(spotify.tokens.file.authorized_at(), datetime.now(UTC))
    if aged is not None:
        found.append(Diagnostic(SUBJECT, Level.WARNING, aged, "navaar auth spotify"))
    return tuple(found)


async def _playlist(spotify: Spotify, link: Link, user: str) -> Diagnostic:
    subject = f"Spotify playlist of {link.name}"
    try:
        about = await Playlist(spotify, link.spotify_playlist_id or "").about()
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
