"""Ledger: holds the truth about every track and alone decides the next step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

import nats.errors
from nats.js.errors import APIError

from navaar_contracts.identifiers import Direction
from navaar_contracts.streams import Consumer
from navaar_ledger.application.queries import LedgerQueries
from navaar_ledger.application.scheduler import Clock
from navaar_ledger.domain.policy import MIB, Policy
from navaar_ledger.ports import Ports
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.port import Store
from navaar_ledger.store.sqlite import SqliteStore
from navaar_ledger.subscribers import answer, subscribe
from navaar_ledger.telemetry import gauges
from navaar_ledger.telemetry.metrics import begin_at_zero
from navaar_runtime.failures import Failure
from navaar_runtime.first_sync import FirstSyncSettings
from navaar_runtime.intervals import IntervalSettings
from navaar_runtime.run import run
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load, load_links


def create(environment: Mapping[str, str]) -> Service:
    """The service, configured by `environment`; raises SettingsError."""
    settings, runtime = load(LedgerSettings, environment), load(RuntimeSettings, environment)
    policy = policy_from(environment, settings)
    service = Service("ledger", runtime)
    service.show(settings, load(FirstSyncSettings, environment), load(IntervalSettings, environment))
    store = store_from(settings, runtime)
    ports = Ports(store, JetStreamBacklog(service), policy, _now, service.watermark.current)
    service.publisher.trace_of = ports.traces.of
    clock = Clock(ports, service.publisher)
    service.on_start(store.open)
    service.on_stop(store.close)
    service.check("store", store.problem)
    service.check("clock", clock.check)
    service.background("clock", clock.run)
    service.measure(partial(gauges.show, store, policy, ports.metrics.health, _now))
    service.measure(service.consumer_metrics.show)
    begin_at_zero(policy.links)
    subscribe(service, ports)
    answer(service, LedgerQueries(store, policy, _now(), ports.metrics.health, _now))
    return service


def policy_from(environment: Mapping[str, str], settings: LedgerSettings) -> Policy:
    intervals = load(IntervalSettings, environment)
    return Policy(
        links={link.name: link for link in load_links(environment)},
        intervals={direction: intervals.of(direction) for direction in Direction},
        first_sync=load(FirstSyncSettings, environment).first_sync,
        max_retries=settings.max_retries,
        backoff_max_s=settings.backoff_max_seconds,
        working=settings.lane_width,
        head_of_line_timeout_s=settings.order_patience_seconds,
        stuck_after_s=settings.stuck_after_seconds,
        fetch_limit=(2000 if settings.telegram_api_local else 20) * MIB,
        listens=settings.listen_to_posts,
        late_after=intervals.readiness_stale_multiplier,
    )


def store_from(settings: LedgerSettings, runtime: RuntimeSettings) -> Store:
    """MongoDB where one is named, else the SQLite file in the data directory."""
    if settings.mongodb_url is None:
        return SqliteStore(runtime.data_dir)
    # Imported here so that an embedded ledger does not load the MongoDB driver.
    from navaar_ledger.store.mongo import MongoStore

    return MongoStore(settings)


def _now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    run(create)


if __name__ == "__main__":
    main()


class JetStreamBacklog:
    """Implements `ports.Backlog`. What cannot be found out counts as busy: nothing is repeated on a guess."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def idle(self, consumer: Consumer) -> bool:
        try:
            return await self._service.idle(consumer)
        except (Failure, APIError, nats.errors.Error, TimeoutError):
            return False
