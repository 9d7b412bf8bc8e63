"""Everything the bot consists of, put together and hung onto the Telegram gateway's service."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

from navaar_bot import handlers
from navaar_bot.alerts.alerts import Alerts
from navaar_bot.alerts.monitor import AlertThresholds, Monitor
from navaar_bot.cards.cards import Cards
from navaar_bot.cards.public_cards import PublicCards
from navaar_bot.chart import Painter
from navaar_bot.commands import cards as card_commands
from navaar_bot.commands import (
    failures,
    lists,
    navigation,
    overview,
    reviewing,
    searching,
    service,
    syncing,
    track,
)
from navaar_bot.commands import links as link_commands
from navaar_bot.context import Context
from navaar_bot.dispatcher import UpdateDispatcher
from navaar_bot.intake import Intake
from navaar_bot.questions import ReviewQuestions
from navaar_bot.sender import Sender
from navaar_bot.settings import BotSettings
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.events import (
    CredentialsAccepted,
    CredentialsRejected,
    CycleCompleted,
    DeliveryStopped,
    DeliverySynced,
    NoticeGiven,
    PlatformAvailable,
    PlatformPaused,
    TrackIdentified,
)
from navaar_contracts.identifiers import Direction
from navaar_contracts.records import RequestTaken
from navaar_contracts.streams import BOT_ALERTS, BOT_CARDS
from navaar_runtime.first_sync import plans
from navaar_runtime.intervals import IntervalSettings
from navaar_runtime.service import Service
from navaar_runtime.settings import load
from navaar_telegram_session.session import HostedBot, Session

CONCERNS = (
    navigation, overview, lists, track, card_commands, link_commands, syncing, failures, searching,
    reviewing, service,
)  # fmt: skip
WITH_VIEWS = (navigation, overview, lists, track, failures, reviewing, service)


def attach(runtime: Service, session: Session, environment: Mapping[str, str]) -> HostedBot:
    """Add the bot to `runtime`; what is written and forwarded to it goes into the answer. Raises SettingsError."""
    settings, intervals = load(BotSettings, environment), load(IntervalSettings, environment)
    runtime.show(settings)
    records, breaker = runtime.records, session.breaker
    ledger = LedgerClient(runtime.queries, runtime.publisher)
    links = session.links
    sender = Sender(session.bot)
    painter = Painter()
    questions = ReviewQuestions(ledger, links, sender, records, session.admins)
    planned = plans(links.values())
    # While a plan stands there is nothing to tell of.
    channels = {name: one for name, one in session.channels.items() if name not in planned}
    cards = Cards(ledger, links, sender, records, breaker, channels, session.admins, session.channels)
    public_cards = PublicCards(ledger, records, sender, breaker, session.channels)
    chats = (settings.alert_chat_id,) if settings.alert_chat_id else session.admins
    chats = chats if settings.alert_enabled else ()
    thresholds = AlertThresholds(
        settings.alert_consecutive_crashes, {direction: intervals.of(direction) for direction in Direction}
    )
    alerts = Alerts(settings.alert_cooldown_seconds)
    monitor = Monitor(ledger, links, sender, records, breaker, chats, thresholds, alerts)
    views = {name: build for concern in WITH_VIEWS for name, build in concern.VIEWS.items()}
    dispatcher = UpdateDispatcher(
        session.bot,
        [*(concern.router() for concern in CONCERNS), navigation.last_router()],
        session.admins,
        breaker,
        context=Context(ledger, links, sender, views, questions, records, plans=planned),
        painter=painter,
        cards=cards,
        public_cards=public_cards,
    )
    intake = Intake(ledger, sender, breaker)

    async def offer_menu() -> None:
        await breaker.wait_open()
        await navigation.offer_menus(sender, session.admins, tuple(links.values()))
        await asyncio.Event().wait()  # a background task is there for the service's life

    async def close() -> None:
        painter.close()

    changes = (TrackIdentified, DeliverySynced, DeliveryStopped, RequestTaken)
    on_change = partial(handlers.track_changed, cards=cards, questions=questions, monitor=monitor)
    runtime.on(BOT_CARDS, *changes, handler=on_change)
    signs = (
        CredentialsRejected,
        CredentialsAccepted,
        PlatformPaused,
        PlatformAvailable,
        NoticeGiven,
        CycleCompleted,
    )
    runtime.on(BOT_ALERTS, *signs, handler=partial(handlers.watched, monitor=monitor))
    runtime.background("bot", dispatcher.run)
    runtime.background("forwarded", intake.run)
    runtime.background("cards", cards.run)
    runtime.background("public-cards", public_cards.run)
    runtime.background("alerts", monitor.run)
    runtime.background("examination", monitor.examine_for_ever)
    runtime.background("menu", offer_menu)
    runtime.on_stop(close)
    return HostedBot(dispatcher.take, intake.hear)
