"""How yt-dlp is told to behave, and how its errors are read. Nothing is fetched here."""

from __future__ import annotations

import errno
import io
import stat
import urllib.error
from pathlib import Path

import pytest
import yt_dlp
from yt_dlp.networking import Response
from yt_dlp.networking.exceptions import HTTPError, TransportError
from yt_dlp.utils import DownloadError, ExtractorError, GeoRestrictedError

from navaar_downloader.error_mapping import failure_of
from navaar_downloader.jobs import FetchOptions, Job
from navaar_downloader.settings import DownloaderSettings
from navaar_downloader.unusable import Unusable
from navaar_downloader.ytdlp import VideoFilter, trouble_of, yt_dlp_options
from navaar_runtime.failures import Permanent, RateLimited, Transient
from navaar_runtime.settings import SettingsError, load


def job(folder: Path, **fields: object) -> Job:
    values: dict[str, object] = {
        "video_id": "dQw4w9WgXcQ",
        "url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "folder": str(folder),
        "limit_bytes": 49_000_000,
        "timeout_s": 60,
    }
    return Job.model_validate(values | fields)


def options(a_job: Job) -> dict[str, object]:
    return yt_dlp_options(a_job, lambda stage, fraction: None, lambda duration: None)


def wrapped(error: Exception) -> DownloadError:
    """As yt-dlp hands it on."""
    try:
        raise error
    except Exception as cause:  # noqa: BLE001
        return DownloadError(f"ERROR: {cause}", (type(cause), cause, cause.__traceback__))


# Options


def test_only_youtube_is_spoken_to_unless_a_template_is_set(tmp_path: Path) -> None:
    with yt_dlp.YoutubeDL(options(job(tmp_path))) as ydl:
        assert [ie for ie in ydl._ies if ie != "End"] == ["Youtube"]
    with yt_dlp.YoutubeDL(options(job(tmp_path, options=FetchOptions(generic=True)))) as ydl:
        assert [ie for ie in ydl._ies if ie != "End"] == ["Youtube", "Generic"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x.m4a", "https://vimeo.com/1", "file:///etc/passwd"])
def test_any_other_address_finds_no_extractor(tmp_path: Path, url: str) -> None:
    with yt_dlp.YoutubeDL(options(job(tmp_path))) as ydl, pytest.raises(DownloadError, match="No suitable extractor"):
        ydl.extract_info(url)


def test_the_javascript_runtime_of_the_wheel_is_good_enough(tmp_path: Path) -> None:
    with yt_dlp.YoutubeDL(options(job(tmp_path))) as ydl:
        runtime = ydl._js_runtimes["deno"]
        assert runtime is not None
        assert runtime.info.supported


def test_yt_dlp_writes_to_a_private_copy_of_the_cookies(tmp_path: Path) -> None:
    original, copy = tmp_path / "cookies.txt", tmp_path / "own" / "cookies.txt"
    text = "# Netscape HTTP Cookie File\n.youtube.com\tTRUE\t/\tTRUE\t2147483647\tSID\tsecret\n"
    original.write_text(text)
    asked = FetchOptions(cookies_file=str(original), cookies_copy=str(copy))
    with yt_dlp.YoutubeDL(options(job(tmp_path, options=asked))) as ydl:
        ydl.cookiejar.clear()
    assert original.read_text() == text
    assert "secret" not in copy.read_text()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    # What was renewed stays, until the user brings new cookies.
    options(job(tmp_path, options=asked))
    assert "secret" not in copy.read_text()
    original.write_text(text + "\n# newer\n")
    options(job(tmp_path, options=asked))
    assert "secret" in copy.read_text()


# Before anything is transferred


def filtered(folder: Path, info: dict[str, object], **fields: object) -> None:
    def check(duration: float) -> None:
        if duration > 9000:
            raise Unusable("too long")

    VideoFilter(job(folder, **fields), lambda stage, fraction: None, check)(info)


@pytest.mark.parametrize(
    ("info", "reason"),
    [
        ({"live_status": "is_live"}, "live stream"),
        ({"live_status": "is_upcoming"}, "not published yet"),
        ({"duration": 95}, "the download is 95 s, the recording 240 s"),
        ({"duration": 36_000}, "not what was asked for"),
    ],
)
def test_what_can_never_be_used_is_refused_before_the_transfer(
    tmp_path: Path, info: dict[str, object], reason: str
) -> None:
    with pytest.raises(Unusable, match=reason):
        filtered(tmp_path, info, expected_duration_s=240)


def test_what_can_never_fit_is_refused_before_the_transfer(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="too long"):
        filtered(tmp_path, {"duration": 36_000})


def test_the_right_video_passes(tmp_path: Path) -> None:
    filtered(tmp_path, {"duration": 241, "live_status": "not_live"}, expected_duration_s=240)


# Errors


def http_error(status: int, headers: dict[str, str] | None = None) -> HTTPError:
    return HTTPError(Response(io.BytesIO(), "http://x", headers or {}, status=status))


def test_the_status_is_found_however_deep_it_is_wrapped() -> None:
    error = wrapped(ExtractorError("Unable to download webpage", cause=http_error(503)))
    trouble = trouble_of(error, "extract")
    assert trouble.status == 503
    assert isinstance(failure_of(trouble), Transient)


def test_the_pause_is_read_from_the_answer() -> None:
    failure = failure_of(trouble_of(wrapped(http_error(429, {"Retry-After": "30"})), "media"))
    assert isinstance(failure, RateLimited)
    assert failure.retry_after_s == 30


def test_a_broken_connection_is_recognised_by_its_base_classes() -> None:
    for error in (TransportError("timed out"), ConnectionResetError(), urllib.error.URLError("x")):
        assert isinstance(failure_of(trouble_of(wrapped(error), "media")), Transient)


def test_a_country_wall_is_permanent() -> None:
    failure = failure_of(trouble_of(wrapped(GeoRestrictedError("blocked", countries=["DE"])), "extract"))
    assert isinstance(failure, Permanent)
    assert "country" in failure.reason


def test_a_full_disk_is_recognised_inside_a_download_error() -> None:
    trouble = trouble_of(wrapped(OSError(errno.ENOSPC, "No space left on device")), "media")
    assert failure_of(trouble).reason == "the disk is full"


# Settings


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("YTDLP_URL_TEMPLATE", "file:///x/{video_id}", "must begin with http"),
        ("YTDLP_URL_TEMPLATE", "http://127.0.0.1/media", "must contain {video_id}"),
        ("YTDLP_COOKIES_FILE", "/nowhere/cookies.txt", "is no file"),
        ("YTDLP_WORKERS", "0", "greater than or equal to 1"),
        ("TELEGRAM_MAX_UPLOAD_MB", "many", "valid integer"),
    ],
)
def test_a_wrong_value_is_named_with_an_example(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(DownloaderSettings, {f"NAVAAR_{name}": value})
    text = str(caught.value)
    assert text.startswith(f"NAVAAR_{name}: ")
    assert words in text
    assert f"for example NAVAAR_{name}=" in text


def test_an_empty_variable_means_the_default() -> None:
    assert load(DownloaderSettings, {"NAVAAR_YTDLP_COOKIES_FILE": ""}).ytdlp_cookies_file is None
