"""What people ask of the ledger: about one track, or about a whole direction."""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.commands import (
    AnswerReview,
    DeleteTrack,
    PartTrack,
    ReportWrongMatch,
    RetryDeliveries,
    SetPause,
)
from navaar_contracts.identifiers import DeliveryState
from navaar_contracts.records import Request, RequestTaken
from navaar_ledger.application.recovery import AT_ONCE
from navaar_ledger.application.unit_of_work import Outcome, decided, note
from navaar_ledger.domain.audit import by
from navaar_ledger.domain.queue import DeliveryQueue
from navaar_ledger.ports import Ports


async def hold_back(ports: Ports, request: SetPause) -> list[DeliveryQueue]:
    """Pause or resume; returns the queues that may continue."""
    link = ports.policy.links[request.link]
    directions = [each for each in link.possible_directions() if request.direction in (None, each)]
    for direction in directions:
        await ports.store.pause(request.link, direction, request.paused, request.asked_at)
    if directions:
        what = request.direction.value if request.direction is not None else "Every direction"
        done = "is held back" if request.paused else "goes on"
        event = "paused" if request.paused else "resumed"
        details = f"{what} {done}, asked{by(request.by) or ' by a person'}."
        await note(ports, request.message_id(), request.link, event, details, request.asked_at, request.direction)
    return (
        []
        if request.paused
        else [DeliveryQueue(link.name, each, late) for each in directions for late in (False, True)]
    )


async def retry_failed(ports: Ports, command: RetryDeliveries) -> Outcome:
    """Failed deliveries that the command names, as many as there are."""
    if command.track_id is not None:
        return await decided(ports, command.track_id, command)
    outcome = Outcome()
    for state in (DeliveryState.FAILED, DeliveryState.LEFT_OUT):
        before: int | None = None
        while page := await ports.store.tracks(command.link, None, state, AT_ONCE, before):
            for track in page:
                outcome.add(await decided(ports, track.id, command))
            before = page[-1].id
    return outcome


def taken(request: Request, at: datetime) -> RequestTaken:
    """The record of a request that has been carried out."""
    return RequestTaken(
        link=request.link,
        answer=request if isinstance(request, AnswerReview) else None,
        delete=request if isinstance(request, DeleteTrack) else None,
        wrong_match=request if isinstance(request, ReportWrongMatch) else None,
        part=request if isinstance(request, PartTrack) else None,
        retry=request if isinstance(request, RetryDeliveries) else None,
        pause=request if isinstance(request, SetPause) else None,
        taken_at=at,
    )
