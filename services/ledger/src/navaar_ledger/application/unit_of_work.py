"""One document's turn: load, decide, compare-and-set, and once more when somebody was faster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from navaar_contracts.events import ItemSighted
from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_contracts.message import Message
from navaar_contracts.queries import LogEntry
from navaar_ledger.domain.admission import AdmissionQueue, queue_of
from navaar_ledger.domain.audit import trace_id
from navaar_ledger.domain.decide import TrackMessage, decide
from navaar_ledger.domain.decision import (
    Aftermath,
    ClaimNeeded,
    Decision,
    Facts,
    OverridesNeeded,
    SharingNeeded,
    TrackNeeded,
    Write,
)
from navaar_ledger.domain.effects import held_back
from navaar_ledger.domain.queue import DeliveryQueue
from navaar_ledger.domain.track import SOUNDS_IN_COMMON, Track, TrackState
from navaar_ledger.ports import Ports
from navaar_ledger.store.port import Store
from navaar_runtime.failures import Transient
from navaar_runtime.tracing import traceparent

SHARING = 32
_LOOKING = (DeliveryState.SEARCHING, DeliveryState.MATCHING)
ROUNDS = 50
"""Look-ups, conflicts and second thoughts in one turn; more means that something is wrong."""


Decider = Callable[[Track, Facts], Decision]


@dataclass
class Outcome:
    """Messages to publish, and the queues in which something may continue now."""

    messages: list[Message] = field(default_factory=list)
    queues: set[DeliveryQueue] = field(default_factory=set)
    admissions: set[AdmissionQueue] = field(default_factory=set)
    """Collections of which fewer items are being identified than before."""
    changed: bool = False
    sightings: list[ItemSighted] = field(default_factory=list)
    """People's items that belong to no track any more; to be taken up as new."""

    def add(self, other: Outcome) -> None:
        self.messages += other.messages
        self.queues |= other.queues
        self.admissions |= other.admissions
        self.changed |= other.changed
        self.sightings += other.sightings


async def work_on(ports: Ports, track_id: int, decider: Decider) -> Outcome:
    """Decide about a track and write what was decided; nothing at all when there is no such track.

    Raises:
        Transient: the store does not answer, or others were faster again and again.
    """
    outcome = Outcome()
    facts = ports.facts()
    for _ in range(ROUNDS):
        track = facts.tracks.get(track_id) or await ports.load(track_id)
        if track is None:
            return outcome
        facts.know([track])
        try:
            decision = decider(track, facts)
        except TrackNeeded as needed:
            facts.tracks[needed.track_id] = await ports.load(needed.track_id)
            continue
        except ClaimNeeded as needed:
            facts.owners[needed.key] = await ports.store.claim(needed.key, needed.track_id)
            continue
        except SharingNeeded:
            facts.sharing = tuple(held_back(each, ports.policy) for each in await _sharing(ports.store, track))
            facts.know(facts.sharing)
            continue
        except OverridesNeeded as needed:
            found = await ports.store.overrides(needed.keys)
            facts.overrides.update({key: found.get(key) for key in needed.keys})
            continue
        written = await write(ports.store, decision.writes, facts, outcome)
        if written:
            ports.metrics.written(*_documents(decision.writes, facts), ports.now())
            await _finish(ports.store, decision.after)
            for known in (*facts.tracks.values(), *(each.track for each in decision.writes)):
                if known is not None:
                    ports.traces.know(known)
            outcome.messages += decision.messages
            outcome.sightings += decision.after.sightings
            if not decision.again:
                return outcome
        facts = ports.facts()
    raise Transient(f"track {track_id} changes faster than it can be decided about")


async def decided(ports: Ports, track_id: int, message: TrackMessage) -> Outcome:
    """What a message makes of a track; raises Transient."""
    return await work_on(ports, track_id, lambda track, facts: decide(track, message, facts))


async def write(store: Store, writes: tuple[Write, ...], facts: Facts, outcome: Outcome) -> bool:
    """All writes in order; False at the first conflict."""
    for each in writes:
        if not await store.save(each.track, each.expected_version, each.entries):
            return False
        outcome.changed = True
        before = facts.tracks.get(each.track.id)
        outcome.queues |= set(_touched(before, each.track))
        if before is not None and _makes_room(before, each.track):
            outcome.admissions.add(queue_of(before))
    return True


def _documents(writes: tuple[Write, ...], facts: Facts) -> tuple[list[Track], list[Track]]:
    """The documents that were written, as they were and as they are."""
    before = (facts.tracks.get(each.track.id) for each in writes)
    return [track for track in before if track is not None], [each.track for each in writes]


async def _finish(store: Store, after: Aftermath) -> None:
    if after.overrides:
        await store.keep_overrides(after.overrides)
    for release in after.releases:
        await store.release(release.key, release.holders)
    for key, track_id in after.claims:
        await store.claim(key, track_id)


async def _sharing(store: Store, track: Track) -> tuple[Track, ...]:
    """Those that sound alike first, then those of a like name; no crowd of the one keeps the other out."""
    alike = await store.sharing(track.link, track.sound_keys, SHARING, SOUNDS_IN_COMMON)
    named = await store.sharing(track.link, track.keys, SHARING)
    found = {other.id: other for other in (*alike, *named)}
    return tuple(o for o in found.values() if o.id != track.id and o.state is not TrackState.DELETED)


def _touched(before: Track | None, after: Track) -> Iterator[DeliveryQueue]:
    documents = (after,) if before is None else (before, after)
    for document in documents:
        for delivery in document.deliveries.values():
            yield DeliveryQueue(document.link, delivery.direction, delivery.backfill)
    if before is not None and (_makes_room(before, after) or _has_found(before, after)):
        # What may have been this recording in the collections that have it is held up by it no more.
        for platform in after.items:
            yield from towards(after.link, platform)


def _has_found(before: Track, after: Track) -> bool:
    """Whether a search of the track's has come to its end."""
    ended = (after.deliveries.get(each.target) for each in before.deliveries.values() if each.state in _LOOKING)
    return any(each is None or each.state not in _LOOKING for each in ended)


def _makes_room(before: Track, after: Track) -> bool:
    return before.state is TrackState.IDENTIFYING and after.state is not TrackState.IDENTIFYING


def towards(link: str, target: str) -> Iterator[DeliveryQueue]:
    """All queues that end at `target`."""
    for direction in Direction:
        if direction.target == target:
            yield DeliveryQueue(link, direction, False)
            yield DeliveryQueue(link, direction, True)


async def note(
    ports: Ports, once: str, link: str, event: str, details: str, at: datetime, direction: Direction | None = None
) -> bool:
    """Log what belongs to no track, with the trace in which it happened, once for ever under the name `once`."""
    trace = trace_id(traceparent())
    entry = LogEntry(id="", link=link, event=event, direction=direction, details=details, trace_id=trace, created_at=at)
    return await ports.store.note(entry, once)
