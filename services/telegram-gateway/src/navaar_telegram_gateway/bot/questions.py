"""Unsure matches as messages to the administrators, and what becomes of those messages."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from navaar_contracts.events import DeliveryStopped
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.links import Link
from navaar_contracts.queries import DeliveryView, GetTrack, TrackView
from navaar_runtime.logs import get_logger
from navaar_telegram_gateway.bot.addresses import addresses
from navaar_telegram_gateway.bot.allowance import Allowance
from navaar_telegram_gateway.bot.buttons import Act, Button, Show
from navaar_telegram_gateway.bot.desk import Desk
from navaar_telegram_gateway.bot.ports import Remembers
from navaar_telegram_gateway.bot.screen import Reply, Screen, rendered
from navaar_telegram_gateway.bot.voice import Gone, Unwelcome, Voice, patiently
from navaar_telegram_gateway.bot.wording import reviews

log = get_logger(__name__)

AT_ONCE = 8
WITHIN_S = 600.0
"""More questions than this in that time become one pointer to /review."""


class Questions:
    """Asks the administrators, once for each time the ledger does."""

    def __init__(self, desk: Desk, voice: Voice, records: Remembers, admins: Sequence[int]) -> None:
        self._desk, self._voice, self._records = desk, voice, records
        self._admins = tuple(admins)
        self._allowance = Allowance(AT_ONCE, WITHIN_S)

    async def ask(self, stopped: DeliveryStopped) -> None:
        """Send the question to every administrator who has not got it. Raises Transient, RateLimited."""
        track = (await self._desk.ask(GetTrack(track_id=stopped.track_id))).track
        delivery = open_question(track, stopped.direction.target)
        if track is None or delivery is None or not self._admins:
            return
        key = _key(track, delivery.target)
        told = await self._told(key, delivery.attempt)
        if not told and not self._allowance.take(monotonic()):
            if self._allowance.tell_more(monotonic()):
                await self._say_more()
            return
        reply = rendered(question(track, delivery, self._desk.links.get(track.link)))
        for admin in self._admins:
            if str(admin) in told:
                continue
            try:
                told[str(admin)] = await self._voice.say(admin, reply)
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
        reply = Reply(text, ((Button(f"#{track.id}", Show(name="track", argument=str(track.id))),),))
        for chat, message_id in told.items():
            if (int(chat), message_id) == but:
                continue
            try:
                await self._voice.change(int(chat), message_id, reply)
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
                await patiently(lambda to=admin: self._voice.say(to, Reply(reviews.MORE_OPEN)))  # type: ignore[misc]
            except Unwelcome:
                continue


def question(track: TrackView, delivery: DeliveryView, link: Link | None) -> Screen:
    """An open question with its buttons. Picks name what they pick, so that an old message picks nothing else."""
    where = f"{track.id}.{delivery.target.short}"
    picks = tuple(
        Button(f"Pick {number}", Act(verb="pick", argument=f"{where}.{scored.candidate.id}"))
        for number, scored in enumerate(delivery.alternatives[: reviews.PROPOSALS], start=1)
        if len(scored.candidate.id) <= 24 and "|" not in scored.candidate.id
    )
    address = addresses(track, link).get(track.origin)
    return Screen(
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

    Towards Telegram the audio of the YouTube match is used: while that is in question, it is asked about there.
    """
    asked = {d.target: d for d in track.deliveries if d.state is DeliveryState.REVIEW} if track is not None else {}
    if target is Platform.TELEGRAM and Platform.YOUTUBE in asked:
        return None
    return asked.get(target)


def _key(track: TrackView, target: Platform) -> str:
    return f"review.{track.link}.{track.id}.{target.short}"
