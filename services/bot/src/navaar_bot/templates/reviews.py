"""Questions about matches."""

from __future__ import annotations

from navaar_bot.templates import tracks, words
from navaar_bot.templates.markup import LONGEST_REASON, linked, plain
from navaar_contracts.commands import ReviewAnswer
from navaar_contracts.identifiers import Platform
from navaar_contracts.queries import DeliveryView, TrackView
from navaar_text import labels

PROPOSALS = 3
ANSWERED_ALREADY = "This question is answered already."
NO_QUESTIONS = "No question waits for you."
MORE_OPEN = "More questions are open than I want to send at once: /review lists them."


def head(track: TrackView, delivery: DeliveryView, address: str | None) -> str:
    known = [linked(track.display or track.title or tracks.NO_NAME, address)]
    recording = track.recording
    length = words.length((recording.duration_s if recording is not None else None) or track.item.duration_s)
    if length:
        known.append(length)
    if recording is not None and recording.isrc:
        known.append(f"ISRC {plain(recording.isrc, 20)}")
    return f"❓ <b>Which of these is it on {_catalogue(delivery).label}?</b>\n#{track.id} " + " · ".join(known)


def proposals(delivery: DeliveryView) -> tuple[str, ...]:
    found = [
        f"<b>{number}</b> {tracks.candidate(scored)}"
        for number, scored in enumerate(delivery.alternatives[:PROPOSALS], start=1)
    ]
    return tuple(found) or ("There is no proposal.",)


def why(delivery: DeliveryView) -> str:
    return plain(delivery.reason, LONGEST_REASON) if delivery.reason else ""


def answered(track: TrackView, target: Platform, answer: ReviewAnswer, picked: str | None, who: str) -> str:
    """What the question's message becomes."""
    platform = target.label
    said = {
        ReviewAnswer.PICK: f"✅ {plain(picked or '')}",
        ReviewAnswer.NONE: "None of them; it stays away from there.",
        ReviewAnswer.NEVER: "🚫 Never to be placed there.",
        ReviewAnswer.SEARCH_AGAIN: "🔎 Being searched again, without these.",
    }[answer]
    return f"#{track.id} {tracks.name(track)} on {platform}\n{said}\n<i>answered by {plain(who, 60)}</i>"


def in_one_line(track: TrackView, delivery: DeliveryView) -> str:
    return f"#{track.id} {tracks.name(track)} · {labels.direction_in_short(delivery.direction)}"


def wrong_match(track: TrackView, delivery: DeliveryView) -> str:
    chosen = f"\nChosen: {tracks.candidate(delivery.chosen)}" if delivery.chosen is not None else ""
    return (
        f"{tracks.head(track)}\nTake it out of {delivery.target.label}, never choose it for this track again, "
        f"and ask you what is right?{chosen}"
    )


def _catalogue(delivery: DeliveryView) -> Platform:
    """Where audio is needed, the question is what to take it from."""
    target = delivery.target
    return next(one for one in Platform if one.spec.gives_audio) if target.spec.needs_audio else target
