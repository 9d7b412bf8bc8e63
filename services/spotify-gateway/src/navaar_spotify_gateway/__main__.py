"""Spotify gateway: watches, searches and fills one playlist per link. Off where no link has a Spotify playlist."""

from __future__ import annotations

from collections.abc import Mapping

from navaar_contracts.identifiers import Platform
from navaar_playlist_gateway.playlists import watch_playlists
from navaar_playlist_gateway.settings import PlaylistSettings
from navaar_runtime.intervals import IntervalSettings
from navaar_runtime.run import run
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load, load_links
from navaar_spotify_gateway import figures
from navaar_spotify_gateway.settings import SpotifySettings
from navaar_spotify_gateway.spotify import Catalogue, Playlist, Spotify
from navaar_spotify_gateway.subscribers import subscribe


def create(environment: Mapping[str, str]) -> Service:
    """The service, configured by `environment`; raises SettingsError."""
    links = load_links(environment)
    service = Service("spotify", load(RuntimeSettings, environment))
    settings = load(SpotifySettings, environment)
    service.show(settings)
    ids = {link.name: link.spotify_playlist_id for link in links if link.spotify_playlist_id}
    if not ids:
        return service
    spotify = Spotify(settings)
    playlists = {name: Playlist(spotify, playlist_id) for name, playlist_id in ids.items()}

    async def probe() -> None:
        for playlist in playlists.values():
            await playlist.check_readable()

    async def show() -> None:
        figures.signed_in(spotify.tokens.file.authorized_at())

    figures.begin_at_zero()
    service.measure(show)
    service.on_start(spotify.warn_of_age)
    service.note("sign-in", spotify.age)
    service.on_stop(spotify.close)
    service.guard(Platform.SPOTIFY, probe, list(playlists))
    collections, intervals = load(PlaylistSettings, environment), load(IntervalSettings, environment)
    served = watch_playlists(service, Platform.SPOTIFY, links, playlists, collections, intervals)
    subscribe(service, Catalogue(spotify), served)
    return service


def main() -> None:
    run(create)


if __name__ == "__main__":
    main()
