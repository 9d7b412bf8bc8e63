"""The whole of Navaar and the pretend platforms as processes, so that one can be killed without the other."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import nats
from nats.aio.client import Client

from tests.support import forked
from tests.support.ports import free_port

PATIENCE_S = 240.0
"""For conditions: on a busy machine everything takes its time, and a test goes on once they hold."""
QUICK = {
    f"NAVAAR_SYNC_INTERVAL_{d}": "2" for d in ("TG_TO_YT", "YT_TO_TG", "TG_TO_SP", "SP_TO_TG", "YT_TO_SP", "SP_TO_YT")
}
"""Short cycles and pauses, so that a test takes seconds; nothing else differs from a real installation."""
REALISTIC = ("--profile", "realistic", "--set", "delay=0", "--set", "jitter=0")
"""The pretend platforms do all that the real ones are reported to do, without the time that each call takes."""


async def http(url: str, body: Any = None, method: str | None = None) -> tuple[int, Any]:
    """(status, parsed JSON) of a request; the body makes it a POST."""

    def call() -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    return await asyncio.to_thread(call)


class Platforms:
    """The sandbox in a process of its own."""

    def __init__(self, url: str, environment: dict[str, str]) -> None:
        self.url = url
        self.environment = environment

    async def person(self, action: str, **arguments: Any) -> Any:
        """What the pretend person does: see navaar_sandbox.person."""
        status, answer = await http(f"{self.url}/_control/person/{action}", arguments)
        assert status == 200, answer
        return answer

    async def fault(self, platform: str, operation: str = "*", **fields: Any) -> None:
        status, answer = await http(
            f"{self.url}/_control/faults", {"platform": platform, "operation": operation, **fields}
        )
        assert status == 200, answer

    async def heal(self) -> None:
        await http(f"{self.url}/_control/faults", method="DELETE")

    async def settings(self, **switches: Any) -> None:
        status, answer = await http(f"{self.url}/_control/settings", switches)
        assert status == 200, answer

    async def compare(self) -> dict[str, dict[str, int]]:
        status, answer = await http(f"{self.url}/_control/compare")
        assert status == 200, answer
        return answer  # type: ignore[no-any-return]

    async def calls(self, platform: str, operation: str) -> list[dict[str, Any]]:
        """Every call of that operation so far, oldest first."""
        _, answer = await http(f"{self.url}/_control/calls?platform={platform}&operation={operation}")
        return answer  # type: ignore[no-any-return]

    async def state(self) -> dict[str, Any]:
        _, answer = await http(f"{self.url}/_control/state")
        return answer  # type: ignore[no-any-return]


@contextlib.asynccontextmanager
async def platforms(folder: Path, *arguments: str) -> AsyncIterator[Platforms]:
    """Pretend platforms that behave as the real ones; credential files are written into `folder`."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as said, os.fdopen(writing, "w") as saying:
        options = ("--data-dir", str(folder / "credentials"), *REALISTIC, *arguments)
        process = await forked.start(
            "navaar_sandbox", *options, environment=forked.plain_environment(), stdout=saying.fileno(), stderr=2
        )
        saying.close()
        try:
            async with asyncio.timeout(PATIENCE_S):
                ready = json.loads(await asyncio.to_thread(said.readline))
            yield Platforms(ready["url"], ready["environment"])
        finally:
            process.terminate()
            await process.wait()


class Navaar:
    """`navaar up` (or any other `navaar` command) in a process group of its own."""

    def __init__(self, environment: dict[str, str], folder: Path, *command: str) -> None:
        self.folder = folder
        self._command = command or ("up",)
        self.api = f"http://127.0.0.1:{environment.get('NAVAAR_API_PORT', '0')}"
        self.environment = {**forked.plain_environment(), **environment}
        self._process: forked.Forked | asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        assert self._process is not None
        return self._process.returncode

    async def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{self._command[-1]}.log").open("ab") as log:
            self._process = await forked.start(
                "navaar_launcher",
                *self._command,
                environment=self.environment,
                stdout=log.fileno(),
                stderr=log.fileno(),
            )

    async def until_ready(self) -> None:
        await eventually(self._ready)

    async def kill_group(self) -> None:
        """SIGKILL to the launcher and everything in its group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        # It leads no group yet where it was started a moment ago.
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        await self._gone()

    async def kill_alone(self) -> None:
        """SIGKILL to the launcher only."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        await self._gone()

    async def stop(self) -> int:
        """SIGTERM, as a service manager does; its exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
            async with asyncio.timeout(PATIENCE_S):
                await self._process.wait()
        return self._process.returncode or 0

    async def nats(self) -> Client:
        """A connection to the embedded server, with the right to everything that a person may do."""
        folder = Path(self.environment["NAVAAR_DATA_DIR"]) / "nats"
        return await nats.connect((folder / "url").read_text().strip(), nkeys_seed=str(folder / "keys" / "operator.nk"))

    def log(self) -> str:
        return "\n".join(f.read_text(errors="replace") for f in self.folder.glob("*.log"))

    async def tracks(self) -> list[dict[str, Any]]:
        _, answer = await http(f"{self.api}/api/tracks?limit=500")
        return answer["tracks"]  # type: ignore[no-any-return]

    async def track(self, track_id: int) -> dict[str, Any]:
        _, answer = await http(f"{self.api}/api/tracks/{track_id}")
        return answer  # type: ignore[no-any-return]

    async def _ready(self) -> bool:
        assert self._process is not None
        assert self._process.returncode is None, f"navaar ended with {self._process.returncode}: {self.log()[-3000:]}"
        try:
            status, _ = await http(f"{self.api}/readyz")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
        return status == 200

    async def _gone(self) -> None:
        assert self._process is not None
        async with asyncio.timeout(PATIENCE_S):
            await self._process.wait()


def up_environment(platforms: Platforms, folder: Path, **more: str) -> dict[str, str]:
    """What `navaar up` needs to run on those platforms with its data in `folder`."""
    return {
        **platforms.environment,
        **QUICK,
        "NAVAAR_DATA_DIR": str(folder / "data"),
        "NAVAAR_NATS_PORT": "0",
        # Many servers share this machine: more threads than one would only look for work.
        "GOMAXPROCS": "1",
        # A test kills processes, and what they wrote stays; that it also reached the disk only a power cut would show.
        "NAVAAR_NATS_SYNC_ALWAYS": "false",
        "NAVAAR_API_PORT": str(free_port()),
        "NAVAAR_API_OPEN_READING": "true",
        "NAVAAR_TELEGRAM_POST_INTERVAL_S": "0.2",
        "NAVAAR_YTMUSIC_WRITE_INTERVAL_S": "0",
        "NAVAAR_AUTH_PROBE_SECONDS": "1",
        "NAVAAR_SETTLE_SECONDS": "2",
        **more,
    }


@contextlib.asynccontextmanager
async def navaar(platforms: Platforms, folder: Path, *, ready: bool = True, **more: str) -> AsyncIterator[Navaar]:
    """A running `navaar up`, ready unless told otherwise; stopped at the end."""
    running = Navaar(up_environment(platforms, folder, **more), folder)
    await running.start()
    try:
        if ready:
            await running.until_ready()
        yield running
    finally:
        if running.returncode is None:
            await running.stop()


async def eventually(condition: Callable[[], Awaitable[bool]], deadline_s: float = PATIENCE_S) -> None:
    """Wait until `condition` holds; TimeoutError after `deadline_s`."""
    async with asyncio.timeout(deadline_s):
        while not await condition():
            await asyncio.sleep(0.2)


def exactly(songs: int) -> dict[str, dict[str, int]]:
    """The comparison when every collection has every song once and nothing else."""
    one = {"present": songs, "missing": 0, "duplicates": 0, "wrong": 0}
    return {"telegram": one, "youtube": one, "spotify": one}


async def until_exactly(platforms: Platforms, songs: int, running: Navaar) -> None:
    """Wait until each collection holds every song exactly once, and then a little: nothing more may come."""

    async def same() -> bool:
        return await platforms.compare() == exactly(songs)

    try:
        await eventually(same)
    except TimeoutError:
        raise AssertionError(
            f"not in step: {await platforms.compare()}\n"
            f"{json.dumps(await platforms.state(), ensure_ascii=False, indent=1)}\n{running.log()[-6000:]}"
        ) from None
    await asyncio.sleep(3)
    assert await platforms.compare() == exactly(songs)
