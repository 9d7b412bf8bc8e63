"""How often each direction has its cycle. Read by the gateways that poll and by the ledger that releases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from navaar_contracts.identifiers import Direction, Platform
from navaar_runtime.settings import NavaarSettings

Seconds = Annotated[float, Field(ge=1, le=86_400, allow_inf_nan=False)]


class IntervalSettings(NavaarSettings):
    """Seconds between two cycles, per direction."""

    sync_interval_tg_to_yt: Seconds = Field(
        default=60, description="Seconds between two cycles from Telegram to YouTube Music", examples=["60"]
    )
    sync_interval_yt_to_tg: Seconds = Field(
        default=120, description="Seconds between two cycles from YouTube Music to Telegram", examples=["120"]
    )
    sync_interval_tg_to_sp: Seconds = Field(
        default=60, description="Seconds between two cycles from Telegram to Spotify", examples=["60"]
    )
    sync_interval_sp_to_tg: Seconds = Field(
        default=120, description="Seconds between two cycles from Spotify to Telegram", examples=["120"]
    )
    sync_interval_yt_to_sp: Seconds = Field(
        default=120, description="Seconds between two cycles from YouTube Music to Spotify", examples=["120"]
    )
    sync_interval_sp_to_yt: Seconds = Field(
        default=120, description="Seconds between two cycles from Spotify to YouTube Music", examples=["120"]
    )

    def of(self, direction: Direction) -> float:
        """Seconds between two cycles of `direction`."""
        seconds: float = getattr(self, f"sync_interval_{direction.value}")
        return seconds

    def shortest_from(self, origin: Platform, directions: Iterable[Direction]) -> float:
        """How often `origin` is looked at: the shortest of its own among `directions`.

        Raises:
            ValueError: none of `directions` starts at `origin`.
        """
        return min(self.of(direction) for direction in directions if direction.origin is origin)
