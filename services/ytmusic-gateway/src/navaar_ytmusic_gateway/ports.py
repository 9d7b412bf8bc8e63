"""What the handlers need."""

from __future__ import annotations

from typing import Protocol

from navaar_contracts.commands import AddItem, PlaceTrack, PollPlaylist, RemoveTrack
from navaar_contracts.events import TrackPlaced, TrackRemoved
from navaar_contracts.music import Candidate


class Catalogue(Protocol):
    async def search(self, query: str, limit: int) -> tuple[Candidate, ...]:
        """At most `limit` candidates, songs before videos. Raises the failures of `navaar_runtime.failures`."""


class Playlists(Protocol):
    async def place(self, command: PlaceTrack) -> TrackPlaced: ...
    async def poll(self, command: PollPlaylist) -> None: ...
    async def remove(self, command: RemoveTrack) -> TrackRemoved: ...
    async def add(self, command: AddItem) -> None: ...
