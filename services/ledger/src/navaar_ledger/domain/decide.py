"""The decision: a track and a message make the track as it is then, and the messages that follow. Pure.

Deciding twice about the same message changes nothing the second time and gives the same messages again: a crash between
write and publish is healed by the message's redelivery.
"""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.events import (
    AudioChecked,
    AudioFetched,
    AudioReady,
    CandidatesFound,
    IdentityJudged,
    ItemSighted,
    MatchChosen,
    StepFailed,
    TrackIdentified,
    TrackPlaced,
    TrackRemoved,
)
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Message
from navaar_ledger.domain import audio_check as hearing
from navaar_ledger.domain import audio_source as sourcing
from navaar_ledger.domain import discovery as sighting
from navaar_ledger.domain import failure as failing
from navaar_ledger.domain import identify as identification
from navaar_ledger.domain import match as matching
from navaar_ledger.domain import merge as joining
from navaar_ledger.domain import placement as placing
from navaar_ledger.domain import removal as undoing
from navaar_ledger.domain.decision import Change, Decision, Facts, Write
from navaar_ledger.domain.effects import discard, implied, new_messages
from navaar_ledger.domain.policy import Rules
from navaar_ledger.domain.track import SOURCE_ROUNDS, Delivery, Track, TrackState, claim_key

TrackMessage = (
    ItemSighted
    | AudioFetched
    | TrackIdentified
    | IdentityJudged
    | CandidatesFound
    | MatchChosen
    | AudioReady
    | AudioChecked
    | TrackPlaced
    | TrackRemoved
    | StepFailed
)


def decide(track: Track, message: TrackMessage, at: datetime, rules: Rules, facts: Facts) -> Decision:
    """What to write and to send because of `message`.

    Args:
        track: the document that the message names, as loaded; it may have been merged into another.
        at: now; the only clock a decision sees.
        facts: what has been looked up; more may be needed.

    Raises:
        TrackNeeded, ClaimNeeded, SharingNeeded, RulingsNeeded: look that up, add it to `facts`, decide again.
    """
    root = facts.root(track)
    lost = facts.unabsorbed(track)
    if lost is not None and root.is_alive:
        # A crash between the two writes of a join: take over what the closed document holds, then decide.
        return conclude(root, joining.absorb(root, lost, at), at, again=True)
    change = _change(track, root, message, at, rules, facts)
    if change.track is root and change.closed is None:
        return Decision(messages=(*change.messages, *_repeated(root, message)), after=change.after)
    return conclude(root, change, at)


def first_sight(sighted: ItemSighted, track_id: int, at: datetime, rules: Rules, trace: str | None = None) -> Decision:
    """The decision about an item that belongs to no track yet."""
    change = sighting.create(sighted, track_id, at, rules, trace)
    return Decision((Write(change.track.changed(version=1), 0, change.entries),), new_messages(None, change.track))


def conclude(before: Track, change: Change, at: datetime, *, again: bool = False) -> Decision:
    """A change as writes and messages: both documents of a join, and what follows from the new state."""
    followed = sourcing.follow(change.track, at)
    after = followed.track
    writes: list[Write] = []
    if change.closed is None:
        messages = change.messages + new_messages(before, after)
    else:
        closed = change.closed
        writes.append(Write(closed.changed(version=closed.version + 1), closed.version, change.closed_entries))
        # Which of the two documents implied what is not worth telling apart: repeating is harmless.
        messages = change.messages + new_messages(None, after) + new_messages(None, closed)
    if after is not before:
        written = after.changed(version=after.version + 1, updated_at=at)
        writes.append(Write(written, after.version, (*change.entries, *followed.entries)))
    return Decision(tuple(writes), messages, again or change.again, change.after)


def _change(track: Track, root: Track, message: TrackMessage, at: datetime, rules: Rules, facts: Facts) -> Change:
    if not root.is_alive:
        if isinstance(message, AudioFetched | AudioReady):
            return Change(root, messages=(discard(root, message.audio),))
        if isinstance(message, TrackPlaced):
            # It was on its way when the track was deleted; once claimed, its watcher will not take it for new.
            facts.claim(claim_key(root.link, message.target, message.external_id), root.id)
        return Change(root)
    if isinstance(message, ItemSighted):
        return sighting.seen_again(root, message, at)
    if isinstance(message, TrackPlaced):
        return placing.placed(root, _delivery(root, message, message.target), message, at, facts)
    if isinstance(message, TrackRemoved):
        return undoing.removed(root, _delivery(root, message, message.target), message, at, facts)
    target = delivery_target(message)
    if target is None:
        if track.id != root.id:
            return Change(root, messages=_stray(root, message, at))
        return _about_track(root, message, at, rules, facts)
    delivery = _delivery(root, message, target)
    if isinstance(message, AudioReady):
        current = delivery if delivery is not None and delivery.attempt == message.attempt else None
        return sourcing.audio_ready(root, current, message, at)
    if isinstance(message, StepFailed):
        return failing.step_failed(root, delivery, message, at, rules)
    if delivery is None or delivery.attempt != message.attempt:
        return Change(root)
    if isinstance(message, CandidatesFound):
        return matching.found(root, delivery, message, at)
    if isinstance(message, MatchChosen):
        return matching.chosen(root, delivery, message, at, facts)
    if isinstance(message, AudioChecked):
        return hearing.checked(root, delivery, message, at, rules, facts)
    if isinstance(message, IdentityJudged):
        return hearing.judged(root, delivery, message, at, facts)
    return Change(root)


def _about_track(track: Track, message: TrackMessage, at: datetime, rules: Rules, facts: Facts) -> Change:
    if track.state is not TrackState.IDENTIFYING:
        return Change(track, messages=_stray(track, message, at))
    if isinstance(message, AudioFetched):
        return identification.fetched(track, message, at)
    if isinstance(message, TrackIdentified):
        return identification.identified(track, message, at, facts)
    if isinstance(message, IdentityJudged):
        return identification.judged(track, message, at, facts)
    if isinstance(message, StepFailed):
        return failing.step_failed(track, None, message, at, rules)
    return Change(track)


def _stray(track: Track, message: TrackMessage, at: datetime) -> tuple[Message, ...]:
    """Discards audio that came after the track no longer needed it."""
    return identification.fetched(track, message, at).messages if isinstance(message, AudioFetched) else ()


def delivery_target(message: TrackMessage) -> Platform | None:
    """The delivery that a message is about; None for the track as a whole."""
    if isinstance(message, StepFailed):
        return failing.step_target(message)
    if isinstance(message, AudioReady | AudioChecked):
        return Platform.TELEGRAM
    if isinstance(message, IdentityJudged):
        return message.target
    if isinstance(message, CandidatesFound | MatchChosen):
        return Platform.TELEGRAM if message.round >= SOURCE_ROUNDS else message.target
    if isinstance(message, TrackPlaced | TrackRemoved):
        return message.target
    return None


def _delivery(track: Track, message: TrackMessage, target: Platform) -> Delivery | None:
    """The delivery as its messages name it; after a join another one may have taken its place."""
    delivery = track.deliveries.get(target)
    if delivery is None or isinstance(message, ItemSighted) or delivery.track_id != message.track_id:
        return None
    return delivery


def _repeated(track: Track, message: TrackMessage) -> tuple[Message, ...]:
    """What the state already waits for or tells, as far as it concerns what the message is about."""
    target = delivery_target(message)
    if isinstance(message, ItemSighted):
        delivery = track.deliveries.get(message.platform)
        by_hand = delivery is not None and delivery.already_there and delivery.external_id == message.external_id
        return tuple(m for t, m in implied(track) if t is None or (by_hand and t is message.platform))
    if target is not None:
        return tuple(m for t, m in implied(track) if t is target)
    return tuple(m for _, m in implied(track))
