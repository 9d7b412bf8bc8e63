"""The loop's decisions, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.types import Update

from navaar_contracts.events import ItemSighted
from navaar_contracts.links import Link
from navaar_contracts.message import Message
from navaar_runtime.failures import Transient
from navaar_runtime.idempotency import IdempotencyRecord
from navaar_telegram_gateway.backlog import UpdateBacklog
from navaar_telegram_gateway.channel_state import ChannelState
from navaar_telegram_gateway.idempotency import PostRecords
from navaar_telegram_gateway.identity import ChannelIdentity
from navaar_telegram_gateway.polling import FULL_BATCH, QUIET_S, Offset, UpdatePoller
from navaar_telegram_gateway.telegram import BadUpdate
from navaar_telegram_gateway.updates import Updates, WatchedChannel

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def update(number: int) -> Update:
    audio = {"file_id": "f", "file_unique_id": "u", "duration": 1}
    chat = {"id": -1001, "type": "channel"}
    post = {"message_id": number, "date": 1, "chat": chat, "audio": audio}
    return Update.model_validate({"update_id": 1000 + number, "channel_post": post})


class UpdateSource:
    def __init__(self, *batches: list[Update | BadUpdate]) -> None:
        self.batches = list(batches)
        self.asked: list[tuple[int | None, bool]] = []

    async def end_webhook(self) -> None:
        return None

    async def updates(self, offset: int | None, *, wait: bool = True) -> list[Update | BadUpdate]:
        self.asked.append((offset, wait))
        return self.batches.pop(0)


class Stream:
    def __init__(self) -> None:
        self.stored: list[Message] = []
        self.refuse: str | None = None

    async def publish(self, message: Message) -> None:
        if self.refuse is not None and message.message_id().endswith(f":{self.refuse}"):
            raise Transient("NATS is away")
        self.stored.append(message)

    @property
    def ids(self) -> list[str]:
        return [message.external_id for message in self.stored if isinstance(message, ItemSighted)]


class NoRecords:
    async def get(self, key: str) -> IdempotencyRecord | None:
        return None

    async def create(self, key: str, note: dict[str, Any]) -> IdempotencyRecord:
        raise AssertionError

    async def complete(self, key: str, outcome: dict[str, Any]) -> IdempotencyRecord:
        return IdempotencyRecord(key, "done", NOW, {}, outcome)

    async def delete(self, key: str) -> None:
        raise AssertionError


def polling(
    source: UpdateSource,
    stream: Stream,
    backlog: UpdateBacklog | None = None,
    *,
    admins: tuple[int, ...] = (),
    heard: list[bool] | None = None,
) -> UpdatePoller:
    link = Link(name="main", telegram_channel_id="-1001", ytmusic_playlist_id="x")
    state = ChannelState("main", "-1001", NoRecords())
    identity = ChannelIdentity("main", "-1001", NoRecords(), asyncio.Event())
    records = PostRecords("main", NoRecords(), state)
    updates = Updates([WatchedChannel(link, state, records, identity)], lambda: NOW, admins)

    async def hear(message: object, facts: Sequence[object] | None) -> None:
        if heard is not None:
            heard.append(facts is not None)

    updates.on_forwarded = hear
    breaker: Any = None
    return UpdatePoller(source, updates, stream, breaker, backlog or UpdateBacklog(), stale_after_s=1)


async def test_offset_advances_with_every_stored_fact() -> None:
    source, stream = UpdateSource([update(1), update(2)], []), Stream()
    loop = polling(source, stream)
    await loop.round()
    await loop.round()
    assert stream.ids == ["1", "2"]
    assert [offset for offset, _ in source.asked] == [None, 1003]


async def test_nothing_after_a_fact_that_was_not_stored_is_confirmed() -> None:
    source, stream = UpdateSource([update(1), update(2), update(3)], [update(2), update(3)]), Stream()
    loop = polling(source, stream)
    stream.refuse = "2"
    with pytest.raises(Transient):
        await loop.round()
    stream.refuse = None
    await loop.round()
    assert stream.ids == ["1", "2", "3"]
    assert [offset for offset, _ in source.asked] == [None, 1002]


async def test_update_that_breaks_our_code_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    source, stream = UpdateSource([update(1), update(2)], []), Stream()
    loop = polling(source, stream)
    facts = Updates.facts

    async def broken(self: Updates, one: Update | BadUpdate) -> Sequence[Message]:
        if one.update_id == 1001:
            raise KeyError("ours")
        return await facts(self, one)

    monkeypatch.setattr(Updates, "facts", broken)
    await loop.round()
    await loop.round()
    assert stream.ids == ["2"]
    assert source.asked[-1][0] == 1003


def forwarded(number: int, *, by: int = 7, chat: int = -1001) -> Update:
    """An administrator forwards post `number` of a channel to the bot."""
    post = update(number).model_dump(mode="json", exclude_none=True)["channel_post"]
    origin = {"type": "channel", "chat": {**post["chat"], "id": chat}, "message_id": number, "date": post["date"]}
    person = {"id": by, "is_bot": False, "first_name": "Ada"}
    message = {**post, "message_id": 5000 + number, "chat": {"id": by, "type": "private"}, "from": person}
    return Update.model_validate({"update_id": 1000 + number, "message": {**message, "forward_origin": origin}})


async def test_forwarded_posts_are_stored_before_they_are_confirmed_in_any_number() -> None:
    batches: list[list[Update | BadUpdate]] = [
        [forwarded(n) for n in range(at, at + 100)] for at in range(1, 1001, 100)
    ]
    source, stream = UpdateSource(*batches, []), Stream()
    loop = polling(source, stream, admins=(7,))
    for _ in range(len(batches) + 1):
        await loop.round()
    assert stream.ids == [str(number) for number in range(1, 1001)]
    assert source.asked[-1][0] == 2001


async def test_what_strangers_forward_and_other_channels_is_no_item() -> None:
    heard: list[bool] = []
    source, stream = UpdateSource([forwarded(1, by=8), forwarded(2, chat=-1009), forwarded(3)]), Stream()
    loop = polling(source, stream, admins=(7,), heard=heard)
    await loop.round()
    assert stream.ids == ["3"]
    assert heard == [False, True]


async def test_posts_wait_until_a_batch_is_not_full() -> None:
    full: list[Update | BadUpdate] = [update(number) for number in range(1, FULL_BATCH + 1)]
    source, backlog = UpdateSource(full, [update(FULL_BATCH + 1)], []), UpdateBacklog()
    loop = polling(source, Stream(), backlog)
    await loop.round()
    assert not backlog.known
    await loop.round()
    assert backlog.known
    await loop.round()
    assert [wait for _, wait in source.asked] == [False, False, True]


def test_old_offset_is_dropped_before_telegram_may_number_anew() -> None:
    now = 0.0
    offset = Offset(lambda: now)
    assert offset.value is None
    offset.advance(41)
    assert offset.value == 42
    now = QUIET_S + 1
    assert offset.value is None
    offset.advance(7)
    assert offset.value == 8
