"""Which yt-dlp is used: the pointer file, what it points at, and what is installed with Navaar."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from navaar_downloader.pool import Pool
from navaar_downloader.workspace import Workspace
from navaar_downloader.ytdlp_versions import (
    INSTALLED,
    UpdateRefused,
    YtdlpVersions,
    installed_version,
    order_of,
    solver_required_in,
    version_in,
)

NEWER, NEWEST, OLDER = "2030.1.2", "2030.11.2", "2020.1.2"


@pytest.fixture
def versions(tmp_path: Path) -> YtdlpVersions:
    return YtdlpVersions(tmp_path)


def placed(versions: YtdlpVersions, name: str, *, requires: str = "", text: str = "") -> Path:
    folder = versions.root / name
    (folder / "yt_dlp").mkdir(parents=True)
    (folder / "yt_dlp" / "__init__.py").write_text(text)
    info = folder / f"yt_dlp-{name}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: yt-dlp\nVersion: {name}\n{requires}")
    return folder


def test_without_a_choice_the_installed_version_is_used(versions: YtdlpVersions) -> None:
    assert versions.folder() is None
    assert versions.in_use() == installed_version()
    with pytest.raises(UpdateRefused, match="no former version"):
        versions.back()


def test_a_chosen_version_is_used_and_two_are_kept(versions: YtdlpVersions) -> None:
    for name in (NEWER, NEWEST, "2030.12.1"):
        placed(versions, name)
        versions.choose(name, held=False)
    assert versions.folder() == versions.root / "2030.12.1"
    assert {path.name for path in versions.root.iterdir() if path.is_dir()} == {NEWEST, "2030.12.1"}
    assert versions.back() == NEWEST
    assert versions.back() == "2030.12.1"


def test_the_first_choice_can_be_left_for_the_installed_version(versions: YtdlpVersions) -> None:
    placed(versions, NEWER)
    versions.choose(NEWER, held=False)
    assert versions.back() == installed_version()
    assert versions.chosen().version == INSTALLED
    assert versions.chosen().refused == (NEWER,)


def test_whoever_updates_other_users_of_the_folder_can_read_which_version_is_used(versions: YtdlpVersions) -> None:
    before = os.umask(0o077)
    try:
        with versions.updating():
            versions.choose(INSTALLED, held=True)
    finally:
        os.umask(before)
    assert versions.root.stat().st_mode & 0o777 == 0o755
    assert (versions.root / "chosen.json").stat().st_mode & 0o777 == 0o644
    assert {path.name for path in versions.root.iterdir()} == {"chosen.json", "update.lock"}


@pytest.mark.parametrize("text", ["", "{", '{"version": 7}'])
def test_an_unreadable_pointer_means_the_installed_version(versions: YtdlpVersions, text: str) -> None:
    placed(versions, NEWER)
    (versions.root / "chosen.json").write_text(text)
    assert versions.folder() is None


def test_a_version_whose_files_are_gone_is_not_used(versions: YtdlpVersions) -> None:
    folder = placed(versions, NEWER)
    versions.choose(NEWER, held=False)
    (folder / "yt_dlp" / "__init__.py").unlink()
    assert versions.in_use() == installed_version()


def test_a_navaar_with_a_newer_one_uses_its_own_unless_a_person_asked(versions: YtdlpVersions) -> None:
    placed(versions, OLDER)
    versions.choose(OLDER, held=False)
    assert versions.in_use() == installed_version()
    versions.choose(OLDER, held=True)
    assert versions.in_use() == OLDER


def test_one_update_at_a_time(versions: YtdlpVersions) -> None:
    with versions.updating(), pytest.raises(UpdateRefused, match="another update"), versions.updating():
        pass


def test_versions_are_ordered_by_their_numbers() -> None:
    assert order_of("2026.10.2") > order_of("2026.9.30") > order_of("2026.9.3")
    assert order_of("2026.08.19") == order_of("2026.8.19")
    assert order_of("2026.8.19.232659.dev0") > order_of("2026.8.19")


@pytest.mark.parametrize(
    ("requires", "solver"),
    [
        ("Requires-Dist: yt-dlp-ejs==99.1.0; extra == 'default'\n", "yt-dlp-ejs==99.1.0"),
        ("Requires-Dist: requests>=2; extra == 'default'\n", None),
        ("", None),
    ],
)
def test_the_challenge_solver_a_version_names_is_fetched_with_it(
    versions: YtdlpVersions, requires: str, solver: str | None
) -> None:
    folder = placed(versions, NEWER, requires=requires)
    assert version_in(folder) == NEWER
    assert solver_required_in(folder) == solver


async def test_a_chosen_version_that_does_not_start_stops_no_downloads(tmp_path: Path) -> None:
    versions = YtdlpVersions(tmp_path)
    placed(versions, NEWER, text="raise ImportError('broken since')")
    versions.choose(NEWER, held=False)
    workspace = Workspace(tmp_path)
    workspace.open()
    pool = Pool(workspace, 1)
    await pool.open()
    try:
        assert order_of((await pool.tools()).yt_dlp) == order_of(installed_version())
    finally:
        await pool.close()
        workspace.close()
