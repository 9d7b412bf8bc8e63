"""/live: the stream that open pages listen to."""

from __future__ import annotations

from litestar import Controller, get
from litestar.exceptions import ServiceUnavailableException
from litestar.response import Stream

from navaar_api.access import Access
from navaar_api.live.hub import Crowded, Hub


def routes(access: Access, hub: Hub) -> type[Controller]:
    class LiveRoutes(Controller):
        guards = [access.may_read]
        include_in_schema = False

        @get("/live")
        async def live(self) -> Stream:
            """Server-sent events: hello, track, gone, figures."""
            try:
                frames = hub.join()
            except Crowded:
                raise ServiceUnavailableException(detail="too many open pages") from None
            return Stream(
                frames,
                media_type="text/event-stream",
                headers={"cache-control": "no-store", "x-accel-buffering": "no"},
            )

    return LiveRoutes
