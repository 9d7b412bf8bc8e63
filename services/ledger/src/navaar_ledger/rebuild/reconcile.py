"""A ledger that was set back takes over what happened since, before it does anything.

It was set back when its consumer has acknowledged events that it has not worked off, or when the history tells of
tracks that it does not have: a copy was put back, by whatever means, or the store is empty and the streams are not.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from nats.aio.client import Client

from navaar_contracts.events import NoticeGiven
from navaar_contracts.identifiers import DeliveryState
from navaar_contracts.message import Message
from navaar_contracts.records import RequestTaken, TrackDiscovered
from navaar_contracts.streams import EVENTS
from navaar_ledger.application.unit_of_work import Outcome, note, work_on
from navaar_ledger.domain.decide import conclude
from navaar_ledger.domain.placement import in_doubt
from navaar_ledger.domain.track import claim_key
from navaar_ledger.ports import Ports
from navaar_ledger.rebuild.history import (
    SUBJECTS,
    Extent,
    discoveries,
    highest_of_records,
    look,
    moment_of,
    read,
)
from navaar_ledger.rebuild.names import RememberedNames
from navaar_ledger.rebuild.replay import Replay
from navaar_ledger.store.life import RESTORING, Life, Mark, Reconciled, new_epoch, reconciled
from navaar_ledger.store.port import Store
from navaar_runtime import tracing
from navaar_runtime.acknowledgement import MessageUnreadable
from navaar_runtime.failures import Permanent, Transient
from navaar_runtime.history import stored
from navaar_runtime.logs import get_logger
from navaar_runtime.redaction import redact

log = get_logger(__name__)

AT_ONCE = 200
LOOK_BACK = 2_000
"""So many messages before the watermark are looked at for tracks that the store lacks."""
TORN = timedelta(minutes=15)
"""A dump that was not made by `navaar backup` may be of no moment: what it says of itself may be newer than its tracks.
From so long before, events are taken once more; what is known already changes nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What of the history is to be read, and what cannot be."""

    first: int | None
    """From this sequence on; None: nothing is missing."""
    since: datetime | None = None
    """From this moment on instead."""
    why: str = ""
    gap: str = ""
    """What happened that no stream tells."""
    records_lost: bool = False
    """Idempotency records of what the ledger knows may be missing."""


def reading(life: Life, extent: Extent, newest: datetime | None, *, missed: bool) -> Reading:
    """What the ledger has to read before it acts. Pure.

    Args:
        newest: when the newest track of the store was created; None where it has none.
        missed: the history tells of tracks that the store does not have, or of events behind the mark that a ledger has
            worked off.
    """
    mark = life.mark
    backup = f"put back from the backup of {life.restored.taken_at}" if life.restored is not None else ""
    if mark is None:
        if not missed:
            return Reading(None, why=backup)
        if newest is None:
            gap = "" if extent.first <= 1 else f"the history begins at sequence {extent.first}"
            return Reading(extent.first, why=backup or "the ledger was empty and the history is not", gap=gap)
        return Reading(extent.first, newest, backup or "the ledger was older than the history")
    if mark.stream != extent.made:
        # Another stream: of the one that the mark is about nobody can tell what came after it.
        gap = "what happened since the backup is in no stream" if backup else ""
        first = extent.first if missed else None
        return Reading(first, why=backup or "the streams are new", gap=gap, records_lost=True)
    if extent.last < mark.sequence:
        return Reading(None, why=backup or "the streams are older than the ledger", records_lost=True)
    if not missed:
        return Reading(None, why=backup)
    since = mark.sequence + 1
    gap = f"the history between {since} and {extent.first} is no longer there" if extent.first > since else ""
    return Reading(max(since, extent.first), why=backup or "the ledger was older than the history", gap=gap)


async def reconcile(client: Client, ports: Ports) -> tuple[Reconciled | None, list[Message]]:
    """Bring the ledger up to what the streams know: what was done, None where nothing was missing, and what to tell.

    No command is given out: what the ledger waits for is asked for by its recovery, once it knows all.

    Raises:
        Permanent: what the store holds is half a restore.
        Transient: the streams or the store do not answer; nothing must be done before they do.
    """
    store = ports.store
    extent = await look(client)
    about = await store.about()
    if RESTORING in about:
        raise Permanent("a restore into this database was not finished: run `navaar restore` again")
    life = Life.of(about)
    if life.epoch is None:
        await store.keep_about(new_epoch())
    ours = life.mark is not None and life.mark.stream == extent.made
    begin = min(life.mark.sequence, extent.last) + 1 if ours and life.mark is not None else 1
    names, unknown, highest = RememberedNames(), 0, await store.highest_number()
    if extent.last:
        async for discovered in discoveries(client, max(1, begin - LOOK_BACK)):
            names.learn(discovered)
            unknown += not await _is_known(store, discovered, highest)
    missed = bool(unknown) or (life.mark is not None and await _missed(client, life, begin, extent))
    plan = reading(life, extent, await _newest(store), missed=missed)
    if plan.first is not None and ours and life.restored is None:
        moment = await moment_of(client, begin - 1)
        await _claim_again(store)
        plan = replace(plan, since=moment - TORN if moment is not None else None)
    is_odd = plan.first is not None or plan.records_lost or life.mark is None or life.restored is not None
    floor = max(highest, names.highest, await highest_of_records(client, every=is_odd))
    if await store.raise_number(floor):
        log.warning("numbers_continued", above=floor)
    done = Reconciled(at=ports.now().isoformat(), why=plan.why, gap=plan.gap)
    if plan.first is not None:
        events, unreadable = await _taken_over(client, ports, names, plan, extent.last)
        done = replace(done, events=events, unreadable=unreadable, tracks=unknown, first=plan.first, last=extent.last)
    known = extent.acknowledged if life.mark is None else begin - 1
    mark = Mark(extent.made, extent.last if done.last else known)
    return await _settled(ports, life, plan, done, mark)


async def _is_known(store: Store, discovered: TrackDiscovered, highest: int) -> bool:
    if discovered.track_id > highest:
        return False
    if not discovered.identity and discovered.track_id < highest - AT_ONCE:
        # Of an earlier version, and not among those that a dump may lack.
        return True
    track = await store.load(discovered.track_id)
    return track is not None and discovered.identity in ("", track.identity)


async def _missed(client: Client, life: Life, begin: int, extent: Extent) -> bool:
    """Whether a ledger has worked off events, or carried out requests, that this one has not.

    What cannot be read is nobody's loss.
    """
    if begin > extent.last:
        return False
    async for message in stored(client, EVENTS.name, SUBJECTS, first=begin, last=extent.last):
        with contextlib.suppress(MessageUnreadable):
            event = read(message)
            if isinstance(event, RequestTaken):
                if event.request is not None and event.request.message_id() not in life.asked:
                    return True
            elif message.sequence <= extent.acknowledged:
                return True
    return False


async def _claim_again(store: Store) -> None:
    """What the newest tracks have in collections is theirs: in a dump their claims may be missing."""
    for track in await store.tracks(None, None, None, LOOK_BACK):
        keys = [claim_key(track.link, platform, item) for platform, item in track.items.items()]
        for key in keys if len(await store.owners(keys)) < len(keys) else ():
            await store.claim(key, track.id)


async def _newest(store: Store) -> datetime | None:
    found = await store.tracks(None, None, None, 1)
    return found[0].created_at if found else None


async def _taken_over(
    client: Client, ports: Ports, names: RememberedNames, plan: Reading, last: int
) -> tuple[int, int]:
    """(events, those passed over)."""
    through = Replay(ports.store, ports.policy, names)
    events = passed_over = 0
    log.warning("reconciling", why=plan.why, first=plan.first, last=last)
    first = None if plan.since is not None else plan.first
    async for message in stored(client, EVENTS.name, SUBJECTS, first=first, since=plan.since, last=last):
        try:
            event = read(message)
            with tracing.within(message.headers):
                await through.take(event, message.at)
        except Transient:
            raise
        except Exception as problem:  # noqa: BLE001 - it is a dead letter since it came, and the others are not
            passed_over += 1
            log.warning("event_passed_over", sequence=message.sequence, reason=redact(str(problem)))
        else:
            events += 1
    return events, passed_over


async def _settled(
    ports: Ports, life: Life, plan: Reading, done: Reconciled, mark: Mark
) -> tuple[Reconciled | None, list[Message]]:
    """Hold back what a person has to look at first; keep and log what was done."""
    was_complete = life.restored is not None and life.restored.complete
    messages: list[Message] = []
    if (plan.records_lost or plan.gap) and not was_complete:
        doubted = await _doubted(ports)
        messages += doubted.messages
        held = await _held_back(ports, plan.gap) if plan.gap and life.restored is not None else ()
        done = replace(done, in_doubt=len(doubted.messages), held_back=held)
    if not (done.events or done.unreadable or done.held_back or done.in_doubt or life.restored is not None):
        await ports.store.keep_about(mark.about())
        return None, []
    await ports.store.keep_about({**reconciled(done), **mark.about()})
    log.warning("reconciled", told=done.told())
    for link in ports.policy.links:
        await note(ports, f"reconciled:{link}:{done.at}", link, "ledger_reconciled", done.told(), ports.now())
        if done.held_back or done.in_doubt:
            headline = "Navaar was put back to an earlier moment, and needs you"
            messages.append(
                NoticeGiven(link=link, about="reconciled", headline=headline, details=done.told(), given_at=ports.now())
            )
    return done, messages


async def _doubted(ports: Ports) -> Outcome:
    """Placements under way in collections that cannot be read: nobody can find out whether they were made."""
    outcome = Outcome()
    for link in ports.policy.links:
        after = 0
        while found := await ports.store.in_state(link, DeliveryState.SYNCING, AT_ONCE, after):
            for track in found:
                outcome.add(await work_on(ports, track.id, lambda t, facts: conclude(t, in_doubt(t, facts), facts)))
            after = found[-1].id
    return outcome


async def _held_back(ports: Ports, gap: str) -> tuple[str, ...]:
    """Directions to collections that cannot be read wait for a person: they may hold what the ledger has forgotten."""
    held: list[str] = []
    for link in ports.policy.links.values():
        for direction in link.directions():
            if not direction.target.spec.is_polled:
                at = ports.now()
                await ports.store.pause(link.name, direction, True, at)
                held.append(direction.value if len(ports.policy.links) == 1 else f"{link.name} {direction.value}")
                what = f"{direction.value} is held back: {gap}, and {direction.target.label} cannot be read."
                await note(
                    ports, f"held:{link.name}:{direction}:{at.isoformat()}", link.name, "paused", what, at, direction
                )
    return tuple(held)
