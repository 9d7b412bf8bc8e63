"""What a person or program may ask for: looked at first, then said to the ledger and the gateways.

Each function returns a sentence about what was asked for. They raise Unknown, Refused or Unavailable.
"""

from __future__ import annotations

from navaar_api.desk import Desk, Refused, directions
from navaar_contracts.commands import (
    AnswerReview,
    DeleteTrack,
    PollPlaylist,
    ReportWrongMatch,
    RetryDeliveries,
    ReviewAnswer,
    RunCycle,
    SetPause,
)
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.message import Message, stamp


async def retry_track(desk: Desk, track_id: int, target: Platform | None) -> str:
    track = await desk.track(track_id)
    failed = [d for d in track.deliveries if d.state is DeliveryState.FAILED and target in (None, d.target)]
    if not failed:
        where = f" to {target}" if target else ""
        raise Refused(f"no delivery of track {track_id}{where} has failed")
    await desk.tell(RetryDeliveries(link=track.link, track_id=track_id, target=target, asked_at=desk.now()))
    return f"{_deliveries(len(failed))} of track {track_id} {_verb(len(failed))} tried again"


async def retry_all(
    desk: Desk, link: str | None, origin: Platform | None = None, target: Platform | None = None
) -> str:
    links = await desk.links(link)
    now = desk.now()
    await desk.tell(*(RetryDeliveries(link=name, origin=origin, target=target, asked_at=now) for name in links))
    return "failed deliveries are tried again"


async def delete_track(desk: Desk, track_id: int, by: str) -> str:
    track = await desk.track(track_id)
    await desk.tell(DeleteTrack(link=track.link, track_id=track_id, asked_at=desk.now(), by=by))
    return f"track {track_id} is dropped"


async def report_wrong_match(desk: Desk, track_id: int, target: Platform, by: str) -> str:
    track = await desk.track(track_id)
    delivery = next((d for d in track.deliveries if d.target is target), None)
    if delivery is None or not delivery.state.is_done:
        raise Refused(f"nothing has been placed on {target} for track {track_id}")
    await desk.tell(ReportWrongMatch(link=track.link, track_id=track_id, target=target, asked_at=desk.now(), by=by))
    return f"what was placed on {target} for track {track_id} is taken out"


async def answer_review(
    desk: Desk, track_id: int, target: Platform, answer: ReviewAnswer, external_id: str | None, by: str
) -> str:
    if answer is ReviewAnswer.PICK and not external_id:
        raise Refused("pick needs the external_id of the recording")
    track = await desk.track(track_id)
    delivery = next((d for d in track.deliveries if d.target is target), None)
    if delivery is None or delivery.state is not DeliveryState.REVIEW:
        raise Refused(f"there is no open question about track {track_id} on {target}")
    picked = external_id if answer is ReviewAnswer.PICK else None
    await desk.tell(
        AnswerReview(
            link=track.link,
            track_id=track_id,
            target=target,
            answer=answer,
            external_id=picked,
            asked_at=desk.now(),
            by=by,
        )
    )
    return f"the question about track {track_id} on {target} is answered"


async def sync_now(desk: Desk, direction: Direction | None, origin: Platform | None, link: str | None) -> str:
    """A forced cycle of each direction that fits, after a look at the playlists they start from."""
    now = desk.now()
    messages: list[Message] = []
    run: set[Direction] = set()
    for name, platforms in (await desk.links(link)).items():
        fitting = [d for d in directions(platforms) if direction in (None, d) and origin in (None, d.origin)]
        run.update(fitting)
        looked_at = sorted({d.origin for d in fitting} - {Platform.TELEGRAM})
        messages += [PollPlaylist(link=name, platform=platform, asked_at=now) for platform in looked_at]
        messages += [RunCycle(link=name, direction=d, number=stamp(now), forced=True) for d in fitting]
    if not run:
        raise Refused("no link has such a direction")
    await desk.tell(*messages)
    return f"{len(run)} {'direction is' if len(run) == 1 else 'directions are'} run now"


async def set_pause(desk: Desk, paused: bool, direction: Direction | None, link: str | None, by: str) -> str:
    now = desk.now()
    links = await desk.links(link)
    await desk.tell(*(SetPause(link=name, direction=direction, paused=paused, asked_at=now, by=by) for name in links))
    what = direction.value if direction else "every direction"
    return f"{what} {'is held back' if paused else 'goes on'}"


def _deliveries(count: int) -> str:
    return f"{count} {'delivery' if count == 1 else 'deliveries'}"


def _verb(count: int) -> str:
    return "is" if count == 1 else "are"
