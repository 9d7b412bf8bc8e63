"""What `navaar doctor` asks by the Data API: at most a handful of units, and nothing is written."""

from __future__ import annotations

from navaar_contracts.links import Link
from navaar_runtime.diagnostics import Diagnostic, Level, exposed_to_others
from navaar_runtime.failures import AuthRejected, Failure, RateLimited
from navaar_ytmusic_gateway.data_api.youtube import DataYouTube
from navaar_ytmusic_gateway.settings import PLATFORM, YTMusicSettings

SUBJECT = "YouTube Music sign-in"
SIGN_IN = "navaar auth ytmusic --oauth"


async def check_account(youtube: DataYouTube, settings: YTMusicSettings) -> tuple[Diagnostic, ...]:
    """The token file, whether Google accepts it, and how many additions the day's units allow."""
    found = [Diagnostic(SUBJECT, Level.OK, f"{settings.ytmusic_auth_file} holds a Google token")]
    found += exposed_to_others(SUBJECT, settings.ytmusic_auth_file)
    try:
        channel = await youtube.channel()
    except RateLimited as failure:
        return (*found, Diagnostic("YouTube Music account", Level.PROBLEM, failure.reason, "wait until then"))
    except Failure as failure:
        return (*found, Diagnostic("YouTube Music account", Level.PROBLEM, failure.reason, SIGN_IN))
    name = str(channel.get("title") or "an account without a playlist")
    found.append(Diagnostic("YouTube Music account", Level.OK, f"signed in as {name}"))
    waiting = await youtube.waiting()
    if waiting is not None:
        found.append(Diagnostic("YouTube Data API units", Level.WARNING, waiting, "wait until then"))
    else:
        found.append(Diagnostic("YouTube Data API units", Level.OK, await youtube.forecast()))
    return tuple(found)


async def check_playlist(youtube: DataYouTube, link: Link) -> Diagnostic:
    """Whether this account may edit the link's playlist, and how it is read."""
    subject = f"YouTube Music playlist of {link.name}"
    playlist = youtube.playlist(link.collections[PLATFORM])
    try:
        await playlist.probe()
        about = await playlist.about()
    except RateLimited as failure:
        return Diagnostic(subject, Level.PROBLEM, failure.reason, "wait until then")
    except AuthRejected as refusal:
        return Diagnostic(subject, Level.PROBLEM, refusal.reason, SIGN_IN)
    except Failure as failure:
        return Diagnostic(subject, Level.PROBLEM, failure.reason, "check NAVAAR_YTMUSIC_PLAYLIST_ID and the account")
    title = (about.get("snippet") or {}).get("title")
    count = (about.get("contentDetails") or {}).get("itemCount")
    privacy = (about.get("status") or {}).get("privacyStatus")
    polls = "polls cost nothing" if privacy in ("public", "unlisted") else "each poll costs a unit"
    return Diagnostic(subject, Level.OK, f"'{title}', {count} entries, {privacy} ({polls}), this account may edit it")
