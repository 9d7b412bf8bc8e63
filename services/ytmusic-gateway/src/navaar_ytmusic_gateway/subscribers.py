"""Which consumer goes to which handler."""

from __future__ import annotations

from functools import partial

from navaar_contracts import streams
from navaar_contracts.commands import AddItem, FindCandidates, PlaceTrack, PollPlaylist, RemoveTrack
from navaar_contracts.queries import SearchYouTube
from navaar_runtime.service import Service
from navaar_ytmusic_gateway import handlers
from navaar_ytmusic_gateway.ports import Catalogue, Playlists


def subscribe(service: Service, catalogue: Catalogue, playlists: Playlists) -> None:
    """Take this gateway's commands and questions."""
    service.on(streams.YOUTUBE_FIND, FindCandidates, handler=partial(handlers.find_candidates, catalogue=catalogue))
    service.on(streams.YOUTUBE_PLACE, PlaceTrack, handler=partial(handlers.place_track, playlists=playlists))
    service.on(streams.YOUTUBE_POLL, PollPlaylist, handler=partial(handlers.poll_playlist, playlists=playlists))
    service.on(streams.YOUTUBE_REMOVE, RemoveTrack, handler=partial(handlers.remove_track, playlists=playlists))
    service.on(streams.YOUTUBE_ADD, AddItem, handler=partial(handlers.add_item, playlists=playlists))
    service.answer(SearchYouTube, partial(handlers.search, catalogue=catalogue))
