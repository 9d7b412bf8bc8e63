"""A person says that what is in the collection is not the recording: it is taken out, and the question opened again.

Only what we have placed is taken out. A person's own item stays, is no longer held for this recording, and is seen as
if for the first time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from navaar_contracts.causes import Cause
from navaar_contracts.commands import DeleteTrack, ReportWrongMatch
from navaar_contracts.events import FailureKind, ItemSighted, StepFailed, TrackRemoved
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.message import Message
from navaar_ledger.domain.audit import AuditEntry, by
from navaar_ledger.domain.decision import Aftermath, Change, Facts, Release, combined
from navaar_ledger.domain.effects import discard
from navaar_ledger.domain.overrides import override_keys
from navaar_ledger.domain.track import Delivery, Lost, Track, TrackState
from navaar_ledger.domain.transitions import failed, in_review, rescheduled, satisfied, sought_again, with_ids


def reported(track: Track, command: ReportWrongMatch, facts: Facts) -> Change:
    """Take back what the delivery placed; where it gave its audio, also what others made of it."""
    delivery = track.deliveries.get(command.target)
    if delivery is None:
        return Change(track)
    if delivery.has_answered(command.message_id()):
        return Change(track, after=_disowned(track, delivery, facts))
    if not delivery.state.is_done:
        return Change(track)
    after = _withdrawn(track, delivery, facts)
    video = delivery.external_id if command.target.spec.gives_audio else None
    change = undo(track, delivery.answering(command.message_id()), by(command.by), facts)
    if video is not None:
        for each in change.track.in_need_of_audio:
            change = undo_audio(change, each, video, facts)
    return Change(change.track, change.entries, change.messages, after=change.after + after)


def undo(track: Track, delivery: Delivery, who: str, facts: Facts) -> Change:
    """Take back one placement: out of the collection if it is ours, else only out of our books."""
    at = facts.at
    external_id = delivery.external_id or ""
    used = (delivery.source, delivery.chosen.candidate if delivery.chosen is not None else None)
    wrong = {each.id for each in used if each is not None}
    if not delivery.needs_audio:
        wrong.add(external_id)
    track = forgotten(track, frozenset(wrong))
    disowned = delivery.moved(
        at,
        attempt=delivery.attempt + 1,
        rejected=with_ids(delivery.rejected, *sorted(wrong)),
        undone=with_ids(delivery.undone, external_id),
        chosen=None,
        source=None,
        audio=None,
        external_id=None,
        url=None,
        synced_at=None,
        already_there=False,
        retries=0,
    )
    if delivery.state is DeliveryState.SYNCED:
        reason = f"{external_id} is not the recording, reported{who or ' by a person'}: it is taken out."
        removing = disowned.moved(at, state=DeliveryState.SYNCING, removing=external_id, reason=reason, cause=None)
        return Change(track.with_delivery(removing), (AuditEntry("wrong_match", reason, delivery.direction),))
    reason = f"{external_id} is another recording, reported{who or ' by a person'}. It was not placed by us and stays."
    left = _without_item(track, delivery.target, external_id)
    change = _question(left, disowned, facts)
    entries = (AuditEntry("wrong_match", reason, delivery.direction), *change.entries)
    return Change(change.track, entries, after=_disowned(change.track, disowned, facts))


def made_way(track: Track, facts: Facts) -> Change:
    """Take back what was placed before the edit. None of it is ruled out: it may be right after all."""
    changes = [Change(track.changed(replacing=False))]
    for target, delivery in track.deliveries.items():
        if not delivery.state.is_done:
            continue
        bare = delivery.noted(alternatives=(), nearest=None)
        undone = undo(changes[-1].track, bare, "; the post was edited", facts)
        after = undone.track.deliveries[target].noted(rejected=delivery.rejected)
        if after.removing is None:
            after = after.noted(undone=delivery.undone)
        changes.append(Change(undone.track.with_delivery(after), undone.entries, undone.messages, after=undone.after))
    return combined(changes)


def withdrawn(track: Track, delivery: Delivery, lost: Lost, facts: Facts) -> Change:
    """The choice turned out to be another song's: it is given up, and this song looks for another one.

    What was placed is taken out first, and so is what was made of its audio.
    """
    item, why = lost.match.candidate.id, lost.match.reasons[-1]
    bare = delivery.noted(lost=(*delivery.lost, lost), alternatives=(), nearest=None)
    if delivery.state is DeliveryState.SYNCED:
        change = undo(track, bare, f": {why}", facts)
        # Nobody said that it is wrong: it is only rather the other's.
        kept = change.track.deliveries[delivery.target].noted(rejected=delivery.rejected)
        change = replace(change, track=change.track.with_delivery(kept))
    else:
        change = Change(
            forgotten(track, frozenset({item})).with_delivery(sought_again(bare, facts.at)),
            (AuditEntry("match_withdrawn", f"{item} is given up: {why}.", delivery.direction),),
            after=Aftermath(releases=(Release.of(track, delivery.target, item),)),
        )
    if delivery.target.spec.gives_audio:
        for each in change.track.in_need_of_audio:
            change = undo_audio(change, each, item, facts)
    return change


def removed(track: Track, event: TrackRemoved, facts: Facts) -> Change:
    """It is out of the collection: give the id back, and ask which one is right."""
    delivery = track.delivery_of(event.track_id, event.target)
    if delivery is None or event.external_id not in delivery.undone:
        return Change(track)
    after = Aftermath(releases=(Release.of(track, event.target, event.external_id),))
    if delivery.removing != event.external_id:
        return Change(track, after=after)
    entry = AuditEntry("track_removed", f"Taken out of {event.target}: {event.external_id}.", delivery.direction)
    left = _without_item(track, event.target, event.external_id)
    out = delivery.moved(facts.at, removing=None, set_video_id=None)
    if not out.needs_audio and event.external_id not in out.rejected:
        # Nobody said that it is wrong: it made way for an edit, and may come back.
        out = out.noted(undone=tuple(each for each in out.undone if each != event.external_id))
    change = _question(left, out, facts)
    return Change(change.track, (entry, *change.entries), after=after)


def not_removed(track: Track, delivery: Delivery, event: StepFailed, facts: Facts) -> Change:
    """It is still there, or may be: try again later, or leave it to a person."""
    if delivery.removing is None:
        return Change(track)
    reason = f"{delivery.removing} could not be taken out: {event.reason}"
    if event.kind is FailureKind.PERMANENT:
        stopped = failed(delivery, Cause.REMOVE_FAILED, reason, facts.at)
    else:
        stopped = rescheduled(delivery, Cause.REMOVE_FAILED, reason, facts.at, facts.policy)
        stopped = stopped.noted(internal=event.internal)
    return Change(track.with_delivery(stopped), (AuditEntry("remove_failed", reason, delivery.direction),))


def undo_audio(change: Change, delivery: Delivery, video: str, facts: Facts) -> Change:
    """The delivery must not use the video, and what was made from it goes too."""
    track = change.track
    made_from_it = delivery.source is not None and delivery.source.id == video
    warned = delivery.moved(facts.at, rejected=with_ids(delivery.rejected, video))
    if delivery.state is DeliveryState.SYNCED and made_from_it:
        more = undo(track, warned, "; its audio came from the wrong video", facts)
        return Change(more.track, (*change.entries, *more.entries), change.messages, after=change.after + more.after)
    if delivery.state.is_done or delivery.state is DeliveryState.SYNCING:
        # What is just being placed is undone as soon as it is there: see `placement`.
        return replace(change, track=track.with_delivery(warned))
    unmade, messages = without_audio(track, warned, facts.at) if made_from_it else (warned, ())
    track = forgotten(track, frozenset({video})).with_delivery(unmade)
    return replace(change, track=track, messages=(*change.messages, *messages))


def without_audio(track: Track, delivery: Delivery, at: datetime) -> tuple[Delivery, tuple[Message, ...]]:
    """The delivery without audio that must not be posted, and the order to throw it away."""
    messages = () if delivery.audio is None else (discard(track, delivery.audio),)
    return sought_again(delivery, at).noted(audio=None), messages


def forgotten(track: Track, videos: frozenset[str]) -> Track:
    """Without the sound of a video that was not the recording: the right one would be refused for it."""
    if track.heard_in not in videos or track.recording is None:
        return track
    silent = track.recording.model_copy(update={"fingerprint": None})
    return track.changed(recording=silent, sound_keys=(), heard_in=None)


def _question(track: Track, delivery: Delivery, facts: Facts) -> Change:
    """What is there already, which of the other proposals is it, or a new search."""
    there = track.items.get(delivery.target) or _held_by_the_absorbed(track, delivery, facts)
    if there is not None:
        entry = AuditEntry("duplicate_skipped", f"It is on {delivery.target} already: {there}.", delivery.direction)
        done = satisfied(delivery, there, facts.at)
        return Change(track.with_item(delivery.target, there).with_delivery(done), (entry,))
    left = tuple(each for each in delivery.alternatives if each.candidate.id not in delivery.ruled_out)
    if not left:
        return Change(track.with_delivery(sought_again(delivery, facts.at)))
    reason = "What had been placed was not the recording; which of the others is it?"
    asked = in_review(delivery.noted(alternatives=left), Cause.WRONG_MATCH, reason, facts.at)
    return Change(track.with_delivery(asked), (AuditEntry("review", reason, delivery.direction),))


def _held_by_the_absorbed(track: Track, delivery: Delivery, facts: Facts) -> str | None:
    """An item there of a track that was joined to this one, which the wrong one had hidden."""
    for track_id in track.absorbed:
        other = facts.track(track_id)
        external_id = other.items.get(delivery.target) if other is not None else None
        if external_id is not None and external_id not in delivery.undone:
            return external_id
    return None


def _without_item(track: Track, target: Platform, external_id: str) -> Track:
    if track.items.get(target) != external_id:
        return track
    return track.changed(items={platform: each for platform, each in track.items.items() if platform != target})


def _disowned(track: Track, delivery: Delivery, facts: Facts) -> Aftermath:
    """People's items that are not this recording: each is released, and seen again as what it is."""
    theirs = [each for each in delivery.undone if each != delivery.removing]
    sightings = []
    for track_id in track.absorbed:
        other = facts.track(track_id)
        if other is not None and other.origin == delivery.target and other.origin_external_id in theirs:
            sightings.append(
                ItemSighted(
                    link=track.link,
                    platform=other.origin,
                    external_id=other.origin_external_id,
                    item=other.item,
                    sighted_at=facts.at,
                )
            )
    return Aftermath(
        releases=tuple(Release.of(track, delivery.target, each) for each in theirs), sightings=tuple(sightings)
    )


def _withdrawn(track: Track, delivery: Delivery, facts: Facts) -> Aftermath:
    """A override that led here is taken back, so that no other track follows it."""
    keys = override_keys(track.link, track.recording, delivery.target)
    wrong = {delivery.external_id, delivery.source.id if delivery.source is not None else None}
    found = facts.overridden(keys)
    return Aftermath(
        overrides=tuple(
            (key, None)
            for key, override in found.items()
            if override.chosen is not None and override.chosen.id in wrong
        )
    )


def deleted(track: Track, command: DeleteTrack, facts: Facts) -> Change:
    """No more steps and in no list. Its claims stay, so that none of its items is ever taken for a new one."""
    name = f" as #{command.track_id}" if command.track_id != track.id else ""
    entry = AuditEntry("track_deleted", f"Deleted{name}{by(command.by)}; nothing is taken out of the collections.")
    return Change(track.changed(state=TrackState.DELETED, changed_at=facts.at), (entry,))
