"""A newer yt-dlp from a package index on this machine: taken when it works, refused when not, and left again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from navaar_downloader.pool import Pool
from navaar_downloader.update import back, update
from navaar_downloader.workspace import Workspace
from navaar_downloader.ytdlp_versions import UpdateRefused, YtdlpVersions, installed_version
from tests.support.media_server import MediaServer, running_media_server
from tests.support.package_index import offer, ytdlp_wheel

ROOT = Path(__file__).parents[2]
NEWER, NEWEST, BROKEN, MUTE = "2030.1.2", "2030.3.4", "2030.5.6", "2030.7.8"
SAYS_NOTHING = "from .common import InfoExtractor\n\n\nclass GenericIE(InfoExtractor):\n    _VALID_URL = r'.*'\n"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("wheels")
    return {
        NEWER: ytdlp_wheel(NEWER, folder),
        NEWEST: ytdlp_wheel(NEWEST, folder),
        BROKEN: ytdlp_wheel(BROKEN, folder, {"yt_dlp/__init__.py": "import a_library_nobody_has\n"}),
        MUTE: ytdlp_wheel(MUTE, folder, {"yt_dlp/extractor/generic.py": SAYS_NOTHING}),
    }


@pytest.fixture
def index() -> Iterator[MediaServer]:
    with running_media_server() as server:
        yield server


@pytest.fixture
def versions(tmp_path: Path) -> YtdlpVersions:
    return YtdlpVersions(tmp_path)


def environment(tmp_path: Path, index: str) -> dict[str, str]:
    return dict(os.environ) | {"NAVAAR_DATA_DIR": str(tmp_path), "NAVAAR_YTDLP_INDEX": index}


def left_in(versions: YtdlpVersions) -> set[str]:
    return {path.name for path in versions.root.iterdir() if path.is_dir()}


async def loaded(pool: Pool) -> str:
    return (await pool.tools()).yt_dlp


async def test_the_newest_is_taken_and_the_former_can_be_returned_to(
    tmp_path: Path, index: MediaServer, wheels: dict[str, Path], versions: YtdlpVersions
) -> None:
    asked = environment(tmp_path, offer(index, wheels[NEWER]))
    said = await update(asked)
    assert NEWER in said
    assert installed_version() in said
    assert versions.in_use() == NEWER
    assert await update(asked) == f"yt-dlp {NEWER} is in use already"

    offer(index, wheels[NEWER], wheels[NEWEST])
    await update(asked)
    assert versions.in_use() == NEWEST
    assert left_in(versions) == {NEWER, NEWEST}

    assert NEWER in back(asked)
    assert versions.in_use() == NEWER
    # Left by a person: nobody takes it again unless asked to.
    assert "went back" in await update(asked, unasked=True)
    assert versions.in_use() == NEWER
    await update(asked)
    assert versions.in_use() == NEWEST


async def test_running_processes_go_over_to_what_was_chosen(
    tmp_path: Path, index: MediaServer, wheels: dict[str, Path]
) -> None:
    workspace = Workspace(tmp_path)
    workspace.open()
    pool = Pool(workspace, 1)
    await pool.open()
    try:
        before = await loaded(pool)
        await update(environment(tmp_path, offer(index, wheels[NEWER])))
        assert await loaded(pool) == before
        await pool.refresh()
        assert await loaded(pool) == NEWER
        back({"NAVAAR_DATA_DIR": str(tmp_path)})
        await pool.refresh()
        assert await loaded(pool) == before
    finally:
        await pool.close()
        workspace.close()


@pytest.mark.parametrize(("version", "why"), [(BROKEN, "a_library_nobody_has"), (MUTE, "the download failed")])
async def test_a_version_that_does_not_work_is_refused_and_the_former_stays(
    tmp_path: Path, index: MediaServer, wheels: dict[str, Path], versions: YtdlpVersions, version: str, why: str
) -> None:
    asked = environment(tmp_path, offer(index, wheels[NEWER]))
    await update(asked)
    pointed = versions.chosen()
    offer(index, wheels[NEWER], wheels[version])
    with pytest.raises(UpdateRefused) as caught:
        await update(asked)
    for part in (version, f"{NEWER} stays", why):
        assert part in str(caught.value)
    assert versions.chosen() == pointed
    assert left_in(versions) == {NEWER}


@pytest.mark.parametrize("installer", ["uv", "pip"])
async def test_without_a_network_or_such_a_version_the_reason_is_plain(
    tmp_path: Path, index: MediaServer, wheels: dict[str, Path], versions: YtdlpVersions, installer: str
) -> None:
    asked = environment(tmp_path, "http://somebody:hunter222@127.0.0.1:9/simple")
    if installer == "pip":
        asked |= {"PATH": "/nowhere"}
        asked.pop("UV", None)
    elif shutil.which("uv") is None:
        pytest.skip("there is no uv")
    with pytest.raises(UpdateRefused, match=r"127\.0\.0\.1 cannot be reached.*NAVAAR_YTDLP_INDEX") as caught:
        await update(asked)
    assert "hunter222" not in str(caught.value)
    asked |= {"NAVAAR_YTDLP_INDEX": offer(index, wheels[NEWER])}
    with pytest.raises(UpdateRefused, match=r"has no yt-dlp 2099\.1\.1"):
        await update(asked, "2099.1.1")
    assert versions.in_use() == installed_version()
    await update(asked, NEWER)
    assert versions.in_use() == NEWER
    # Asked for by a person, so nobody else changes it.
    assert "stays" in await update(asked, unasked=True)


def test_the_command_changes_nothing_but_the_data_folder(
    tmp_path: Path, index: MediaServer, wheels: dict[str, Path]
) -> None:
    copy = tmp_path / "copy"
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", ROOT.as_uri(), str(copy)], check=True)
    asked = {name: value for name, value in os.environ.items() if not name.startswith("NAVAAR_")}
    asked |= {"NAVAAR_YTDLP_INDEX": offer(index, wheels[NEWER], wheels[BROKEN])}

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "navaar_launcher", "update-downloader", *words]
        return subprocess.run(line, cwd=copy, env=asked, capture_output=True, text=True, check=False, timeout=200)

    refused = command()
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"yt-dlp {BROKEN} was not taken, {installed_version()} stays" in refused.stderr
    taken = command("--version", NEWER)
    assert taken.returncode == 0, taken.stderr
    assert NEWER in taken.stdout
    returned = command("--back")
    assert returned.returncode == 0, returned.stderr
    assert installed_version() in returned.stdout
    assert YtdlpVersions(copy / "navaar-data").in_use() == installed_version()
    status = subprocess.run(["git", "status", "--porcelain"], cwd=copy, capture_output=True, text=True, check=True)
    assert status.stdout == ""
    never = command("--back", "--version", NEWER)
    assert never.returncode == 2


def test_a_container_without_the_launcher_has_the_command_too(
    tmp_path: Path, index: MediaServer, wheels: dict[str, Path]
) -> None:
    asked = environment(tmp_path, offer(index, wheels[NEWER]))

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "navaar_downloader.update", *words]
        return subprocess.run(line, cwd=tmp_path, env=asked, capture_output=True, text=True, check=False, timeout=200)

    refused = command("--back")
    assert (refused.returncode, refused.stderr) == (1, "there is no former version to go back to\n")
    taken = command()
    assert (taken.returncode, taken.stderr) == (0, "")
    assert NEWER in taken.stdout
