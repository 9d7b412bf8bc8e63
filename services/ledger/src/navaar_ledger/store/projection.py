"""What a store keeps beside a document so that lists, figures and look-ups never read all of them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.message import stamp
from navaar_contracts.queries import LogEntry
from navaar_ledger.domain.admission import admission_entry
from navaar_ledger.domain.audit import AuditEntry, trace_id
from navaar_ledger.domain.effects import delivery_command, presence_checks, waits_for_approval
from navaar_ledger.domain.queue import QueueEntry, entries_of
from navaar_ledger.domain.track import Delivery, Track, TrackState, TrackStep
from navaar_ledger.store.port import Counters
from navaar_text.search_words import words_of


@dataclass(frozen=True, slots=True)
class Projection:
    queues: tuple[QueueEntry, ...]
    list_keys: tuple[str, ...]
    """Every combination of link, direction and state under which a list shows the track, newest first."""
    due_at: datetime | None
    """The earliest scheduled retry."""
    waiting_since: datetime | None
    """Since when the longest unanswered step has not moved."""
    resolving: tuple[str, ...]
    """While it is not settled which recording its items are: link|platform of each, and what would settle it."""
    held: bool
    keys: tuple[str, ...]
    words: tuple[str, ...]
    """By the beginnings of which a person finds the track."""
    counters: Counter[str]
    """What the track adds to the link's counters."""


def project(track: Track) -> Projection:
    waiting = admission_entry(track)
    return Projection(
        queues=(*entries_of(track), *([] if waiting is None else [waiting])),
        list_keys=tuple(_list_keys(track)),
        due_at=_due_at(track),
        waiting_since=_waiting_since(track),
        resolving=tuple(f"{track.link}|{each}|{way}" for each in track.items for way in _unsettled(track)),
        held=track.held and track.is_alive,
        keys=_keys(track),
        words=words_of(names_of(track)) if track.is_alive else (),
        counters=_counters(track),
    )


def _keys(track: Track) -> tuple[str, ...]:
    if track.state is TrackState.DELETED:
        return ()
    return tuple(f"{track.link}|{key}" for key in (*track.keys, *track.sound_keys))


def _unsettled(track: Track) -> tuple[str, ...]:
    """What may still show that the item is a recording that is about to be placed beside it.

    That shows when it is identified ('*'), or else when its own searches, each under its direction, lead to ids that
    another track has claimed. A first sync's searches take long and are not waited for.
    """
    if not track.is_alive:
        return ()
    if track.state is TrackState.IDENTIFYING:
        return ("*",)
    if track.state is TrackState.UNIDENTIFIED:
        states = {delivery.state for delivery in track.deliveries.values()}
        return ("*",) if DeliveryState.RETRY_SCHEDULED in states else ()
    if track.backfill:
        return ()
    return tuple(delivery.direction.value for delivery in track.deliveries.values() if _is_looking(delivery))


def resolving_keys(link: str, platform: Platform, paused: Collection[Direction]) -> list[str]:
    """What to look for in `Derived.resolving`: a paused direction settles nothing soon, and is not waited for."""
    return [f"{link}|{platform}|{way}" for way in ("*", *Direction) if way not in paused]


def _is_looking(delivery: Delivery) -> bool:
    if delivery.needs_audio:
        return False
    first = delivery.state is DeliveryState.PENDING and not delivery.ready and delivery.attempt == 1
    waits = delivery.contested is not None and delivery.state is DeliveryState.RETRY_SCHEDULED
    return first or waits or delivery.state in (DeliveryState.SEARCHING, DeliveryState.MATCHING)


def list_key(link: str | None, direction: str | None, state: str | None) -> str:
    return f"{link or '*'}|{direction or '*'}|{state or '*'}"


def _list_keys(track: Track) -> Iterator[str]:
    if not track.is_alive:
        return
    found = {list_key(link, None, None) for link in (track.link, None)}
    for delivery in track.deliveries.values():
        for link in (track.link, None):
            for direction in (delivery.direction.value, None):
                found |= {list_key(link, direction, delivery.state.value), list_key(link, direction, None)}
    yield from sorted(found)


def _due_at(track: Track) -> datetime | None:
    if not track.is_alive:
        return None
    due = (d.due_at for d in track.deliveries.values() if d.state is DeliveryState.RETRY_SCHEDULED)
    return min((moment for moment in due if moment is not None), default=None)


def _waiting_since(track: Track) -> datetime | None:
    if not track.is_alive:
        return None
    since = [d.changed_at for d in track.deliveries.values() if delivery_command(track, d) is not None]
    if track.state is TrackState.IDENTIFYING and track.step is not TrackStep.WAIT:
        since.append(track.changed_at)
    if track.seeking is not None and any(presence_checks(track)):
        since.append(track.seeking.since)
    return min(since, default=None)


def _counters(track: Track) -> Counter[str]:
    if not track.is_alive:
        return Counter()
    counters = Counter({"tracks": 1})
    counters.update(f"items|{platform}" for platform in track.items)
    counters.update(f"{d.direction}|{d.state}" for d in track.deliveries.values())
    counters.update(f"{_HELD}{d.direction}" for d in track.deliveries.values() if waits_for_approval(track, d))
    return counters


_HELD = "held:"
"""Before the direction of a delivery that only a plan keeps waiting; earlier versions overlook such a counter."""


def counters_of(counters: Mapping[str, int]) -> Counters:
    """Counters named as in `projection`: 'tracks', 'items|youtube', 'tg_to_yt|synced'. Zeroes are left out."""
    items: dict[Platform, int] = {}
    deliveries: dict[Direction, dict[DeliveryState, int]] = {}
    held: dict[Direction, int] = {}
    for name, amount in counters.items():
        if name.startswith(_HELD) and amount:
            held[Direction(name.removeprefix(_HELD))] = amount
        what, _, which = name.partition("|")
        if not which or not amount:
            continue
        if what == "items":
            items[Platform(which)] = amount
        else:
            deliveries.setdefault(Direction(what), {})[DeliveryState(which)] = amount
    return Counters(counters.get("tracks", 0), items, deliveries, held)


def names_of(track: Track) -> list[str]:
    """Everything the track is called."""
    names = [track.item.title, *track.item.artists]
    if not any(names):
        names.append(track.item.file_name or "")
    if track.recording is not None:
        recording = track.recording
        names += [recording.artist or "", *recording.artists, *recording.featured, recording.title, *recording.version]
    return names


LONGEST = 2000


def lines(track: Track, entries: Sequence[AuditEntry]) -> tuple[LogEntry, ...]:
    """The entries of one save of `track`, in order."""
    return tuple(
        LogEntry(
            id=f"{stamp(entry.at or track.updated_at):013d}-{track.id:08d}-{track.version:06d}-{number:02d}",
            link=track.link,
            track_id=track.id,
            event=entry.event,
            direction=entry.direction,
            details=entry.details[:LONGEST],
            trace_id=trace_id(track.trace),
            created_at=entry.at or track.updated_at,
        )
        for number, entry in enumerate(entries)
    )


def noted(entry: LogEntry, once: str) -> LogEntry:
    """A line about no track, with the id under which it is kept once."""
    return entry.model_copy(update={"id": f"{stamp(entry.created_at):013d}-{once}"})
