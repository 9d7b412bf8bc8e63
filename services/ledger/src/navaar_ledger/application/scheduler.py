"""The ledger's clock: a cycle command for each direction in its interval, and a light tick for what is due between."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable
from datetime import datetime

from navaar_contracts.commands import RunCycle
from navaar_contracts.message import Message
from navaar_ledger.application.admission import admit_next, all_collections
from navaar_ledger.application.cycle import start_due
from navaar_ledger.application.dispatch import run_queues
from navaar_ledger.application.recovery import Recovery
from navaar_ledger.application.unit_of_work import Outcome
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.queue import DeliveryQueue
from navaar_ledger.ports import Ports
from navaar_runtime.failures import Transient
from navaar_runtime.logs import get_logger
from navaar_runtime.publisher import Publisher

log = get_logger(__name__)


TICK_S = 1.0
PAUSE_S = 5.0
"""After the store or NATS did not answer."""


def cycles_due(policy: Policy, before: datetime, now: datetime) -> list[RunCycle]:
    """The cycles whose time came after `before`, up to `now`. Replicas compute the same ones."""
    commands = []
    for link in policy.links.values():
        for direction in link.directions():
            interval = policy.interval(direction, link.name)
            number = math.floor(now.timestamp() / interval)
            if number > math.floor(before.timestamp() / interval):
                commands.append(RunCycle(link=link.name, direction=direction, number=number))
    return commands


async def tick(ports: Ports) -> list[Message]:
    """Retries whose time has come, queues in which somebody's head-of-line timeout has passed, lost admissions."""
    async with ports.lock, ports.store.together():
        outcome = Outcome()
        await start_due(ports, outcome)
        outcome.add(await run_queues(ports, [*all_queues(ports.policy), *outcome.queues]))
        outcome.add(await admit_next(ports, all_collections(ports.policy)))
    return outcome.messages


def all_queues(policy: Policy) -> Iterable[DeliveryQueue]:
    for link in policy.links.values():
        # What waits in a closed one comes to its end there.
        for direction in link.possible_directions():
            yield DeliveryQueue(link.name, direction, False)
            yield DeliveryQueue(link.name, direction, True)


class Clock:
    """Runs for the service's life."""

    def __init__(self, ports: Ports, publisher: Publisher) -> None:
        self._ports, self._publisher = ports, publisher
        self.problem: str | None = None

    async def run(self) -> None:
        recovery = Recovery(self._ports)
        before = self._ports.now()
        while True:
            try:
                if not recovery.is_done:
                    lost = await recovery.commands()
                    await self._publish(lost)
                    recovery.asked(lost)
                now = self._ports.now()
                await self._publish(cycles_due(self._ports.policy, before, now))
                before = now
                await self._publish(await tick(self._ports))
                self.problem = None
                await asyncio.sleep(TICK_S)
            except Transient as failure:
                self.problem = failure.reason
                log.warning("tick_delayed", reason=failure.reason)
                await asyncio.sleep(PAUSE_S)

    async def check(self) -> str | None:
        return self.problem

    async def _publish(self, messages: Iterable[Message]) -> None:
        for message in messages:
            await self._publisher.publish(message)
