"""YouTube Music gateway: watches, searches and fills one playlist per link."""

from __future__ import annotations

from collections.abc import Mapping

from navaar_contracts.identifiers import Platform
from navaar_playlist_gateway.playlists import watch_playlists
from navaar_playlist_gateway.settings import PlaylistSettings
from navaar_runtime.intervals import IntervalSettings
from navaar_runtime.run import run
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load, load_links
from navaar_ytmusic_gateway import figures
from navaar_ytmusic_gateway.settings import YTMusicSettings
from navaar_ytmusic_gateway.subscribers import subscribe
from navaar_ytmusic_gateway.ytmusic import Catalogue, Playlist, YouTubeMusic


def create(environment: Mapping[str, str]) -> Service:
    """The service, configured by `environment`; raises SettingsError."""
    links = load_links(environment)
    service = Service("youtube", load(RuntimeSettings, environment))
    settings = load(YTMusicSettings, environment)
    service.show(settings)
    youtube = YouTubeMusic(settings)
    playlists = {link.name: Playlist(youtube, link.ytmusic_playlist_id) for link in links}

    async def probe() -> None:
        for playlist in playlists.values():
            await playlist.check_writable()

    figures.begin_at_zero()
    service.on_start(youtube.open)
    service.on_stop(youtube.close)
    service.guard(Platform.YOUTUBE, probe, list(playlists))
    collections, intervals = load(PlaylistSettings, environment), load(IntervalSettings, environment)
    served = watch_playlists(service, Platform.YOUTUBE, links, playlists, collections, intervals)
    subscribe(service, Catalogue(youtube), served)
    return service


def main() -> None:
    run(create)


if __name__ == "__main__":
    main()
