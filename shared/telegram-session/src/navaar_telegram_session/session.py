"""The port between the gateway and a bot that it hosts.

Telegram hands the updates of one bot to one reader, and lets a channel take so many messages a minute from all of a
bot's programs together. So a bot runs in the gateway's process, and borrows its session, its updates and the time that
the posts leave.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiogram import Bot
from aiogram.types import Message, Update

from navaar_contracts.identifiers import Platform
from navaar_contracts.links import Link
from navaar_contracts.message import Event
from navaar_contracts.platforms.telegram import SPEC
from navaar_runtime.circuit_breaker import CircuitBreaker
from navaar_runtime.service import Service

PLATFORM = Platform(SPEC.id)

ENTRY_POINTS = "navaar.telegram.bots"
"""The group of entry points under which bots are found; each is an Attach."""


class PostQueue(Protocol):
    """A channel's queue of posts, seen from beside it."""

    @property
    def is_busy(self) -> bool:
        """Whether a post is being made or waits."""
        ...

    def try_turn(self) -> float:
        """Take the channel's next turn if it is free: 0.0; else the seconds until it may be."""
        ...

    def hold(self, seconds: float) -> None:
        """Telegram asked for a pause."""
        ...


@dataclass(frozen=True, slots=True)
class LentChannel:
    """A link's channel, for what a bot says there beside the posts."""

    address: Callable[[], str]
    queue: PostQueue
    saw_ours: Callable[[int], None]
    """This message of the channel is the bot's own, and no item."""
    called: Callable[[], frozenset[str]]
    """Its number and its names, in lower case; empty until Telegram has shown the channel."""

    @property
    def chat_id(self) -> str:
        """As calls name the channel now: by its number as soon as that is known."""
        return self.address()


@dataclass(frozen=True, slots=True)
class Session:
    """What a bot may use, for as long as the service lives."""

    bot: Bot
    """Its errors are to be translated beside each call, with `error_mapping`."""
    admins: tuple[int, ...]
    links: Mapping[str, Link]
    """By name, as their owners want them now."""
    breaker: CircuitBreaker
    """Closed while Telegram refuses the token."""
    channels: Mapping[str, LentChannel]
    """By link."""


Take = Callable[[Update], None]
"""Takes, without waiting, what was written to the bot itself, and its buttons' presses. May drop it; raises nothing."""

HearForwarded = Callable[[Message, Sequence[Event] | None], Awaitable[None]]
"""Hears of what an administrator forwarded or sent to the bot, before the gateway publishes what it means: its facts,
or None when it comes from no link's channel. For the answer alone; returns within seconds and raises nothing."""


@dataclass(frozen=True, slots=True)
class HostedBot:
    """What the gateway hands on to a bot."""

    take: Take
    hear_forwarded: HearForwarded


Attach = Callable[[Service, Session, Mapping[str, str]], HostedBot]
"""Adds a bot to the gateway's service, configured by the environment; raises SettingsError."""
