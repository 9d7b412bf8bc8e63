"""What watching and placing can be tuned by."""

from __future__ import annotations

from pydantic import Field

from navaar_runtime.settings import NavaarSettings


class PlaylistSettings(NavaarSettings):
    """Patience with playlists, the same for every platform."""

    settle_seconds: float = Field(
        default=10,
        ge=0,
        le=600,
        description="How long a playlist may take to show an addition before it counts as not made",
        examples=["10"],
    )
    confirm_seconds: float = Field(
        default=2,
        ge=0,
        le=60,
        description="Pause before a playlist that reads empty or shrunken is read again",
        examples=["2"],
    )
    full_read_every: int = Field(
        default=15,
        ge=1,
        le=10_000,
        description="Polls after which a playlist is read completely, even if it seems unchanged",
        examples=["15"],
    )
