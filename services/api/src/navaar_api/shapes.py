"""What the API answers and takes: the shapes of its documents."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from navaar_contracts.commands import ReviewAnswer
from navaar_contracts.identifiers import LINK_NAME_PATTERN, Direction, FirstSync, Platform
from navaar_contracts.music import ItemMetadata, Recording, ScoredCandidate
from navaar_contracts.queries import DeliveryView

_AT = "2026-11-22T17:21:30.270526Z"
LinkField = Annotated[str, Field(pattern=LINK_NAME_PATTERN)]


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True)


class Taken(BaseModel):
    """A body we read: what we do not know is a mistake of the sender."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Track(Shape):
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


class Log(Shape):
    id: str = Field(examples=["1763831290270-00000017-000006-00"])
    link: str = Field(examples=["main"])
    track_id: int | None = Field(examples=[17])
    event: str = Field(examples=["track_synced"])
    direction: Direction | None = Field(examples=["sp_to_tg"])
    details: str = Field(examples=["Placed on telegram as 5."])
    trace_id: str | None = Field(examples=["4bf92f3577b34da6a3ce929d0e0e4736"])
    created_at: AwareDatetime = Field(examples=[_AT])


class TrackDetail(Track):
    logs: tuple[Log, ...] = Field(description="The latest entries of its log, newest first")
    journey: tuple[Log, ...] = Field(description="The same, oldest first")


class TrackPage(Shape):
    tracks: tuple[Track, ...]
    next_cursor: str | None = Field(
        description="Pass it as `cursor` for what follows; null at the end", examples=[None]
    )


class FailedPage(Shape):
    count: int = Field(description="Failed deliveries altogether", examples=[1])
    tracks: tuple[Track, ...]
    next_cursor: str | None = Field(examples=[None])


class Pending(Shape):
    """Per direction, newest first, at most `limit` each; `count` counts all."""

    count: int = Field(examples=[0])
    tg_to_yt: tuple[Track, ...] = ()
    yt_to_tg: tuple[Track, ...] = ()
    tg_to_sp: tuple[Track, ...] = ()
    sp_to_tg: tuple[Track, ...] = ()
    yt_to_sp: tuple[Track, ...] = ()
    sp_to_yt: tuple[Track, ...] = ()


class LogPage(Shape):
    logs: tuple[Log, ...]
    next_cursor: str | None = Field(examples=[None])


class LastSyncs(Shape):
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
    tg_to_yt_synced: int = 0
    yt_to_tg_synced: int = 0
    tg_to_sp_synced: int = 0
    sp_to_tg_synced: int = 0
    yt_to_sp_synced: int = 0
    sp_to_yt_synced: int = 0
    success_rate: float | None = Field(description="Per cent of what is settled", examples=[100.0])
    uptime_seconds: float | None = Field(examples=[131.4])
    paused: tuple[Direction, ...] = Field(examples=[[]])


class CollectionState(Shape):
    link: str = Field(examples=["main"])
    platform: Platform
    policy: FirstSync = Field(description="What its first sight means")
    opened_at: AwareDatetime | None = Field(description="When its first complete reading was recorded")
    items: int = Field(examples=[120])


class SyncState(LastSyncs):
    yt_playlist_track_count: int = Field(examples=[120])
    sp_playlist_track_count: int = Field(examples=[120])
    collections: tuple[CollectionState, ...]


class Review(Shape):
    """An open question: which of these, if any, is the recording?"""

    track: Track
    direction: Direction
    target: Platform
    reason: str
    proposals: tuple[ScoredCandidate, ...] = Field(description="Best first")


class ReviewPage(Shape):
    reviews: tuple[Review, ...]
    next_cursor: str | None = Field(examples=[None])


class Pauses(Shape):
    paused: tuple[Direction, ...] = Field(examples=[["yt_to_tg"]])


class Accepted(Shape):
    """The request is on record and will be carried out; the dashboard and /api/tracks show what comes of it."""

    accepted: bool = True
    what: str = Field(examples=["2 deliveries of track 17 are tried again"])


class SyncRequest(Taken):
    """Which directions to run now; empty means all."""

    direction: Direction | None = Field(default=None, examples=["sp_to_tg"])
    origin: Platform | None = Field(default=None, description="All directions from this platform")
    link: LinkField | None = Field(default=None, examples=["main"])


class RetryRequest(Taken):
    """Which failed deliveries to try again; empty means all."""

    direction: Direction | None = Field(default=None, examples=["sp_to_tg"])
    origin: Platform | None = None
    target: Platform | None = None
    link: LinkField | None = Field(default=None, examples=["main"])


class TrackRetryRequest(Taken):
    target: Platform | None = Field(
        default=None, description="Only the delivery to this platform", examples=["spotify"]
    )


class WrongMatchRequest(Taken):
    target: Platform = Field(description="Where the wrong recording is", examples=["youtube"])


class AnswerRequest(Taken):
    answer: ReviewAnswer = Field(examples=["pick"])
    external_id: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="For pick: one of the proposals, or any id of that platform",
        examples=["UzEoyos9f7I"],
    )


class PauseRequest(Taken):
    paused: bool
    direction: Direction | None = Field(default=None, description="Empty means all", examples=["yt_to_tg"])
    link: LinkField | None = Field(default=None, examples=["main"])
