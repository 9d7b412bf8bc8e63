"""How much fits one answer. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

ROOM_BYTES = 700_000
"""NATS carries a message of at most 1 MiB unless told otherwise; names, reasons and proposals may be long."""


def fitting(views: Sequence[BaseModel], room_bytes: int = ROOM_BYTES) -> int:
    """How many of the first `views` fit one answer: at least one, where there is any."""
    used = 0
    for count, view in enumerate(views):
        used += len(view.model_dump_json(exclude_none=True).encode())
        if used > room_bytes:
            return max(count, 1)
    return len(views)
