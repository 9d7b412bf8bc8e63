"""Admission: which of the items that came together are identified now.

The ledger takes one message at a time, so what it asks for early it has to answer for before everything that comes
later. Were all items of a crowd fetched and listened to at once, the first of them would wait at each of its steps for
all others. So only a few of one collection are on their way to a name; whoever has one makes room for the next, in the
order of their origin. Pure: entries in, who is next out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from navaar_contracts.identifiers import DeliveryState, LinkName, Platform
from navaar_ledger.domain.decision import Change, Facts
from navaar_ledger.domain.discovery import first_step
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.queue import QueueEntry
from navaar_ledger.domain.track import Track, TrackState, TrackStep


@dataclass(frozen=True, slots=True)
class AdmissionQueue:
    """The items of one collection that have no name yet; what a first sync brings waits apart, as in every queue."""

    link: LinkName
    platform: Platform
    backfill: bool

    @property
    def key(self) -> str:
        return f"{self.link}|{self.platform}|{int(self.backfill)}"

    def at_once(self, policy: Policy) -> int:
        """How many are in hand at most. What was imported has no file to listen to yet."""
        listens = self.platform.spec.gives_files and not self.backfill
        return policy.listening if listens else policy.identifying


def queue_of(track: Track) -> AdmissionQueue:
    return AdmissionQueue(track.link, track.origin, track.backfill)


def admission_entry(track: Track) -> QueueEntry | None:
    """What its collection's queue needs to know of a track; None once it is known who it is, or that nobody knows."""
    if track.state is not TrackState.IDENTIFYING:
        return None
    return QueueEntry(
        queue=queue_of(track).key,
        track_id=track.id,
        target=track.origin,
        order=track.id,
        state=DeliveryState.IDENTIFYING,
        released=track.step is not TrackStep.WAIT,
    )


def has_room(entries: Sequence[QueueEntry], at_once: int) -> bool:
    """Whether an item that comes now need not wait: its collection has fewer in hand, and so none that waits."""
    return len(entries) < at_once


def admissible(entries: Sequence[QueueEntry], at_once: int) -> tuple[QueueEntry, ...]:
    """Who is taken in hand now, of a queue's first entries in order."""
    room = at_once - sum(entry.released for entry in entries)
    return tuple(entry for entry in entries if not entry.released)[: max(0, room)]


def admit(track: Track, facts: Facts) -> Change:
    """It is fetched or identified now, if it still waits for that."""
    if track.state is not TrackState.IDENTIFYING or track.step is not TrackStep.WAIT:
        return Change(track)
    return Change(track.changed(step=first_step(track.origin, track.item, facts.policy), changed_at=facts.at))
