"""What `navaar doctor` asks about YouTube Music. A read proves no right to write, so that is tried by itself."""

from __future__ import annotations

from navaar_contracts.links import Link
from navaar_playlist_gateway.sign_in import NotSignedIn
from navaar_runtime.diagnostics import Diagnostic, Level, exposed_to_others
from navaar_runtime.failures import AuthRejected, Failure
from navaar_ytmusic_gateway.settings import PLATFORM, YTMusicSettings
from navaar_ytmusic_gateway.sign_in_file import read_sign_in
from navaar_ytmusic_gateway.ytmusic import YouTubeMusic

SUBJECT = "YouTube Music sign-in"


async def check_account(youtube: YouTubeMusic, settings: YTMusicSettings) -> tuple[Diagnostic, ...]:
    """The sign-in file, and whether YouTube Music accepts it."""
    found = _file(settings)
    if any(each.level is Level.PROBLEM for each in found):
        return found
    return (*found, await _account(youtube))


def _file(settings: YTMusicSettings) -> tuple[Diagnostic, ...]:
    path = settings.ytmusic_auth_file
    try:
        read_sign_in(path)
    except NotSignedIn as error:
        return (Diagnostic(SUBJECT, Level.PROBLEM, str(error), "navaar auth ytmusic"),)
    return (
        Diagnostic(SUBJECT, Level.OK, f"{path} holds browser headers"),
        *exposed_to_others(SUBJECT, path),
    )


async def _account(youtube: YouTubeMusic) -> Diagnostic:
    subject = "YouTube Music account"
    try:
        account = await youtube.call(lambda api: api.get_account_info())
    except Failure as failure:
        return Diagnostic(subject, Level.PROBLEM, failure.reason, "navaar auth ytmusic")
    return Diagnostic(subject, Level.OK, f"signed in as {account.get('accountName') or 'an account without a name'}")


async def check_playlist(youtube: YouTubeMusic, link: Link) -> Diagnostic:
    """Whether this account may edit the link's playlist."""
    subject = f"YouTube Music playlist of {link.name}"
    playlist = youtube.playlist(link.collections[PLATFORM])
    try:
        await playlist.probe()
        page = await playlist.page(0)
    except AuthRejected as refusal:
        return Diagnostic(subject, Level.PROBLEM, refusal.reason, "navaar auth ytmusic")
    except Failure as failure:
        return Diagnostic(subject, Level.PROBLEM, failure.reason, "check NAVAAR_YTMUSIC_PLAYLIST_ID and the account")
    try:
        # Some sign-ins read well and may write nothing; the playlist's own name is a write that changes nothing.
        await playlist.rename(str(page.get("title") or ""))
    except AuthRejected as refusal:
        advice = "sign in again with fresh headers of a private window: navaar auth ytmusic"
        return Diagnostic(subject, Level.PROBLEM, f"it can be read but not written: {refusal.reason}", advice)
    except Failure as failure:
        return Diagnostic(subject, Level.WARNING, f"whether it may be written could not be proved: {failure.reason}")
    if not page.get("owned"):
        return Diagnostic(
            subject, Level.WARNING, "it is a collaborative playlist of somebody else; adding may be refused"
        )
    return Diagnostic(
        subject, Level.OK, f"'{page.get('title')}', {page.get('trackCount')} entries, this account may edit it"
    )
