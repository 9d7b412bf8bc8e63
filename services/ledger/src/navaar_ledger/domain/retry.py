"""What a cycle, the clock or a person does to deliveries that rest: release, retry, ask again, let go of a plan."""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.causes import Cause
from navaar_contracts.commands import RetryDeliveries
from navaar_contracts.identifiers import DeliveryState, Direction, FirstSync, Platform
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import NOTHING_MORE, Aftermath, Change, Facts, Release, combined
from navaar_ledger.domain.effects import PLAN_WAITS, delivery_command, presence_checks
from navaar_ledger.domain.overrides import override_keys
from navaar_ledger.domain.track import SOURCE_ROUNDS, Delivery, Track, TrackState, TrackStep
from navaar_ledger.domain.transitions import remove_again

_ASKED_FOR = (DeliveryState.FAILED, DeliveryState.LEFT_OUT)
"""What a person's retry is about."""


def release(track: Track, direction: Direction, at: datetime) -> Change:
    """The direction's own cycle has come: what it held back may start."""
    delivery = track.deliveries.get(direction.target)
    if not track.is_alive or delivery is None or delivery.released or delivery.direction != direction:
        return Change(track)
    return Change(track.with_delivery(delivery.moved(at, released=True)))


def hold(track: Track) -> Change:
    """Written down: what was on its way before the plan began waits for its approval."""
    waiting = [each for each in track.deliveries.values() if not each.state.is_done]
    return Change(track.changed(held=True), (AuditEntry("plan_waits", PLAN_WAITS),) if waiting else ())


def let_go(track: Track, facts: Facts) -> Change:
    """A planned track, now that the plan is approved, or the first reading was taken as a mere record instead."""
    if not track.held:
        return Change(track)
    if facts.policy.first_sync_of(track.link) is FirstSync.BASELINE and track.backfill and not track.absorbed:
        return _recorded_only(track)
    waited = [each for each in track.deliveries.values() if not each.state.is_done]
    told = (AuditEntry("plan_applied", "The plan is carried out."),) if waited else ()
    return Change(track.changed(held=False), told)


def _recorded_only(track: Track) -> Change:
    """As `baseline` would have taken it at first sight: synced nowhere. What had been chosen for it is free again."""
    if track.state is TrackState.IDENTIFYING:
        return Change(track)
    done = {target: each for target, each in track.deliveries.items() if each.state.is_done}
    chosen = [each for target, each in track.deliveries.items() if target not in done and each.chosen is not None]
    entry = AuditEntry("plan_applied", "Recorded as already there, it is synced nowhere.")
    releases = tuple(Release.of(track, each.target, each.chosen.candidate.id) for each in chosen if each.chosen)
    recorded = track.changed(held=False, deliveries=done, state=track.state if done else TrackState.BASELINE)
    return Change(recorded, (entry,), after=Aftermath(releases=releases))


def retry_due(track: Track, at: datetime) -> Change:
    """Scheduled retries whose time has come resume where they stopped, as new attempts."""
    changes = [Change(track)]
    for target in track.deliveries if track.is_alive else ():
        changes.append(_retried(changes[-1].track, target, at))
    return combined(changes)


def _retried(track: Track, target: Platform, at: datetime) -> Change:
    delivery = track.deliveries[target]
    early = delivery.due_at is not None and delivery.due_at > at
    if delivery.state is not DeliveryState.RETRY_SCHEDULED or early:
        return Change(track)
    if delivery.removing is not None:
        return Change(track.with_delivery(remove_again(delivery, at)))
    if track.state is TrackState.UNIDENTIFIED:
        return identify_again(track, (DeliveryState.RETRY_SCHEDULED,), at, fresh=False)
    return Change(track.with_delivery(_again(delivery, at)))


def retry_asked(track: Track, command: RetryDeliveries, facts: Facts) -> Change:
    """A person asks for failed deliveries: a fresh budget, and a fresh search where nothing had been found.

    What a person ruled out for ever is left alone, unless this very delivery is named: then that is taken back.
    """
    changes = [Change(track)]
    for delivery in track.deliveries.values():
        if command.target in (None, delivery.target) and command.origin in (None, delivery.origin):
            lift = _means_just_this(command, track, delivery)
            if delivery.state is not DeliveryState.LEFT_OUT or lift or command.track_id is None:
                changes.append(_renewed(changes[-1].track, delivery.target, facts.at, lift=lift))
    return combined(changes)


def _means_just_this(command: RetryDeliveries, track: Track, delivery: Delivery) -> bool:
    """Whether a person names this very delivery, not one of many that have failed."""
    if command.track_id is None:
        return False
    failed = [d.target for d in track.deliveries.values() if d.state is DeliveryState.FAILED]
    if delivery.state is DeliveryState.LEFT_OUT and not failed:
        # Nothing else of the song can be meant.
        return True
    return command.target == delivery.target or failed == [delivery.target]


def _renewed(track: Track, target: Platform, at: datetime, *, lift: bool) -> Change:
    delivery = track.deliveries[target]
    if delivery.state not in _ASKED_FOR or not track.is_alive:
        return Change(track)
    after = NOTHING_MORE
    if delivery.state is DeliveryState.LEFT_OUT:
        # Of a crowd only those go on that no rule leaves out any more; that shows when their turn comes.
        track = track.with_delivery(delivery.noted(insisted=lift))
        delivery = track.deliveries[target]
    if delivery.cause == Cause.NEVER:
        if not lift:
            return Change(track)
        after = Aftermath(overrides=tuple((key, None) for key in override_keys(track.link, track.recording, target)))
    entry = AuditEntry("retry_asked", "Tried again on request.", delivery.direction)
    if delivery.removing is not None:
        return Change(track.with_delivery(remove_again(delivery, at, fresh=True)), (entry,))
    if track.state is TrackState.UNIDENTIFIED:
        stopped = (DeliveryState.FAILED, DeliveryState.RETRY_SCHEDULED)
        return Change(identify_again(track, stopped, at, fresh=True).track, (entry,))
    # Imported, and not identified yet: it starts when its track has a name.
    nameless = track.state is TrackState.IDENTIFYING
    track = track.with_delivery(_fresh(delivery, DeliveryState.IDENTIFYING if nameless else DeliveryState.PENDING, at))
    for giver in [track.deliveries[each] for each in track.audio_givers if each in track.deliveries]:
        is_stuck = giver.chosen is None and giver.state is DeliveryState.FAILED and giver.cause != Cause.NEVER
        if delivery.needs_audio and is_stuck:
            # What was not taken out yet is, before anything else is looked for.
            out_first = giver.removing is not None
            again = remove_again(giver, at, fresh=True) if out_first else _fresh(giver, DeliveryState.PENDING, at)
            track = track.with_delivery(again)
    return Change(track, (entry,), after=after)


def ask_again(track: Track, before: datetime, at: datetime) -> Change:
    """Repeat, as new attempts, the commands of steps that have not moved since `before`."""
    if not track.is_alive:
        return Change(track)
    entries: list[AuditEntry] = []
    in_hand = track.state is TrackState.IDENTIFYING and track.step is not TrackStep.WAIT
    if in_hand and track.changed_at < before:
        if track.step is TrackStep.COMPARE:
            track = track.changed(step=TrackStep.IDENTIFY)
        track = track.changed(attempt=track.attempt + 1, changed_at=at)
        entries.append(AuditEntry("asked_again", f"No answer to '{track.step}'; asked again."))
    if track.seeking is not None and track.seeking.since < before and any(presence_checks(track)):
        number = track.looks + 1
        seeking = track.seeking.model_copy(update={"number": number, "since": at})
        track = track.changed(looks=number, seeking=seeking)
    for delivery in track.deliveries.values():
        if is_overdue(track, delivery, before):
            track = track.with_delivery(_asked_again(delivery, at))
            state = delivery.state.value
            entries.append(AuditEntry("asked_again", f"No news while {state}; asked again.", delivery.direction))
    return Change(track, tuple(entries))


def is_overdue(track: Track, delivery: Delivery, before: datetime) -> bool:
    return delivery.changed_at < before and delivery_command(track, delivery) is not None


def _asked_again(delivery: Delivery, at: datetime) -> Delivery:
    if delivery.state is DeliveryState.SYNCING and delivery.removing is None:
        # Back into its queue: what was added to the collection meanwhile may have made the placement needless.
        return delivery.moved(at, state=DeliveryState.PENDING, ready=True, attempt=delivery.attempt + 1)
    return delivery.moved(at, attempt=delivery.attempt + 1)


def _again(delivery: Delivery, at: datetime) -> Delivery:
    return delivery.moved(
        at,
        state=DeliveryState.PENDING,
        attempt=delivery.attempt + 1,
        # What was found and not judged has to be found again.
        candidates=(),
        due_at=None,
        ready_at=at if delivery.ready else None,
    )


def _fresh(delivery: Delivery, state: DeliveryState, at: datetime) -> Delivery:
    placeable = delivery.cause in (Cause.PLACE_FAILED, Cause.PLAYLIST_FULL, Cause.UNKNOWN_OUTCOME)
    at_hand = delivery.audio if delivery.needs_audio else delivery.chosen
    ready = placeable and at_hand is not None
    return delivery.moved(
        at,
        state=state,
        attempt=delivery.attempt + 1,
        retries=0,
        disturbed=0,
        round=0,
        candidates=(),
        lost=(),
        chosen=delivery.chosen if ready else None,
        source=delivery.source if delivery.round >= SOURCE_ROUNDS and ready else None,
        excluded=delivery.excluded if ready else (),
        in_doubt=False,
        ready=ready,
        ready_at=at if ready else None,
        released=True,
        due_at=None,
        reason=None,
        cause=None,
    )


def identify_again(track: Track, stopped: tuple[DeliveryState, ...], at: datetime, *, fresh: bool) -> Change:
    for delivery in track.deliveries.values():
        if delivery.state in stopped and delivery.cause == Cause.IDENTIFY_FAILED:
            waiting = delivery.moved(
                at,
                state=DeliveryState.IDENTIFYING,
                due_at=None,
                reason=None,
                cause=None,
                attempt=delivery.attempt + 1,
                retries=0 if fresh else delivery.retries,
            )
            track = track.with_delivery(waiting)
    return Change(track.changed(state=TrackState.IDENTIFYING, attempt=track.attempt + 1, changed_at=at))
