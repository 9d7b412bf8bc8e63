"""What `navaar doctor` asks about downloads: tools, cookies, the space to work in. Nothing is fetched or written."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from http.cookiejar import LoadError, MozillaCookieJar
from pathlib import Path
from shutil import disk_usage
from urllib.parse import urlsplit

from navaar_downloader.renewal import last_attempt
from navaar_downloader.settings import DownloaderSettings
from navaar_downloader.tools import FfmpegMissing, deno_path, ffmpeg_version
from navaar_downloader.ytdlp_versions import YtdlpVersions, described, installed_version, released_on
from navaar_runtime.diagnostics import Diagnostic, Level
from navaar_runtime.settings import RuntimeSettings, load

_OLD_DAYS = 90
"""YouTube changes its pages about monthly, and yt-dlp follows within days; it calls itself old after 90."""
_RENEW = "navaar update-downloader"
_LEAST_FREE_BYTES = 1_000_000_000
_SIGN_IN_COOKIES = frozenset({"SID", "__Secure-1PSID", "__Secure-3PSID", "LOGIN_INFO"})


async def check_tools(environment: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """ffmpeg, the JavaScript runtime, yt-dlp's age, the cookies file, the work folder.

    Raises:
        SettingsError: the configuration is wrong.
    """
    settings, runtime = load(DownloaderSettings, environment), load(RuntimeSettings, environment)
    checks: list[Callable[[], Diagnostic]] = [
        _ffmpeg,
        lambda: _source(settings.ytdlp_url_template),
        lambda: _yt_dlp(runtime.data_dir),
        lambda: _cookies(settings.ytdlp_cookies_file),
        lambda: _space(runtime.data_dir),
    ]
    with ThreadPoolExecutor(1, thread_name_prefix="downloader-doctor") as thread:
        loop = asyncio.get_running_loop()
        return tuple([await loop.run_in_executor(thread, check) for check in checks])


def _ffmpeg() -> Diagnostic:
    try:
        return Diagnostic("ffmpeg", Level.OK, f"version {ffmpeg_version()}")
    except FfmpegMissing as missing:
        what, _, advice = str(missing).partition("; ")
        return Diagnostic("ffmpeg", Level.PROBLEM, what, advice)


def _source(template: str | None) -> Diagnostic:
    if template is not None:
        host = urlsplit(template.replace("{video_id}", "x")).hostname
        return Diagnostic("Audio source", Level.OK, f"audio comes from {host} instead of YouTube")
    path = deno_path()
    if path is None:
        return Diagnostic(
            "deno", Level.PROBLEM, "there is none, and yt-dlp needs it for YouTube", "install the Python package deno"
        )
    return Diagnostic("deno", Level.OK, path)


def yt_dlp_age(today: date, found: str | None = None, problem: str | None = None) -> Diagnostic:
    """The yt-dlp that downloads run with (default: the installed one); `problem`: why it was not renewed."""
    found = found or installed_version()
    said, released = described(found, today), released_on(found)
    if problem is not None:
        return Diagnostic("yt-dlp", Level.WARNING, f"{said}; {problem}", _RENEW)
    if released is not None and (today - released).days > _OLD_DAYS:
        return Diagnostic("yt-dlp", Level.WARNING, f"{said}, and YouTube changes often", _RENEW)
    return Diagnostic("yt-dlp", Level.OK, said)


def _yt_dlp(data_dir: Path) -> Diagnostic:
    versions = YtdlpVersions(data_dir)
    last = last_attempt(versions.root)
    return yt_dlp_age(datetime.now(UTC).date(), versions.in_use(), last.problem if last else None)


def _cookies(path: Path | None) -> Diagnostic:
    if path is None:
        return Diagnostic("YouTube cookies", Level.OK, "none; needed only if YouTube takes this server for a robot")
    jar = MozillaCookieJar()
    try:
        jar.load(str(path), ignore_discard=True, ignore_expires=True)
    except (LoadError, OSError, UnicodeDecodeError):
        return Diagnostic(
            "YouTube cookies",
            Level.PROBLEM,
            f"{path} is no cookies.txt",
            "export the cookies of youtube.com from a signed-in browser in Netscape format",
        )
    signed_in = [c for c in jar if c.name in _SIGN_IN_COOKIES and c.domain.lstrip(".") == "youtube.com"]
    if not signed_in:
        return Diagnostic(
            "YouTube cookies",
            Level.WARNING,
            f"{path} holds no sign-in to youtube.com",
            "sign in to YouTube in the browser, then export its cookies again",
        )
    if all(cookie.is_expired(int(time.time())) for cookie in signed_in):
        return Diagnostic(
            "YouTube cookies", Level.WARNING, f"the sign-in in {path} has expired", "export the cookies again"
        )
    return Diagnostic("YouTube cookies", Level.OK, f"{path} holds a sign-in")


def _space(data_dir: Path) -> Diagnostic:
    wanted = data_dir.absolute()
    nearest = next(each for each in (wanted, *wanted.parents) if each.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Diagnostic(
            "Work folder",
            Level.PROBLEM,
            f"nothing can be written below {nearest}",
            "set NAVAAR_DATA_DIR to a folder that this user may write to",
        )
    free = disk_usage(nearest).free
    if free < _LEAST_FREE_BYTES:
        return Diagnostic(
            "Work folder", Level.WARNING, f"only {free // 1_000_000} MB are free", "make room on that disk"
        )
    return Diagnostic("Work folder", Level.OK, f"{free // 1_000_000_000} GB free in {data_dir}")
