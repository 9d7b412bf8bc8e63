"""YouTube Music gateway: watches, searches and fills one playlist per link."""

from __future__ import annotations

from functools import partial

from navaar_playlist_gateway.gateway import PlaylistGateway
from navaar_runtime.run import run
from navaar_ytmusic_gateway.settings import PLATFORM, YTMusicSettings
from navaar_ytmusic_gateway.ways import YouTube, check_account, check_playlist

GATEWAY = PlaylistGateway(
    PLATFORM,
    YTMusicSettings,
    YouTube,
    check_account,
    check_playlist,
    look=partial(YouTube, keeps=False),
)
create = GATEWAY.service
diagnose = GATEWAY.diagnose


def main() -> None:
    run(create)


if __name__ == "__main__":
    main()
