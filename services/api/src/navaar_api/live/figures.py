"""The dashboard's figures and directions, for pages that are open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from navaar_api.figures import amount
from navaar_api.health import Staleness
from navaar_api.live.throughput import Throughput
from navaar_api.pages.lanes import lanes
from navaar_api.pages.rendering import Renderer
from navaar_contracts.identifiers import DeliveryState, Direction


def live_figures(
    staleness: Staleness, throughput: Throughput, render: Renderer, now: Callable[[], datetime]
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """A function that makes the data of a `figures` event; it raises Unavailable."""

    async def figures() -> dict[str, Any]:
        view = await staleness.look()
        everywhere = list(Direction)
        return {
            "summary": render.text("summary.html", counts=view.counts),
            "lanes": {
                lane.direction.value: render.text("lane.html", lane=lane)
                for lane in lanes(view.counts, view.expected, view.late, throughput, now())
            },
            "failed": amount(view.counts, everywhere, [DeliveryState.FAILED]),
            "reviews": amount(view.counts, everywhere, [DeliveryState.REVIEW]),
        }

    return figures
