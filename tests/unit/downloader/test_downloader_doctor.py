"""What doctor finds out about downloads."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from navaar_downloader import doctor
from navaar_downloader.ytdlp_versions import YtdlpVersions, released_on
from navaar_runtime.diagnostics import Level

SIGNED_IN = "# Netscape HTTP Cookie File\n.youtube.com\tTRUE\t/\tTRUE\t{expires}\tLOGIN_INFO\tsecret\n"


async def test_a_complete_installation_is_fine(tmp_path: Path) -> None:
    found = await doctor.check_tools({"NAVAAR_DATA_DIR": str(tmp_path)})
    assert [f.subject for f in found] == ["ffmpeg", "deno", "yt-dlp", "YouTube cookies", "Work folder"]
    assert {f.level for f in found if f.subject != "yt-dlp"} == {Level.OK}
    assert list(tmp_path.glob("downloads/run-*")) == []


@pytest.mark.parametrize(
    ("text", "level", "words"),
    [
        (SIGNED_IN.format(expires=4102444800), Level.OK, "holds a sign-in"),
        (SIGNED_IN.format(expires=1000), Level.WARNING, "expired"),
        ("# Netscape HTTP Cookie File\n", Level.WARNING, "no sign-in"),
        ('{"cookies": []}', Level.PROBLEM, "no cookies.txt"),
    ],
)
async def test_cookies_are_looked_at_and_never_shown(tmp_path: Path, text: str, level: Level, words: str) -> None:
    path = tmp_path / "cookies.txt"
    path.write_text(text)
    found = await doctor.check_tools({"NAVAAR_DATA_DIR": str(tmp_path), "NAVAAR_YTDLP_COOKIES_FILE": str(path)})
    (cookies,) = [f for f in found if f.subject == "YouTube cookies"]
    assert cookies.level is level
    assert words in cookies.message
    assert "secret" not in cookies.message


def test_an_old_yt_dlp_is_a_warning() -> None:
    released = released_on(version("yt-dlp"))
    assert released is not None
    assert doctor.yt_dlp_age(released + timedelta(days=10)).level is Level.OK
    assert doctor.yt_dlp_age(released + timedelta(days=200)).level is Level.WARNING
    assert released_on("2026.8.19.232659.dev0") == date(2026, 8, 19)


def test_version_and_age_are_told_and_the_advice_is_a_command() -> None:
    fine = doctor.yt_dlp_age(date(2026, 8, 31), "2026.8.19")
    assert (fine.level, fine.message) == (Level.OK, "version 2026.8.19, 12 days old")
    old = doctor.yt_dlp_age(date(2026, 11, 29), "2026.8.19")
    assert (old.level, old.advice) == (Level.WARNING, "navaar update-downloader")
    assert "102 days old" in old.message


async def test_the_version_in_the_data_folder_and_a_failed_renewal_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "yt-dlp"
    (folder / "2030.1.2" / "yt_dlp").mkdir(parents=True)
    (folder / "2030.1.2" / "yt_dlp" / "__init__.py").touch()
    YtdlpVersions(tmp_path).choose("2030.1.2", held=False)
    (folder / "renewal.json").write_text('{"at": 1.0, "problem": "yt-dlp could not be renewed: no network"}')
    found = await doctor.check_tools({"NAVAAR_DATA_DIR": str(tmp_path)})
    (one,) = [f for f in found if f.subject == "yt-dlp"]
    assert one.level is Level.WARNING
    assert one.message.startswith("version 2030.1.2, 0 days old")
    assert "no network" in one.message


async def test_a_broken_ffmpeg_is_a_problem_with_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "nothing"))
    found = await doctor.check_tools({"NAVAAR_DATA_DIR": str(tmp_path)})
    assert found[0].level is Level.PROBLEM
    assert "IMAGEIO_FFMPEG_EXE" in found[0].advice


async def test_a_data_directory_that_is_a_file_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_text("x")
    found = await doctor.check_tools({"NAVAAR_DATA_DIR": str(path)})
    assert found[-1].level is Level.PROBLEM
    assert "NAVAAR_DATA_DIR" in found[-1].advice


async def test_a_template_replaces_youtube(tmp_path: Path) -> None:
    found = await doctor.check_tools(
        {"NAVAAR_DATA_DIR": str(tmp_path), "NAVAAR_YTDLP_URL_TEMPLATE": "http://media.test/{video_id}"}
    )
    assert found[1].message == "audio comes from media.test instead of YouTube"
