"""One function a message: the message and the ports in, messages out."""

from __future__ import annotations

from navaar_contracts.commands import (
    AnswerReview,
    DeleteTrack,
    PartTrack,
    ReportWrongMatch,
    RetryDeliveries,
    RunCycle,
    SetPause,
)
from navaar_contracts.events import (
    CollectionOpened,
    CredentialsAccepted,
    CredentialsRejected,
    CycleCompleted,
    ItemSighted,
    ItemSkipped,
    PlatformAvailable,
    PlatformPaused,
    TrackImported,
)
from navaar_contracts.message import Message
from navaar_ledger.application.admission import admit_next, must_wait
from navaar_ledger.application.cycle import ask_stuck, hold_queue, let_plans_go, release_queue, start_due
from navaar_ledger.application.dispatch import run_queues
from navaar_ledger.application.requests import hold_back, retry_failed
from navaar_ledger.application.unit_of_work import Outcome, decided, note, towards, write
from navaar_ledger.domain.admission import AdmissionQueue
from navaar_ledger.domain.decide import StepAnswer, first_sight
from navaar_ledger.domain.decision import Write
from navaar_ledger.domain.effects import held_back, new_effects
from navaar_ledger.domain.importing import begin
from navaar_ledger.domain.queue import DeliveryQueue
from navaar_ledger.domain.track import Newborn, TrackState, claim_key
from navaar_ledger.ports import Ports
from navaar_ledger.store.port import OpenedCollection, PlatformPause, over
from navaar_runtime.tracing import traceparent

TrackRequest = DeleteTrack | AnswerReview | ReportWrongMatch | PartTrack


async def item_sighted(event: ItemSighted, ports: Ports) -> list[Message]:
    """A new track, unless somebody has claimed the item: then it is known, or our own placement."""
    if event.link not in ports.policy.links:
        return []
    async with ports.lock:
        return await _sighted(event, ports)


async def _sighted(event: ItemSighted, ports: Ports) -> list[Message]:
    owner = await _owner(event, ports)
    if event.returned and await _is_deleted(owner.track_id, ports):
        # Somebody took it out and has added it again since: a song of its own.
        await ports.store.release(claim_key(event.link, event.platform, event.external_id), (owner.track_id,))
        owner = await _owner(event, ports)
    if await ports.load(owner.track_id) is None:
        facts, outcome = ports.facts(), Outcome()
        waits = await must_wait(ports, AdmissionQueue(event.link, event.platform, event.first_read))
        decision = first_sight(event, owner, facts, traceparent(), waits=waits)
        if await write(ports.store, decision.writes, facts, outcome):
            ports.metrics.written((), (each.track for each in decision.writes), ports.now())
            for each in decision.writes:
                ports.traces.know(each.track)
            outcome.messages += decision.messages
            return await _continued(outcome, ports)
    return await _continued(await decided(ports, owner.track_id, event), ports)


async def _is_deleted(track_id: int, ports: Ports) -> bool:
    track = await ports.load(track_id)
    while track is not None and track.merged_into is not None:
        track = await ports.load(track.merged_into)
    return track is not None and track.state is TrackState.DELETED


async def _owner(event: ItemSighted | TrackImported, ports: Ports) -> Newborn:
    """The track that the item belongs to, and what a new one is called where it belongs to none yet."""
    key = claim_key(event.link, event.platform, event.external_id)
    owner = (await ports.store.owners([key])).get(key)
    if owner is not None:
        # Claimed, and perhaps not written yet when a crash came.
        return ports.names.left(key, owner)
    given = await ports.names.next(ports.store, key)
    # Its track is written next, before anybody hears of it.
    return Newborn(await ports.store.claim(key, given.track_id, at_once=False), given.identity)


async def _continued(outcome: Outcome, ports: Ports) -> list[Message]:
    """What was decided, what it sets in motion in the queues, and the items that have to be taken up again."""
    # What is nearer to its place goes first.
    messages = [*outcome.messages, *(await run_queues(ports, outcome.queues)).messages]
    messages += (await admit_next(ports, outcome.admissions)).messages
    for sighting in outcome.sightings:
        messages += await _sighted(sighting, ports)
    return messages


async def about_track(message: StepAnswer | TrackRequest, ports: Ports) -> list[Message]:
    """Any news about a track, and what a person asks about one: an answer, a wrong match, a parting, its end."""
    if message.link not in ports.policy.links:
        return []
    async with ports.lock:
        return await _continued(await decided(ports, message.track_id, message), ports)


async def track_imported(event: TrackImported, ports: Ports) -> list[Message]:
    """What an earlier program knew: a track of its own, or more about the one that has the item."""
    if event.link not in ports.policy.links:
        return []
    async with ports.lock:
        owner, outcome = await _owner(event, ports), Outcome()
        if await ports.load(owner.track_id) is None:
            waits = await must_wait(ports, AdmissionQueue(event.link, event.platform, True))
            track = held_back(begin(event, owner, ports.now(), waits=waits), ports.policy)
            first = Write(track.changed(version=1, trace=traceparent()), 0)
            await write(ports.store, (first,), ports.facts(), outcome)
            outcome.messages += new_effects(None, track)
        outcome.add(await decided(ports, owner.track_id, event))
        return await _continued(outcome, ports)


async def item_skipped(event: ItemSkipped, ports: Ports) -> None:
    """Logged once, however often a gateway meets the entry."""
    details = f"{event.name or event.external_id} on {event.platform} cannot be synced: {event.reason}"
    await note(ports, event.message_id(), event.link, "item_skipped", details, event.seen_at)


async def collection_opened(event: CollectionOpened, ports: Ports) -> list[Message]:
    """All that was in the collection is claimed from here on; placing into it may begin."""
    async with ports.lock:
        opened = OpenedCollection(event.link, event.platform, event.opened_at, event.items)
        if await ports.store.open_collection(opened):
            details = f"First complete reading of {event.platform}: {event.items} items."
            once = f"opened:{event.link}:{event.platform}"
            await note(ports, once, event.link, "collection_opened", details, event.opened_at)
        return (await run_queues(ports, towards(event.link, event.platform))).messages


async def credentials_rejected(event: CredentialsRejected, ports: Ports) -> None:
    what = "closes the collection to Navaar" if event.collection_only else "refuses the sign-in"
    details = f"{event.platform} {what}: {event.reason}"
    await note(ports, event.message_id(), event.link, "credentials_rejected", details, event.rejected_at)
    if event.collection_only:
        # The platform still answers, and says so after a start of its gateway.
        ports.metrics.health.collection(event.link, event.platform, closed=True)
    else:
        await ports.store.pause_platform(
            PlatformPause(event.link, event.platform, event.rejected_at, None, event.reason, refused=True)
        )
    if event.link in ports.policy.links:
        ports.metrics.refused(ports.policy.links[event.link], event.platform)


async def credentials_accepted(event: CredentialsAccepted, ports: Ports) -> None:
    what = "collection on" if event.collection_only else "sign-in to"
    details = f"The {what} {event.platform} works again."
    await note(ports, event.message_id(), event.link, "credentials_accepted", details, event.accepted_at)
    if event.collection_only:
        ports.metrics.health.collection(event.link, event.platform, closed=False)
    else:
        await ports.store.pause_platform(over(event.link, event.platform, event.accepted_at))


async def platform_paused(event: PlatformPaused, ports: Ports) -> None:
    """It is away: what a search there would show is not waited for."""
    await note(ports, event.message_id(), event.link, "platform_paused", event.reason, event.paused_at)
    await ports.store.pause_platform(
        PlatformPause(event.link, event.platform, event.paused_at, event.until, event.reason)
    )


async def platform_available(event: PlatformAvailable, ports: Ports) -> None:
    """Told after each start too, so it says something only where a pause is known."""
    link, platform, at = event.link, event.platform, event.available_at
    pauses = {pause.platform: pause for pause in await ports.store.paused_platforms(link)}
    if platform not in pauses or not pauses[platform].lasts(at):
        return
    await note(ports, event.message_id(), link, "platform_available", f"{platform} answers again.", at)
    await ports.store.pause_platform(over(link, platform, at))


async def run_cycle(command: RunCycle, ports: Ports) -> list[Message]:
    """Release what this direction's cycle holds back, start what is due, ask again for what is stuck."""
    link = ports.policy.links.get(command.link)
    if link is None or command.direction not in link.directions():
        return []
    try:
        messages, completed = await _cycle(command, ports)
    except Exception:
        ports.metrics.crashed(command.link, command.direction)
        raise
    ports.metrics.cycled(command.link, command.direction, completed.seconds)
    return [*messages, completed]


async def _cycle(command: RunCycle, ports: Ports) -> tuple[list[Message], CycleCompleted]:
    begun = ports.now()
    async with ports.lock:
        outcome = await let_plans_go(ports, command.link)
        queues = [DeliveryQueue(command.link, command.direction, backfill) for backfill in (False, True)]
        released = 0
        for queue in queues:
            await hold_queue(ports, queue)
            released += await release_queue(ports, queue, outcome)
        retried = await start_due(ports, outcome)
        asked = await ask_stuck(ports, outcome)
        outcome.add(await run_queues(ports, [*queues, *outcome.queues]))
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
    async with ports.lock:
        outcome = await retry_failed(ports, command)
        outcome.add(await run_queues(ports, outcome.queues))
        return outcome.messages


async def set_pause(command: SetPause, ports: Ports) -> list[Message]:
    """Hold a direction back, or let it continue with what has waited."""
    if command.link not in ports.policy.links:
        return []
    async with ports.lock:
        return (await run_queues(ports, await hold_back(ports, command))).messages
