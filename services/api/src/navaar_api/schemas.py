"""What the API answers and takes, but for what the reference names after its platforms; see reference_compat."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from navaar_api.reference_compat import EXAMPLE_MOMENT as _AT
from navaar_api.reference_compat import Schema, Track
from navaar_contracts.commands import ReviewAnswer
from navaar_contracts.identifiers import LINK_NAME_PATTERN, Direction, Platform
from navaar_contracts.music import ScoredCandidate
from navaar_contracts.queries import JoinedTrack

LinkField = Annotated[str, Field(pattern=LINK_NAME_PATTERN)]


class Body(BaseModel):
    """A body we read: what we do not know is a mistake of the sender."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Log(Schema):
    id: str = Field(examples=["1763831290270-00000017-000006-00"])
    link: str = Field(examples=["main"])
    track_id: int | None = Field(examples=[17])
    event: str = Field(examples=["track_synced"])
    direction: Direction | None = Field(examples=["sp_to_tg"])
    details: str = Field(examples=["Placed on telegram as 5."])
    trace_id: str | None = Field(examples=["4bf92f3577b34da6a3ce929d0e0e4736"])
    created_at: AwareDatetime = Field(examples=[_AT])


class TrackDetail(Track):
    joined: tuple[JoinedTrack, ...] = Field(
        default=(), description="The posts and items that were joined to it; each can be parted again by its number"
    )
    logs: tuple[Log, ...] = Field(description="The latest entries of its log, newest first")
    journey: tuple[Log, ...] = Field(description="The same, oldest first")


class TrackPage(Schema):
    tracks: tuple[Track, ...]
    next_cursor: str | None = Field(
        description="Pass it as `cursor` for what follows; null at the end", examples=[None]
    )


class FailedPage(Schema):
    count: int = Field(description="Failed deliveries altogether", examples=[1])
    tracks: tuple[Track, ...]
    next_cursor: str | None = Field(examples=[None])


class LogPage(Schema):
    logs: tuple[Log, ...]
    next_cursor: str | None = Field(examples=[None])


class Review(Schema):
    """An open question: which of these, if any, is the recording?"""

    track: Track
    direction: Direction
    target: Platform
    reason: str
    proposals: tuple[ScoredCandidate, ...] = Field(description="Best first")


class ReviewPage(Schema):
    reviews: tuple[Review, ...]
    next_cursor: str | None = Field(examples=[None])


class Pauses(Schema):
    paused: tuple[Direction, ...] = Field(examples=[["yt_to_tg"]])


class Accepted(Schema):
    """The request is on record and will be carried out; the dashboard and /api/tracks show what comes of it."""

    accepted: bool = True
    what: str = Field(examples=["2 deliveries of track 17 are tried again"])


class SyncRequest(Body):
    """Which directions to run now; empty means all."""

    direction: Direction | None = Field(default=None, examples=["sp_to_tg"])
    origin: Platform | None = Field(default=None, description="All directions from this platform")
    link: LinkField | None = Field(default=None, examples=["main"])


class RetryRequest(Body):
    """Which failed deliveries to try again; empty means all."""

    direction: Direction | None = Field(default=None, examples=["sp_to_tg"])
    origin: Platform | None = None
    target: Platform | None = None
    link: LinkField | None = Field(default=None, examples=["main"])


class TrackRetryRequest(Body):
    target: Platform | None = Field(
        default=None, description="Only the delivery to this platform", examples=["spotify"]
    )


class WrongMatchRequest(Body):
    target: Platform = Field(description="Where the wrong recording is", examples=["youtube"])


class AnswerRequest(Body):
    answer: ReviewAnswer = Field(examples=["pick"])
    external_id: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="For pick: one of the proposals, or any id of that platform",
        examples=["UzEoyos9f7I"],
    )


class PauseRequest(Body):
    paused: bool
    direction: Direction | None = Field(default=None, description="Empty means all", examples=["yt_to_tg"])
    link: LinkField | None = Field(default=None, examples=["main"])
