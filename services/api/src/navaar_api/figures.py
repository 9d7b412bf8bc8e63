"""Figures for people from the ledger's counters; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from navaar_api.shapes import CollectionState, Stats, SyncState
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.queries import CollectionView, CountsReply, SyncStateReply

WAITING = tuple(s for s in DeliveryState if not s.is_done and s is not DeliveryState.FAILED)
"""All that is neither settled nor given up."""


def stats(reply: CountsReply, now: datetime) -> Stats:
    """Totals, per-direction synced, success rate in per cent, uptime in seconds, latest cycles."""
    synced = {direction: amount(reply, [direction], [DeliveryState.SYNCED]) for direction in Direction}
    total_synced = sum(synced.values())
    failed = amount(reply, Direction, [DeliveryState.FAILED])
    duplicates = amount(reply, Direction, [DeliveryState.DUPLICATE])
    total = amount(reply, Direction, DeliveryState)
    settled = total_synced + duplicates + failed
    figures: dict[str, object] = {f"{direction.value}_synced": count for direction, count in synced.items()}
    return Stats.model_validate(
        {
            "total": total,
            "tracks": reply.tracks,
            "synced": total_synced,
            "failed": failed,
            "duplicates": duplicates,
            "pending": total - settled,
            "in_review": amount(reply, Direction, [DeliveryState.REVIEW]),
            **figures,
            "success_rate": round(100 * (total_synced + duplicates) / settled, 1) if settled else None,
            "uptime_seconds": round((now - reply.started_at).total_seconds(), 1) if reply.started_at else None,
            "paused": reply.paused,
            **last_syncs(reply.last_cycle),
        }
    )


def sync_state(reply: SyncStateReply) -> SyncState:
    collections = tuple(
        CollectionState(link=c.link, platform=c.platform, policy=c.policy, opened_at=c.opened_at, items=c.items)
        for c in reply.collections
    )
    return SyncState.model_validate(
        {
            **last_syncs(reply.last_cycle),
            "yt_playlist_track_count": _items(reply.collections, Platform.YOUTUBE),
            "sp_playlist_track_count": _items(reply.collections, Platform.SPOTIFY),
            "collections": collections,
        }
    )


def amount(reply: CountsReply, directions: Iterable[Direction], states: Iterable[DeliveryState]) -> int:
    wanted = tuple(states)
    return sum(reply.counts.get(d, {}).get(s, 0) for d in directions for s in wanted)


def last_syncs(last_cycle: Mapping[Direction, datetime]) -> dict[str, float | None]:
    return {f"last_{d.value}_sync": last_cycle[d].timestamp() if d in last_cycle else None for d in Direction}


def _items(collections: Iterable[CollectionView], platform: Platform) -> int:
    return sum(c.items for c in collections if c.platform is platform)
