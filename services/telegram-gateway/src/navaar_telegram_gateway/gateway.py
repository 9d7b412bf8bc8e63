"""Everything the gateway consists of, put together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from navaar_contracts.links import Link
from navaar_runtime import platform_requests
from navaar_runtime.scan_metrics import scanned
from navaar_runtime.service import Service
from navaar_telegram_gateway.access import ChannelAccess, ChannelGate
from navaar_telegram_gateway.backlog import UpdateBacklog
from navaar_telegram_gateway.channel import TelegramChannel
from navaar_telegram_gateway.channel_state import ChannelState
from navaar_telegram_gateway.idempotency import PostRecords
from navaar_telegram_gateway.identity import ChannelIdentity, ChannelNames
from navaar_telegram_gateway.placer import PostPlacer
from navaar_telegram_gateway.polling import UpdatePoller
from navaar_telegram_gateway.rate_limiter import RateLimiter
from navaar_telegram_gateway.settings import TelegramSettings
from navaar_telegram_gateway.telegram import TelegramBot
from navaar_telegram_gateway.updates import Updates, WatchedChannel
from navaar_telegram_session.session import PLATFORM, LentChannel, Session


class Gateway:
    """One bot, the channels of all links, and who sends to and reads from them."""

    def __init__(self, service: Service, settings: TelegramSettings, links: Mapping[str, Link]) -> None:
        self.settings = settings
        self.links = links
        self.telegram = TelegramBot(settings, service.may_act)
        self.breaker = breaker = service.guard(PLATFORM, self._probe, list(self.links))
        backlog = UpdateBacklog()
        self.placers: dict[str, PostPlacer] = {}
        self._limiters: dict[str, RateLimiter] = {}
        self._states: dict[str, ChannelState] = {}
        self._newest = service.publisher.newest
        gates: dict[str, ChannelGate] = {}
        watched = []
        doubt = asyncio.Event()
        self.identities = {
            link.name: ChannelIdentity(link.name, link.collections[PLATFORM], service.records, doubt)
            for link in links.values()
        }
        channels = {name: TelegramChannel(self.telegram, _address(one)) for name, one in self.identities.items()}
        for link in links.values():
            state = ChannelState(link.name, link.collections[PLATFORM], service.records)
            records = PostRecords(link.name, service.records, state, self.identities[link.name].places)
            gates[link.name] = ChannelGate(link.name, channels[link.name], state, service.publisher, _now)
            limiter = RateLimiter(settings.telegram_post_interval_s, settings.telegram_posts_per_minute)
            self.placers[link.name] = PostPlacer(
                channels[link.name],
                records,
                state,
                limiter,
                backlog,
                gates[link.name],
                settle_s=settings.telegram_settle_s,
            )
            self._limiters[link.name] = limiter
            self._states[link.name] = state
            watched.append(WatchedChannel(link, state, records, self.identities[link.name]))
        self.updates = updates = Updates(watched, _now, settings.telegram_admin_user_ids)
        find = self.telegram.find_chat
        self.names = ChannelNames([*self.identities.values()], find, service.publisher, breaker, _now, doubt)
        # Two polls and their deadlines may pass before silence is a problem.
        stale_after_s = 2 * (settings.telegram_poll_seconds + settings.telegram_timeout_s)
        self.polling = UpdatePoller(
            self.telegram,
            updates,
            service.publisher,
            breaker,
            backlog,
            stale_after_s=stale_after_s,
            scanned=self._scanned,
        )
        self.access = ChannelAccess(gates, breaker)
        updates.on_rights = self.access.changed

    def session(self) -> Session:
        """What a bot may use of all this."""
        return Session(
            bot=self.telegram.bot,
            admins=self.settings.telegram_admin_user_ids,
            links=self.links,
            breaker=self.breaker,
            channels={
                name: LentChannel(_address(one), self.placers[name], self._states[name].saw_ours, one.called)
                for name, one in self.identities.items()
            },
        )

    async def open(self) -> None:
        await self.names.open()
        for name, state in self._states.items():
            await state.load(self.identities[name].settings, newest=self._newest)

    def _scanned(self, outcome: str) -> None:
        """One request shows the posts of every channel."""
        for link in self.links:
            scanned(link, PLATFORM, outcome)

    async def show(self) -> None:
        """Set the gauges: how many posts each channel may still take."""
        for link, limiter in self._limiters.items():
            left = limiter.left()
            if left is not None:
                most = self.settings.telegram_posts_per_minute
                platform_requests.budget(PLATFORM, link, most, left)

    async def who(self) -> str:
        """For people: the bot that is signed in."""
        return self.telegram.name

    async def seen(self, link: str) -> str | None:
        """For people: which channel it is, and when its posts were last asked for; None before that."""
        at, identity = self.polling.read_at, self.identities[link]
        if at is None:
            return None
        title = f"'{identity.title}', " if identity.title else ""
        return f"{title}{identity.public}, posts asked for at {at:%Y-%m-%d %H:%M:%S} UTC"

    async def stand_by(self) -> None:
        """For the service's life; at its end no further post begins, so that stopping takes no longer than one."""
        try:
            await asyncio.Event().wait()
        finally:
            for limiter in self._limiters.values():
                limiter.close()

    async def _probe(self) -> None:
        await self.telegram.check()

    async def close(self) -> None:
        await self.telegram.close()


def _address(identity: ChannelIdentity) -> Callable[[], str]:
    """How calls name the channel, asked anew for each."""
    return lambda: identity.chat_id


def _now() -> datetime:
    return datetime.now(UTC)
