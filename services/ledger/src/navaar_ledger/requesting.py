"""What people ask of the ledger: about one track, or about a whole direction."""

from __future__ import annotations

from navaar_contracts.commands import AnswerReview, DeleteTrack, ReportWrongMatch, SetPause
from navaar_ledger.answering import answered
from navaar_ledger.decide import conclude
from navaar_ledger.decision import Change, Decision, Facts
from navaar_ledger.deleting import deleted
from navaar_ledger.lanes import Lane
from navaar_ledger.log_lines import by, happened
from navaar_ledger.track import Track
from navaar_ledger.turns import Outcome, Ports, take
from navaar_ledger.undoing import reported

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
