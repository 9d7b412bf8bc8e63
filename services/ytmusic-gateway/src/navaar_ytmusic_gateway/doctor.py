"""What `navaar doctor` asks about YouTube Music: two requests, and none that changes anything, there or here."""

from __future__ import annotations

import time

from navaar_contracts.links import Link
from navaar_playlist_gateway.facts import diagnosed
from navaar_playlist_gateway.rate_limit_pause import advice_to_wait
from navaar_playlist_gateway.sign_in import NotSignedIn
from navaar_runtime.diagnostics import Diagnostic, Level, exposed_to_others
from navaar_runtime.failures import AuthRejected, Failure, RateLimited
from navaar_ytmusic_gateway.settings import PLATFORM, YTMusicSettings
from navaar_ytmusic_gateway.sign_in_file import read_sign_in
from navaar_ytmusic_gateway.ytmusic import YouTubeMusic

SUBJECT = "YouTube Music sign-in"
ACCOUNT = "YouTube Music account"


async def check_account(youtube: YouTubeMusic, settings: YTMusicSettings) -> tuple[Diagnostic, ...]:
    """The sign-in file, whether YouTube Music accepts it, how old it is and what is asked with it."""
    found = _file(settings)
    if any(each.level is Level.PROBLEM for each in found):
        return found
    return (*found, await _account(youtube, settings))


def _file(settings: YTMusicSettings) -> tuple[Diagnostic, ...]:
    path = settings.ytmusic_auth_file
    try:
        read_sign_in(path)
    except NotSignedIn as error:
        return (Diagnostic(SUBJECT, Level.PROBLEM, str(error), "navaar auth ytmusic"),)
    return (
        Diagnostic(SUBJECT, Level.OK, f"{path} holds a browser session"),
        *exposed_to_others(SUBJECT, path),
    )


async def _account(youtube: YouTubeMusic, settings: YTMusicSettings) -> Diagnostic:
    try:
        youtube.check_pauses()
        name = await youtube.greet()
    except RateLimited as failure:
        return Diagnostic(ACCOUNT, Level.PROBLEM, failure.reason, advice_to_wait(PLATFORM))
    except Failure as failure:
        return Diagnostic(ACCOUNT, Level.PROBLEM, failure.reason, "navaar auth ytmusic")
    parts = [f"signed in as {name or 'an account without a name'}"]
    if age := youtube.account.age():
        parts.append(f"with {age}, which YouTube ends without a date")
    parts.append(_cost(settings))
    refused = youtube.account.write_refused()
    if refused:
        reason = f"{'; '.join(parts)}. It reads, but its last change of a playlist was refused: {refused}"
        return Diagnostic(ACCOUNT, Level.WARNING, reason, "sign in again from a private window: navaar auth ytmusic")
    return Diagnostic(ACCOUNT, Level.OK, "; ".join(parts))


def _cost(settings: YTMusicSettings) -> str:
    """Reading has no price; changes have a pace."""
    if not settings.ytmusic_write_interval_s:
        return "changes of playlists are not paced"
    return (
        f"one change of a playlist each {settings.ytmusic_write_interval_s:g} s, {settings.ytmusic_write_burst} at once"
    )


async def check_playlist(youtube: YouTubeMusic, link: Link) -> Diagnostic:
    """Whose the link's playlist is, how full, and whether this account may edit it."""
    subject = f"YouTube Music playlist of {link.name}"
    playlist = youtube.playlist(link.collections[PLATFORM])
    try:
        await playlist.page(0)
    except AuthRejected as refusal:
        return Diagnostic(subject, Level.PROBLEM, refusal.reason, "navaar auth ytmusic")
    except RateLimited as failure:
        return Diagnostic(subject, Level.PROBLEM, failure.reason, advice_to_wait(PLATFORM))
    except Failure as failure:
        return Diagnostic(subject, Level.PROBLEM, failure.reason, "check NAVAAR_YTMUSIC_PLAYLIST_ID and the account")
    assert playlist.facts is not None
    more = _last_change(youtube.account.wrote_at())
    return diagnosed(subject, playlist.facts, "sign in with its owner's account: navaar auth ytmusic", more=more)


def _last_change(at: float | None) -> str:
    if at is None:
        return ""
    return f"a playlist was last changed with this session at {time.strftime('%Y-%m-%d %H:%M', time.gmtime(at))} UTC"
