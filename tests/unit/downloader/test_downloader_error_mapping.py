"""Every known error becomes the failure that helps."""

from __future__ import annotations

import errno

import pytest

from navaar_downloader.error_mapping import failure_of
from navaar_downloader.jobs import Stage, Trouble
from navaar_runtime.failures import AuthRejected, Failure, Permanent, RateLimited, Transient

BOT = "[youtube] dQw4w9WgXcQ: Sign in to confirm you\u2019re not a bot. Use --cookies for the authentication"


def trouble(
    text: str = "x", *kinds: str, status: int | None = None, stage: Stage = "extract", expected: bool = False
) -> Trouble:
    return Trouble(stage=stage, kinds=kinds, text=text, status=status, expected=expected)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[youtube] abc: Private video. Sign in if you've been granted access to this video", "private"),
        ("Join this channel to get access to members-only content like this video", "members only"),
        ("Video unavailable. This video has been removed by the uploader", "removed"),
        ("Video unavailable", "unavailable"),
        ("Video unavailable. This video contains content from X, who has blocked it on copyright grounds", "copyright"),
        ("The uploader has not made this video available in your country", "country"),
        ("Sign in to confirm your age. This video may be inappropriate for some users.", "age-restricted"),
        (
            "This video is no longer available because the account associated with this video has been terminated",
            "closed",
        ),
        ("Premieres in 3 hours", "not published yet"),
        ("This video is DRM protected", "protected"),
        ("This video is private. Please sign in to verify that you may see it.", "private"),
        ("Sign in to confirm your age. Try again after signing in", "age-restricted"),
        ("Premiere will begin shortly", "not published yet"),
        ("This live stream recording is not available.", "recording"),
    ],
)
def test_what_is_wrong_with_the_video_itself_is_permanent(text: str, words: str) -> None:
    failure = failure_of(trouble(text, "ExtractorError", expected=True))
    assert isinstance(failure, Permanent)
    assert words in failure.reason


@pytest.mark.parametrize(
    "text",
    [BOT, "YouTube is requiring a captcha challenge before playback", "Your IP is likely being blocked by Youtube"],
)
def test_being_taken_for_a_robot_closes_the_gate(text: str) -> None:
    failure = failure_of(trouble(text, "ExtractorError", expected=True))
    assert isinstance(failure, AuthRejected)
    assert "NAVAAR_YTDLP_COOKIES_FILE" in failure.reason


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("The page needs to be reloaded.", "session"),
        ("Please sign in. Use --cookies-from-browser or --cookies for the authentication", "session"),
        ("Please sign in to continue", "session"),
        ("Log in to watch", "session"),
        ("Your session has expired, reload the page", "session"),
        ("YouTube is no longer supported in this application or device.", "session"),
        ("The following content is not available on this app.. Watch on the latest version of YouTube.", "session"),
        ("An error occurred. Please try again later.", "for now"),
        ("Video unavailable. An error occurred. Please try again later.", "for now"),
        ("Something went wrong. Refresh or try again later.", "session"),
        ("Something went wrong", "for now"),
        ("This video is temporarily unavailable", "for now"),
        ("We're experiencing problems right now", "for now"),
        ("We're processing this video. Check back later.", "processing"),
        ("We\u2019re processing this video. Check back later.", "processing"),
        ("This video is still being processed", "processing"),
    ],
)
@pytest.mark.parametrize("expected", [True, False])
def test_what_speaks_of_the_session_or_of_now_is_not_held_against_the_upload(
    said: str, words: str, expected: bool
) -> None:
    failure = failure_of(trouble(f"ERROR: [youtube] aaaaaaaaaaa: {said}", "ExtractorError", expected=expected))
    assert isinstance(failure, Transient)
    assert words in failure.reason
    assert failure.delay_s is not None
    assert failure.delay_s >= 60


def test_a_held_back_session_is_known_by_either_apostrophe() -> None:
    said = "Video unavailable. This content isn\u2019t available, try again later"
    assert isinstance(failure_of(trouble(said, "ExtractorError", expected=True)), RateLimited)


@pytest.mark.parametrize(("kind", "status"), [("HTTPError", 429), ("TransportError", None)])
def test_a_status_and_a_broken_connection_keep_their_meaning_whatever_the_words(kind: str, status: int | None) -> None:
    failure = failure_of(trouble("Too Many Requests, timed out, try again later", kind, status=status))
    assert "YouTube" not in failure.reason


def test_unreadable_cookies_close_the_gate_too() -> None:
    assert isinstance(failure_of(trouble("failed to load cookies", "CookieLoadError")), AuthRejected)


def test_a_held_back_session_costs_no_attempt() -> None:
    failure = failure_of(
        trouble("This content isn't available, try again later. The current session has been rate-limited by YouTube")
    )
    assert isinstance(failure, RateLimited)
    assert failure.retry_after_s > 600


@pytest.mark.parametrize(
    ("status", "stage", "failure"),
    [
        (404, "extract", Permanent),
        (410, "extract", Permanent),
        (404, "media", Transient),
        (403, "media", Transient),
        (403, "extract", Transient),
        (429, "media", RateLimited),
        (451, "extract", Permanent),
        (500, "extract", Transient),
        (503, "media", Transient),
    ],
)
def test_statuses_mean_what_helps(status: int, stage: Stage, failure: type[Failure]) -> None:
    assert isinstance(failure_of(trouble("HTTP Error", "HTTPError", status=status, stage=stage)), failure)


def test_a_plain_media_server_means_its_403() -> None:
    assert isinstance(failure_of(trouble("HTTP Error", "HTTPError", status=403), youtube=False), Permanent)


def test_the_named_pause_is_honoured() -> None:
    failure = failure_of(Trouble(stage="media", kinds=("HTTPError",), text="x", status=429, retry_after_s=17))
    assert isinstance(failure, RateLimited)
    assert failure.retry_after_s == 17


@pytest.mark.parametrize("kind", ["TransportError", "ContentTooShortError", "TimeoutError", "ConnectionError"])
def test_a_broken_connection_is_tried_again(kind: str) -> None:
    assert isinstance(failure_of(trouble("connection refused", kind)), Transient)


def test_a_full_disk_says_so() -> None:
    failure = failure_of(Trouble(stage="media", kinds=("OSError",), text="x", errno=errno.ENOSPC))
    assert isinstance(failure, Transient)
    assert failure.reason == "the disk is full"


def test_no_formats_points_at_the_javascript_runtime() -> None:
    failure = failure_of(
        trouble("Requested format is not available. Use --list-formats", "ExtractorError", expected=True)
    )
    assert isinstance(failure, Transient)
    assert "deno" in failure.reason


def test_our_own_refusals_keep_their_words() -> None:
    failure = failure_of(trouble("the download is 95 s", "Unusable", "Exception"))
    assert isinstance(failure, Permanent)
    assert failure.reason == "the download is 95 s"


def test_a_missing_ffmpeg_says_what_to_do_and_may_be_repaired() -> None:
    failure = failure_of(trouble("ffmpeg does not start; name a working one in IMAGEIO_FFMPEG_EXE", "FfmpegMissing"))
    assert isinstance(failure, Transient)
    assert "IMAGEIO_FFMPEG_EXE" in failure.reason


def test_undecodable_audio_is_permanent() -> None:
    assert isinstance(failure_of(trouble("Invalid data found", "FfmpegFailed", stage="convert")), Permanent)


def test_unknown_trouble_is_tried_again_unless_the_site_says_it_of_the_video() -> None:
    assert isinstance(failure_of(trouble("KeyError: 'x'", "KeyError")), Transient)
    assert isinstance(failure_of(trouble("something new about this video", "ExtractorError", expected=True)), Permanent)
    assert isinstance(failure_of(trouble("something new", "ExtractorError", expected=True)), Transient)
    plain = trouble("something new", "ExtractorError", expected=True)
    assert isinstance(failure_of(plain, youtube=False), Permanent)


def test_reasons_are_free_of_addresses_prefixes_and_hints() -> None:
    text = (
        "ERROR: [youtube] dQw4w9WgXcQ: Odd thing at https://r3.googlevideo.com/videoplayback?sig=SECRET; "
        "please report this issue on  https://github.com/yt-dlp (caused by KeyError('x'))"
    )
    assert failure_of(trouble(text)).reason == "the download failed: Odd thing at (address)"
