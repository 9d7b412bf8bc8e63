"""What the ledger writes into the history so that it can be read again from it: facts that no other service knows."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from navaar_contracts.commands import (
    AnswerReview,
    DeleteTrack,
    PartTrack,
    ReportWrongMatch,
    RetryDeliveries,
    SetPause,
)
from navaar_contracts.identifiers import Identity, Platform
from navaar_contracts.message import AwareDatetime, Event, named

Request = AnswerReview | DeleteTrack | ReportWrongMatch | PartTrack | RetryDeliveries | SetPause
REQUESTS: tuple[type[Request], ...] = (
    AnswerReview,
    DeleteTrack,
    ReportWrongMatch,
    PartTrack,
    RetryDeliveries,
    SetPause,
)


class TrackDiscovered(Event):
    """An item that nobody had claimed has become a track of this number."""

    topic: ClassVar[str] = "track.discovered"

    track_id: int = Field(ge=1)
    platform: Platform
    external_id: str = Field(min_length=1)
    identity: Identity = ""
    """As in TrackCommand."""
    discovered_at: AwareDatetime

    def message_id(self) -> str:
        return f"discovered:{self.link}:{named(self.track_id, self.identity)}"


class RequestTaken(Event):
    """The ledger has carried out what a person asked. Exactly one of the six is set.

    Commands leave their queue once they are done; this keeps what people decided in the history.
    """

    topic: ClassVar[str] = "request.taken"

    answer: AnswerReview | None = None
    delete: DeleteTrack | None = None
    wrong_match: ReportWrongMatch | None = None
    part: PartTrack | None = None
    retry: RetryDeliveries | None = None
    pause: SetPause | None = None
    taken_at: AwareDatetime

    @property
    def request(self) -> Request | None:
        """The one that is set."""
        return self.answer or self.delete or self.wrong_match or self.part or self.retry or self.pause

    def message_id(self) -> str:
        request = self.request
        return f"taken:{request.message_id()}" if request is not None else f"taken:{self.link}:nothing"
