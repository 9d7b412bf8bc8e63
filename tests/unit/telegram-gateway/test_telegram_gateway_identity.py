"""Which channel a link means, whatever its public name becomes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from aiogram.types import Chat

from navaar_runtime.idempotency import IdempotencyRecord
from navaar_telegram_gateway.identity import ChannelIdentity

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NUMBER = -1001234567890


class Records:
    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}

    async def get(self, key: str) -> IdempotencyRecord | None:
        return IdempotencyRecord(key, "done", NOW, {}, self.kept[key]) if key in self.kept else None

    async def complete(self, key: str, outcome: dict[str, Any]) -> IdempotencyRecord:
        self.kept[key] = outcome
        return IdempotencyRecord(key, "done", NOW, {}, outcome)


async def started(records: Any, setting: str) -> ChannelIdentity:
    identity = ChannelIdentity("main", setting, records, asyncio.Event())
    await identity.load()
    return identity


def chat(name: str | None, number: int = NUMBER) -> Chat:
    return Chat(id=number, type="channel", username=name)


async def known(name: str | None = "radio", setting: str = "@Radio") -> Records:
    records = Records()
    first = await started(records, setting)
    assert first.shown(chat(name), NOW) == []
    await first.save()
    return records


async def test_new_channel_is_known_by_its_name_until_its_number_is() -> None:
    identity = await started(Records(), "@Radio")
    assert identity.chat_id == "@Radio"
    assert identity.means(NUMBER, "@rAdio")
    assert not identity.means(NUMBER, "@other")
    assert not identity.means(NUMBER, None)
    identity.posted(chat("radio"))
    assert (identity.chat_id, identity.means(NUMBER, "@other"), identity.means(-1009, "@radio")) == (
        str(NUMBER),
        True,
        False,
    )


async def test_number_outlives_every_name_and_a_name_given_away_means_nothing() -> None:
    identity = await started(await known(), "@Radio")
    assert identity.means(NUMBER, "@radio_fm")
    assert identity.means(NUMBER, None)
    assert not identity.means(-1009999999999, "@radio")


async def test_new_name_is_told_once_and_used_in_links() -> None:
    records = await known()
    identity = await started(records, "@Radio")
    [notice] = identity.shown(chat("radio_fm"), NOW)
    assert "@radio is now @radio_fm" in notice.details
    assert str(NUMBER) in notice.details
    assert identity.public == "@radio_fm"
    assert identity.shown(chat("radio_fm"), NOW) == []
    await identity.save()
    assert (await started(records, "@Radio")).shown(chat("radio_fm"), NOW) == []


async def test_channel_that_became_private_and_public_again_is_told() -> None:
    identity = await started(await known(), "@Radio")
    [lost] = identity.shown(chat(None), NOW)
    assert "is now private" in lost.details
    assert identity.public == str(NUMBER)
    assert identity.shown(chat("radio"), NOW) == []


async def test_other_spelling_of_a_name_is_no_other_name() -> None:
    assert (await started(await known(), "@Radio")).shown(chat("RADIO"), NOW) == []


async def test_post_with_another_name_only_asks_for_a_look() -> None:
    doubt = asyncio.Event()
    identity = ChannelIdentity("main", "@Radio", await known(), doubt)  # type: ignore[arg-type]
    await identity.load()
    identity.posted(chat("radio"))
    assert not doubt.is_set()
    identity.posted(chat("older_name"))
    assert (doubt.is_set(), identity.public) == (True, "@radio")


async def test_setting_that_follows_the_new_name_or_the_number_is_the_same_channel() -> None:
    """Who writes the new name knows it; who writes the number may not."""
    for setting, told in (("@radio_fm", 0), (str(NUMBER), 1)):
        identity = await started(await known(), setting)
        assert len(identity.shown(chat("radio_fm"), NOW)) == told
        assert identity.settings == {setting, "@Radio"}


async def test_setting_that_names_another_channel_is_followed_and_told() -> None:
    for setting in ("@other", "-1009999999999"):
        identity = await started(await known(), setting)
        assert not identity.means(NUMBER, "@radio")
        assert identity.means(-1009999999999, "@other")
        [replaced] = identity.shown(chat("other", -1009999999999), NOW)
        assert "@radio" in replaced.details
        assert setting in replaced.details
        assert identity.shown(chat("other", -1009999999999), NOW) == []
        assert identity.settings == {setting}
