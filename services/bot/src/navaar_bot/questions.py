"""Unsure matches as messages to the administrators, and what becomes of those messages."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from time import monotonic

from navaar_bot.addresses import addresses
from navaar_bot.sender import Gone, Sender, Unwelcome, patiently
from navaar_bot.templates import reviews
from navaar_bot.view import Act, Button, ChatMessage, View, rendered, to_track
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.events import DeliveryStopped
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.links import Link
from navaar_contracts.queries import DeliveryView, GetTrack, TrackView
from navaar_runtime.idempotency import IdempotencyRecords
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

AT_ONCE = 8
WITHIN_S = 600.0
"""More questions than this in that time become one pointer to /review."""


class QuestionLimit:
    """At most `most` in any `seconds`; the first one beyond that may say that there are more."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._taken: deque[float] = deque()
        self._told_more = False

    def take(self, now: float) -> bool:
        """Whether one more may be sent; counts it."""
        self._forget(now)
        if len(self._taken) >= self._most:
            return False
        self._taken.append(now)
        self._told_more = False
        return True

    def tell_more(self, now: float) -> bool:
        """Whether to say, once, that there are more."""
        self._forget(now)
        if self._told_more:
            return False
        self._told_more = True
        return True

    def _forget(self, now: float) -> None:
        while self._taken and self._taken[0] <= now - self._seconds:
            self._taken.popleft()


class ReviewQuestions:
    """Asks the administrators, once for each time the ledger does."""

    def __init__(
        self,
        ledger: LedgerClient,
        links: Mapping[str, Link],
        sender: Sender,
        records: IdempotencyRecords,
        admins: Sequence[int],
    ) -> None:
        self._ledger, self._links = ledger, links
        self._sender, self._records = sender, records
        self._admins = tuple(admins)
        self._limit = QuestionLimit(AT_ONCE, WITHIN_S)

    async def ask(self, stopped: DeliveryStopped) -> None:
        """Send the question to every administrator who has not got it. Raises Transient, RateLimited."""
        track = (await self._ledger.ask(GetTrack(track_id=stopped.track_id))).track
        delivery = open_question(track, stopped.direction.target)
        if track is None or delivery is None or not self._admins:
            return
        key = _key(track, delivery.target)
        told = await self._told(key, delivery.attempt)
        if not told and not self._limit.take(monotonic()):
            if self._limit.tell_more(monotonic()):
                await self._say_more()
            return
        reply = rendered(question(track, delivery, self._links.get(track.link)))
        for admin in self._admins:
            if str(admin) in told:
                continue
            try:
                told[str(admin)] = await self._sender.say(admin, reply)
            except Unwelcome:
                log.info("administrator_not_reached", user=admin)
                continue
            await self._records.complete(key, {"attempt": delivery.attempt, "messages": told})

    async def settle(
        self, track: TrackView, delivery: DeliveryView, text: str, *, but: tuple[int, int] | None = None
    ) -> None:
        """Put what became of a question in the place of its messages. Raises Transient, RateLimited.

        Args:
            but: (chat, message) that shows it already.
        """
        told = await self._told(_key(track, delivery.target), delivery.attempt)
        reply = ChatMessage(text, ((to_track(track.id),),))
        for chat, message_id in told.items():
            if (int(chat), message_id) == but:
                continue
            try:
                await self._sender.change(int(chat), message_id, reply)
            except Gone:
                continue

    async def _told(self, key: str, attempt: int) -> dict[str, int]:
        """Chat -> message of the question asked at this attempt."""
        known = await self._records.get(key)
        if known is None or known.outcome.get("attempt") != attempt:
            return {}
        return {str(chat): int(message) for chat, message in known.outcome.get("messages", {}).items()}

    async def _say_more(self) -> None:
        for admin in self._admins:
            try:
                await patiently(lambda to=admin: self._sender.say(to, ChatMessage(reviews.MORE_OPEN)))  # type: ignore[misc]
            except Unwelcome:
                continue


def question(track: TrackView, delivery: DeliveryView, link: Link | None) -> View:
    """An open question with its buttons. Picks name what they pick, so that an old message picks nothing else."""
    where = f"{track.id}.{delivery.target.short}"
    picks = tuple(
        Button(f"Pick {number}", Act(verb="pick", argument=f"{where}.{scored.candidate.id}"))
        for number, scored in enumerate(delivery.alternatives[: reviews.PROPOSALS], start=1)
        if len(scored.candidate.id) <= 24 and "|" not in scored.candidate.id
    )
    address = addresses(track, link).get(track.origin)
    return View(
        head=reviews.head(track, delivery, address),
        lines=reviews.proposals(delivery),
        foot=reviews.why(delivery),
        buttons=(
            picks,
            (
                Button("None of these", Act(verb="none", argument=where)),
                Button("Never", Act(verb="never", argument=where)),
                Button("Search again", Act(verb="again", argument=where)),
            ),
        ),
    )


def open_question(track: TrackView | None, target: Platform) -> DeliveryView | None:
    """The delivery of a track that waits for a person's answer.

    Where audio is needed, that of another platform's match is used: while that is in question, it is asked about there.
    """
    asked = {d.target: d for d in track.deliveries if d.state is DeliveryState.REVIEW} if track is not None else {}
    if target.spec.needs_audio and any(other.spec.gives_audio for other in asked):
        return None
    return asked.get(target)


def _key(track: TrackView, target: Platform) -> str:
    return f"review.{track.link}.{track.id}.{target.short}"
