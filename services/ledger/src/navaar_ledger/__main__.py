"""Ledger: holds the truth about every track and alone decides the next step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

import nats.errors
from nats.js.errors import APIError

from navaar_contracts.events import NoticeGiven
from navaar_contracts.identifiers import Direction
from navaar_contracts.links import Link
from navaar_contracts.streams import Consumer
from navaar_ledger.application.onward import Onward
from navaar_ledger.application.queries import LedgerQueries
from navaar_ledger.application.scheduler import Clock
from navaar_ledger.domain.policy import MIB, Policy
from navaar_ledger.ports import Ports
from navaar_ledger.rebuild.reconcile import reconcile
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.fenced import fenced
from navaar_ledger.store.life import Life, Mark, Reconciled
from navaar_ledger.store.port import Store
from navaar_ledger.store.sqlite import SqliteStore
from navaar_ledger.subscribers import answer, subscribe
from navaar_ledger.succession import Succession
from navaar_ledger.telemetry import gauges
from navaar_ledger.telemetry.metrics import begin_at_zero
from navaar_runtime.failures import Failure, Transient
from navaar_runtime.first_sync import FirstSyncSettings
from navaar_runtime.intervals import IntervalSettings
from navaar_runtime.live_links import LiveLinks, Looked
from navaar_runtime.logs import get_logger
from navaar_runtime.run import run
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load, load_links

log = get_logger(__name__)


def create(environment: Mapping[str, str]) -> Service:
    """The service, configured by `environment`; raises SettingsError."""
    settings, runtime = load(LedgerSettings, environment), load(RuntimeSettings, environment)
    links = LiveLinks(environment)
    policy = policy_from(environment, settings, links)
    service = Service("ledger", runtime)
    service.show(settings, load(FirstSyncSettings, environment), load(IntervalSettings, environment))
    lease = service.one_at_a_time()
    store = fenced(store_from(settings, runtime), service.may_act)
    succession = Succession(store, lease, lambda: service.client)
    history = History(service)
    time, known = Onward(), service.watermark
    ports = Ports(store, JetStreamBacklog(service), policy, time, known.current, known.place, history.mark)
    service.publisher.trace_of = ports.traces.of
    clock = Clock(ports, service.publisher)
    service.on_start(store.open)
    service.on_start(succession.check)
    service.on_start(partial(_go_on, time, store))
    service.on_start(partial(history.reconcile, ports))
    service.on_start(succession.keep)
    service.note("restored", history.needs_a_person)
    service.detail("restored", history.told)
    service.on_stop(store.close)
    service.check("store", store.problem)
    service.check("clock", clock.check)
    service.background("clock", clock.run)
    service.background("links", partial(links.watch, partial(tell_of_links, service, links)))
    service.note("links", links.problem)
    service.measure(partial(gauges.show, store, policy, ports.metrics.health, time))
    service.measure(service.consumer_metrics.show)
    begin_at_zero(policy.links)
    subscribe(service, ports)
    answer(service, LedgerQueries(store, policy, time(), ports.metrics.health, time))
    return service


async def tell_of_links(service: Service, links: Mapping[str, Link], looked: Looked) -> None:
    """Let people know what became of a change of the links file."""
    try:
        await service.publisher.publish(notice_of_links(next(iter(links)), looked, datetime.now(UTC)))
    except Transient as failure:
        log.warning("links_not_told", reason=failure.reason)


def notice_of_links(link: str, looked: Looked, at: datetime) -> NoticeGiven:
    """What people are told of a change of the links file; `link` is whose log it goes into."""
    if looked.refused is not None:
        headline, details = "The changed links file is not taken over", looked.refused
    else:
        later = (f"At the next start: {', '.join(looked.later)}.",) if looked.later else ()
        headline, details = "The links file was taken over", " ".join((*(f"{each}." for each in looked.taken), *later))
    return NoticeGiven(
        link=link,
        about=f"links.{looked.digest}",
        headline=headline,
        details=details or "Nothing of it changes what Navaar does.",
        given_at=at,
    )


def policy_from(
    environment: Mapping[str, str], settings: LedgerSettings, links: Mapping[str, Link] | None = None
) -> Policy:
    """What the environment says; `links` may change later. Raises SettingsError."""
    intervals = load(IntervalSettings, environment)
    return Policy(
        links=links if links is not None else {link.name: link for link in load_links(environment)},
        intervals={direction: intervals.of(direction) for direction in Direction},
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


async def _go_on(time: Onward, store: Store) -> None:
    """From where the ledger stopped, if the clock was ahead then."""
    time.not_before(await store.newest())


def main() -> None:
    run(create)


if __name__ == "__main__":
    main()


class History:
    """How far the ledger has read the streams; at the start, what it has to take over from them."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._ports: Ports | None = None
        self._stream: str | None = None
        self._reconciled: Reconciled | None = None

    async def reconcile(self, ports: Ports) -> None:
        """Before anything is taken or sent; raises Transient."""
        _, messages = await reconcile(self._service.client, ports)
        for message in messages:
            await self._service.publisher.publish(message)
        life = Life.of(await ports.store.about())
        self._ports = ports
        self._stream = life.mark.stream if life.mark is not None else None
        self._reconciled = life.reconciled

    def mark(self) -> dict[str, str]:
        """The event being worked on, as the store keeps it."""
        sequence = self._service.watermark.sequence()
        return Mark(self._stream, sequence).about() if self._stream is not None and sequence is not None else {}

    async def told(self) -> str | None:
        """What was taken over last, and when."""
        done = self._reconciled
        return f"{done.at}: {done.told()}" if done is not None else None

    async def needs_a_person(self) -> str | None:
        """As long as a direction that was held back for it still is."""
        if self._reconciled is None or self._ports is None or not self._reconciled.held_back:
            return None
        paused = {direction for link in self._ports.policy.links for direction in await self._ports.store.paused(link)}
        held = {name.rpartition(" ")[2] for name in self._reconciled.held_back}
        return self._reconciled.told() if held & {direction.value for direction in paused} else None


class JetStreamBacklog:
    """Implements `ports.Backlog`. What cannot be found out counts as busy: nothing is repeated on a guess."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def idle(self, consumer: Consumer) -> bool:
        try:
            return await self._service.idle(consumer)
        except (Failure, APIError, nats.errors.Error, TimeoutError):
            return False
