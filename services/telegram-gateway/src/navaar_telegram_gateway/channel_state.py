"""What is remembered of a channel, since a bot cannot read its history: which posts are ours, which are not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from navaar_runtime.idempotency import IdempotencyRecords
from navaar_runtime.news import News

KEPT = 300
"""Ids of each kind. Only posts made after an upload with unknown outcome are ever compared with them."""


class ChannelState:
    """The newest message id seen in a channel, and the last ids of our posts and of others'. Kept in the records."""

    def __init__(self, link: str, channel_id: str, records: IdempotencyRecords) -> None:
        self._channel_id = channel_id
        self.newest: int | None = None
        self.news = News()
        """The item of the channel that was last reported as new."""
        self.refusal: str | None = None
        """Why nothing can be posted, as it was last told."""
        self._ours: dict[int, None] = {}
        self._others: dict[int, None] = {}
        self._open: dict[str, None] = {}
        self._key = f"telegram.channel.{link}"
        self._records = records
        self._saving = asyncio.Lock()
        self._changed = False

    def is_ours(self, message_id: int) -> bool:
        return message_id in self._ours

    def is_settled(self, message_id: int) -> bool:
        """Whose post this is, is known."""
        return message_id in self._ours or message_id in self._others

    def others_open(self, key: str) -> bool:
        """Whether another upload than `key` has an unknown outcome."""
        return any(other != key for other in self._open)

    def open_keys(self) -> tuple[str, ...]:
        """Of uploads with unknown outcome, those that are being made included."""
        return tuple(self._open)

    def saw_ours(self, message_id: int) -> None:
        self._others.pop(message_id, None)
        self._keep(self._ours, message_id)

    def saw_other(self, message_id: int) -> None:
        if message_id not in self._ours:
            self._keep(self._others, message_id)

    def saw_newest(self, message_id: int) -> None:
        """Some message has this id; whose it is does not matter."""
        if self.newest is None or message_id > self.newest:
            self.newest = message_id
            self._changed = True

    def reported(self, news: News) -> None:
        self.news = news
        self._changed = True

    def told_refusal(self, reason: str | None) -> None:
        self.refusal = reason
        self._changed = True

    def opened(self, key: str) -> None:
        self._open[key] = None
        self._changed = True

    def closed(self, key: str) -> None:
        if key in self._open:
            del self._open[key]
            self._changed = True

    async def load(self, also: Collection[str] = (), *, newest: Callable[[], Awaitable[int]]) -> None:
        """What was known before this start. Raises Transient.

        Args:
            also: what the same channel was called in earlier settings.
            newest: asks for the last place of the history.
        """
        record = await self._records.get(self._key)
        if record is None or record.outcome.get("channel") not in (self._channel_id, *also):
            return  # the link has another channel now; ids mean nothing across channels
        self._changed = record.outcome["channel"] != self._channel_id
        known = record.outcome
        self.newest = known.get("newest")
        reported_at = known.get("reported_at")
        if reported_at:
            told = News(known.get("reported"), datetime.fromisoformat(reported_at))
            self.news = told.recalled(await newest(), datetime.now(UTC))
        self.refusal = known.get("refusal")
        self._ours = dict.fromkeys(known.get("ours", ()))
        self._others = dict.fromkeys(known.get("others", ()))
        self._open = dict.fromkeys(known.get("open", ()))

    async def save(self) -> None:
        """Write down what changed; cheap when nothing did. Raises Transient."""
        async with self._saving:
            if not self._changed:
                return
            self._changed = False
            try:
                await self._records.complete(self._key, self._record())
            except BaseException:
                self._changed = True
                raise

    def _keep(self, ids: dict[int, None], message_id: int) -> None:
        self.saw_newest(message_id)
        if message_id in ids:
            return
        ids[message_id] = None
        self._changed = True
        if len(ids) > KEPT:
            _drop_oldest(ids, len(ids) - KEPT)

    def _record(self) -> dict[str, Any]:
        return {
            "channel": self._channel_id,
            "newest": self.newest,
            "reported_at": self.news.at.isoformat() if self.news != News() else None,
            "reported": self.news.place,
            "refusal": self.refusal,
            "ours": list(self._ours),
            "others": list(self._others),
            "open": list(self._open),
        }


def _drop_oldest(ids: dict[int, None], count: int) -> None:
    oldest: Iterable[int] = sorted(ids)[:count]
    for message_id in oldest:
        del ids[message_id]
