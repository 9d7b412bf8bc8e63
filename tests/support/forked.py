"""Processes of Navaar that are there at once: forked from one that has imported everything.

`python -m navaar_launcher up` spends seconds on imports, and the tests start it a hundred times. One process for all
workers imports what Navaar needs, waits, and forks: the child becomes the leader of a session of its own, takes its
environment, folder and files, and runs the module as `python -m` would. It is a process like any other: it can be
killed, and it ends with its own exit code. The download process of a downloader in it is forked as well. Some tests
still start the interpreter itself, those of the downloader among them.
"""

from __future__ import annotations

import array
import asyncio
import contextlib
import ctypes
import functools
import gc
import json
import os
import resource
import runpy
import secrets
import selectors
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, cast

FILES = 4
"""Standard input, output and error, and where the process's number and its exit code are told."""
TOLD = struct.Struct("i")
AUTHORITIES = "certifi/cacert.pem"
ADDRESS = "TESTS_FORKED_AT"
"""The variable that names the socket to workers."""
DOWNLOADING = "navaar_downloader.worker"
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Forked:
    """A running process: the part of asyncio's `Process` that tests use."""

    def __init__(self, told: int) -> None:
        self._told = told
        (self.pid,) = TOLD.unpack(os.read(told, TOLD.size))
        os.set_blocking(told, False)
        self._code: int | None = None

    @property
    def returncode(self) -> int | None:
        if self._code is None:
            with contextlib.suppress(BlockingIOError):
                # Nothing at all: the process that forks has ended, and this one with it.
                (self._code,) = TOLD.unpack(os.read(self._told, TOLD.size) or TOLD.pack(-signal.SIGKILL))
                os.close(self._told)
        return self._code

    def terminate(self) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal.SIGTERM)

    async def wait(self) -> int:
        while (code := self.returncode) is None:
            await asyncio.sleep(0.01)
        return code


class _Forker:
    """The process that forks, seen from the tests: started by whoever comes first, and heard of by its workers."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        address = os.environ.get(ADDRESS) or self._begin()
        self._socket.connect(f"\0{address}")

    def _begin(self) -> str:
        """Listens before the process is there: whoever connects waits for its imports."""
        address = os.environ[ADDRESS] = f"navaar-tests-{os.getpid()}-{secrets.token_hex(8)}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
            listening.bind(f"\0{address}")
            listening.listen(64)
            reading, self._lifeline = os.pipe()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.forked", str(listening.fileno()), str(reading)],
                env=plain_environment(),
                cwd=Path(__file__).parents[2],
                pass_fds=(listening.fileno(), reading),
                stdin=subprocess.DEVNULL,
            )
            os.close(reading)
        return address

    def start(self, asked: dict[str, Any], files: Sequence[int]) -> Forked:
        reading, telling = os.pipe()
        try:
            fds = array.array("i", [*files, telling])
            self._socket.sendmsg([json.dumps(asked).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        finally:
            os.close(telling)
        return Forked(reading)


def begin() -> None:
    """Start the process that forks: it imports while the workers collect the tests."""
    global _forker
    if _forker is None:
        _forker = _Forker()


_forker: _Forker | None = None


async def start(
    module: str,
    *arguments: str,
    environment: Mapping[str, str],
    folder: Path | None = None,
    stdin: int | None = None,
    stdout: int,
    stderr: int,
) -> Forked | asyncio.subprocess.Process:
    """`python -m module arguments` in a process and session of its own. The files may be closed afterwards.

    With another PYTHONPATH than here other packages are installed, so nothing that was imported before may be used;
    what LD_PRELOAD names is loaded before everything else.
    """
    if any(environment.get(name) != os.environ.get(name) for name in ("PYTHONPATH", "LD_PRELOAD")):
        # Imported here: tests of a single member have no launcher.
        from navaar_launcher.parent_death import end_with_parent

        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments),
            env=dict(environment),
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL if stdin is None else stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            preexec_fn=end_with_parent(),
        )
    asked = {
        "module": module,
        "arguments": arguments,
        "environment": dict(environment),
        "folder": str(folder or Path.cwd()),
    }
    # The first one waits for the imports.
    return await asyncio.to_thread(_start, asked, stdin, stdout, stderr)


def _start(asked: dict[str, Any], stdin: int | None, stdout: int, stderr: int) -> Forked:
    begin()
    assert _forker is not None
    with Path(os.devnull).open() as nothing:
        return _forker.start(asked, (nothing.fileno() if stdin is None else stdin, stdout, stderr))


async def run(
    module: str, *arguments: str, environment: Mapping[str, str], folder: Path, text: str = ""
) -> tuple[int, str, str]:
    """(exit code, standard output, standard error) of `python -m module arguments` in `folder`, told `text`."""
    with (
        tempfile.TemporaryFile("w+") as told,
        tempfile.TemporaryFile("w+") as said,
        tempfile.TemporaryFile("w+") as complained,
    ):
        told.write(text)
        told.seek(0)
        process = await start(
            module,
            *arguments,
            environment=environment,
            folder=folder,
            stdin=told.fileno(),
            stdout=said.fileno(),
            stderr=complained.fileno(),
        )
        code = await process.wait()
        # The files' places are shared with the process, which has written to them.
        said.seek(0)
        complained.seek(0)
        return code, said.read(), complained.read()


def plain_environment() -> dict[str, str]:
    """This process's variables without anything of Navaar's, with bytecode allowed: children start faster."""
    return {k: v for k, v in os.environ.items() if not k.startswith("NAVAAR_") and k != "PYTHONDONTWRITEBYTECODE"}


# In the process that forks


def _serve(listening: socket.socket, lifeline: int) -> dict[str, Any]:
    """Fork whenever asked to, and tell what became of the children, until the process at the other end of `lifeline` is
    gone. Returns in a child, with what was asked for.
    """
    telling: dict[int, tuple[int, int]] = {}
    askers: list[socket.socket] = []
    selector = selectors.DefaultSelector()
    selector.register(listening, selectors.EVENT_READ)
    selector.register(lifeline, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fd == lifeline:
                raise SystemExit
            if key.fileobj is listening:
                asker, _ = listening.accept()
                askers.append(asker)
                selector.register(asker, selectors.EVENT_READ)
                continue
            if key.fd in telling:
                pid, told = telling.pop(key.fd)
                selector.unregister(key.fd)
                os.close(key.fd)
                _, status = os.waitpid(pid, 0)
                with contextlib.suppress(BrokenPipeError):
                    os.write(told, TOLD.pack(os.waitstatus_to_exitcode(status)))
                os.close(told)
                continue
            asker = cast("socket.socket", key.fileobj)
            body, files, _, _ = socket.recv_fds(asker, 1 << 20, FILES)
            if not body:
                selector.unregister(asker)
                askers.remove(asker)
                asker.close()
                continue
            pid = os.fork()
            if pid == 0:
                for number, file in enumerate(files[:3]):
                    os.dup2(file, number)
                sockets = [each.detach() for each in (listening, *askers)]
                for file in (*files, *telling, *(told for _, told in telling.values()), *sockets, lifeline):
                    os.close(file)
                selector.close()
                return cast("dict[str, Any]", json.loads(body))
            os.write(files[3], TOLD.pack(pid))
            watched = os.pidfd_open(pid)
            telling[watched] = (pid, files[3])
            selector.register(watched, selectors.EVENT_READ)
            for file in files[:3]:
                os.close(file)


def _become(asked: dict[str, Any]) -> None:
    os.setsid()
    # A test run that is killed leaves nothing behind: the process that forks ends with it, and this one with that.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.argv[1:] = asked["arguments"]
    _fork_download_processes()
    runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)


def _fork_download_processes() -> None:
    """Each would import yt-dlp again, half a second of CPU. One with another yt-dlp than is installed does."""
    started = asyncio.create_subprocess_exec

    async def start(program: str, *arguments: str, **options: Any) -> asyncio.subprocess.Process:
        if (program, *arguments[:3]) == (sys.executable, "-m", DOWNLOADING, ""):
            options["preexec_fn"] = functools.partial(_instead_of_exec, DOWNLOADING, arguments[2:], options["env"])
        return await started(program, *arguments, **options)

    asyncio.create_subprocess_exec = start  # type: ignore[assignment]


def _instead_of_exec(module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """To be called in a child that is about to become another program: it goes on as that module and never returns."""
    try:
        signal.set_wakeup_fd(-1)
        # One of these says that it has become another program, and is waited for.
        os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        gc.freeze()
        os.environ.clear()
        os.environ.update(environment)
        sys.argv[1:] = arguments
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except BaseException:  # noqa: BLE001 - as an interpreter ends: whoever has started it reads why
        traceback.print_exc()
    finally:
        os._exit(1)


def read_authorities_once() -> None:
    """Each client of aiogram and httpx reads 140 certificates, 50 ms of CPU: here all share what the first has read."""
    made = ssl.create_default_context
    once = functools.cache(made)

    def shared(*arguments: Any, **options: Any) -> ssl.SSLContext:
        return (once if str(options.get("cafile")).endswith(AUTHORITIES) else made)(*arguments, **options)

    ssl.create_default_context = shared  # type: ignore[assignment]


def _build_models() -> None:
    """aiogram's models are built when they are first used: a second of CPU in each process that talks to Telegram."""
    # First: without it the import of aiogram builds every one of them.
    import_module("navaar_telegram_session")
    methods, types = import_module("aiogram.methods"), import_module("aiogram.types")
    response = import_module("aiogram.methods.base").Response
    types.Update.model_rebuild()
    for name in ("GetMe", "GetUpdates", "GetChat", "GetChatMember", "SendMessage", "EditMessageText", "DeleteMessage"):
        method = getattr(methods, name)
        method.model_rebuild()
        response[method.__returning__]


def _preload() -> None:
    import navaar_launcher.commands
    from navaar_launcher.registry import SERVICES

    _build_models()
    commands = [
        f"{navaar_launcher.commands.__name__}.{m.name}" for m in iter_modules(navaar_launcher.commands.__path__)
    ]
    further = ("navaar_sandbox.server", "navaar_downloader.job_runner")
    for module in (*commands, *further, *(f"{service.module}.__main__" for service in SERVICES)):
        import_module(module)
    read_authorities_once()
    ssl.create_default_context(cafile=import_module("certifi").where())
    # What is there now is never looked at again, so that its memory stays shared.
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    _listening, _lifeline = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    _preload()
    _become(_serve(_listening, _lifeline))
