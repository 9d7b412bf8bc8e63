"""Installs a package into a folder of its own, with uv or pip, whichever there is."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from navaar_downloader.ytdlp_versions import UpdateRefused
from navaar_runtime.child_process import NETWORK, PYTHON, child_environment
from navaar_runtime.redaction import redact

_DEADLINE_S = 300.0
_OF_INSTALLERS = ("PIP_*", "UV_[!P]*", "UV_PR*", "UV_PYTHON*", "XDG_*_HOME", "NETRC")
"""All of them but the keys with which packages are published."""
_OTHER_SOURCES = re.compile(
    r"PIP_(?:EXTRA_INDEX_URL|INDEX_URL|FIND_LINKS|NO_INDEX)|UV_(?:EXTRA_INDEX_URL|INDEX|INDEX_URL|DEFAULT_INDEX|FIND_LINKS|NO_INDEX)"
)
_UNREACHABLE = re.compile(
    r"failed to fetch|error sending request|connection (?:refused|error|reset)|newconnectionerror|connecttimeout"
    r"|temporary failure|name or service not known|network is unreachable|timed out|dns error|proxyerror|offline"
)
_MISSING = re.compile(r"no matching distribution|no solution found|no version of|not found in the package registry")
_NOISE = re.compile(r"^(?:\W+|error: |warning: |caused by: |hint: )+", re.IGNORECASE)


async def install(requirement: str, folder: Path, environment: Mapping[str, str], index: str | None) -> None:
    """Put the package (without what it depends on) into `folder`, from `index` or the one that is configured.

    Raises:
        UpdateRefused: there is no installer, the index cannot be reached or has no such package, it took 300 s.
    """
    command = _command(requirement, folder, environment)
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=_environment(environment, index),
            start_new_session=True,
            # Whoever updates, the service's own user has to read what comes.
            umask=0o022,
        )
    except OSError as error:
        raise UpdateRefused(f"{command[0]} does not start: {error.strerror}") from error
    try:
        async with asyncio.timeout(_DEADLINE_S):
            said, _ = await process.communicate()
    except TimeoutError:
        raise UpdateRefused(f"the package index did not deliver {requirement} in {_DEADLINE_S:.0f} s") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if process.returncode:
        raise UpdateRefused(_explained(said.decode("utf-8", "replace"), requirement, index))


def _command(requirement: str, folder: Path, environment: Mapping[str, str]) -> list[str]:
    common = ["install", "--target", str(folder), "--no-deps", "--only-binary", ":all:"]
    uv = environment.get("UV") or shutil.which("uv", path=environment.get("PATH"))
    if uv:
        fresh = ["--refresh-package", requirement.partition("==")[0], "--link-mode", "copy"]
        return [uv, "pip", *common, *fresh, "--quiet", "--no-progress", "--python", sys.executable, requirement]
    # An environment made by uv has no pip, but the Python below it mostly has.
    python = sys.executable if find_spec("pip") else str(getattr(sys, "_base_executable", sys.executable))
    plain = ["--no-input", "--no-cache-dir", "--disable-pip-version-check", "--retries", "1", "--no-warn-conflicts"]
    return [python, "-m", "pip", *common, *plain, "--quiet", requirement]


def _environment(environment: Mapping[str, str], index: str | None) -> dict[str, str]:
    """What the installers go by, and no secrets but the index's: it may hold a password, so no command line has it."""
    own = child_environment(environment, *PYTHON, *NETWORK, *_OF_INSTALLERS)
    configured = index or (
        own.get("PIP_INDEX_URL") if not any(name.startswith("UV_") and "INDEX" in name for name in own) else None
    )
    if index:
        own = {name: value for name, value in own.items() if not _OTHER_SOURCES.fullmatch(name)}
    if configured:
        own |= {"UV_DEFAULT_INDEX": configured, "PIP_INDEX_URL": configured}
    own.setdefault("UV_HTTP_TIMEOUT", "30")
    own.setdefault("UV_HTTP_RETRIES", "1")
    return own


def _explained(said: str, requirement: str, index: str | None) -> str:
    low = said.lower()
    host = urlsplit(index).hostname if index else None
    where = f"the package index {host}" if host else "the package index"
    if "no module named pip" in low:
        return "there is neither uv nor pip to install it with; install uv"
    if _UNREACHABLE.search(low):
        return f"{where} cannot be reached; check the network, or name another in NAVAAR_YTDLP_INDEX"
    if _MISSING.search(low):
        return f"{where} has no {requirement.replace('==', ' ')} for this Python"
    lines = [_NOISE.sub("", line.strip()) for line in said.splitlines() if line.strip()]
    return redact(f"{requirement} could not be installed: {' '.join(lines)[-300:] or 'no reason was given'}")
