"""Which consumer goes to which handler, and what runs besides."""

from __future__ import annotations

from functools import partial

from navaar_contracts.commands import FetchAudio, PlaceTrack, RemoveTrack
from navaar_contracts.streams import gateway_consumers
from navaar_runtime.service import Service
from navaar_telegram_gateway import figures, handlers
from navaar_telegram_gateway.gateway import Gateway
from navaar_telegram_gateway.settings import PLATFORM


def subscribe(service: Service, gateway: Gateway) -> None:
    """Take this gateway's commands and read its updates."""
    consumers = gateway_consumers(PLATFORM)
    settings, links, objects = gateway.settings, gateway.links, service.objects
    place = partial(
        handlers.place_track, links=links, placers=gateway.placers, objects=objects, max_bytes=settings.max_upload_bytes
    )
    remove = partial(handlers.remove_track, links=links, placers=gateway.placers)
    fetch = partial(
        handlers.fetch_audio,
        links=links,
        files=gateway.telegram,
        objects=objects,
        max_bytes=settings.max_download_bytes,
    )
    service.on(consumers[PlaceTrack], PlaceTrack, handler=place)
    service.on(consumers[RemoveTrack], RemoveTrack, handler=remove)
    service.on(consumers[FetchAudio], FetchAudio, handler=fetch)
    service.background("updates", gateway.polling.run)
    service.background("access", gateway.access.run)
    service.background("sender", gateway.stand_by)
    service.check("updates", gateway.polling.problem)
    service.check("channel", gateway.access.problem)
    figures.begin_at_zero()
    service.measure(gateway.show)
    service.on_start(gateway.open)
    service.on_stop(gateway.close)
