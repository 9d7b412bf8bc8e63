"""/live: the stream that open pages listen to."""

from __future__ import annotations

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.exceptions import ServiceUnavailableException
from litestar.response import Stream

from navaar_api.access import may_read
from navaar_api.live.broadcaster import Broadcaster, Crowded


class LiveRoutes(Controller):
    guards = [may_read]
    include_in_schema = False

    @get("/live")
    async def live(self, broadcaster: NamedDependency[Broadcaster]) -> Stream:
        """Server-sent events: hello, track, gone, figures."""
        try:
            frames = broadcaster.join()
        except Crowded:
            raise ServiceUnavailableException(detail="too many open pages") from None
        return Stream(
            frames,
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )
