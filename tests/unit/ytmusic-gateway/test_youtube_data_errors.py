"""What each error of the YouTube Data API and of Google's sign-in means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import requests

from navaar_contracts.causes import Cause
from navaar_contracts.identifiers import Platform
from navaar_playlist_gateway.rate_limit_pause import RateLimitPause
from navaar_playlist_gateway.sign_in import NotSignedIn
from navaar_runtime.failures import AuthRejected, Failure, Permanent, RateLimited, Transient, translate
from navaar_ytmusic_gateway.data_api.calls import refusal
from navaar_ytmusic_gateway.data_api.error_mapping import table
from navaar_ytmusic_gateway.data_api.google_oauth import OAuthRefused
from navaar_ytmusic_gateway.data_api.quota_ledger import QuotaLedger
from navaar_ytmusic_gateway.session import NotJson, RequestRefused

NOW = datetime(2026, 11, 29, 20, tzinfo=UTC)


def failure_of(error: BaseException) -> Failure:
    quota = QuotaLedger(Platform.YOUTUBE, None, 10_000, lambda: NOW)
    with pytest.raises(Failure) as caught, translate(table(RateLimitPause(Platform.YOUTUBE), quota)):
        raise error
    return caught.value


def answer(status: int, reason: str, message: str = "the server's words") -> dict[str, object]:
    errors = [{"message": message, "domain": "youtube.playlistItem", "reason": reason}]
    return {"error": {"code": status, "message": message, "errors": errors}}


@pytest.mark.parametrize(
    ("status", "reason", "failure", "word"),
    [
        (400, "failedPrecondition", Permanent, "does not have this video"),
        (400, "playlistOperationUnsupported", Permanent, "refuses the request"),
        (401, "authError", AuthRejected, "navaar auth ytmusic --oauth"),
        (401, "youtubeSignupRequired", AuthRejected, "no YouTube channel"),
        (404, "channelNotFound", AuthRejected, "no YouTube channel"),
        (403, "forbidden", AuthRejected, "account that owns the playlist"),
        (403, "playlistItemsNotAccessible", AuthRejected, "account that owns the playlist"),
        (403, "playlistForbidden", AuthRejected, "account that owns the playlist"),
        (403, "insufficientPermissions", AuthRejected, "navaar auth ytmusic --oauth"),
        (403, "accessNotConfigured", AuthRejected, "enable it"),
        (403, "playlistContainsMaximumNumberOfVideos", Permanent, "full"),
        (404, "playlistNotFound", Permanent, "does not know this playlist"),
        (404, "videoNotFound", Permanent, "does not have this video"),
        (409, "SERVICE_UNAVAILABLE", Transient, "in trouble"),
        (409, "aborted", Transient, "in trouble"),
        (500, "internalError", Transient, "in trouble"),
        (502, "", Transient, "in trouble"),
        (503, "backendError", Transient, "in trouble"),
        (403, "rateLimitExceeded", RateLimited, "pause"),
        (403, "userRateLimitExceeded", RateLimited, "pause"),
        (429, "", RateLimited, "pause"),
    ],
)
def test_reasons(status: int, reason: str, failure: type[Failure], word: str) -> None:
    found = failure_of(refusal(status, answer(status, reason)))
    assert type(found) is failure
    assert word in found.reason


@pytest.mark.parametrize(
    ("status", "reason", "message"),
    [
        (403, "quotaExceeded", 'you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.'),
        (403, "dailyLimitExceeded", "Daily Limit Exceeded"),
        (429, "rateLimitExceeded", "Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of service"),
    ],
)
def test_used_up_units_wait_for_midnight_in_california(status: int, reason: str, message: str) -> None:
    found = failure_of(refusal(status, answer(status, reason, message)))
    assert isinstance(found, RateLimited)
    assert found.retry_after_s == timedelta(hours=12).total_seconds()
    assert "2026-11-30 08:00 UTC" in found.reason


def test_too_many_requests_wait_as_long_as_google_says_or_longer_each_time() -> None:
    told = failure_of(refusal(429, answer(429, "rateLimitExceeded"), 42))
    assert isinstance(told, RateLimited)
    assert told.retry_after_s == 42
    untold = failure_of(refusal(403, answer(403, "rateLimitExceeded")))
    assert isinstance(untold, RateLimited)
    assert untold.retry_after_s < 60


def test_a_full_playlist_is_named_as_the_cause() -> None:
    found = failure_of(refusal(403, answer(403, "playlistContainsMaximumNumberOfVideos")))
    assert isinstance(found, Permanent)
    assert found.cause is Cause.PLAYLIST_FULL


def test_the_newer_form_of_errors_is_read_too() -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}]
    document = {"error": {"code": 403, "message": "It is disabled.", "status": "PERMISSION_DENIED", "details": details}}
    found = refusal(403, document)
    assert (found.reason, found.message) == ("SERVICE_DISABLED", "It is disabled.")
    assert "enable it" in failure_of(found).reason


@pytest.mark.parametrize("document", [None, [], "text", {}, {"error": "text"}, {"error": {"errors": "odd"}}])
def test_an_error_without_a_reason_goes_by_its_status(document: object) -> None:
    assert type(failure_of(refusal(503, document))) is Transient
    assert type(failure_of(refusal(404, document))) is Permanent


@pytest.mark.parametrize(
    ("error", "failure", "word"),
    [
        (OAuthRefused("invalid_grant"), AuthRejected, "seven days"),
        (OAuthRefused("invalid_client"), AuthRejected, "NAVAAR_YTMUSIC_CLIENT_ID"),
        (OAuthRefused("unauthorized_client"), AuthRejected, "NAVAAR_YTMUSIC_CLIENT_ID"),
        (OAuthRefused("temporarily_unavailable"), Transient, "temporarily_unavailable"),
        (RequestRefused(503, "", None), Transient, "sign-in service"),
        (RequestRefused(429, "", 7), RateLimited, "7 s"),
        (NotSignedIn("no file"), AuthRejected, "no file"),
        (NotJson("a page"), Transient, "no JSON"),
        (requests.ReadTimeout("slow"), Transient, "in time"),
        (requests.ConnectionError("gone"), Transient, "broke"),
        (requests.exceptions.ChunkedEncodingError("half"), Transient, "ChunkedEncodingError"),
    ],
)
def test_other_errors(error: Exception, failure: type[Failure], word: str) -> None:
    found = failure_of(error)
    assert type(found) is failure
    assert word in found.reason
