"""One short function a message."""

from __future__ import annotations

from navaar_contracts.commands import AddItem, FindCandidates, PlaceTrack, PollPlaylist, RemoveTrack
from navaar_contracts.events import CandidatesFound, TrackPlaced, TrackRemoved
from navaar_contracts.queries import SearchReply, SearchSpotify
from navaar_spotify_gateway.ports import Catalogue, Playlists
from navaar_spotify_gateway.translate import track_url


async def find_candidates(command: FindCandidates, catalogue: Catalogue) -> CandidatesFound:
    """Search once; nothing found is an answer too."""
    return CandidatesFound(
        link=command.link,
        track_id=command.track_id,
        attempt=command.attempt,
        target=command.target,
        round=command.round,
        query=command.query,
        candidates=await catalogue.search(command.query, command.limit),
    )


async def place_track(command: PlaceTrack, playlists: Playlists) -> TrackPlaced:
    """Put the track into the link's playlist, unless it is there."""
    placed = await playlists.place(command)
    return placed.model_copy(update={"url": track_url(placed.external_id)})


async def poll_playlist(command: PollPlaylist, playlists: Playlists) -> None:
    """Look at the playlist now; what is new is reported by the watcher itself."""
    await playlists.poll(command)


async def remove_track(command: RemoveTrack, playlists: Playlists) -> TrackRemoved:
    """Take out what was placed by mistake."""
    return await playlists.remove(command)


async def add_item(command: AddItem, playlists: Playlists) -> None:
    """Add as a person would; the watcher reports it."""
    await playlists.add(command)


async def search(query: SearchSpotify, catalogue: Catalogue) -> SearchReply:
    """What the catalogue answers to a person's words."""
    return SearchReply(candidates=await catalogue.search(query.text, query.limit))
