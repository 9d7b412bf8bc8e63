"""What each client error means, how old a sign-in may grow, and how it is kept."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from spotipy.exceptions import SpotifyException, SpotifyOauthError

from navaar_contracts.identifiers import Platform
from navaar_playlist_gateway.rate_limit_pause import RateLimitPause, retry_after
from navaar_playlist_gateway.sign_in import NotSignedIn
from navaar_runtime.failures import AuthRejected, Failure, Permanent, RateLimited, Transient, translate
from navaar_runtime.settings import SettingsError, load
from navaar_spotify_gateway.error_mapping import table
from navaar_spotify_gateway.expiry import warning
from navaar_spotify_gateway.session import AccountsUnavailable
from navaar_spotify_gateway.settings import SpotifySettings, missing_app
from navaar_spotify_gateway.sign_in import SignInFailed, begin
from navaar_spotify_gateway.token_file import AUTHORIZED_AT, TokenFile


def failure_of(error: BaseException) -> Failure:
    with pytest.raises(Failure) as caught, translate(table(RateLimitPause(Platform.SPOTIFY))):
        raise error
    return caught.value


def api_error(status: int, message: str = "words", **headers: Any) -> SpotifyException:
    return SpotifyException(status, -1, f"https://api.spotify.com/v1/x:\n {message}", headers=headers)


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (400, Permanent),
        (401, AuthRejected),
        (403, Permanent),
        (404, Permanent),
        (500, Transient),
        (502, Transient),
        (503, Transient),
    ],
)
def test_statuses(status: int, failure: type[Failure]) -> None:
    found = failure_of(api_error(status))
    assert type(found) is failure
    assert "words" in found.reason
    assert "https://" not in found.reason


def test_a_403_names_premium_ownership_and_permission() -> None:
    reason = failure_of(api_error(403)).reason
    assert all(word in reason for word in ("Premium", "belongs to somebody else", "permission"))


def test_a_429_carries_its_own_delay() -> None:
    found = failure_of(api_error(429, **{"Retry-After": "3600"}))
    assert isinstance(found, RateLimited)
    assert found.retry_after_s == 3600


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("5", 5.0), ("0.5", 0.5), (None, None), ("soon", None), ("-1", None), ("99999999", None), ("nan", None)],
)
def test_retry_after_is_read_with_care(header: str | None, seconds: float | None) -> None:
    assert retry_after(header) == seconds


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (SpotifyOauthError("x", error="invalid_grant", error_description="Refresh token revoked"), AuthRejected),
        (SpotifyOauthError("x", error="invalid_client"), AuthRejected),
        (SpotifyOauthError("x", error="<html>"), Transient),
        (SpotifyOauthError("x", error={"odd": 1}), Transient),
        (AccountsUnavailable(503, None), Transient),
        (AccountsUnavailable(429, 7), RateLimited),
        (NotSignedIn("none"), AuthRejected),
        (requests.ReadTimeout("slow"), Transient),
        (requests.ConnectionError("gone"), Transient),
        (requests.exceptions.ChunkedEncodingError("half"), Transient),
    ],
)
def test_client_errors(error: Exception, failure: type[Failure]) -> None:
    assert type(failure_of(error)) is failure


def test_an_ended_sign_in_says_how_to_sign_in_again() -> None:
    assert "navaar auth spotify" in failure_of(SpotifyOauthError("x", error="invalid_grant")).reason


def test_the_library_never_logs_bearer_tokens() -> None:
    import navaar_spotify_gateway.spotify  # noqa: F401

    assert not logging.getLogger("spotipy.client").isEnabledFor(logging.DEBUG)


NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "word"),
    [
        (0, None),
        (149, None),
        (150, "days left: 32"),
        (181, "days left: 1"),
        (183, "has ended"),
        (None, "not known"),
    ],
)
def test_a_sign_in_is_warned_about_from_the_fifth_month(days: int | None, word: str | None) -> None:
    at = None if days is None else (NOW - timedelta(days=days)).timestamp()
    told = warning(at, NOW)
    assert (told is None) if word is None else (told is not None and word in told)


def test_a_refresh_keeps_the_date_of_the_authorization_and_the_file_private(tmp_path: Path) -> None:
    file = TokenFile(tmp_path / "deep" / ".spotify_cache")
    file.save_new_authorization({"access_token": "a" * 20, "refresh_token": "b" * 20})
    signed_in = file.authorized_at()
    file.save_token_to_cache({"access_token": "c" * 20, "refresh_token": "d" * 20})
    kept = json.loads(file.path.read_text())
    assert (kept["access_token"], kept[AUTHORIZED_AT]) == ("c" * 20, signed_in)
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.path.parent.iterdir()] == [".spotify_cache"]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"scope": "x"}'])
def test_a_damaged_cache_is_no_sign_in(tmp_path: Path, content: str) -> None:
    path = tmp_path / ".spotify_cache"
    path.write_text(content)
    assert TokenFile(path).get_cached_token() is None


def test_addresses_may_end_with_or_without_a_slash() -> None:
    for base in ("http://127.0.0.1:1/v1", "http://127.0.0.1:1/v1/"):
        assert load(SpotifySettings, {"NAVAAR_SPOTIFY_API_BASE": base}).spotify_api_base == "http://127.0.0.1:1/v1/"


def test_without_an_app_it_is_said_how_to_make_one() -> None:
    none = load(SpotifySettings, {})
    said = missing_app(none) or ""
    for needed in ("developer.spotify.com/dashboard", "http://127.0.0.1:8888/callback", "Premium"):
        assert needed in said
    with pytest.raises(SignInFailed, match="NAVAAR_SPOTIFY_CLIENT_ID"):
        begin(none)
    own = load(SpotifySettings, {"NAVAAR_SPOTIFY_CLIENT_ID": "mine"})
    assert missing_app(own) is None
    assert "client_id=mine" in begin(own).url


def test_localhost_is_refused_with_an_example() -> None:
    with pytest.raises(SettingsError, match=r"NAVAAR_SPOTIFY_REDIRECT_URI: .*127\.0\.0\.1.*for example"):
        load(SpotifySettings, {"NAVAAR_SPOTIFY_REDIRECT_URI": "http://localhost:8888/callback"})
