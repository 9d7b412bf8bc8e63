"""The decision: a track and a message make the track as it is then, and the messages that follow. Pure.

`TABLE` says for each message which deliveries it is about, when it counts, and what it does. Deciding twice about the
same message changes nothing the second time and gives the same messages again: a crash between write and publish is
healed by the message's redelivery.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from navaar_contracts.commands import AnswerReview, DeleteTrack, PartTrack, ReportWrongMatch, RetryDeliveries
from navaar_contracts.events import (
    AudioChecked,
    AudioFetched,
    AudioReady,
    CandidatesFound,
    IdentityJudged,
    ItemSighted,
    MatchChosen,
    PresenceKnown,
    Step,
    StepFailed,
    TrackIdentified,
    TrackImported,
    TrackPlaced,
    TrackRemoved,
)
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.message import TrackEvent
from navaar_ledger.domain import (
    audio_check,
    audio_source,
    discovery,
    edited,
    failure,
    identify,
    importing,
    match,
    parting,
    placement,
    removal,
    returns,
    review,
)
from navaar_ledger.domain.apart import is_let_go
from navaar_ledger.domain.decision import Change, Decision, Facts, Write, combined
from navaar_ledger.domain.effects import effects_of, held_back, new_effects
from navaar_ledger.domain.merge import absorb
from navaar_ledger.domain.track import SOURCE_ROUNDS, Delivery, Newborn, Track, TrackState, TrackStep

StepAnswer = (
    AudioFetched
    | TrackIdentified
    | IdentityJudged
    | CandidatesFound
    | MatchChosen
    | AudioReady
    | AudioChecked
    | TrackPlaced
    | TrackRemoved
    | PresenceKnown
    | StepFailed
)
"""What became of a step that the ledger had asked for."""

TrackMessage = (
    ItemSighted
    | StepAnswer
    | TrackImported
    | DeleteTrack
    | AnswerReview
    | ReportWrongMatch
    | PartTrack
    | RetryDeliveries
)

M = TypeVar("M", bound=TrackMessage)
OfTrack = Callable[[Track, M, Facts], Change]
OfDelivery = Callable[[Track, Delivery, M, Facts], Change]
About = Callable[[Track, M], Iterable[Platform | None]]
State = DeliveryState | Callable[[Delivery], DeliveryState] | None
Kind = type[Any] | tuple[type[Any], Step]


@dataclass(frozen=True, slots=True)
class Row:
    """What one kind of message means."""

    about: About[Any]
    """The targets of the deliveries that it is about; None for the track as a whole."""
    steps: tuple[TrackStep, ...]
    """About a track it counts only as the answer to the present attempt at one of these; empty: it always counts."""
    of_track: OfTrack[Any] | None
    state: State
    """About a delivery it counts only as the answer to the present attempt, while the delivery is in this state."""
    of_delivery: OfDelivery[Any] | None
    otherwise: OfTrack[Any]
    """When it does not count."""
    gone: OfTrack[Any]
    """When the track was deleted."""

    def awaits(self, delivery: Delivery) -> DeliveryState | None:
        """In which state this delivery waits for the message."""
        return self.state(delivery) if callable(self.state) else self.state


def _nothing(track: Track, message: Any, facts: Facts) -> Change:
    return Change(track)


def row(
    kind: type[M],
    about: About[M],
    of_track: OfTrack[M] | None = None,
    of_delivery: OfDelivery[M] | None = None,
    *,
    step: Step | None = None,
    steps: tuple[TrackStep, ...] = (),
    state: State = None,
    otherwise: OfTrack[M] = _nothing,
    gone: OfTrack[M] = _nothing,
) -> tuple[Kind, Row]:
    """A row of the table; a failed step has one for each `step`."""
    key: Kind = kind if step is None else (kind, step)
    return key, Row(about, steps, of_track, state, of_delivery, otherwise, gone)


def everything(track: Track, message: object) -> tuple[Platform | None, ...]:
    return (None, *track.deliveries)


def the_track(track: Track, message: object) -> tuple[None]:
    return (None,)


def what_is_asked(track: Track, message: object) -> tuple[Platform, ...]:
    """A person's request itself says what it means; what the state waits for is not told again because of it."""
    return ()


Targeted = IdentityJudged | TrackPlaced | TrackRemoved | PresenceKnown | StepFailed


def the_target(track: Track, message: Targeted) -> tuple[Platform | None, ...]:
    return everything(track, message) if message.target is None else (message.target,)


def the_seeker(track: Track, message: CandidatesFound | MatchChosen | StepFailed) -> tuple[Platform | None, ...]:
    """Who searched there: the delivery to that platform, or one that looked for audio, as the round tells."""
    number = message.round // SOURCE_ROUNDS
    if not number:
        return () if message.target is None else (message.target,)
    return tuple(each.target for each in track.in_need_of_audio[number - 1 : number])


def the_asker(track: Track, message: AudioReady | AudioChecked | StepFailed) -> tuple[Platform, ...]:
    """Who needs the audio: as the message says, else whoever does."""
    return tuple(each.target for each in track.in_need_of_audio if message.target in (None, each.target))


def done_by_hand(track: Track, message: ItemSighted) -> tuple[Platform | None, ...]:
    """The track, and the delivery that the item shows to be done."""
    delivery = track.deliveries.get(message.platform)
    by_hand = delivery is not None and delivery.already_there and delivery.external_id == message.external_id
    return (None, message.platform) if by_hand else (None,)


def while_judged(delivery: Delivery) -> DeliveryState:
    """What needs audio is compared by its download, all else by what it has chosen."""
    return DeliveryState.DOWNLOADING if delivery.needs_audio else DeliveryState.MATCHING


def compared(track: Track, delivery: Delivery, event: IdentityJudged, facts: Facts) -> Change:
    judged = audio_check.judged if delivery.needs_audio else match.judged
    return judged(track, delivery, event, facts)


def round_of(message: object) -> int | None:
    """Which round of a search it answers; None where it answers none."""
    if isinstance(message, StepFailed) and message.step not in (Step.FIND, Step.CHOOSE):
        return None
    return getattr(message, "round", None)


S, T = DeliveryState, TrackStep
failed, track_failed = failure.delivery_failed, failure.track_failed
file, download = identify.stray_file, audio_source.stray_download

TABLE: dict[Kind, Row] = dict(
    (
        row(ItemSighted, done_by_hand, edited.seen),
        row(TrackImported, the_track, importing.take_over),
        row(AudioFetched, everything, identify.fetched, steps=(T.FETCH,), otherwise=file, gone=file),
        row(TrackIdentified, everything, identify.identified, steps=(T.IDENTIFY, T.COMPARE)),
        row(IdentityJudged, the_target, identify.judged, compared, steps=(T.JUDGE,), state=while_judged),
        row(CandidatesFound, the_seeker, None, match.found, state=S.SEARCHING),
        row(MatchChosen, the_seeker, None, match.chosen, state=S.MATCHING),
        row(
            AudioReady,
            the_asker,
            None,
            audio_source.audio_ready,
            state=S.DOWNLOADING,
            otherwise=download,
            gone=download,
        ),
        row(AudioChecked, the_asker, None, audio_check.checked, state=S.DOWNLOADING),
        row(TrackPlaced, the_target, placement.placed, gone=placement.of_a_deleted_track),
        row(TrackRemoved, the_target, removal.removed),
        row(PresenceKnown, the_target, returns.known),
        row(StepFailed, the_target, returns.not_known, step=Step.PRESENCE),
        row(StepFailed, everything, track_failed, step=Step.FETCH, steps=(T.FETCH,)),
        row(StepFailed, everything, track_failed, step=Step.IDENTIFY, steps=(T.IDENTIFY,)),
        row(StepFailed, the_target, track_failed, failed, step=Step.JUDGE, steps=(T.JUDGE,), state=while_judged),
        row(StepFailed, the_seeker, None, failed, step=Step.FIND, state=S.SEARCHING),
        row(StepFailed, the_seeker, None, failed, step=Step.CHOOSE, state=S.MATCHING),
        row(StepFailed, the_asker, None, failed, step=Step.DOWNLOAD, state=S.DOWNLOADING),
        row(StepFailed, the_asker, None, failed, step=Step.CHECK, state=S.DOWNLOADING),
        row(StepFailed, the_target, None, failed, step=Step.PLACE, state=S.SYNCING),
        row(StepFailed, the_target, None, removal.not_removed, step=Step.REMOVE, state=S.SYNCING),
        row(DeleteTrack, what_is_asked, removal.deleted),
        row(AnswerReview, what_is_asked, review.answered),
        row(ReportWrongMatch, what_is_asked, removal.reported),
        row(PartTrack, everything, identify.parted, gone=parting.too_late),
        row(RetryDeliveries, what_is_asked, edited.retried),
    )
)
"""What each message means: whom it is about, what it does to a track or a delivery, and when it counts."""


def row_of(message: TrackMessage) -> Row:
    return TABLE[(StepFailed, message.step) if isinstance(message, StepFailed) else type(message)]


def decide(track: Track, message: TrackMessage, facts: Facts) -> Decision:
    """What to write and to send because of `message`.

    Args:
        track: the document that the message names, as loaded; it may have been merged into another.
        facts: what has been looked up; more may be needed.

    Raises:
        TrackNeeded, ClaimNeeded, SharingNeeded, OverridesNeeded: look that up, add it to `facts`, decide again.
    """
    if is_of_a_former_life(track, message):
        return Decision()
    root, lost = facts.root(track), facts.unabsorbed(track)
    if lost is not None and is_let_go(lost, root):
        # Parted, and a crash or nothing at all came in between: it is a song of its own again, then decide.
        return conclude(lost, parting.opened(lost, partial(identify.begins_with, facts), facts.at), facts, again=True)
    if lost is not None and root.is_alive:
        # A crash between the two writes of a join: take over what the closed document holds, then decide.
        return conclude(root, absorb(root, lost, facts.at), facts, again=True)
    meaning = row_of(message)
    change = _change(meaning, root, message, facts)
    if change.track is root and change.closed is None and change.beside is None:
        about = tuple(meaning.about(root, message))
        repeated = tuple(each for target, each in effects_of(root) if target in about)
        return Decision(messages=(*change.messages, *repeated), again=change.again, after=change.after)
    return conclude(root, change, facts)


def is_of_a_former_life(track: Track, message: TrackMessage) -> bool:
    """Whether it is about another track that had this number before the ledger was set back: no word about this one."""
    return isinstance(message, TrackEvent) and not message.concerns(track.identity)


def first_sight(
    sighted: ItemSighted, who: Newborn, facts: Facts, trace: str | None = None, *, waits: bool = False
) -> Decision:
    """The decision about an item that belongs to no track yet; it `waits` where others are identified first."""
    change = discovery.create(sighted, who, facts, trace, waits=waits)
    return Decision((Write(change.track.changed(version=1), 0, change.entries),), new_effects(None, change.track))


def conclude(before: Track, change: Change, facts: Facts, *, again: bool = False) -> Decision:
    """A change as writes and messages: every document that it is about, and what follows from the new state."""
    if change.beside is not None:
        first, then = (
            conclude(*change.beside, facts),
            conclude(before, replace(change, beside=None), facts, again=again),
        )
        return Decision(
            first.writes + then.writes,
            first.messages + then.messages,
            first.again or then.again,
            first.after + then.after,
        )
    followed = audio_source.follow(held_back(change.track, facts.policy), facts.at)
    after = followed.track
    writes: list[Write] = []
    if change.closed is None:
        messages = change.messages + new_effects(before, after)
    else:
        closed = change.closed
        writes.append(Write(closed.changed(version=closed.version + 1), closed.version, change.closed_entries))
        writes += [Write(each.changed(version=each.version + 1), each.version) for each in change.between]
        # Which of the two documents implied what is not worth telling apart: repeating is harmless.
        messages = change.messages + new_effects(None, after) + new_effects(None, closed)
    if after is not before:
        written = after.changed(version=after.version + 1, updated_at=facts.at)
        writes.append(Write(written, after.version, (*change.entries, *followed.entries)))
    return Decision(tuple(writes), messages, again or change.again, change.after)


def _change(meaning: Row, track: Track, message: TrackMessage, facts: Facts) -> Change:
    if not track.is_alive:
        return meaning.gone(track, message, facts)
    about = tuple(meaning.about(track, message))
    if meaning.of_track is not None and (meaning.of_delivery is None or None in about):
        counts = not meaning.steps or _is_awaited(track, message, meaning.steps)
        return (meaning.of_track if counts else meaning.otherwise)(track, message, facts)
    changes: list[Change] = []
    for target in about:
        so_far = changes[-1].track if changes else track
        delivery = so_far.deliveries.get(target) if target is not None else None
        if meaning.of_delivery is not None and delivery is not None and _answers(delivery, message, meaning):
            changes.append(meaning.of_delivery(so_far, delivery, message, facts))
            if changes[-1].closed is not None or changes[-1].beside is not None:
                break
    return combined(changes) if changes else meaning.otherwise(track, message, facts)


def _is_awaited(track: Track, message: TrackMessage, steps: tuple[TrackStep, ...]) -> bool:
    if not isinstance(message, TrackEvent) or (message.track_id, message.attempt) != (track.id, track.attempt):
        return False
    return track.state is TrackState.IDENTIFYING and track.step in steps


def _answers(delivery: Delivery, message: TrackMessage, meaning: Row) -> bool:
    """Whether it is the answer that the delivery waits for: after a join another may stand in the place of its own."""
    if not isinstance(message, TrackEvent) or delivery.state is not meaning.awaits(delivery):
        return False
    if (message.track_id, message.attempt) != (delivery.track_id, delivery.attempt):
        return False
    searches = delivery.state in (DeliveryState.SEARCHING, DeliveryState.MATCHING)
    return not searches or round_of(message) in (None, delivery.round)
