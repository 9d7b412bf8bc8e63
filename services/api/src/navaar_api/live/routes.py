"""/live: the stream that open pages listen to."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.exceptions import ServiceUnavailableException
from litestar.response import Stream

from navaar_api.access import may_read
from navaar_api.edge.entrance import caller_of
from navaar_api.live.broadcaster import Broadcaster, Crowded


class LiveRoutes(Controller):
    guards = [may_read]
    include_in_schema = False

    @get("/live")
    async def live(self, request: Request[Any, Any, Any], broadcaster: NamedDependency[Broadcaster]) -> Stream:
        """Server-sent events: hello, track, gone, figures."""
        try:
            frames = await broadcaster.join(caller_of(request.scope).counted_as)
        except Crowded:
            raise ServiceUnavailableException(detail="too many open pages", headers={"retry-after": "30"}) from None
        return Stream(
            frames,
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )
