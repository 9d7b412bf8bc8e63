"""Takes a newer yt-dlp, or goes back to the former. `python -m navaar_downloader.update` where there is no launcher."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from navaar_downloader.package_install import install
from navaar_downloader.settings import DownloaderSettings
from navaar_downloader.workspace import Workspace
from navaar_downloader.ytdlp_check import check
from navaar_downloader.ytdlp_versions import (
    UpdateRefused,
    YtdlpVersions,
    order_of,
    solver_required_in,
    version_in,
)
from navaar_runtime.logs import configure_logs
from navaar_runtime.settings import RuntimeSettings, SettingsError, load, process_environment
from navaar_runtime.terminal import harmless

_VERSION = re.compile(r"\d[\w.+!-]*")
COMMAND = "navaar update-downloader"


async def update(environment: Mapping[str, str], version: str | None = None, *, unasked: bool = False) -> str:
    """Install the newest yt-dlp (or `version`) beside the installed one, try it, and use it from now on.

    Running download processes go on; the next ones run with it. `unasked`: no person asks, so what a person decided
    stays. What comes back is a sentence for a person.

    Raises:
        UpdateRefused: nothing was changed, and why.
        SettingsError: the configuration is wrong.
    """
    settings, data_dir = load(DownloaderSettings, environment), load(RuntimeSettings, environment).data_dir
    if version is not None and not _VERSION.fullmatch(version):
        raise UpdateRefused(f"{version[:40]!r} is no version")
    versions = YtdlpVersions(data_dir)
    try:
        with versions.updating():
            if unasked and versions.chosen().held:
                return f"yt-dlp stays at {versions.in_use()}, which was asked for"
            return await _update(versions, environment, settings.index, version, unasked)
    except OSError as error:
        raise UpdateRefused(f"{versions.root} cannot be written: {error.strerror or error}") from error


def back(environment: Mapping[str, str]) -> str:
    """Use the former version again. What comes back is a sentence for a person.

    Raises:
        UpdateRefused: there is none.
        SettingsError: the configuration is wrong.
    """
    versions = YtdlpVersions(load(RuntimeSettings, environment).data_dir)
    left = versions.in_use()
    try:
        with versions.updating():
            now = versions.back()
    except OSError as error:
        raise UpdateRefused(f"{versions.root} cannot be written: {error.strerror or error}") from error
    return f"yt-dlp {now} is used again from the next download process on; {left} is kept"


async def _update(
    versions: YtdlpVersions, environment: Mapping[str, str], index: str | None, asked: str | None, unasked: bool
) -> str:
    before = versions.in_use()
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=versions.root))
    try:
        await install(f"yt-dlp=={asked}" if asked else "yt-dlp", fresh, environment, index)
        found = version_in(fresh)
        if found is None:
            raise UpdateRefused("what the package index delivered is no yt-dlp")
        if order_of(found) == order_of(before):
            if not unasked:
                versions.choose(versions.name_in_use(), held=asked is not None)
            return f"yt-dlp {before} is in use already"
        if asked is None and order_of(found) < order_of(before):
            return f"yt-dlp {before} is in use, and the package index has nothing newer than {found}"
        if unasked and found in versions.chosen().refused:
            return f"yt-dlp stays at {before}: somebody went back from {found}"
        if solver := solver_required_in(fresh):
            await install(solver, fresh, environment, index)
        await _checked(fresh, found, before, Workspace(versions.root.parent))
        _put(fresh, versions.root / found)
        versions.choose(found, held=asked is not None)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return f"yt-dlp {found} is used from the next download process on; {before} is kept (`{COMMAND} --back`)"


async def _checked(folder: Path, found: str, before: str, workspace: Workspace) -> None:
    try:
        await check(folder, workspace)
    except UpdateRefused as refusal:
        raise UpdateRefused(f"yt-dlp {found} was not taken, {before} stays: {refusal}") from refusal


def _put(fresh: Path, place: Path) -> None:
    # What may be there is the former version, asked for once more: no new process is started with it.
    shutil.rmtree(place, ignore_errors=True)
    fresh.chmod(0o755)
    fresh.rename(place)


def main() -> None:
    """Exits with 1 and the reason when nothing was changed, with 2 when the configuration is wrong."""
    parser = argparse.ArgumentParser(prog="python -m navaar_downloader.update", description=__doc__)
    parser.add_argument("--version", help="take this version instead of the newest")
    parser.add_argument("--back", action="store_true", help="use the former version again")
    asked = parser.parse_args()
    if asked.back and asked.version:
        parser.error("--back takes no version")
    configure_logs("CRITICAL")
    environment = process_environment()
    os.umask(0o022)
    try:
        said = back(environment) if asked.back else asyncio.run(update(environment, asked.version))
    except SettingsError as error:
        sys.stderr.write(f"{harmless(str(error), lines=True)}\n")
        raise SystemExit(2) from None
    except UpdateRefused as refusal:
        sys.stderr.write(f"{harmless(str(refusal), lines=True)}\n")
        raise SystemExit(1) from None
    sys.stdout.write(f"{said}\n")


if __name__ == "__main__":
    main()
