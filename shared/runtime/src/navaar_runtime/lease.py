"""The right to act for a service, held by one process at a time; the others stand by.

A lease is a key in a JetStream bucket, written by compare-and-set (NATS ADR-8). Its holder renews it; whoever stands by
takes it when it is given back, when the holder has certainly ended, or when its revision has not changed for so long
that the holder has stopped by itself. Nobody's clock is compared with another's: the holder counts from before it sent
its last renewal, those who stand by from when they first saw its revision, each on a clock that goes on while the
machine or the process is stopped.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import api as js_api
from nats.js.errors import APIError, BucketNotFoundError, KeyDeletedError, KeyNotFoundError, NoStreamResponseError
from nats.js.kv import KeyValue

from navaar_contracts.streams import LEASES
from navaar_runtime import cancelling
from navaar_runtime.failures import RateLimited, Transient
from navaar_runtime.fences import Fence
from navaar_runtime.logs import get_logger
from navaar_runtime.processes import Process, has_ended, this_process

log = get_logger(__name__)

RENEW_S = 3.0
GOOD_S = 9.0
"""So long after a renewal was sent its holder may act."""
FREE_S = 11.0
"""So long after it was last seen to change a lease may be taken: longer than its holder acts, however clocks drift."""
LOOK_S = 1.0
RETRY_S = 0.5
ANSWER_S = 2.0

_WRONG_REVISION = (10071, 10164)
_AWAY = (TimeoutError, nats.errors.Error, NoStreamResponseError, APIError)
_LIVING: set[str] = set()
"""The holders in this process that have not ended."""
_HERE = secrets.token_hex(8)
"""How all holders in this process, and in those forked from it, begin."""


class NotLeading(RateLimited, Transient):
    """It is not, or not certainly, this process's turn to act. It passes, or the service ends; it costs no attempt."""

    def __init__(self, reason: str) -> None:
        super().__init__(RENEW_S / 2, reason, by_us=True)


class LeaseLost(Exception):
    """Another process acts now; this one has to begin anew, standing by."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the key says."""

    epoch: str
    holder: str
    """Empty: it was given back."""
    process: Process
    revision: int = 0
    in_mind: str = ""
    """What holders leave to those who come after them."""


def may_take(held: Held | None, unchanged_s: float, mine: Process, living: set[str]) -> bool:
    """Whether nobody can be acting under the lease.

    Args:
        held: what the key says; None where nothing does.
        unchanged_s: seconds since this process first saw that revision.
        mine: this process.
        living: the holders in this process that have not ended.
    """
    if held is None or not held.holder or unchanged_s >= FREE_S:
        return True
    if held.process == mine and held.holder.startswith(_HERE):
        return held.holder not in living
    return has_ended(held.process, mine)


def steady_clock() -> float:
    """Seconds on a clock that also goes on while the machine sleeps, where there is one (clock_gettime(2))."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Lease:
    """One service's, for one process. Not held until `try_take` or `take` says so."""

    def __init__(self, name: str, clock: Callable[[], float] = steady_clock) -> None:
        self.name = name
        self._clock = clock
        self._me = f"{_HERE}-{secrets.token_hex(4)}"
        self._process = this_process()
        self._client: Client | None = None
        self._bucket: KeyValue | None = None
        self._revision = 0
        self._in_mind = ""
        self._fence: Fence | None = None
        self._good_until = float("-inf")
        self._seen: Held | None = None
        self._seen_at = 0.0

    def bind(self, client: Client) -> None:
        self._client, self._bucket = client, None

    @property
    def is_held(self) -> bool:
        """Whether this process has taken it; whether it may act at this moment is what `check` says."""
        return self._fence is not None

    @property
    def in_mind(self) -> str:
        """What this or an earlier holder has left to those who come after it; empty until then."""
        return self._in_mind

    async def keep_in_mind(self, what: str) -> None:
        """Leave something to those who come after.

        Raises:
            Transient: NATS does not answer; it may be left all the same.
            LeaseLost: another process has taken the lease.
        """
        self._in_mind = what
        while not await self._renew():
            await asyncio.sleep(0)

    def check(self) -> None:
        """Raise NotLeading unless this process may act at this very moment."""
        self.fence()

    def fence(self) -> Fence:
        """What goes with a write. Raises NotLeading unless this process may act at this very moment."""
        if self._fence is None:
            raise NotLeading(self.told())
        if self._clock() >= self._good_until:
            raise NotLeading(f"NATS did not renew the lease for {self.name} in time; another process may act by now")
        return self._fence

    async def wait_certain(self) -> None:
        """Wait while it is held, but not certainly: until it is renewed, or another process is known to have it."""
        while self.is_held and self._clock() >= self._good_until:
            await asyncio.sleep(RETRY_S)

    def told(self) -> str:
        """For people: who is waited for."""
        held = self._seen
        if held is None or not held.holder:
            return f"standing by for {self.name}"
        return f"standing by for {self.name}: {held.process.told()} is active"

    async def try_take(self) -> bool:
        """Take it if nobody can be acting under it. Raises Transient: NATS does not answer."""
        held, revision = await self._read()
        now = self._clock()
        if self._seen is None or held is None or held.revision != self._seen.revision:
            self._seen, self._seen_at = held, now
        if not may_take(held, now - self._seen_at, self._process, _LIVING):
            return False
        epoch = held.epoch if held is not None else secrets.token_hex(4)
        self._in_mind = held.in_mind if held is not None else ""
        if not await self._write(epoch, self._me, revision):
            return False
        _LIVING.add(self._me)
        self._fence = Fence(epoch, self._revision)
        log.info("lease_taken", lease=self.name, number=self._revision, before=held.process.told() if held else None)
        return True

    async def take(self) -> None:
        """Stand by until it is taken."""
        changed = asyncio.Event()

        async def heard(_: Msg) -> None:
            changed.set()

        client = self._connected()
        # What is written into the bucket is heard by all who listen to its subject: no consumer is needed.
        listening = await client.subscribe(f"$KV.{LEASES.name}.{self.name}", cb=heard)
        try:
            while not cancelling.stopping():
                changed.clear()
                with contextlib.suppress(Transient):
                    if await self.try_take():
                        return
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_S):
                        await changed.wait()
        finally:
            with contextlib.suppress(nats.errors.Error):
                await listening.unsubscribe()

    async def keep(self) -> None:
        """Renew it for ever. Raises LeaseLost when another process has taken it."""
        pause = 0.0
        while not cancelling.stopping():
            await asyncio.sleep(pause)
            try:
                pause = RENEW_S if await self._renew() else 0.0
            except Transient as failure:
                log.warning("lease_not_renewed", lease=self.name, reason=failure.reason)
                pause = RETRY_S

    async def give_back(self) -> None:
        """Let another process act at once; if NATS does not answer, it acts when the lease has run out."""
        fence, self._fence = self._fence, None
        if fence is not None:
            with contextlib.suppress(Transient):
                await self._write(fence.epoch, "", self._revision)
        _LIVING.discard(self._me)

    async def _renew(self) -> bool:
        """False: to be tried again at once, with what the key says."""
        fence = self._fence
        if fence is None:
            raise LeaseLost(f"the lease for {self.name} was given back")
        if await self._write(fence.epoch, self._me, self._revision):
            return True
        held, revision = await self._read()
        if held is not None and held.holder == self._me:
            # An earlier renewal, whose answer was lost.
            self._revision = revision
            return False
        self._fence, self._seen = None, held
        raise LeaseLost(f"{held.process.told() if held and held.holder else 'another process'} acts for {self.name}")

    async def _write(self, epoch: str, holder: str, last: int) -> bool:
        """Set the key if its revision is still `last`. Raises Transient: NATS does not answer."""
        document = {"epoch": epoch, "holder": holder, "in_mind": self._in_mind, **asdict(self._process)}
        headers: dict[str, str] = {js_api.Header.EXPECTED_LAST_SUBJECT_SEQUENCE: str(last)}
        sent_at = self._clock()
        try:
            with cancelling.heard():
                stored = (
                    await self._connected()
                    .jetstream(timeout=ANSWER_S)
                    .publish(f"$KV.{LEASES.name}.{self.name}", json.dumps(document).encode(), headers=headers)
                )
        except APIError as error:
            if error.err_code in _WRONG_REVISION:
                return False
            raise _unanswered(error) from error
        except _AWAY as error:
            raise _unanswered(error) from error
        self._revision, self._good_until = stored.seq, sent_at + GOOD_S
        return True

    async def _read(self) -> tuple[Held | None, int]:
        """What the key says, and its revision, also where it was deleted. Raises Transient: NATS does not answer."""
        try:
            with cancelling.heard():
                if self._bucket is None:
                    self._bucket = await self._connected().jetstream(timeout=ANSWER_S).key_value(LEASES.name)
                entry = await self._bucket.get(self.name)
        except (KeyNotFoundError, KeyDeletedError) as absent:
            return None, (absent.entry.revision or 0) if absent.entry is not None else 0
        except BucketNotFoundError as error:
            raise Transient(f"NATS has no bucket {LEASES.name} yet: declare it, as for a first start") from error
        except _AWAY as error:
            raise _unanswered(error) from error
        revision = entry.revision or 0
        said = json.loads(entry.value or b"{}")
        process = Process(said.get("host", ""), said.get("kernel", ""), said.get("pid", 0), said.get("started", ""))
        held = Held(said.get("epoch", ""), said.get("holder", ""), process, revision, said.get("in_mind", ""))
        return held, revision

    def _connected(self) -> Client:
        if self._client is None:
            raise RuntimeError("the lease is used before its service has started")
        return self._client


def _unanswered(error: BaseException) -> Transient:
    return Transient(f"the leases in NATS do not answer: {error or type(error).__name__}")
