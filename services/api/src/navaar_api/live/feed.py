"""Turns what is heard into what open pages are told: one look at the ledger a change, however many pages are open."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

from navaar_api.live.broadcaster import Broadcaster
from navaar_api.live.throughput import Throughput
from navaar_api.pages.direction_cards import direction_cards
from navaar_api.pages.rendering import Renderer
from navaar_client.counts import deliveries
from navaar_client.errors import Unavailable
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.identifiers import DeliveryState
from navaar_contracts.message import Message
from navaar_contracts.queries import GetCounts, GetTrack, TrackView
from navaar_contracts.records import RequestTaken
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

LOOK_AFTER_S = (0.2, 1.2, 4.0)
"""The ledger hears a fact when we do, and is done with it a little later; a busy one much later."""
AT_ONCE = 40
FIGURES_EVERY_S = 1.0
_REMEMBERED = 2000


class Feed:
    """`heard` is called with every event; `run` tells the pages."""

    def __init__(
        self,
        client: LedgerClient,
        broadcaster: Broadcaster,
        renderer: Renderer,
        throughput: Throughput,
    ) -> None:
        self._client, self._broadcaster, self._renderer = client, broadcaster, renderer
        self._throughput = throughput
        self._due: dict[int, list[float]] = {}
        """Track -> moments of the looks still to come."""
        self._told: OrderedDict[int, str] = OrderedDict()
        self._figures_due = False

    async def heard(self, message: Message) -> None:
        if not self._broadcaster.clients:
            self._due.clear()
            return
        self._figures_due = True
        # What a person asked of a track is inside the request.
        about = message.request if isinstance(message, RequestTaken) else message
        for name in ("track_id", "joined_to"):
            track_id = getattr(about, name, None)
            if isinstance(track_id, int):
                self.look_at(track_id)

    def look_at(self, track_id: int) -> None:
        now = asyncio.get_running_loop().time()
        self._due[track_id] = [now + delay for delay in LOOK_AFTER_S]

    async def run(self) -> None:
        """Until cancelled."""
        next_figures = 0.0
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(0.1)
            try:
                await self._tell_tracks(loop.time())
                if self._figures_due and loop.time() >= next_figures and self._broadcaster.clients:
                    next_figures = loop.time() + FIGURES_EVERY_S
                    self._figures_due = bool(self._due)
                    self._broadcaster.say("figures", await self._figures())
            except Unavailable as error:
                log.info("live_feed_waits", reason=error.reason)
                await asyncio.sleep(1)

    async def _tell_tracks(self, now: float) -> None:
        ready = [track for track, moments in self._due.items() if moments[0] <= now][:AT_ONCE]
        for track_id in ready:
            later = [moment for moment in self._due[track_id] if moment > now]
            if later:
                self._due[track_id] = later
            else:
                del self._due[track_id]
        for reply in await asyncio.gather(*(self._client.ask(GetTrack(track_id=track_id)) for track_id in ready)):
            if reply.track is not None:
                self._tell(reply.track)

    def _tell(self, track: TrackView) -> None:
        row = self._renderer.row(track)
        if self._told.get(track.id) == row:
            return
        self._told[track.id] = row
        self._told.move_to_end(track.id)
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        gone = track.state in ("merged", "deleted")
        everywhere = bool(track.deliveries) and all(d.state.is_done for d in track.deliveries)
        self._broadcaster.say(
            "gone" if gone else "track",
            {"id": track.id, "row": row, "display": track.display, "everywhere": everywhere},
        )

    async def _figures(self) -> dict[str, Any]:
        """The data of a `figures` event. Raises Unavailable."""
        counts = await self._client.ask(GetCounts())
        render = self._renderer.text
        return {
            "summary": render("summary.html", counts=counts),
            "lanes": {
                card.direction.value: render("direction_card.html", card=card)
                for card in direction_cards(counts, self._throughput, self._client.now())
            },
            "failed": deliveries(counts, DeliveryState.FAILED),
            "reviews": deliveries(counts, DeliveryState.REVIEW),
        }
