"""What YouTube Music's answer to an addition proves. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from navaar_playlist_gateway.snapshot import Addition, AlreadyThere
from navaar_runtime.failures import AuthRejected, Transient
from navaar_ytmusic_gateway import error_mapping
from navaar_ytmusic_gateway import translate as to
from navaar_ytmusic_gateway.session import RequestRefused

T = TypeVar("T")

UNTOLD = "YouTube Music did not say whether the addition was made"


def heard(answer: T) -> T:
    """The answer to an edit. RequestRefused if it says, HTTP 200 all the same, what belongs into an error."""
    if isinstance(answer, dict) and answer.get("status") == "STATUS_FAILED":
        said = to.refusal(answer)
        if error_mapping.is_for_now(said) or error_mapping.is_full(said):
            raise RequestRefused(400, said, None)
    return answer


def judge_addition(answer: object) -> Addition:
    """What an answer to the addition of one video proves; raises what `judge_additions` does."""
    (made,) = judge_additions(answer, ("",))
    if made is None:
        raise Transient(UNTOLD)
    return made


def judge_additions(answer: object, video_ids: Sequence[str]) -> tuple[Addition | None, ...]:
    """What an answer to an addition proves of each video, in their order; None where it does not tell.

    A success names each entry that was made, by its video or, where none is missing, by its place among the others.

    Raises:
        AlreadyThere: refused as a duplicate, or for a reason that only another read can tell.
        Permanent: the playlist is full, nothing was added.
        AuthRejected: YouTube wants a dialog answered first.
        Transient: it does not say what happened.
    """
    if not isinstance(answer, dict):
        raise Transient(UNTOLD)
    status = answer.get("status")
    if status == "STATUS_SUCCEEDED":
        return _entries_made(answer.get("playlistEditResults"), video_ids)
    if status == "STATUS_FAILED":
        said = to.refusal(answer)
        if error_mapping.is_full(said):
            raise error_mapping.playlist_full(said)
        raise AlreadyThere(said or "no reason given")
    first = (answer.get("actions") or [{}])[0]
    if status is None and "showEngagementPanelEndpoint" in first:
        raise AuthRejected(
            "YouTube Music asks for a confirmation before it changes the playlist; the account may be restricted. Open "
            "music.youtube.com with this account and answer the dialog"
        )
    raise Transient(UNTOLD)


def _entries_made(results: object, video_ids: Sequence[str]) -> tuple[Addition | None, ...]:
    listed = [each if isinstance(each, dict) else {} for each in results] if isinstance(results, list) else []
    entries = [str(each.get("setVideoId") or "") or None for each in listed]
    if len(listed) == len(video_ids):
        found = dict(zip(video_ids, entries, strict=True))
    else:
        found = {str(each.get("videoId")): entry for each, entry in zip(listed, entries, strict=True)}
    made = tuple(Addition(set_video_id=entry) if (entry := found.get(each)) else None for each in video_ids)
    if not any(made):
        raise Transient(UNTOLD)
    return made
