"""Which consumer and which question goes to which function."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from navaar_contracts import commands as c
from navaar_contracts import events as e
from navaar_contracts import queries as q
from navaar_contracts.message import Message
from navaar_contracts.records import Request
from navaar_contracts.streams import (
    LEDGER_ANSWER,
    LEDGER_DELETE,
    LEDGER_EVENTS,
    LEDGER_PART,
    LEDGER_PAUSE,
    LEDGER_RETRY,
    LEDGER_RUN_CYCLE,
    LEDGER_WRONG_MATCH,
)
from navaar_ledger import handlers
from navaar_ledger.application.queries import LedgerQueries
from navaar_ledger.application.requests import taken
from navaar_ledger.ports import Ports
from navaar_ledger.store.life import with_asked
from navaar_runtime.service import Service

_EVENTS: dict[type[Message], Callable[[Any, Ports], Awaitable[Iterable[Message] | None]]] = {
    e.ItemSighted: handlers.item_sighted,
    e.ItemSkipped: handlers.item_skipped,
    e.CollectionOpened: handlers.collection_opened,
    e.AudioFetched: handlers.about_track,
    e.TrackIdentified: handlers.about_track,
    e.IdentityJudged: handlers.about_track,
    e.CandidatesFound: handlers.about_track,
    e.MatchChosen: handlers.about_track,
    e.AudioReady: handlers.about_track,
    e.AudioChecked: handlers.about_track,
    e.TrackPlaced: handlers.about_track,
    e.TrackRemoved: handlers.about_track,
    e.PresenceKnown: handlers.about_track,
    e.StepFailed: handlers.about_track,
    e.CredentialsRejected: handlers.credentials_rejected,
    e.CredentialsAccepted: handlers.credentials_accepted,
    e.PlatformPaused: handlers.platform_paused,
    e.PlatformAvailable: handlers.platform_available,
    e.TrackImported: handlers.track_imported,
}


async def take_event(event: Message, ports: Ports) -> Iterable[Message] | None:
    """What any of the consumer's events sets in motion."""
    async with ports.store.together():
        return await _EVENTS[type(event)](event, ports)


async def carry_out(request: Request, ports: Ports) -> list[Message]:
    """What a person's request sets in motion, and the record of it for the history."""
    async with ports.store.together():
        match request:
            case c.RetryDeliveries():
                messages = await handlers.retry_deliveries(request, ports)
            case c.SetPause():
                messages = await handlers.set_pause(request, ports)
            case _:
                messages = await handlers.about_track(request, ports)
        await ports.store.keep_about(with_asked(await ports.store.about(), request.message_id()))
    return [taken(request, ports.now()), *messages]


def subscribe(service: Service, ports: Ports) -> None:
    """Events and commands, each consumer in turn."""

    async def on_event(event: Message) -> Iterable[Message] | None:
        async with ports.store.together():
            messages = await take_event(event, ports)
            # Beside what came of it, and before it is acknowledged: so a copy that is put back knows what it lacks.
            await ports.store.keep_about(ports.mark())
        return messages

    async def on_run_cycle(command: c.RunCycle) -> list[Message]:
        async with ports.store.together():
            return await handlers.run_cycle(command, ports)

    async def on_request(request: Request) -> list[Message]:
        return await carry_out(request, ports)

    service.on(LEDGER_EVENTS, *_EVENTS, handler=on_event)
    service.on(LEDGER_RUN_CYCLE, c.RunCycle, handler=on_run_cycle)
    service.on(LEDGER_RETRY, c.RetryDeliveries, handler=on_request)
    service.on(LEDGER_DELETE, c.DeleteTrack, handler=on_request)
    service.on(LEDGER_ANSWER, c.AnswerReview, handler=on_request)
    service.on(LEDGER_WRONG_MATCH, c.ReportWrongMatch, handler=on_request)
    service.on(LEDGER_PART, c.PartTrack, handler=on_request)
    service.on(LEDGER_PAUSE, c.SetPause, handler=on_request)


def answer(service: Service, questions: LedgerQueries) -> None:
    service.answer(q.UnknownItems, questions.unknown_items)
    service.answer(q.ListTracks, questions.list_tracks)
    service.answer(q.GetTrack, questions.get_track)
    service.answer(q.ListLog, questions.list_log)
    service.answer(q.GetCounts, questions.get_counts)
    service.answer(q.GetSyncState, questions.get_sync_state)
    service.answer(q.GetPlan, questions.get_plan)
    service.answer(q.ListReviews, questions.list_reviews)
