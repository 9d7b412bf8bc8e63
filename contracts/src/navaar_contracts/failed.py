"""Which fact tells that a command could not be carried out."""

from __future__ import annotations

from navaar_contracts import commands as c
from navaar_contracts.causes import Cause
from navaar_contracts.events import FailureKind, Step, StepFailed
from navaar_contracts.message import Message, TrackCommand

_STEPS: dict[type[Message], Step] = {
    c.FetchAudio: Step.FETCH,
    c.IdentifyTrack: Step.IDENTIFY,
    c.JudgeIdentity: Step.JUDGE,
    c.FindCandidates: Step.FIND,
    c.ChooseMatch: Step.CHOOSE,
    c.DownloadAudio: Step.DOWNLOAD,
    c.CheckAudio: Step.CHECK,
    c.PlaceTrack: Step.PLACE,
    c.RemoveTrack: Step.REMOVE,
    c.CheckPresence: Step.PRESENCE,
}


def step_failed(
    command: Message, kind: FailureKind, reason: str, *, internal: bool = False, cause: Cause | None = None
) -> StepFailed | None:
    """The fact for a failed step; None when nobody waits for this command's outcome."""
    step = _STEPS.get(type(command))
    if step is None or not isinstance(command, TrackCommand):
        return None
    return StepFailed(
        link=command.link,
        track_id=command.track_id,
        attempt=command.attempt,
        identity=command.identity,
        step=step,
        target=getattr(command, "target", None),
        round=getattr(command, "round", 0),
        kind=kind,
        reason=reason,
        internal=internal,
        cause=cause,
    )
