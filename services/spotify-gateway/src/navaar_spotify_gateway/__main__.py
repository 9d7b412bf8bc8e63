"""Spotify gateway: watches, searches and fills one playlist per link. Off where no link has a Spotify playlist."""

from __future__ import annotations

from functools import partial

from navaar_playlist_gateway.gateway import PlaylistGateway
from navaar_runtime.run import run
from navaar_spotify_gateway.doctor import check_account, check_playlist
from navaar_spotify_gateway.settings import PLATFORM, SpotifySettings, missing_app
from navaar_spotify_gateway.spotify import Spotify

GATEWAY = PlaylistGateway(
    PLATFORM,
    SpotifySettings,
    Spotify,
    check_account,
    check_playlist,
    missing_app,
    look=partial(Spotify, keeps=False),
)
create = GATEWAY.service
diagnose = GATEWAY.diagnose


def main() -> None:
    run(create)


if __name__ == "__main__":
    main()
