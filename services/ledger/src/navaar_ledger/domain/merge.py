"""Two tracks turn out to be one recording: one document takes over everything, the other closes.

The track with the lower id stays, so that two replicas that join the same pair agree and no circle can arise. The
closed document is written first: from then on its deliveries rest, and the root takes them over in a second write. A
crash in between leaves a closed document that its root has not absorbed; whoever next meets it heals that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from navaar_contracts.causes import Cause
from navaar_contracts.commands import KnownTrack
from navaar_contracts.events import IdentityJudged
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.message import Message
from navaar_contracts.music import ScoredCandidate
from navaar_ledger.domain.apart import apart, are_parted, is_let_go
from navaar_ledger.domain.audit import AuditEntry, scored
from navaar_ledger.domain.decision import Change, Facts
from navaar_ledger.domain.effects import discard
from navaar_ledger.domain.seeking import joined_by
from navaar_ledger.domain.track import Delivery, Own, Track, TrackState, TrackStep, claim_key
from navaar_ledger.domain.transitions import satisfied, with_ids

_ADVANCE = {
    DeliveryState.LEFT_OUT: -1,
    DeliveryState.IDENTIFYING: 0,
    DeliveryState.FAILED: 1,
    DeliveryState.REVIEW: 2,
    DeliveryState.RETRY_SCHEDULED: 3,
    DeliveryState.PENDING: 4,
    DeliveryState.SEARCHING: 5,
    DeliveryState.MATCHING: 6,
    DeliveryState.DOWNLOADING: 7,
    DeliveryState.SYNCING: 10,
    DeliveryState.SYNCED: 11,
    DeliveryState.DUPLICATE: 11,
}


def join(one: Track, other: Track, why: str, at: datetime) -> Change:
    """Both are the same recording. Decide again afterwards: the message may concern what was taken over."""
    root, joiner = (one, other) if one.id < other.id else (other, one)
    closed = joiner.changed(state=TrackState.MERGED, merged_into=root.id, joined_at=at, joined_why=why, updated_at=at)
    entry = AuditEntry("joined", f"The same recording as #{root.id} {root.display}: {why}.")
    absorbed = absorb(root, closed, at)
    taken = AuditEntry("joined", f"#{joiner.id} {joiner.display} on {joiner.origin} is the same recording: {why}.")
    return Change(
        absorbed.track,
        (taken, *absorbed.entries),
        absorbed.messages,
        closed=closed,
        closed_entries=(entry,),
        again=True,
    )


def meet(track: Track, holder: int, why: str, facts: Facts) -> Change | None:
    """Join `track` with the living track that `holder` belongs to; None when that is `track` itself, or gone.

    Raises:
        TrackNeeded: look that up and decide again.
    """
    other = facts.track(holder)
    if other is None:
        return None
    root, lost = facts.root(other), facts.unabsorbed(other)
    if lost is not None and is_let_go(lost, root):
        return None  # Whoever parted them opens it, as soon as the request comes again.
    if root.is_alive and lost is not None:
        return replace(absorb(root, lost, facts.at), again=True)
    if not root.is_alive or root.id == track.id or apart(track, root):
        return None
    return join(track, root, why, facts.at)


def joined_as_judged(track: Track, event: IdentityJudged, facts: Facts) -> Change | None:
    """Joined with the track that the identifier says it is; None where that is none, or gone."""
    if event.same_as is None:
        return None
    reasons = "; ".join(event.judgement.reasons) if event.judgement is not None else ""
    return meet(track, event.same_as, reasons or "the identifier says so", facts)


def absorb(root: Track, closed: Track, at: datetime) -> Change:
    """`root` takes over the items, keys and deliveries of `closed`. Doing it twice changes nothing."""
    if closed.id in root.absorbed:
        return Change(root)
    before = root
    root = root.changed(
        own=_own(root, closed),
        absorbed=(*root.absorbed, closed.id, *closed.absorbed),
        parted=tuple(dict.fromkeys((*root.parted, *closed.parted))),
        keys=with_ids(root.keys, *closed.keys),
        held=root.held and closed.held,
        imported=with_ids(root.imported, *closed.imported),
    )
    root = _take_sound(_take_identity(root, closed, at), closed)
    root, entries = _take_items(root, closed, at)
    root, messages = _take_deliveries(root, closed, at)
    if root.state is TrackState.BASELINE and root.deliveries:
        root = root.changed(state=TrackState.IDENTIFIED)
    return Change(joined_by(root, before, closed, at), entries, messages)


def _own(root: Track, closed: Track) -> Own:
    """What the root has by itself, and which of its deliveries may give way now."""
    own = root.own
    if own is None:
        own = Own(
            identified=root.recording is not None,
            keys=root.keys,
            heard=bool(root.sound_keys),
            held=root.held,
            imported=root.imported,
            parted=root.parted,
            targets=tuple(root.deliveries),
        )
    attempts = {d.name: d.attempt for each in (root, closed) for d in each.deliveries.values()}
    newest = {**own.attempts, **{key: max(n, own.attempts.get(key, 0)) for key, n in attempts.items()}}
    return own.model_copy(update={"keys": root.keys if own.keys is None else own.keys, "attempts": newest})


def _take_identity(root: Track, closed: Track, at: datetime) -> Track:
    """A root that nobody has identified yet is who the other one is."""
    if root.recording is not None or closed.recording is None:
        return root
    root = root.changed(
        recording=closed.recording, method=closed.method, queries=closed.queries, suspects=(), changed_at=at
    )
    state = TrackState.BASELINE if root.baseline and not root.deliveries else TrackState.IDENTIFIED
    return root.changed(state=state, step=TrackStep.DONE)


def _take_sound(root: Track, closed: Track) -> Track:
    """What was heard of either is how the recording sounds."""
    heard = closed.recording.fingerprint if closed.recording is not None else None
    if heard is None or root.recording is None or (root.recording.fingerprint is not None and root.sound_keys):
        return root
    sounding = root.recording.model_copy(update={"fingerprint": heard})
    return root.changed(recording=sounding, sound_keys=closed.sound_keys, heard_in=closed.heard_in)


def _take_items(root: Track, closed: Track, at: datetime) -> tuple[Track, tuple[AuditEntry, ...]]:
    entries: list[AuditEntry] = []
    for platform, external_id in closed.items.items():
        delivery = root.deliveries.get(platform)
        if platform in root.items:
            entries.append(
                AuditEntry("duplicate_skipped", f"{platform} has this recording more than once: {external_id}.")
            )
            continue
        root = root.with_item(platform, external_id)
        theirs = closed.deliveries.get(platform)
        if theirs is not None and theirs.state.is_done:
            continue  # Taken over with the deliveries, as it was placed.
        if delivery is not None and not delivery.state.is_done and delivery.state is not DeliveryState.SYNCING:
            root = root.with_delivery(satisfied(delivery, external_id, at))
            entries.append(
                AuditEntry("duplicate_skipped", f"It is on {platform} already: {external_id}.", delivery.direction)
            )
    return root, tuple(entries)


def _take_deliveries(root: Track, closed: Track, at: datetime) -> tuple[Track, tuple[Message, ...]]:
    messages: list[Message] = []
    for delivery in closed.deliveries.values():
        theirs = delivery
        ours = root.deliveries.get(theirs.target)
        if ours is not None:
            ours, theirs = _agreed(ours, theirs)
            root = root.with_delivery(ours)
        if theirs.target in root.items and advance(theirs) < _ADVANCE[DeliveryState.SYNCING]:
            loser: Delivery | None = theirs
        elif ours is None or advance(theirs) > advance(ours):
            root, loser = root.with_delivery(theirs), ours
        else:
            loser = theirs
        if loser is not None and loser.audio is not None and loser.state is not DeliveryState.SYNCING:
            messages.append(discard(root, loser.audio))
    return _open_waiting(root, at), tuple(messages)


def _agreed(ours: Delivery, theirs: Delivery) -> tuple[Delivery, Delivery]:
    """Both know what a person has said about either."""
    rejected, undone = with_ids(ours.rejected, *theirs.rejected), with_ids(ours.undone, *theirs.undone)
    return ours.noted(rejected=rejected, undone=undone), theirs.noted(rejected=rejected, undone=undone)


def _open_waiting(root: Track, at: datetime) -> Track:
    """What waited for an identity that the root has may start."""
    if root.step is not TrackStep.DONE:
        return root
    for delivery in root.deliveries.values():
        if delivery.state is not DeliveryState.IDENTIFYING:
            continue
        external_id = root.items.get(delivery.target)
        opened = (
            satisfied(delivery, external_id, at) if external_id else delivery.moved(at, state=DeliveryState.PENDING)
        )
        root = root.with_delivery(opened)
    return root


def advance(delivery: Delivery) -> int:
    """How near the collection it is; of two deliveries the nearer one survives, so that none is placed twice."""
    if delivery.state is DeliveryState.FAILED and delivery.cause == Cause.UNKNOWN_OUTCOME:
        return 9
    if delivery.ready and delivery.state in (DeliveryState.PENDING, DeliveryState.RETRY_SCHEDULED):
        return 8
    return _ADVANCE[delivery.state]


def doubled(root: Track, platform: Platform, external_id: str) -> bool:
    """Whether the collection now holds the recording under another id than the one known first."""
    return platform in root.items and root.items[platform] != external_id


def take_match(
    track: Track,
    delivery: Delivery,
    match: ScoredCandidate,
    facts: Facts,
    *,
    others: tuple[ScoredCandidate, ...] = (),
) -> Change | None:
    """Claim the match, towards a playlist. Whoever has claimed it before is the same recording, and is joined.

    None when it cannot be had: a person said that its owner is another recording, or the owner is not known.
    """
    external_id = match.candidate.id
    owner = facts.claim(claim_key(track.link, delivery.target, external_id), track.id)
    if owner != track.id:
        joined = meet(track, owner, f"both are {delivery.target} {external_id}", facts)
        if joined is not None:
            return joined
        holder = facts.track(owner)
        root = None if holder is None else facts.root(holder)
        if root is None:
            return None
        if root.id != track.id:
            if are_parted(track, root) and not _lets_go(root, delivery.target, external_id):
                return None
            if root.is_alive and not _lets_go(root, delivery.target, external_id):
                return None
            if root.items.get(delivery.target) == external_id:
                return _there_already(track, delivery, external_id, root, facts.at)
            # A deleted track's choice that was never placed: its claim keeps watchers quiet, as it should.
    entry = AuditEntry("match_chosen", scored(match), delivery.direction)
    ready = delivery.moved(
        facts.at,
        state=DeliveryState.PENDING,
        ready=True,
        ready_at=facts.at,
        chosen=match,
        url=match.candidate.url,
        alternatives=others,
        candidates=(),
        in_doubt=False,
        due_at=None,
        reason=None,
        cause=None,
    )
    return Change(track.with_delivery(ready), (entry,))


def _lets_go(root: Track, target: Platform, external_id: str) -> bool:
    """A person said that it is not the owner's; its claim is about to be given back."""
    theirs = root.deliveries.get(target)
    return theirs is not None and theirs.removing is None and external_id in theirs.undone


def _there_already(track: Track, delivery: Delivery, external_id: str, owner: Track, at: datetime) -> Change:
    reason = f"It is on {delivery.target} already: {external_id}, of #{owner.id}, which was deleted."
    done = satisfied(delivery, external_id, at)
    entry = AuditEntry("duplicate_skipped", reason, delivery.direction)
    return Change(track.with_item(delivery.target, external_id).with_delivery(done), (entry,))


def already_there(track: Track, delivery: Delivery, at: datetime) -> Change:
    """The target's collection holds the recording, as `track.items` tells: nothing is left to do."""
    external_id = track.items[delivery.target]
    entry = AuditEntry("duplicate_skipped", f"It is on {delivery.target} already: {external_id}.", delivery.direction)
    return Change(track.with_delivery(satisfied(delivery, external_id, at)), (entry,))


SHOWN = 3
"""Proposals that a person sees."""
SUSPECTS = 8
"""At most so many known recordings are compared at once."""


def suspects(track: Track, sharers: Iterable[Track], facts: Facts) -> tuple[KnownTrack, ...]:
    """The living recordings among `sharers` that `track` may be, one each."""
    found: dict[int, KnownTrack] = {}
    for other in sharers:
        root = facts.root(other)
        if root.id == track.id or other.recording is None or not root.is_alive or apart(track, root):
            continue
        found.setdefault(root.id, KnownTrack(track_id=other.id, recording=other.recording))
    return tuple(found.values())[:SUSPECTS]
