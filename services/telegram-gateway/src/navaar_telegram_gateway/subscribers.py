"""Which consumer goes to which handler, and what runs besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from importlib.metadata import entry_points

from aiogram.types import Message, Update

from navaar_contracts.commands import CheckPresence, FetchAudio, PlaceTrack, RemoveTrack
from navaar_contracts.message import Event
from navaar_contracts.streams import gateway_consumers
from navaar_runtime.first_sync import PlanGate
from navaar_runtime.service import Service
from navaar_telegram_gateway import handlers, metrics
from navaar_telegram_gateway.gateway import Gateway
from navaar_telegram_session.session import ENTRY_POINTS, PLATFORM, Attach


def subscribe(service: Service, gateway: Gateway, gate: PlanGate) -> None:
    """Take this gateway's commands and read its updates."""
    settings, links, objects = gateway.settings, gateway.links, service.objects
    place = partial(
        handlers.place_track,
        links=links,
        placers=gateway.placers,
        objects=objects,
        max_bytes=settings.max_upload_bytes,
        identities=gateway.identities,
    )
    remove = partial(handlers.remove_track, links=links, placers=gateway.placers)
    present = partial(handlers.check_presence, links=links, placers=gateway.placers)
    fetch = partial(
        handlers.fetch_audio,
        links=links,
        files=gateway.telegram,
        objects=objects,
        max_bytes=settings.max_download_bytes,
    )
    consumers = gateway_consumers(PLATFORM)
    service.on(consumers[PlaceTrack], PlaceTrack, handler=gate.before(place))
    service.on(consumers[RemoveTrack], RemoveTrack, handler=gate.before(remove))
    service.on(consumers[CheckPresence], CheckPresence, handler=gate.before(present))
    service.on(consumers[FetchAudio], FetchAudio, handler=fetch)
    service.background("updates", gateway.polling.run)
    service.background("names", gateway.names.run)
    service.background("access", gateway.access.run)
    service.background("sender", gateway.stand_by)
    service.check("updates", gateway.polling.problem)
    service.check("channel", gateway.access.problem)
    service.detail("account", gateway.who)
    for link in links:
        service.detail(f"channel {link}", partial(gateway.seen, link))
    metrics.begin_at_zero()
    service.measure(gateway.show)
    service.on_start(gateway.open)
    service.on_stop(gateway.close)


def attach_bots(service: Service, gateway: Gateway, environment: Mapping[str, str]) -> None:
    """Let whoever is installed for it answer what is written to the bot itself; without one, people get silence.

    Raises:
        SettingsError: the environment does not configure it.
    """
    attaching: list[Attach] = [found.load() for found in entry_points(group=ENTRY_POINTS)]
    bots = [attach(service, gateway.session(), environment) for attach in attaching]

    def take(update: Update) -> None:
        for bot in bots:
            bot.take(update)

    async def hear_forwarded(message: Message, facts: Sequence[Event] | None) -> None:
        for bot in bots:
            await bot.hear_forwarded(message, facts)

    gateway.updates.on_private = take
    gateway.updates.on_forwarded = hear_forwarded
