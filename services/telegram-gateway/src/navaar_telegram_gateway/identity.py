"""Which channel a link means. Its public name may change at any time; its number never does.

The setting says which channel is meant, once. From then on it is known by its number, as long as the setting stays the
same: a name that was given away may belong to a stranger's channel by now.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from aiogram.types import Chat

from navaar_contracts.events import NoticeGiven
from navaar_runtime.circuit_breaker import CircuitBreaker
from navaar_runtime.failures import Failure
from navaar_runtime.idempotency import IdempotencyRecords
from navaar_runtime.logs import get_logger
from navaar_runtime.publisher import Publisher
from navaar_telegram_gateway.idempotency import place_of

log = get_logger(__name__)

AT_START_S = 5.0
EVERY_S = 600.0
SOON_S = 30.0


class ChannelIdentity:
    """One link's channel: the setting, the number and the public name. Kept in the records.

    Args:
        doubt: set when the name may have changed and somebody is to look.
    """

    def __init__(self, link: str, setting: str, records: IdempotencyRecords, doubt: asyncio.Event) -> None:
        self.link = link
        self.setting = setting
        self.number = _number(setting)
        self.name = None if self.number is not None else setting
        self.title = ""
        """As people see it, once Telegram showed it."""
        self._is_shown = False
        self.former: dict[str, Any] = {}
        """What the records said at the start, where it is about another setting than today's."""
        self._doubt = doubt
        self._is_settled = False
        self._records = records
        self._key = f"telegram.identity.{link}"
        self._changed = False

    @property
    def chat_id(self) -> str:
        """As calls name the channel: its number, or its name while nothing else is known."""
        return str(self.number) if self.number is not None else self.setting

    @property
    def public(self) -> str:
        """As links to posts name it: '@radio', or the number of a private channel."""
        return self.name or self.chat_id

    @property
    def settings(self) -> frozenset[str]:
        """What has named this very channel: today's setting, and an earlier one."""
        same = self.former.get("number") is not None and self.former["number"] == self.number
        return frozenset({self.setting, *([self.former["setting"]] if same else ())})

    def called(self) -> frozenset[str]:
        """Everything that means this channel, in lower case; empty until Telegram has shown it since the start."""
        words = (self.setting, self.chat_id, self.public) if self._is_shown else ()
        return frozenset(word.lower() for word in words)

    def places(self) -> frozenset[str]:
        """What records call this very channel."""
        return frozenset(map(place_of, self.settings))

    def means(self, number: object, name: str | None) -> bool:
        """Whether this is the channel of a post. `name` is the one it had when it was posted, as '@radio'."""
        if self.number is not None:
            return number == self.number
        return name is not None and name.lower() == self.setting.lower()

    def posted(self, chat: Chat) -> None:
        """A post of it came. Posts that waited show the name of their time, so another name is only looked into."""
        if self.number is None:
            self.number, self._changed = chat.id, True
        if public_name(chat) != self.name:
            self._doubt.set()

    def shown(self, chat: Chat, at: datetime) -> list[NoticeGiven]:
        """The channel as Telegram shows it now; what is to be told of it."""
        if self.number is None:
            self.number, self._changed = chat.id, True
        self.title, self._is_shown = chat.title or "", True
        notices = self._replaced(at)
        name = public_name(chat)
        if name != self.name:
            before, self.name, self._changed = self.name, name, True
            if before is not None and before.lower() != (name or "").lower():
                notices.append(self._renamed(before, name, at))
        return notices

    async def load(self) -> None:
        """What was known before this start. Raises Transient."""
        record = await self._records.get(self._key)
        known = record.outcome if record is not None else {}
        if known.get("setting") == self.setting:
            self.number, self.name = known["number"], known["name"]
            return
        self._changed = True
        self.former = known
        if known and known["number"] == self.number:
            self.name = known["name"]

    async def save(self) -> None:
        """Write down what changed, once the number is known. Raises Transient."""
        if not self._changed or self.number is None:
            return
        await self._records.complete(self._key, {"setting": self.setting, "number": self.number, "name": self.name})
        self._changed = False

    def _replaced(self, at: datetime) -> list[NoticeGiven]:
        """The setting was changed. To another name of the same channel, or does it mean another one?"""
        before, told, self._is_settled = self.former, self._is_settled, True
        if told or not before or before["number"] == self.number:
            return []
        was = before.get("name") or before["number"]
        log.warning("channel_replaced", link=self.link, before=was, now=self.setting)
        details = (
            f"NAVAAR_TELEGRAM_CHANNEL_ID names {self.setting}; before it was {was}. Navaar uses that channel "
            "from now on. Posts are known by their numbers, which begin anew in each channel: a post under a number "
            f"that {was} has used is taken for known. Give the link another name in NAVAAR_LINKS_FILE to begin anew."
        )
        return [
            NoticeGiven(
                link=self.link,
                about=f"telegram.replaced.{self.number}",
                headline=f"The link {self.link} has another Telegram channel",
                details=details,
                given_at=at,
            )
        ]

    def _renamed(self, before: str, name: str | None, at: datetime) -> NoticeGiven:
        log.warning("channel_renamed", link=self.link, before=before, now=name)
        advice = (
            f" Put {self.number} into NAVAAR_TELEGRAM_CHANNEL_ID, so that a new installation finds it too."
            if _number(self.setting) is None
            else ""
        )
        return NoticeGiven(
            link=self.link,
            about=f"telegram.renamed.{name or 'private'}",
            headline="The Telegram channel has another name",
            details=f"{before} is now {name or 'private'}. Navaar knows it by its number and goes on.{advice}",
            given_at=at,
        )


class ChannelNames:
    """Learns each channel's number and notices a new name, also while nobody posts."""

    def __init__(
        self,
        identities: Sequence[ChannelIdentity],
        find: Callable[[str], Awaitable[Chat]],
        publisher: Publisher,
        breaker: CircuitBreaker,
        now: Callable[[], datetime],
        doubt: asyncio.Event,
    ) -> None:
        self._identities = tuple(identities)
        self._doubt = doubt
        self._find, self._publisher, self._breaker, self._now = find, publisher, breaker, now

    async def open(self) -> None:
        """What was known, and the number of a channel that is new here, if Telegram answers soon. Raises Transient."""
        for one in self._identities:
            await one.load()
        try:
            async with asyncio.timeout(AT_START_S):
                await self.look(only_unknown=True)
        except TimeoutError:
            log.info("channel_not_known_yet")

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await self._breaker.wait_open()
            certain = await self.look()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S if certain else SOON_S):
                    await self._doubt.wait()
            self._doubt.clear()

    async def look(self, *, only_unknown: bool = False) -> bool:
        """Look once; whether Telegram told about every channel."""
        certain = True
        for one in self._identities:
            if only_unknown and one.number is not None and not one.former:
                continue
            try:
                chat = await self._find(one.chat_id)
                for notice in one.shown(chat, self._now()):
                    await self._publisher.publish(notice)
                await one.save()
            except Failure as failure:
                certain = False
                log.info("channel_not_described", link=one.link, reason=failure.reason)
        return certain


def public_name(chat: Chat) -> str | None:
    """'@radio'."""
    return f"@{chat.username}" if chat.username else None


def _number(setting: str) -> int | None:
    return int(setting) if setting.lstrip("-").isdecimal() else None
