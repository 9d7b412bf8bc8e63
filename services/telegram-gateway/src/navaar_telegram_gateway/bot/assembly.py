"""Everything the bot consists of, put together and hung onto the gateway's service."""

from __future__ import annotations

import asyncio
from functools import partial

from navaar_contracts import streams
from navaar_contracts.events import (
    CredentialsAccepted,
    CredentialsRejected,
    CycleCompleted,
    DeliveryStopped,
    DeliverySynced,
    TrackIdentified,
)
from navaar_contracts.identifiers import Direction
from navaar_contracts.records import RequestTaken
from navaar_runtime.intervals import IntervalSettings
from navaar_runtime.service import Service
from navaar_telegram_gateway.bot import handlers
from navaar_telegram_gateway.bot.alarms import Alarms
from navaar_telegram_gateway.bot.cards import Cards
from navaar_telegram_gateway.bot.chart import Painter
from navaar_telegram_gateway.bot.desk import Desk
from navaar_telegram_gateway.bot.dispatch import Dispatch
from navaar_telegram_gateway.bot.host import Build, Host
from navaar_telegram_gateway.bot.menu import set_menus
from navaar_telegram_gateway.bot.questions import Questions
from navaar_telegram_gateway.bot.screens import (
    cards as card_screens,
)
from navaar_telegram_gateway.bot.screens import (
    failures,
    forwarded,
    lists,
    navigation,
    reviewing,
    searching,
    service,
    stats,
    status,
    syncing,
    track,
)
from navaar_telegram_gateway.bot.voice import Voice
from navaar_telegram_gateway.bot.watch import Patience, Watch
from navaar_telegram_gateway.gateway import Gateway
from navaar_telegram_gateway.settings import BotSettings

CONCERNS = (
    # A forwarded post comes first: its caption may look like a command.
    forwarded, navigation, status, stats, lists, track, syncing, failures, searching, reviewing, service, card_screens,
)  # fmt: skip
WITH_SCREENS = (navigation, status, stats, lists, track, failures, reviewing, service)


def screens() -> dict[str, Build]:
    return {name: build for concern in WITH_SCREENS for name, build in concern.SCREENS.items()}


class Assistant:
    """The bot, as far as it is no channel."""

    def __init__(
        self,
        runtime: Service,
        gateway: Gateway,
        settings: BotSettings,
        intervals: IntervalSettings,
    ) -> None:
        admins, breaker = gateway.settings.telegram_admin_user_ids, gateway.breaker
        links = list(gateway.links.values())
        self._links, self._admins, self._breaker = links, admins, breaker
        self._voice = Voice(gateway.telegram.bot)
        self._painter = Painter()
        desk = Desk(runtime.queries, runtime.publisher, links)
        questions = Questions(desk, self._voice, runtime.records, admins)
        enabled = settings.track_cards_enabled
        self._cards = Cards(desk, self._voice, runtime.records, breaker, gateway.card_places, enabled=enabled)
        chats = (settings.alert_chat_id,) if settings.alert_chat_id else admins
        patience = Patience(
            settings.alert_consecutive_crashes,
            {direction: intervals.of(direction) for direction in Direction},
        )
        chats = chats if settings.alert_enabled else ()
        alarms = Alarms(settings.alert_cooldown_seconds)
        self._watch = Watch(desk, self._voice, runtime.records, breaker, chats, patience, alarms)
        host = Host(desk, self._voice, screens(), questions, runtime.records)
        self.dispatch = Dispatch(
            gateway.telegram.bot,
            [*(concern.router() for concern in CONCERNS), navigation.last_router()],
            admins,
            breaker,
            host=host,
            painter=self._painter,
            cards=self._cards,
            updates=gateway.updates,
        )
        self._on_change = partial(handlers.track_changed, cards=self._cards, questions=questions, watch=self._watch)
        self._on_watched = partial(handlers.watched, watch=self._watch)

    def subscribe(self, runtime: Service) -> None:
        """Take the consumers of cards and alerts, and answer updates in the background."""
        changes = (TrackIdentified, DeliverySynced, DeliveryStopped, RequestTaken)
        runtime.on(streams.BOT_CARDS, *changes, handler=self._on_change)
        runtime.on(
            streams.BOT_ALERTS, CredentialsRejected, CredentialsAccepted, CycleCompleted, handler=self._on_watched
        )
        runtime.background("bot", self.dispatch.run)
        runtime.background("cards", self._cards.run)
        runtime.background("alerts", self._watch.run)
        runtime.background("examination", self._watch.examine_for_ever)
        runtime.background("menu", self._offer_menu)
        runtime.on_stop(self._close)

    async def _offer_menu(self) -> None:
        await self._breaker.wait_open()
        await set_menus(self._voice, self._admins, self._links)
        await asyncio.Event().wait()  # a background task is there for the service's life

    async def _close(self) -> None:
        self._painter.close()
