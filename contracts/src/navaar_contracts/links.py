"""A link: one channel, one YouTube playlist and one Spotify playlist that are kept in step."""

from __future__ import annotations

from navaar_contracts.identifiers import Direction, LinkName, Platform
from navaar_contracts.music import Value


class Link(Value):
    """What is kept in step. Spotify is optional."""

    name: LinkName
    telegram_channel_id: str
    """A numeric id such as -1001234567890, or @channelname."""
    ytmusic_playlist_id: str
    spotify_playlist_id: str | None = None

    def platforms(self) -> tuple[Platform, ...]:
        if self.spotify_playlist_id:
            return (Platform.TELEGRAM, Platform.YOUTUBE, Platform.SPOTIFY)
        return (Platform.TELEGRAM, Platform.YOUTUBE)

    def directions(self) -> tuple[Direction, ...]:
        present = self.platforms()
        return tuple(d for d in Direction if d.origin in present and d.target in present)
