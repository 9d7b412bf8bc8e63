"""Things that go wrong on demand: which call, how, how often.

Effects and when they strike:

    before the call does anything       status, html, body, drop, hang, delay (delay then lets the call go on)
    after the call took its effect      status_after, drop_after, hang_after, html_after, truncate
    in what a read returns              empty, shrunken
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

from aiohttp import web

Effect = Literal[
    "status", "html", "body", "drop", "hang", "delay",
    "status_after", "drop_after", "hang_after", "html_after", "truncate",
    "empty", "shrunken",
]  # fmt: skip

# How one platform words an error: (status, retry_after in seconds or None) -> response.
ErrorShape = Callable[[int, int | None], web.Response]

_HTML = "<!DOCTYPE html><html><title>Error {status}</title><body><h1>{status}. That’s an error.</h1></body></html>"


@dataclass
class Fault:
    """One planned failure.

    `platform` and `operation` are shell patterns over the names that the call log shows (telegram/sendAudio,
    youtube/edit_playlist.add, spotify/items.add, media/get ...). It strikes `count` calls (None: for ever), each with
    `probability`, after letting `skip` matching calls pass. `seconds` is the length of a delay or hang; `status`,
    `retry_after` (seconds) and `body` fill the answer; `share` (0 to 1) is what a shrunken read keeps.
    """

    platform: str
    operation: str = "*"
    effect: Effect = "status"
    status: int = 503
    retry_after: int | None = None
    seconds: float = 1.0
    body: str = "{}"
    share: float = 0.5
    count: int | None = 1
    probability: float = 1.0
    skip: int = 0
    struck: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.effect not in get_args(Effect):
            raise ValueError(f"unknown effect {self.effect!r}; known: {', '.join(get_args(Effect))}")


@dataclass(frozen=True)
class Call:
    """One finished call: when it came (unix seconds), what it was, and the status it got (0: connection dropped)."""

    at: float
    platform: str
    operation: str
    status: int
    detail: str = ""
    method: str = ""  # of HTTP; YouTube Music asks with POST whatever it is about


class Gate:
    """Every call of every platform passes here: it is logged, and meets the faults that are planned for it."""

    def __init__(self, now: Callable[[], float], *, seed: int = 1) -> None:
        self._now = now
        self._dice = random.Random(f"faults|{seed}")
        self.delay = 0.0  # seconds before every call is taken up
        self.jitter = 0.0  # and at most so many more
        self.faults: list[Fault] = []
        self.calls: list[Call] = []

    def add(self, fault: Fault) -> Fault:
        """Plan a failure; the same object is returned, its `struck` counts."""
        self.faults.append(fault)
        return fault

    def clear(self) -> None:
        """Forget all planned failures."""
        self.faults.clear()

    def counts(self) -> dict[str, int]:
        """Calls so far, by "platform/operation"."""
        return dict(Counter(f"{call.platform}/{call.operation}" for call in self.calls))

    def describe(self) -> list[dict[str, Any]]:
        """The planned failures as plain data."""
        return [asdict(fault) for fault in self.faults]

    async def call(
        self,
        request: web.Request,
        platform: str,
        operation: str,
        act: Callable[[], Awaitable[web.StreamResponse]],
        shape: ErrorShape,
        detail: str = "",
    ) -> web.StreamResponse:
        """Run `act` as the named operation, unless a fault stands before or behind it."""
        arrived = self._now()
        fault = self._strike(platform, operation)
        status = 0
        try:
            if self.delay or self.jitter:
                await asyncio.sleep(self.delay + self.jitter * self._dice.random())
            response = await (act() if fault is None else _afflict(fault, request, act, shape))
            status = 0 if request.transport is None or request.transport.is_closing() else response.status
            return response
        finally:
            self.calls.append(Call(arrived, platform, operation, status, detail, request.method))

    def _strike(self, platform: str, operation: str) -> Fault | None:
        for fault in self.faults:
            spent = fault.count is not None and fault.struck >= fault.count
            if spent or not (fnmatchcase(platform, fault.platform) and fnmatchcase(operation, fault.operation)):
                continue
            if fault.skip > 0:
                fault.skip -= 1
            elif self._dice.random() < fault.probability:
                fault.struck += 1
                return fault
        return None


async def _afflict(
    fault: Fault,
    request: web.Request,
    act: Callable[[], Awaitable[web.StreamResponse]],
    shape: ErrorShape,
) -> web.StreamResponse:
    response: web.StreamResponse | None = None
    if fault.effect in ("delay", "hang"):
        await asyncio.sleep(fault.seconds)
    if fault.effect == "empty":
        request[READ_SHARE] = 0.0
    if fault.effect == "shrunken":
        request[READ_SHARE] = fault.share
    if fault.effect in ("delay", "empty", "shrunken") or fault.effect.endswith("_after") or fault.effect == "truncate":
        response = await act()
    if fault.effect == "hang_after":
        await asyncio.sleep(fault.seconds)
    if fault.effect in ("drop", "hang", "drop_after", "hang_after"):
        if request.transport is not None:
            request.transport.abort()
        return response or web.Response()
    if fault.effect in ("status", "status_after"):
        return shape(fault.status, fault.retry_after)
    if fault.effect in ("html", "html_after"):
        return web.Response(status=fault.status, text=_HTML.format(status=fault.status), content_type="text/html")
    if fault.effect == "body":
        return web.Response(status=fault.status, text=fault.body, content_type="application/json")
    if fault.effect == "truncate" and isinstance(response, web.Response) and isinstance(response.body, bytes):
        # Valid HTTP, half a document: what a broken proxy hands on.
        return web.Response(
            status=response.status, body=response.body[: len(response.body) // 2], content_type=response.content_type
        )
    assert response is not None
    return response


READ_SHARE: web.RequestKey[float] = web.RequestKey("read_share", float)


def kept(request: web.Request, items: int) -> int:
    """How many of `items` a list read may show: all, unless an empty or shrunken read was planned."""
    return int(items * request.get(READ_SHARE, 1.0))
