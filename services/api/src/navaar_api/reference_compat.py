"""The documents whose fields the reference names after its three platforms and their six directions.

Nothing else in this service names a platform. What came later has the same things for any platform: `items` and
`deliveries` of a track, `collections` of the state.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from navaar_client.counts import deliveries
from navaar_contracts.identifiers import DeliveryState, Direction, FirstSync, Platform
from navaar_contracts.music import ItemMetadata, Recording
from navaar_contracts.queries import CountsReply, DeliveryView, SyncStateReply, TrackView

EXAMPLE_MOMENT = "2026-11-22T17:21:30.270526Z"
_AT = EXAMPLE_MOMENT


class Schema(BaseModel):
    model_config = ConfigDict(frozen=True)


class Track(Schema):
    """One track. `direction`, `status` and what follows from them describe one delivery: the one that the filter is
    about, else the first; `deliveries` has all of them."""

    id: int = Field(examples=[17])
    link: str = Field(examples=["main"])
    direction: Direction | None = Field(examples=["sp_to_tg"])
    status: str = Field(
        description="State of that delivery; of a track without deliveries the track's own: identifying, baseline, "
        "merged or deleted",
        examples=["synced"],
    )
    artist: str | None = Field(examples=["Juniper Vale"])
    title: str = Field(examples=["Amber Harbour"])
    display: str = Field(examples=["Juniper Vale - Amber Harbour"])
    identification_method: str | None = Field(examples=["sp_metadata"])
    tg_message_id: int | None = Field(examples=[5])
    tg_file_id: str | None = None
    tg_file_unique_id: str | None = None
    yt_video_id: str | None = Field(examples=["UzEoyos9f7I"])
    yt_set_video_id: str | None = None
    sp_track_id: str | None = Field(examples=["JR8eXgWzIdHZobOM6JhrOd"])
    duration_seconds: float | None = Field(examples=[228.9])
    failure_reason: str | None = Field(examples=[None])
    retry_count: int = Field(examples=[0])
    max_retries: int | None = Field(examples=[3])
    created_at: AwareDatetime = Field(examples=[_AT])
    updated_at: AwareDatetime = Field(examples=[_AT])
    synced_at: AwareDatetime | None = Field(examples=[_AT])
    state: str = Field(description="The track's own state", examples=["identified"])
    merged_into: int | None = None
    joined_at: AwareDatetime | None = Field(default=None, description="When it was joined to that one")
    joined_why: str | None = Field(default=None, description="Why it was joined to that one")
    posts: int = Field(default=1, description="How many posts and items this one song consists of", examples=[2])
    parted: tuple[int, ...] = Field(default=(), description="Tracks of which a person said that they are other songs")
    origin: Platform = Field(examples=["spotify"])
    origin_external_id: str = Field(examples=["JR8eXgWzIdHZobOM6JhrOd"])
    url: str | None = Field(description="The item at its origin")
    cover_url: str | None = None
    trace_id: str | None = Field(examples=["4bf92f3577b34da6a3ce929d0e0e4736"])
    backfill: bool = Field(description="Was there before Navaar saw the collection")
    items: dict[Platform, str] = Field(description="Where the recording is, and under which id")
    item: ItemMetadata
    recording: Recording | None
    deliveries: tuple[DeliveryView, ...]


class Pending(Schema):
    """Per direction, newest first, at most `limit` each; `count` counts all."""

    count: int = Field(examples=[0])
    tg_to_yt: tuple[Track, ...] = ()
    yt_to_tg: tuple[Track, ...] = ()
    tg_to_sp: tuple[Track, ...] = ()
    sp_to_tg: tuple[Track, ...] = ()
    yt_to_sp: tuple[Track, ...] = ()
    sp_to_yt: tuple[Track, ...] = ()


class Counts(Schema):
    """Deliveries per state, one object a direction."""

    tg_to_yt: dict[DeliveryState, int]
    yt_to_tg: dict[DeliveryState, int]
    tg_to_sp: dict[DeliveryState, int]
    sp_to_tg: dict[DeliveryState, int]
    yt_to_sp: dict[DeliveryState, int]
    sp_to_yt: dict[DeliveryState, int]


class LastSyncs(Schema):
    """When each direction's latest cycle ended, in seconds since 1970."""

    last_tg_to_yt_sync: float | None = Field(default=None, examples=[1795454490.2])
    last_yt_to_tg_sync: float | None = None
    last_tg_to_sp_sync: float | None = None
    last_sp_to_tg_sync: float | None = None
    last_yt_to_sp_sync: float | None = None
    last_sp_to_yt_sync: float | None = None


class Stats(LastSyncs):
    total: int = Field(description="Deliveries", examples=[16])
    tracks: int = Field(examples=[8])
    synced: int = Field(examples=[15])
    failed: int = Field(examples=[0])
    duplicates: int = Field(description="Were in the target already", examples=[1])
    pending: int = Field(description="All that is not settled, reviews and retries included", examples=[0])
    in_review: int = Field(examples=[0])
    waiting_for_approval: int = Field(
        default=0, description="Deliveries that only the plan keeps from going on", examples=[0]
    )
    tg_to_yt_synced: int = 0
    yt_to_tg_synced: int = 0
    tg_to_sp_synced: int = 0
    sp_to_tg_synced: int = 0
    yt_to_sp_synced: int = 0
    sp_to_yt_synced: int = 0
    success_rate: float | None = Field(description="Per cent of what is settled", examples=[100.0])
    uptime_seconds: float | None = Field(examples=[131.4])
    paused: tuple[Direction, ...] = Field(examples=[[]])


class CollectionState(Schema):
    link: str = Field(examples=["main"])
    platform: Platform
    policy: FirstSync = Field(description="What its first sight means")
    opened_at: AwareDatetime | None = Field(description="When its first complete reading was recorded")
    items: int = Field(examples=[120])


class SyncState(LastSyncs):
    yt_playlist_track_count: int = Field(examples=[120])
    sp_playlist_track_count: int = Field(examples=[120])
    collections: tuple[CollectionState, ...]


_DIRECTIONS = tuple(Direction(d) for d in ("tg_to_yt", "yt_to_tg", "tg_to_sp", "sp_to_tg", "yt_to_sp", "sp_to_yt"))
_TELEGRAM, _YOUTUBE, _SPOTIFY = Platform("telegram"), Platform("youtube"), Platform("spotify")


def track_fields(view: TrackView) -> dict[str, Any]:
    """Where a recording is, under the reference's names."""
    message = view.items.get(_TELEGRAM, "")
    return {
        "tg_message_id": int(message) if message.isdecimal() else None,
        "tg_file_id": view.item.file_id,
        "tg_file_unique_id": view.item.file_unique_id,
        "yt_video_id": view.items.get(_YOUTUBE),
        "yt_set_video_id": view.item.set_video_id,
        "sp_track_id": view.items.get(_SPOTIFY),
    }


def counts(reply: CountsReply) -> Counts:
    return Counts.model_validate({d.value: reply.counts.get(d, {}) for d in _DIRECTIONS})


async def pending(count: int, waiting: Callable[[Direction], Awaitable[tuple[Track, ...]]]) -> Pending:
    """`waiting` gives what waits in one direction; all are asked for at once."""
    lists = await asyncio.gather(*map(waiting, _DIRECTIONS))
    return Pending.model_validate({"count": count, **dict(zip((d.value for d in _DIRECTIONS), lists, strict=True))})


def stats(reply: CountsReply, now: datetime) -> Stats:
    """Totals, per-direction synced, success rate in per cent, uptime in seconds, latest cycles."""
    total, synced = deliveries(reply), deliveries(reply, DeliveryState.SYNCED)
    failed, duplicates = deliveries(reply, DeliveryState.FAILED), deliveries(reply, DeliveryState.DUPLICATE)
    settled = synced + duplicates + failed
    return Stats.model_validate(
        {
            "total": total,
            "tracks": reply.tracks,
            "synced": synced,
            "failed": failed,
            "duplicates": duplicates,
            "pending": total - settled,
            "in_review": deliveries(reply, DeliveryState.REVIEW),
            "waiting_for_approval": sum(reply.held.values()),
            **{f"{d.value}_synced": deliveries(reply, DeliveryState.SYNCED, directions=[d]) for d in _DIRECTIONS},
            "success_rate": round(100 * (synced + duplicates) / settled, 1) if settled else None,
            "uptime_seconds": round((now - reply.started_at).total_seconds(), 1) if reply.started_at else None,
            "paused": reply.paused,
            **_last_syncs(reply.last_cycle),
        }
    )


def sync_state(reply: SyncStateReply) -> SyncState:
    def items(platform: Platform) -> int:
        return sum(c.items for c in reply.collections if c.platform == platform)

    return SyncState.model_validate(
        {
            **_last_syncs(reply.last_cycle),
            "yt_playlist_track_count": items(_YOUTUBE),
            "sp_playlist_track_count": items(_SPOTIFY),
            "collections": [collection.model_dump() for collection in reply.collections],
        }
    )


def _last_syncs(last_cycle: Mapping[Direction, datetime]) -> dict[str, float | None]:
    return {f"last_{d.value}_sync": last_cycle[d].timestamp() if d in last_cycle else None for d in _DIRECTIONS}
