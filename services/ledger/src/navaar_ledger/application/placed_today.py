"""How much room a link's policy leaves on a platform: how many songs may be placed there now, or why none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_ledger.application.unit_of_work import towards
from navaar_ledger.domain.owners_policy import Wait, day_of, waits
from navaar_ledger.domain.placed_today import PlacedToday
from navaar_ledger.domain.policy import Policy
from navaar_ledger.store.port import Store

A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Room:
    """`most` songs may be placed; None: any number. While there is something to wait for, none is."""

    wait: Wait | None = None
    most: int | None = None


async def room_of(
    store: Store, placed: dict[str, PlacedToday], policy: Policy, link: str, target: Platform, now: datetime
) -> Room:
    """What a link's owner lets be placed on `target` now; `placed` is what is known of each link. Raises Transient."""
    own = policy.links[link].policy if link in policy.links else None
    if own is None:
        return Room()
    cap = own.daily_caps.get(target)
    if cap is None:
        return Room(waits(own, target, now, 0))
    number = await _placed(store, placed.setdefault(link, PlacedToday()), link, day_of(own.time_zone, now)[0], target)
    number += await _on_their_way(store, link, target, 4 * policy.working)
    return Room(waits(own, target, now, number), max(0, cap - number))


async def _placed(store: Store, known: PlacedToday, link: str, day: datetime, target: Platform) -> int:
    known.begin(day)
    page = await store.log(link, None, A_PAGE)
    while known.learn(page):
        page = await store.log(link, None, A_PAGE, page[-1].id)
    return known.end()[target]


async def _on_their_way(store: Store, link: str, target: Platform, limit: int) -> int:
    entries = [entry for queue in towards(link, target) for entry in await store.queue(queue, limit)]
    return sum(entry.state is DeliveryState.SYNCING for entry in entries)
