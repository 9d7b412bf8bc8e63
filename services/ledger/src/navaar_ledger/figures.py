"""Counters by name, as the stores keep them, and the same as figures."""

from __future__ import annotations

from collections.abc import Mapping

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_ledger.ports import Figures


def figures_of(counters: Mapping[str, int]) -> Figures:
    """Counters named as in `derived`: 'tracks', 'items|youtube', 'tg_to_yt|synced'. Zeroes are left out."""
    items: dict[Platform, int] = {}
    deliveries: dict[Direction, dict[DeliveryState, int]] = {}
    for name, amount in counters.items():
        what, _, which = name.partition("|")
        if not which or not amount:
            continue
        if what == "items":
            items[Platform(which)] = amount
        else:
            deliveries.setdefault(Direction(what), {})[DeliveryState(which)] = amount
    return Figures(counters.get("tracks", 0), items, deliveries)
