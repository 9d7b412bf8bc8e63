"""One function a message: the message and the ports in, messages out."""

from __future__ import annotations

from navaar_contracts.commands import RetryDeliveries, RunCycle, SetPause
from navaar_contracts.events import (
    CollectionOpened,
    CredentialsAccepted,
    CredentialsRejected,
    CycleCompleted,
    ItemSighted,
    ItemSkipped,
    TrackImported,
)
from navaar_contracts.message import Message
from navaar_ledger.application.cycle import ask_stuck, let_plans_go, release_lane, start_due
from navaar_ledger.application.dispatch import run_lanes
from navaar_ledger.application.requests import TrackRequest, ask_of_track, hold_back, retry_failed
from navaar_ledger.application.unit_of_work import Outcome, happened, take, towards, write
from navaar_ledger.domain.decide import TrackMessage, conclude, decide, first_sight
from navaar_ledger.domain.decision import Decision, Facts, Write
from navaar_ledger.domain.effects import implied, new_messages
from navaar_ledger.domain.importing import begin, take_over
from navaar_ledger.domain.merge import absorb
from navaar_ledger.domain.queue import Lane
from navaar_ledger.domain.track import Track, claim_key
from navaar_ledger.ports import Ports
from navaar_ledger.store.port import Collection
from navaar_runtime.tracing import traceparent


async def item_sighted(event: ItemSighted, ports: Ports) -> list[Message]:
    """A new track, unless somebody has claimed the item: then it is known, or our own placement."""
    if event.link not in ports.rules.links:
        return []
    async with ports.turn:
        return await _sighted(event, ports)


async def _sighted(event: ItemSighted, ports: Ports) -> list[Message]:
    key = claim_key(event.link, event.platform, event.external_id)
    owner = (await ports.store.owners([key])).get(key)
    if owner is None:
        owner = await ports.store.claim(key, await ports.store.next_track_id())
    if await ports.store.load(owner) is not None:
        return await _decided(event, owner, ports)
    decision = first_sight(event, owner, ports.now(), ports.rules, traceparent())
    outcome = Outcome()
    if not await write(ports.store, decision.writes, Facts(), outcome):
        return await _decided(event, owner, ports)
    ports.measures.written((), (each.track for each in decision.writes), ports.now())
    for each in decision.writes:
        ports.traces.know(each.track)
    return [*decision.messages, *(await run_lanes(ports, outcome.lanes)).messages]


async def track_event(event: TrackMessage, ports: Ports) -> list[Message]:
    """Any news about a track."""
    if event.link not in ports.rules.links or isinstance(event, ItemSighted):
        return []
    async with ports.turn:
        return await _decided(event, event.track_id, ports)


async def _decided(event: TrackMessage, track_id: int, ports: Ports) -> list[Message]:
    def decider(track: Track, facts: Facts) -> Decision:
        return decide(track, event, ports.now(), ports.rules, facts)

    return await _gone_on(await take(ports, track_id, decider), ports)


async def _gone_on(outcome: Outcome, ports: Ports) -> list[Message]:
    """What was decided, what it sets in motion in the lanes, and the items that have to be taken up anew."""
    messages = [*outcome.messages, *(await run_lanes(ports, outcome.lanes)).messages]
    for sighting in outcome.sightings:
        messages += await _sighted(sighting, ports)
    return messages


async def track_imported(event: TrackImported, ports: Ports) -> list[Message]:
    """What an earlier program knew: a track of its own, or more about the one that has the item."""
    if event.link not in ports.rules.links:
        return []
    async with ports.turn:
        return await _imported(event, ports)


async def _imported(event: TrackImported, ports: Ports) -> list[Message]:
    key = claim_key(event.link, event.platform, event.external_id)
    owner = (await ports.store.owners([key])).get(key)
    if owner is None:
        owner = await ports.store.claim(key, await ports.store.next_track_id())
    outcome = Outcome()
    if await ports.store.load(owner) is None:
        track = begin(event, owner, ports.now())
        await write(ports.store, (Write(track.changed(version=1, trace=traceparent()), 0),), Facts(), outcome)
        outcome.messages += new_messages(None, track)

    def decider(track: Track, facts: Facts) -> Decision:
        root = facts.root(track)
        lost = facts.unabsorbed(track)
        if lost is not None and root.is_alive:
            return conclude(root, absorb(root, lost, ports.now()), ports.now(), again=True)
        change = take_over(root, event, ports.now(), facts)
        if change.track is root and change.closed is None:
            return Decision(messages=tuple(message for target, message in implied(root) if target is None))
        return conclude(root, change, ports.now())

    outcome.add(await take(ports, owner, decider))
    return await _gone_on(outcome, ports)


async def item_skipped(event: ItemSkipped, ports: Ports) -> None:
    """Logged once, however often a gateway meets the entry."""
    details = f"{event.name or event.external_id} on {event.platform} cannot be synced: {event.reason}"
    entry = happened(event.link, "item_skipped", details, event.seen_at)
    await ports.store.note(entry, event.message_id())


async def collection_opened(event: CollectionOpened, ports: Ports) -> list[Message]:
    """All that was in the collection is claimed from here on; placing into it may begin."""
    async with ports.turn:
        opened = Collection(event.link, event.platform, event.opened_at, event.items)
        if await ports.store.open_collection(opened):
            details = f"First complete reading of {event.platform}: {event.items} items."
            entry = happened(event.link, "collection_opened", details, event.opened_at)
            await ports.store.note(entry, f"opened:{event.link}:{event.platform}")
        return (await run_lanes(ports, towards(event.link, event.platform))).messages


async def credentials_rejected(event: CredentialsRejected, ports: Ports) -> None:
    details = f"{event.platform} refuses the sign-in: {event.reason}"
    entry = happened(event.link, "credentials_rejected", details, event.rejected_at)
    await ports.store.note(entry, event.message_id())
    if event.link in ports.rules.links:
        ports.measures.signed_in(ports.rules.links[event.link], event.platform, accepted=False)


async def credentials_accepted(event: CredentialsAccepted, ports: Ports) -> None:
    details = f"The sign-in to {event.platform} works again."
    entry = happened(event.link, "credentials_accepted", details, event.accepted_at)
    await ports.store.note(entry, event.message_id())
    if event.link in ports.rules.links:
        ports.measures.signed_in(ports.rules.links[event.link], event.platform, accepted=True)


async def run_cycle(command: RunCycle, ports: Ports) -> list[Message]:
    """Release what this direction's cycle holds back, start what is due, ask again for what is stuck."""
    link = ports.rules.links.get(command.link)
    if link is None or command.direction not in link.directions():
        return []
    try:
        messages, completed = await _cycle(command, ports)
    except Exception:
        ports.measures.crashed(command.link, command.direction)
        raise
    ports.measures.cycled(command.link, command.direction, completed.seconds)
    return [*messages, completed]


async def _cycle(command: RunCycle, ports: Ports) -> tuple[list[Message], CycleCompleted]:
    begun = ports.now()
    async with ports.turn:
        outcome = await let_plans_go(ports, command.link)
        lanes = [Lane(command.link, command.direction, backfill) for backfill in (False, True)]
        released = 0
        for lane in lanes:
            released += await release_lane(ports, lane, outcome)
        retried = await start_due(ports, outcome)
        asked = await ask_stuck(ports, outcome)
        outcome.add(await run_lanes(ports, [*lanes, *outcome.lanes]))
        ended = ports.now()
        await ports.store.record_cycle(command.link, command.direction, command.number, ended)
    completed = CycleCompleted(
        link=command.link,
        direction=command.direction,
        number=command.number,
        seconds=max(0.0, (ended - begun).total_seconds()),
        released=released,
        retried=retried,
        asked_again=asked,
        completed_at=ended,
    )
    return outcome.messages, completed


async def retry_deliveries(command: RetryDeliveries, ports: Ports) -> list[Message]:
    """A fresh budget for what has failed: one track, one way, or all."""
    async with ports.turn:
        outcome = await retry_failed(ports, command)
        outcome.add(await run_lanes(ports, outcome.lanes))
        return outcome.messages


async def track_request(command: TrackRequest, ports: Ports) -> list[Message]:
    """A person deletes a track, answers a question about it, or reports a wrong match."""
    if command.link not in ports.rules.links:
        return []
    async with ports.turn:
        return await _gone_on(await ask_of_track(ports, command), ports)


async def set_pause(command: SetPause, ports: Ports) -> list[Message]:
    """Hold a direction back, or let it go on with what has waited."""
    if command.link not in ports.rules.links:
        return []
    async with ports.turn:
        return (await run_lanes(ports, await hold_back(ports, command))).messages
