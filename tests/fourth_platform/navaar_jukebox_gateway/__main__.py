"""Jukebox gateway: watches, searches and fills one playlist per link."""

from __future__ import annotations

from navaar_contracts.links import Link
from navaar_jukebox_gateway.jukebox import Jukebox
from navaar_jukebox_gateway.settings import PLATFORM, JukeboxSettings
from navaar_playlist_gateway.gateway import PlaylistGateway
from navaar_runtime.diagnostics import Diagnostic, Level
from navaar_runtime.failures import Failure
from navaar_runtime.run import run


async def check_account(jukebox: Jukebox, settings: JukeboxSettings) -> tuple[Diagnostic, ...]:
    """Whether a token is set; each playlist shows whether it is accepted."""
    if settings.jukebox_token.get_secret_value():
        return ()
    return (Diagnostic("Jukebox", Level.PROBLEM, "there is no token", "set NAVAAR_JUKEBOX_TOKEN"),)


async def check_playlist(jukebox: Jukebox, link: Link) -> Diagnostic:
    """Whether the playlist can be read; Jukebox knows no right beyond that."""
    subject = f"Jukebox playlist of {link.name}"
    try:
        await jukebox.playlist(link.collections[PLATFORM]).probe()
    except Failure as failure:
        return Diagnostic(subject, Level.PROBLEM, failure.reason, "check NAVAAR_JUKEBOX_PLAYLIST_ID")
    return Diagnostic(subject, Level.OK, "it can be read and written")


GATEWAY = PlaylistGateway(PLATFORM, JukeboxSettings, Jukebox, check_account, check_playlist)
create = GATEWAY.service


def main() -> None:
    run(create)


if __name__ == "__main__":
    main()
