"""What each client error means."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from ytmusicapi.exceptions import YTMusicError, YTMusicGatedError, YTMusicServerError, YTMusicUserError

from navaar_contracts.identifiers import Platform
from navaar_playlist_gateway.rate_limit_pause import RateLimitPause
from navaar_playlist_gateway.sign_in import NotSignedIn
from navaar_runtime.failures import AuthRejected, Failure, Permanent, RateLimited, Transient, translate
from navaar_runtime.settings import SettingsError, load
from navaar_ytmusic_gateway.error_mapping import table
from navaar_ytmusic_gateway.session import NotJson, RequestRefused
from navaar_ytmusic_gateway.settings import YTMusicSettings
from navaar_ytmusic_gateway.sign_in_file import read_sign_in


def failure_of(error: BaseException) -> Failure:
    with pytest.raises(Failure) as caught, translate(table(RateLimitPause(Platform.YOUTUBE))):
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (400, Permanent),
        (401, AuthRejected),
        (403, AuthRejected),
        (404, Permanent),
        (409, Transient),
        (500, Transient),
        (503, Transient),
    ],
)
def test_statuses(status: int, failure: type[Failure]) -> None:
    found = failure_of(RequestRefused(status, "the server's words", None))
    assert type(found) is failure
    assert "the server's words" in found.reason


def test_a_429_carries_its_own_delay() -> None:
    found = failure_of(RequestRefused(429, "", 42))
    assert isinstance(found, RateLimited)
    assert found.retry_after_s == 42


def test_without_a_delay_the_pause_grows_and_ends_with_a_success() -> None:
    pause = RateLimitPause(Platform.YOUTUBE)
    delays = [pause.begin(None).retry_after_s for _ in range(3)]
    assert delays[0] < delays[1] < delays[2]
    with pytest.raises(RateLimited):
        pause.check()
    pause.over()
    assert pause.begin(None).retry_after_s == delays[0]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "This functionality is not available right now. Please try again later."),
        (403, "You are doing this too often. Slow down."),
        (403, "The request cannot be completed because you have exceeded your quota."),
        (400, "Too many requests"),
    ],
)
def test_what_is_refused_for_now_is_a_rate_limit_and_no_matter_of_the_song_or_the_sign_in(
    status: int, said: str
) -> None:
    assert isinstance(failure_of(RequestRefused(status, said, None)), RateLimited)


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (NotJson("a page"), Transient),
        (NotSignedIn("no file"), AuthRejected),
        (YTMusicGatedError("dialog"), AuthRejected),
        (YTMusicUserError("cookie"), AuthRejected),
        (YTMusicServerError("HTTP 500"), Transient),
        (YTMusicError("odd"), Transient),
        (requests.ReadTimeout("slow"), Transient),
        (requests.ConnectionError("gone"), Transient),
        (requests.exceptions.ChunkedEncodingError("half"), Transient),
        (requests.exceptions.JSONDecodeError("bad", "", 0), Transient),
    ],
)
def test_client_errors(error: Exception, failure: type[Failure]) -> None:
    assert type(failure_of(error)) is failure


@pytest.mark.parametrize("error", [KeyError, IndexError, TypeError, ValueError, AttributeError])
def test_an_unknown_layout_is_named_and_the_answer_is_not_quoted(error: type[Exception]) -> None:
    found = failure_of(error("Unable to find 'contents' on {a whole answer}"))
    assert isinstance(found, Transient)
    assert "layout" in found.reason
    assert "whole answer" not in found.reason


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("not json", "no JSON"),
        ("[]", "no headers"),
        ('{"access_token": "x"}', "neither"),
        ('{"cookie": "SID=1"}', "__Secure-3PAPISID"),
    ],
)
def test_an_unusable_sign_in_file_says_what_to_do(tmp_path: Path, content: str, word: str) -> None:
    file = tmp_path / "oauth.json"
    file.write_text(content)
    with pytest.raises(NotSignedIn, match=word) as caught:
        read_sign_in(file)
    assert "navaar auth ytmusic" in str(caught.value)


def test_a_wrong_address_stops_the_start_with_its_name_and_an_example() -> None:
    with pytest.raises(SettingsError, match=r"NAVAAR_YTMUSIC_API_BASE: .*for example NAVAAR_YTMUSIC_API_BASE=https"):
        load(YTMusicSettings, {"NAVAAR_YTMUSIC_API_BASE": "music.youtube.com"})
