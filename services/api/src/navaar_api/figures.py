"""Figures for people from the ledger's counters; pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_contracts.queries import CountsReply

_FAILED = (DeliveryState.FAILED,)
_DONE = (DeliveryState.SYNCED,)
_SKIPPED = (DeliveryState.DUPLICATE,)


def stats(reply: CountsReply, now: datetime) -> dict[str, Any]:
    """The reference page's figures: totals, per-direction synced, success rate in per cent, uptime in seconds."""
    synced = {direction: _count(reply, direction, _DONE) for direction in Direction}
    total_synced = sum(synced.values())
    failed = sum(_count(reply, d, _FAILED) for d in Direction)
    duplicates = sum(_count(reply, d, _SKIPPED) for d in Direction)
    total = sum(sum(states.values()) for states in reply.counts.values())
    settled = total_synced + duplicates + failed
    return {
        "total": total,
        "tracks": reply.tracks,
        "synced": total_synced,
        "failed": failed,
        "duplicates": duplicates,
        "pending": total - settled,
        **{f"{direction.value}_synced": count for direction, count in synced.items()},
        "success_rate": round(100 * (total_synced + duplicates) / settled, 1) if settled else None,
        "uptime_seconds": round((now - reply.started_at).total_seconds(), 1) if reply.started_at else None,
        **{f"last_{direction.value}_sync": _iso(reply.last_cycle.get(direction)) for direction in Direction},
    }


def _count(reply: CountsReply, direction: Direction, states: tuple[DeliveryState, ...]) -> int:
    return sum(reply.counts.get(direction, {}).get(state, 0) for state in states)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
