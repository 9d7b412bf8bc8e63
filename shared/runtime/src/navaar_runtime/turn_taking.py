"""One process after the other: a service acts while its process holds the lease, and stands by until then."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg

from navaar_contracts.health import HealthReply, standby_subject
from navaar_runtime.lease import Lease
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

END_S = 12.0


class TurnTaking:
    """The life of one lease within a service's.

    Args:
        act: does all that the service is there for; called once, as soon as it is this process's turn.
        health: what is answered while standing by, to whoever asks for those who do.
    """

    def __init__(
        self, lease: Lease, act: Callable[[], Awaitable[None]], health: Callable[[], Awaitable[HealthReply]]
    ) -> None:
        self.lease = lease
        self.task: asyncio.Task[None] | None = None
        """Ends when the turn was lost, or could not be taken; both as an exception."""
        self.taken = asyncio.Event()
        self._has_to_wait = False
        self._act = act
        self._health = health

    @property
    def is_standing_by(self) -> bool:
        return self._has_to_wait and not self.taken.is_set()

    async def begin(self, client: Client) -> None:
        """Act if nobody else does, else stand by. Raises Transient, and what `act` raises."""
        self.lease.bind(client)
        name = f"{self.lease.name}-lease"
        if await self.lease.try_take():
            self.task = asyncio.create_task(self.lease.keep(), name=name)
            self.taken.set()
            await self._act()
            return
        self._has_to_wait = True
        log.info("standing_by", reason=self.lease.told())
        listening = await client.subscribe(
            standby_subject(self.lease.name), queue=self.lease.name, cb=self._answer_as_standby
        )

        async def wait() -> None:
            await self.lease.take()
            with contextlib.suppress(nats.errors.Error):
                await listening.unsubscribe()
            log.info("taking_over")
            keeping = asyncio.create_task(self.lease.keep())
            try:
                await self._act()
                self.taken.set()
                await keeping
            finally:
                keeping.cancel()

        self.task = asyncio.create_task(wait(), name=name)

    async def wait_no_longer(self) -> None:
        """Do not begin to act any more; also in the midst of it. Who acts already goes on."""
        if self.is_standing_by:
            await self._cancel()

    async def end(self) -> None:
        """Let another process act; call it when nothing is in hand any more."""
        await self._cancel()
        await self.lease.give_back()

    async def _cancel(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.wait([self.task], timeout=END_S)
            self.task = None

    async def _answer_as_standby(self, question: Msg) -> None:
        await question.respond((await self._health()).model_dump_json().encode())
