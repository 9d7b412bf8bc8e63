"""What people ask of the ledger: about one track, or about a whole direction."""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.commands import AnswerReview, DeleteTrack, ReportWrongMatch, RetryDeliveries, SetPause
from navaar_contracts.identifiers import DeliveryState
from navaar_contracts.records import Request, RequestTaken
from navaar_ledger.application.recovery import AT_ONCE
from navaar_ledger.application.unit_of_work import Outcome, happened, take
from navaar_ledger.domain.audit import by
from navaar_ledger.domain.decide import conclude
from navaar_ledger.domain.decision import Change, Decision, Facts
from navaar_ledger.domain.queue import Lane
from navaar_ledger.domain.removal import deleted, reported
from navaar_ledger.domain.retry import retry_asked
from navaar_ledger.domain.review import answered
from navaar_ledger.domain.track import Delivery, Track
from navaar_ledger.ports import Ports

TrackRequest = DeleteTrack | AnswerReview | ReportWrongMatch


async def ask_of_track(ports: Ports, request: TrackRequest) -> Outcome:
    """Carry out what is asked about a track, or about the one it was joined to."""

    def decider(track: Track, facts: Facts) -> Decision:
        root = facts.root(track)
        change = _asked(root, request, ports, facts)
        if change.track is root and change.closed is None:
            return Decision(messages=change.messages, after=change.after)
        return conclude(root, change, ports.now())

    return await take(ports, request.track_id, decider)


def _asked(root: Track, request: TrackRequest, ports: Ports, facts: Facts) -> Change:
    match request:
        case DeleteTrack():
            return deleted(root, request, ports.now())
        case AnswerReview():
            return answered(root, request, ports.now(), facts)
        case ReportWrongMatch():
            return reported(root, request, ports.now(), facts)


async def hold_back(ports: Ports, request: SetPause) -> list[Lane]:
    """Pause or resume; returns the lanes that may go on."""
    link = ports.rules.links[request.link]
    directions = [each for each in link.directions() if request.direction in (None, each)]
    for direction in directions:
        await ports.store.pause(request.link, direction, request.paused, request.asked_at)
    if directions:
        what = request.direction.value if request.direction is not None else "Every direction"
        done = "is held back" if request.paused else "goes on"
        event = "paused" if request.paused else "resumed"
        details = f"{what} {done}, asked{by(request.by) or ' by a person'}."
        entry = happened(request.link, event, details, request.asked_at, request.direction)
        await ports.store.note(entry, request.message_id())
    return [] if request.paused else [Lane(link.name, each, late) for each in directions for late in (False, True)]


async def retry_failed(ports: Ports, command: RetryDeliveries) -> Outcome:
    """Failed deliveries that the command names, as many as there are."""
    outcome = Outcome()
    now = ports.now()

    def decider(track: Track, facts: Facts) -> Decision:
        root = facts.root(track)
        change = Change(root)
        for delivery in root.deliveries.values():
            if command.target not in (None, delivery.target) or command.origin not in (None, delivery.origin):
                continue
            lift = _means_just_this(command, root, delivery)
            renewed = retry_asked(change.track, delivery.target, now, lift=lift)
            change = Change(renewed.track, (*change.entries, *renewed.entries), after=change.after + renewed.after)
        return conclude(root, change, now)

    if command.track_id is not None:
        return await take(ports, command.track_id, decider)
    before: int | None = None
    while page := await ports.store.tracks(command.link, None, DeliveryState.FAILED, AT_ONCE, before):
        for track in page:
            outcome.add(await take(ports, track.id, decider))
        before = page[-1].id
    return outcome


def _means_just_this(command: RetryDeliveries, track: Track, delivery: Delivery) -> bool:
    """Whether a person names this very delivery, not one of many that have failed."""
    if command.track_id is None:
        return False
    stopped = [d.target for d in track.deliveries.values() if d.state is DeliveryState.FAILED]
    return command.target is delivery.target or stopped == [delivery.target]


def taken(request: Request, at: datetime) -> RequestTaken:
    """The record of a request that has been carried out."""
    return RequestTaken(
        link=request.link,
        answer=request if isinstance(request, AnswerReview) else None,
        delete=request if isinstance(request, DeleteTrack) else None,
        wrong_match=request if isinstance(request, ReportWrongMatch) else None,
        retry=request if isinstance(request, RetryDeliveries) else None,
        pause=request if isinstance(request, SetPause) else None,
        taken_at=at,
    )
