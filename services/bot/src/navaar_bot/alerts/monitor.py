"""Watches over everything and tells the administrators what they must know: sign-ins, services, directions, ends.

Reads credentials, cycles and deliveries from the streams, and asks every service how it is. What to say is decided in
`alerts`, and how often.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from navaar_bot.alerts.alerts import Alerts, DueAlerts
from navaar_bot.alerts.failure_streaks import FailureStreaks, causes_of
from navaar_bot.sender import Sender, Unwelcome
from navaar_bot.templates import alerts as text
from navaar_bot.view import Button, ChatMessage, Show, pages
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.events import (
    CredentialsAccepted,
    CredentialsRejected,
    CycleCompleted,
    DeliveryStopped,
    DeliverySynced,
    NoticeGiven,
    PlatformAvailable,
    PlatformPaused,
)
from navaar_contracts.health import HealthReply
from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_contracts.links import Link
from navaar_runtime.cancelling import stopping
from navaar_runtime.circuit_breaker import CircuitBreaker
from navaar_runtime.failures import AuthRejected, Failure, RateLimited
from navaar_runtime.idempotency import IdempotencyRecords
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

GATHER_S = 3.0
"""What happens within this time is told in one message."""
EXAMINE_EVERY_S = 30.0
LATE_CYCLES = 5
NEVER_LATE_BEFORE_S = 600.0
KEY = "alerts"
"""Under which the records keep what has been told."""
_SIGN_IN = "sign-in"
_ACCESS = "access"
_TOLD_BY_EVENTS = (_SIGN_IN, "channel")
"""Parts of services whose troubles are told at once, by their own events."""
_PAUSES = ("pause", "changes")
"""Notes of gateways about pauses, which PlatformPaused tells."""
_LOOK = ((Button("Status", Show(name="status")), Button("Failed", Show(name="failed", argument="all"))),)


@dataclass(frozen=True, slots=True)
class AlertThresholds:
    """When something becomes a trouble."""

    consecutive: int
    """So many bad examinations of a service, or stopped tracks of a direction, in a row."""
    intervals: Mapping[Direction, float]
    """Seconds between two cycles."""


Sign = (
    CredentialsRejected
    | CredentialsAccepted
    | PlatformPaused
    | PlatformAvailable
    | NoticeGiven
    | CycleCompleted
    | DeliverySynced
    | DeliveryStopped
)
PAUSE_WORTH_TELLING_S = 600


class Monitor:
    """What is known of troubles. A restart neither repeats what was told nor forgets what is still to be told."""

    def __init__(
        self,
        ledger: LedgerClient,
        links: Mapping[str, Link],
        sender: Sender,
        records: IdempotencyRecords,
        breaker: CircuitBreaker,
        chats: Sequence[int],
        thresholds: AlertThresholds,
        alerts: Alerts,
    ) -> None:
        self._ledger, self._links = ledger, links
        self._sender, self._records, self._breaker = sender, records, breaker
        self._chats = tuple(chats)
        self._thresholds = thresholds
        self._alerts = alerts
        self._since = ledger.now()
        self._streaks = FailureStreaks(thresholds.consecutive)
        self._bad: dict[str, int] = {}
        self._cycles: dict[tuple[str, Direction], datetime | None] = {
            (link.name, direction): None for link in links.values() for direction in link.directions()
        }
        self._kept: dict[str, Any] | None = None
        self._keeping = asyncio.Lock()

    # What the streams tell

    async def observe(self, event: Sign) -> None:
        """Something that tells how a platform or a direction is. Kept before it counts as done. Raises Transient."""
        await self._recall()
        match event:
            case CredentialsRejected():
                self.rejected(event)
            case CredentialsAccepted():
                self.accepted(event)
            case PlatformPaused():
                self.paused(event)
            case PlatformAvailable():
                self.available(event)
            case NoticeGiven():
                self._alerts.notice(f"notice:{event.link}:{event.about}", event.headline, event.details)
            case CycleCompleted():
                self.cycled(event)
            case DeliverySynced():
                self.synced(event)
            case DeliveryStopped():
                self.stopped(event)
        await self._keep()

    def rejected(self, event: CredentialsRejected) -> None:
        if event.collection_only:
            headline = text.closed(event.platform, event.link, several=len(self._links) > 1)
            self._alerts.trouble(f"{_ACCESS}:{event.link}:{event.platform}", headline, event.reason)
        else:
            self._alerts.trouble(f"{_SIGN_IN}:{event.platform}", text.refused(event.platform), event.reason)

    def accepted(self, event: CredentialsAccepted) -> None:
        about = f"{_ACCESS}:{event.link}" if event.collection_only else _SIGN_IN
        self._alerts.fine(f"{about}:{event.platform}")

    def paused(self, event: PlatformPaused) -> None:
        begun = event.paused_at.timestamp()
        until = event.until.timestamp() if event.until is not None else None
        if until is not None and until - begun < PAUSE_WORTH_TELLING_S:
            return
        quiet_until = begun + PAUSE_WORTH_TELLING_S if until is None else None
        headline, details = text.paused(event.platform, asked=until is not None), text.pause(event.reason, event.until)
        self._alerts.trouble(f"pause:{event.platform}", headline, details, quiet_until=quiet_until, until=until)

    def available(self, event: PlatformAvailable) -> None:
        self._alerts.fine(f"pause:{event.platform}")
        self._alerts.fine(f"sign-in:{event.platform}")

    def cycled(self, event: CycleCompleted) -> None:
        self._cycles[event.link, event.direction] = event.completed_at
        self._alerts.fine(f"cycle:{event.link}:{event.direction}")

    def synced(self, event: DeliverySynced) -> None:
        if event.state is DeliveryState.SYNCED:
            # One that was there already proves nothing about placing.
            self._streaks.synced(event.link, event.direction)
            self._alerts.fine(f"direction:{event.link}:{event.direction}")

    def stopped(self, event: DeliveryStopped) -> None:
        if event.state in (DeliveryState.REVIEW, DeliveryState.LEFT_OUT):
            return
        streak = self._streaks.stopped(event.link, event.direction, event.track_id, event.cause, event.reason)
        if streak is not None:
            self._alerts.trouble(
                f"direction:{event.link}:{event.direction}",
                text.failing(event.link, event.direction, several=len(self._links) > 1),
                text.causes(causes_of(streak), streak.reason),
            )

    # What is looked at and said

    async def run(self) -> None:
        """Tell what is due, for ever; whatever goes wrong with it is logged and tried again."""
        while not stopping():
            await asyncio.sleep(GATHER_S)
            try:
                await self._recall()
                told = self._alerts.due(self._ledger.now().timestamp())
                if told and await self.tell(told):
                    # Kept after it was said: a stop in between says it twice rather than never.
                    self._alerts.said(told, self._ledger.now().timestamp())
                await self._keep()
            except Failure as failure:
                log.warning("alert_delayed", reason=failure.reason)
            except Exception:
                log.exception("alert_failed")

    async def examine_for_ever(self) -> None:
        while not stopping():
            await asyncio.sleep(EXAMINE_EVERY_S)
            try:
                await self._recall()
                self.examined(await self._ledger.health(), self._ledger.now())
                await self._keep()
            except Failure as failure:
                log.warning("examination_delayed", reason=failure.reason)
            except Exception:
                log.exception("examination_failed")

    def examined(self, replies: Mapping[str, HealthReply], now: datetime) -> None:
        """How every service is; a trouble only after several bad answers in a row."""
        for service, reply in replies.items():
            self._count(f"service:{service}", text.down(service), reply.problem)
            for part, problem in reply.parts.items():
                if part not in _TOLD_BY_EVENTS:
                    self._count(f"part:{service}:{part}", text.part_ill(service, part), problem)
            self._note(service, reply)
            if reply.problem is None:
                self._forget_parts(service, reply)
        for (link, direction), at in self._cycles.items():
            known = self._links.get(link)
            if known is not None and not known.is_open(direction):
                # Once it is open again, it has the time to run.
                self._cycles[link, direction] = now
                self._alerts.fine(f"cycle:{link}:{direction}")
                continue
            # While nobody watched, a stop of the whole machine looks like one of the direction.
            silent = (now - max(at or self._since, self._since)).total_seconds()
            own = known.policy.intervals if known is not None else {}
            interval_s = own.get(direction, self._thresholds.intervals.get(direction, 0))
            if silent > max(NEVER_LATE_BEFORE_S, LATE_CYCLES * interval_s):
                headline = text.late(link, direction, several=len(self._links) > 1)
                details = text.late_details(silent, ever=at is not None)
                self._alerts.trouble(f"cycle:{link}:{direction}", headline, details)

    async def tell(self, told: DueAlerts) -> bool:
        """Say it to everybody who is to be told; one that cannot be reached stops no other.

        Returns:
            whether it is done with: false when nobody was reached although somebody may be later.
        """
        await self._breaker.wait_open()
        said = [
            await self._say(chat, ChatMessage(page, _LOOK))
            for page in pages(text.message(told))
            for chat in self._chats
        ]
        return any(said) or not said

    async def _say(self, chat: int, reply: ChatMessage) -> bool:
        """Whether it was said, or never can be."""
        for _ in range(3):
            try:
                await self._sender.say(chat, reply)
            except RateLimited as limit:
                await asyncio.sleep(limit.retry_after_s)
            except Unwelcome:
                log.warning("alert_not_delivered", chat=chat)
                return True
            except AuthRejected as refused:
                await self._breaker.close(refused.reason)
                await self._breaker.wait_open()
            except Failure as failure:
                log.warning("alert_delayed", chat=chat, reason=failure.reason)
                await asyncio.sleep(GATHER_S)
            else:
                return True
        return False

    # What outlives a restart

    async def _recall(self) -> None:
        """What was known before this start, once. Raises Transient."""
        async with self._keeping:
            if self._kept is not None:
                return
            known = await self._records.get(KEY)
            written = known.outcome.get("troubles", {}) if known is not None else {}
            self._alerts.recall(written, self._no_more(written))
            self._kept = written

    async def _keep(self) -> None:
        """Write down what has changed. Raises Transient."""
        async with self._keeping:
            written = self._alerts.written()
            if written != self._kept:
                await self._records.complete(KEY, {"troubles": written})
                self._kept = written

    def _no_more(self, causes: Iterable[str]) -> set[str]:
        """Those about links, directions and platforms that are not kept in step any more."""
        cycles = {f"{link}:{direction}" for link, direction in self._cycles}
        platforms = {platform.value for link in self._links.values() for platform in link.platforms()}
        collections = {f"{link.name}:{platform}" for link in self._links.values() for platform in link.platforms()}
        known = {
            "cycle": cycles,
            "direction": cycles,
            _SIGN_IN: platforms,
            "pause": platforms,
            _ACCESS: collections,
        }
        found = set()
        for cause in causes:
            kind, _, about = cause.partition(":")
            if kind in known and about not in known[kind]:
                found.add(cause)
        return found

    def _count(self, cause: str, headline: str, problem: str | None) -> None:
        if not problem:
            self._bad.pop(cause, None)
            self._alerts.fine(cause)
            return
        self._bad[cause] = self._bad.get(cause, 0) + 1
        if self._bad[cause] >= self._thresholds.consecutive:
            self._alerts.trouble(cause, headline, problem)

    def _note(self, service: str, reply: HealthReply) -> None:
        """What is no problem yet, e.g. a sign-in that ends in a month."""
        for name, note in reply.notes.items():
            if name in _PAUSES:
                continue
            cause = f"note:{service}:{name}"
            if note:
                self._alerts.trouble(cause, text.ageing(service), note)
            else:
                self._alerts.fine(cause)

    def _forget_parts(self, service: str, reply: HealthReply) -> None:
        """A part or a note that the service no longer names is no trouble any more."""
        named = {f"part:{service}:{part}" for part in reply.parts} | {f"note:{service}:{name}" for name in reply.notes}
        for cause in self._alerts.causes():
            if cause.startswith((f"part:{service}:", f"note:{service}:")) and cause not in named:
                self._bad.pop(cause, None)
                self._alerts.fine(cause)
