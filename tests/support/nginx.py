"""Debian's nginx as a reverse proxy, and what becomes of its tests where the program is missing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.missing_program import deselect, is_required
from tests.support.ports import free_port

FILES = ("test_api_behind_nginx.py",)
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def program() -> str | None:
    """NAVAAR_TEST_NGINX (a path), or an nginx on the PATH or where Debian puts it."""
    named = os.environ.get("NAVAAR_TEST_NGINX", "")
    if "/" in named:
        return named
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def left_out() -> bool:
    return program() is None and not is_required("NAVAAR_TEST_NGINX")


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the program's tests on a machine without it; `say_so` tells."""
    if left_out():
        deselect(config, items, lambda item: item.path.name in FILES)


def say_so(reporter: pytest.TerminalReporter) -> None:
    if left_out():
        reporter.section("nginx tests left out", yellow=True)
        reporter.line(
            "There is no nginx here, so what the API does behind one was not tried. Install it (Debian: apt-get "
            "install nginx-light) or name it in NAVAAR_TEST_NGINX=/path/to/nginx. With CI=true these tests always run."
        )


@contextlib.asynccontextmanager
async def nginx(folder: Path, *locations: str) -> AsyncIterator[str]:
    """A server on 127.0.0.1 with these `location` blocks, as this user; its address."""
    port = free_port()
    kept = " ".join(f"{name}_temp_path {folder / name};" for name in _TEMPORARY)
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; master_process off; pid {folder / 'nginx.pid'}; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {kept} server {{ listen 127.0.0.1:{port}; {' '.join(locations)} }} }}\n"
    )
    binary = program()
    assert binary, "there is no nginx: apt-get install nginx-light, or NAVAAR_TEST_NGINX=/path/to/nginx"
    process = await asyncio.create_subprocess_exec(
        binary, "-p", str(folder), "-c", str(config), stderr=asyncio.subprocess.PIPE
    )
    try:
        while True:
            assert process.returncode is None, (await process.stderr.read()).decode() if process.stderr else ""
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            await asyncio.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
