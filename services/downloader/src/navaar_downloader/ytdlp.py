"""The yt-dlp adapter: one video's best audio into a folder. Runs inside a download process."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yt_dlp

from navaar_downloader.jobs import FetchOptions, Job, Stage, Trouble
from navaar_downloader.tools import deno_path, ffmpeg_path
from navaar_downloader.unusable import Unusable, length_problem
from navaar_runtime.backoff import pause_s

Report = Callable[[Stage, float | None], None]

_SOCKET_TIMEOUT_S = 20
_LARGEST_SOURCE_BYTES = 2_000_000_000
_PROGRESS_EVERY_S = 0.5
_NOT_YET = {"is_live": "the video is a live stream: it has no end yet", "is_upcoming": "the video is not published yet"}


@dataclass(frozen=True, slots=True)
class Source:
    """What was fetched, as the site had it."""

    path: Path
    title: str | None
    duration_s: float | None
    thumbnail_url: str | None


def fetch(job: Job, report: Report, check_length: Callable[[float], None]) -> Source:
    """Bring the audio into the job's folder (with `only_probe`, nothing is written and `path` does not exist).

    `check_length` is called with the site's duration before anything is transferred, and may raise Unusable.

    Raises:
        Unusable: the video can never be used.
        yt_dlp.utils.YoutubeDLError, OSError: anything else; see `trouble_of`.
    """
    with yt_dlp.YoutubeDL(yt_dlp_options(job, report, check_length)) as ydl:
        info = ydl.extract_info(job.url, download=not job.only_probe)
    if not isinstance(info, dict) or info.get("_type", "video") != "video":
        raise Unusable("there is no single video at the video's address")
    return Source(
        path=_written(info, Path(job.folder), job.only_probe),
        title=info.get("title"),
        duration_s=info.get("duration"),
        thumbnail_url=info.get("thumbnail"),
    )


def trouble_of(error: BaseException, stage: Stage) -> Trouble:
    """The facts about an error, for the service to judge."""
    chain = list(_causes(error))
    text = next((str(e) for e in chain if type(e).__name__ != "DownloadError" and str(e)), str(error))
    response = next((r for e in chain if (r := getattr(e, "response", None)) is not None), None)
    return Trouble(
        stage=stage,
        kinds=tuple(dict.fromkeys(cls.__name__ for e in chain for cls in type(e).__mro__ if cls is not object)),
        text=text[:4000],
        status=next((s for e in chain if isinstance(s := getattr(e, "status", None), int)), None),
        retry_after_s=_retry_after(response),
        errno=next((e.errno for e in chain if isinstance(e, OSError) and e.errno), None),
        expected=any(getattr(e, "expected", False) is True for e in chain),
    )


def yt_dlp_options(job: Job, report: Report, check_length: Callable[[float], None]) -> dict[str, Any]:
    asked = job.options
    options: dict[str, Any] = {
        # An m4a needs no conversion for Telegram; "best" covers old videos that have sound only together with pictures.
        "format": "bestaudio[ext=m4a]/bestaudio/best",
        # A plugin that overrides an extractor is called by the extractor's name, "+" and its own.
        "allowed_extractors": [
            rf"{name}(\+.+)?" for name in (("youtube", "generic") if asked.generic else ("youtube",))
        ],
        "extractor_args": asked.extractor_args,
        "noplaylist": True,
        "playlist_items": "1",
        "paths": {"home": job.folder},
        "outtmpl": {"default": "source.%(ext)s"},
        "overwrites": True,
        "updatetime": False,
        "fixup": "never",  # our own ffmpeg pass repairs containers
        "socket_timeout": _SOCKET_TIMEOUT_S,
        "retries": 3,
        "fragment_retries": 3,
        "extractor_retries": 2,
        "file_access_retries": 1,
        "retry_sleep_functions": {"http": _backoff, "fragment": _backoff, "extractor": _backoff},
        "sleep_interval_requests": asked.sleep_requests_s,
        "cachedir": asked.cache_dir or False,
        "ffmpeg_location": ffmpeg_path(),
        "js_runtimes": {"deno": {"path": path}} if (path := deno_path()) else {"deno": {}},
        "progress_hooks": [_ProgressHook(report)],
        "match_filter": VideoFilter(job, report, check_length),
        "logger": _Logger(),
        "noprogress": True,
        "color": "no_color",
        "warn_when_outdated": False,
    }
    if asked.proxy is not None:
        options["proxy"] = asked.proxy
    if cookies := _own_cookies(asked):
        options["cookiefile"] = cookies
    return options


def _own_cookies(options: FetchOptions) -> str | None:
    """A copy of the cookies file: yt-dlp writes into it, and the original belongs to the user.

    The copy stays, so that what YouTube renewed is kept, until the original changes.
    """
    if options.cookies_file is None or options.cookies_copy is None:
        return None
    original, copy = Path(options.cookies_file), Path(options.cookies_copy)
    stamp = copy.with_suffix(".origin")
    try:
        seen = f"{original.stat().st_mtime_ns} {original.stat().st_size}"
        if not copy.exists() or not stamp.exists() or stamp.read_text() != seen:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.touch(mode=0o600)
            shutil.copyfile(original, copy)
            stamp.write_text(seen)
    except OSError as error:
        raise yt_dlp.cookies.CookieLoadError(f"cannot read the cookies file: {error.strerror}") from error
    return str(copy)


class VideoFilter:
    """Called by yt-dlp with what it knows of the video, before any media is transferred."""

    def __init__(self, job: Job, report: Report, check_length: Callable[[float], None]) -> None:
        self._job = job
        self._report = report
        self._check_length = check_length

    def __call__(self, info: dict[str, Any], *, incomplete: bool = False) -> None:
        if reason := _NOT_YET.get(str(info.get("live_status"))):
            raise Unusable(reason)
        if incomplete:
            return
        duration = info.get("duration")
        if duration:
            if problem := length_problem(duration, self._job.expected_duration_s):
                raise Unusable(problem)
            self._check_length(duration)
        self._report("media", None)


class _ProgressHook:
    def __init__(self, report: Report) -> None:
        self._report = report
        self._next = 0.0

    def __call__(self, event: dict[str, Any]) -> None:
        done = event.get("downloaded_bytes") or 0
        if done > _LARGEST_SOURCE_BYTES:
            raise Unusable(f"the audio is larger than {_LARGEST_SOURCE_BYTES // 1_000_000_000} GB: that is no song")
        now = time.monotonic()
        if now < self._next and event.get("status") == "downloading":
            return
        self._next = now + _PROGRESS_EVERY_S
        whole = event.get("total_bytes") or event.get("total_bytes_estimate")
        self._report("media", min(1.0, done / whole) if whole else None)


class _Logger:
    """yt-dlp's words go to standard error, which the service keeps for its log."""

    def debug(self, message: str) -> None:
        sys.stderr.write(f"{message}\n")

    def info(self, message: str) -> None:
        sys.stderr.write(f"{message}\n")

    def warning(self, message: str) -> None:
        sys.stderr.write(f"warning: {message}\n")

    def error(self, message: str) -> None:
        sys.stderr.write(f"{message}\n")


def _written(info: dict[str, Any], folder: Path, only_probe: bool) -> Path:
    if only_probe:
        return folder / "nothing"
    for download in info.get("requested_downloads") or ():
        path = Path(download.get("filepath") or "")
        if path.is_file() and path.resolve().parent == folder.resolve():
            return path
    raise yt_dlp.utils.DownloadError("yt-dlp ended without a file")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it wraps: yt-dlp keeps causes in `exc_info` and `cause`, Python in __cause__."""
    waiting: list[Any] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < 12:
        current = waiting.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        exc_info = getattr(current, "exc_info", None)
        waiting += [exc_info[1] if isinstance(exc_info, tuple) and len(exc_info) > 1 else None]
        waiting += [getattr(current, "cause", None), current.__cause__, current.__context__]


def _retry_after(response: Any) -> float | None:
    raw = getattr(response, "headers", {}).get("Retry-After") if response is not None else None
    return float(raw) if raw is not None and str(raw).isdigit() else None


def _backoff(attempt: int) -> float:
    return pause_s(attempt, first_s=1.0, longest_s=8.0)
