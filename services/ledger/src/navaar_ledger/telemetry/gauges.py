"""Shows what the store keeps, looked up whenever somebody reads the figures. Maintained counters: never a walk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from time import monotonic

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.transitions import AT_REST
from navaar_ledger.store.port import Counters, PlatformPause, Store
from navaar_ledger.telemetry.health import Health
from navaar_runtime import metrics
from navaar_runtime.service import version

_POLLED = tuple(platform for platform in Platform if platform.spec.is_polled)
PLAYLIST_LABELS = {
    platform: "playlist_id" if platform is _POLLED[0] else f"{platform.short}_playlist_id" for platform in _POLLED
}
"""The first playlist's label has no prefix, as ever; each further one has its platform's short name."""
INFO = metrics.gauge("navaar_info", "Always 1; one series for each link", "version", *PLAYLIST_LABELS.values())
PENDING = metrics.gauge(
    "navaar_tracks_pending",
    "Deliveries of the direction that wait or are under way, scheduled retries included",
    "direction",
)
FAILED = metrics.gauge("navaar_tracks_failed", "Deliveries of the direction that have failed", "direction")
SYNCED = metrics.gauge("navaar_tracks_synced_current", "Deliveries of the direction that were placed", "direction")
DUPLICATE = metrics.gauge(
    "navaar_tracks_duplicate", "Deliveries of the direction that the target had already", "direction"
)
IN_REVIEW = metrics.gauge(
    "navaar_tracks_in_review", "Deliveries of the direction about which a person is asked", "direction"
)
TOTAL = metrics.gauge(
    "navaar_tracks_total",
    "Deliveries in the ledger: all that are pending, failed, synced, duplicate or in review, in every direction",
)
SUCCESS = metrics.gauge(
    "navaar_success_rate_percent", "Synced and duplicate deliveries among all that were settled; absent without any"
)
SONGS = metrics.gauge("navaar_songs", "Recordings in the ledger", "link")
DELIVERIES = metrics.gauge("navaar_deliveries", "Deliveries in the ledger, by state", "link", "direction", "state")
LAST_SYNC = metrics.gauge(
    "navaar_last_sync_timestamp_seconds", "When the direction's last cycle ended, in any link", "direction"
)
LAST_CYCLE = metrics.gauge(
    "navaar_last_cycle_timestamp_seconds", "When the direction's last cycle in this link ended", "link", "direction"
)
CYCLE_INTERVAL = metrics.gauge(
    "navaar_cycle_interval_seconds", "How often the direction is to have its cycle, as configured", "direction"
)
PAUSED = metrics.gauge("navaar_direction_paused", "1 while a person holds the direction back", "link", "direction")
HEALTHY = metrics.gauge(
    "navaar_direction_healthy",
    "0 after five failed cycles in a row, after five tracks in a row that stopped for other reasons than the song, or "
    "while a sign-in that the direction needs is refused; else 1",
    "direction",
)
OLDEST_REVIEW = metrics.gauge(
    "navaar_review_oldest_age_seconds", "How long the question with the lowest number has waited for a person, else 0"
)
STORE_SECONDS = metrics.gauge(
    "navaar_store_answer_seconds", "How long the ledger's store took to answer for these figures"
)
UNSETTLED = tuple(s for s in DeliveryState if not s.is_done and s not in AT_REST)


async def show(store: Store, policy: Policy, health: Health, now: Callable[[], datetime]) -> None:
    """Set every gauge of the ledger.

    Raises:
        Transient: the store does not answer; the gauges keep what was last known.
    """
    begun = monotonic()
    counters = {name: await store.counters(name) for name in policy.links}
    cycles = {name: await store.cycles(name) for name in policy.links}
    paused = {name: await store.paused(name) for name in policy.links}
    away = {name: [one for one in await store.paused_platforms(name) if one.lasts(now())] for name in policy.links}
    oldest = await store.in_state(None, DeliveryState.REVIEW, 1)
    STORE_SECONDS.set(monotonic() - begun)
    asked = [d.changed_at for t in oldest for d in t.deliveries.values() if d.state is DeliveryState.REVIEW]
    OLDEST_REVIEW.set((now() - min(asked)).total_seconds() if asked else 0)
    _show_links(policy, counters, cycles, paused)
    _show_directions(policy, health, counters, cycles, away)
    _show_totals(counters.values())


def _show_links(
    policy: Policy,
    counters: Mapping[str, Counters],
    cycles: Mapping[str, Mapping[Direction, datetime]],
    paused: Mapping[str, frozenset[Direction]],
) -> None:
    for name, link in policy.links.items():
        playlists = {label: link.collections.get(platform, "") for platform, label in PLAYLIST_LABELS.items()}
        INFO.set(1, version=version(), **playlists)
        SONGS.set(counters[name].tracks, link=name)
        for direction in link.directions():
            PAUSED.set(direction in paused[name], link=name, direction=direction)
            if direction in cycles[name]:
                LAST_CYCLE.set(cycles[name][direction].timestamp(), link=name, direction=direction)
            states = counters[name].deliveries.get(direction, {})
            for state in DeliveryState:
                DELIVERIES.set(states.get(state, 0), link=name, direction=direction, state=state)


def _show_directions(
    policy: Policy,
    health: Health,
    counters: Mapping[str, Counters],
    cycles: Mapping[str, Mapping[Direction, datetime]],
    away: Mapping[str, Sequence[PlatformPause]],
) -> None:
    for direction in Direction:
        links = [name for name, link in policy.links.items() if direction in link.directions()]
        if not links:
            continue
        states: Counter[DeliveryState] = Counter()
        for name in links:
            states.update(counters[name].deliveries.get(direction, {}))
        PENDING.set(sum(states[state] for state in UNSETTLED), direction=direction)
        FAILED.set(states[DeliveryState.FAILED], direction=direction)
        SYNCED.set(states[DeliveryState.SYNCED], direction=direction)
        DUPLICATE.set(states[DeliveryState.DUPLICATE], direction=direction)
        IN_REVIEW.set(states[DeliveryState.REVIEW], direction=direction)
        HEALTHY.set(all(health.healthy((n, direction), away[n]) for n in links), direction=direction)
        CYCLE_INTERVAL.set(policy.interval(direction), direction=direction)
        ended = [cycles[name][direction] for name in links if direction in cycles[name]]
        if ended:
            LAST_SYNC.set(max(ended).timestamp(), direction=direction)


def _show_totals(counters: Iterable[Counters]) -> None:
    states: Counter[DeliveryState] = Counter()
    for each in counters:
        for amounts in each.deliveries.values():
            states.update(amounts)
    TOTAL.set(states.total())
    done = states[DeliveryState.SYNCED] + states[DeliveryState.DUPLICATE]
    settled = done + states[DeliveryState.FAILED]
    if settled:
        SUCCESS.set(100 * done / settled)
    else:
        SUCCESS.forget()
