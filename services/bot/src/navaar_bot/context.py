"""What every command and button of the bot has at hand."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from aiogram.types import CallbackQuery, Message

from navaar_bot.questions import ReviewQuestions
from navaar_bot.sender import LONGEST_TOAST, Gone, Sender, patiently
from navaar_bot.templates.markup import plain
from navaar_bot.view import ChatMessage, Show, View, rendered
from navaar_client.errors import NotFound
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.links import Link
from navaar_contracts.queries import LogEntry, TrackView
from navaar_runtime.idempotency import IdempotencyRecords

MOST_LISTED = 300
"""Tracks in one list, of each direction and state."""


class Missing(Exception):
    """What was asked for is not there; the text says what."""


BuildView = Callable[["Context", str], Awaitable[View]]
"""Makes a view for an argument, e.g. a track's number. Raises Misunderstood, Missing, Transient."""


@dataclass(frozen=True, slots=True)
class Context:
    """The ledger to ask, the chats to speak in, and the views that buttons lead to."""

    ledger: LedgerClient
    links: Mapping[str, Link]
    sender: Sender
    views: Mapping[str, BuildView]
    questions: ReviewQuestions
    records: IdempotencyRecords
    plans: frozenset[str] = frozenset()
    """The links of which nothing is written to any collection before a person approves the plan."""

    @property
    def directions(self) -> tuple[Direction, ...]:
        """Those of any link."""
        active = {direction for link in self.links.values() for direction in link.directions()}
        return tuple(direction for direction in Direction if direction in active)

    @property
    def several(self) -> bool:
        """Whether a link has to be named, because there are several."""
        return len(self.links) > 1

    def with_directions(self, wanted: Sequence[Direction]) -> dict[str, list[Direction]]:
        """These directions in each link that has some of them."""
        found = {name: [one for one in wanted if one in link.directions()] for name, link in self.links.items()}
        return {name: directions for name, directions in found.items() if directions}

    def connected(self, *platforms: Platform | None) -> list[str]:
        """The links that have all these platforms; None stands for any."""
        return [name for name, link in self.links.items() if {*platforms} - {None} <= {*link.platforms()}]

    async def track(self, track_id: int) -> tuple[TrackView, tuple[LogEntry, ...]]:
        """A track with its log, oldest first; the one it was merged into, if it was. Raises Missing, Transient."""
        with contextlib.suppress(NotFound):
            track, log = await self.ledger.track(track_id)
            if track.state != "deleted":
                return track, tuple(sorted(log, key=lambda entry: entry.id))
        raise Missing(f"There is no track #{track_id}.")

    async def open(self, message: Message, name: str, argument: str = "") -> None:
        """Answer a command with the first page of a view."""
        show = Show(name=name, argument=argument)
        reply = rendered(await self.views[name](self, argument), show)
        await self.say(message, reply)

    async def turn_to(self, callback: CallbackQuery, show: Show) -> None:
        """Put a view in the place of the message whose button was pressed."""
        view = self.views.get(show.name)
        if view is None:
            await self.sender.answer(callback.id, "This button is out of date.")
            return
        await self.replace(callback, rendered(await view(self, show.argument), show))

    async def say(self, message: Message, reply: ChatMessage) -> None:
        await patiently(lambda: self.sender.say(message.chat.id, reply))

    async def replace(self, callback: CallbackQuery, reply: ChatMessage, toast: str = "") -> None:
        """Edit the message whose button was pressed; one that is gone is sent again."""
        await self.sender.answer(callback.id, toast)
        if callback.message is None:
            return
        chat_id, message_id = callback.message.chat.id, callback.message.message_id
        try:
            await patiently(lambda: self.sender.change(chat_id, message_id, reply))
        except Gone:
            await patiently(lambda: self.sender.say(chat_id, reply))

    async def toast(self, callback: CallbackQuery, text: str, *, alert: bool = False) -> None:
        """Say what a press came to; as a message where the press is too old to show anything."""
        shown = await self.sender.answer(callback.id, text, alert=alert)
        if not shown and callback.message is not None:
            chat_id = callback.message.chat.id
            await patiently(lambda: self.sender.say(chat_id, ChatMessage(plain(text, LONGEST_TOAST))))


def by(callback: CallbackQuery) -> str:
    """Who pressed, for the audit log."""
    return f"admin {callback.from_user.id}"
