"""Requests to the YouTube Data API v3: counted, with a deadline, and once more with a fresh token. Blocking.

Source: https://developers.google.com/youtube/v3/docs, errors: https://developers.google.com/youtube/v3/docs/errors
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Literal

import requests

from navaar_playlist_gateway.rate_limit_pause import retry_after
from navaar_runtime.platform_requests import asking
from navaar_ytmusic_gateway.data_api.quota import PRICES
from navaar_ytmusic_gateway.data_api.quota_ledger import QuotaLedger
from navaar_ytmusic_gateway.data_api.tokens import GoogleTokens
from navaar_ytmusic_gateway.session import NotJson
from navaar_ytmusic_gateway.settings import PLATFORM, YTMusicSettings

Json = dict[str, Any]
Operation = Literal[
    "playlistItems.list", "playlistItems.insert", "playlistItems.delete", "playlists.list", "videos.list"
]
_METHODS = {"list": "GET", "insert": "POST", "delete": "DELETE"}
DAY_OVER = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
"""Reasons that say: the day's units are used up."""
_UNCOUNTED = (401, 429)
"""Statuses of requests that Google refused before it did anything for them."""


class DataApiRefused(Exception):
    """An error of the API: HTTP status, Google's word for the reason, its sentence, and how long to wait in seconds."""

    def __init__(self, status: int, reason: str, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(f"HTTP {status} {reason}")
        self.status = status
        self.reason = reason
        self.message = message
        self.retry_after_s = retry_after_s


class DataApi:
    """The API for one sign-in; used by worker threads, each with a session of its own."""

    def __init__(self, settings: YTMusicSettings, tokens: GoogleTokens, quota: QuotaLedger) -> None:
        self._base = f"{settings.youtube_data_api_base}/youtube/v3"
        self._timeout = (min(10.0, settings.ytmusic_timeout_s), settings.ytmusic_timeout_s)
        self._tokens = tokens
        self._quota = quota

    def call(self, session: requests.Session, operation: Operation, params: Json, body: Json | None = None) -> Json:
        """The answer of one request, empty where there is none.

        Raises:
            RateLimited: the day's units do not suffice; nothing was asked.
            DataApiRefused: an error; NotJson: a page for people instead of an answer.
            NotSignedIn, OAuthRefused, RequestRefused: of the token; requests.RequestException: nobody answered.
        """
        # A song is not added with the units that watching the playlists needs.
        self._quota.take(PRICES[operation], saving=operation == "playlistItems.insert")
        token = self._access(operation)
        response = self._send(session, operation, params, body, token)
        if response.status_code == 401:
            # A token may be refused before its time. Who is not known changes nothing, so it may be repeated.
            token = self._access(operation, token)
            response = self._send(session, operation, params, body, token)
        return self._answer(operation, response)

    def _access(self, operation: Operation, refused: str | None = None) -> str:
        try:
            return self._tokens.access(refused)
        except BaseException:
            self._quota.give_back(PRICES[operation])
            raise

    def _send(
        self, session: requests.Session, operation: Operation, params: Json, body: Json | None, token: str
    ) -> requests.Response:
        resource, _, method = operation.partition(".")
        url = f"{self._base}/{resource}"
        ways: dict[str, Callable[..., requests.Response]] = {
            "list": session.get,
            "insert": session.post,
            "delete": session.delete,
        }
        with asking(PLATFORM, operation, _METHODS[method], url) as answered:
            response = ways[method](
                url,
                params=params,
                json=body,
                headers={"Authorization": f"Bearer {token}"},
                timeout=self._timeout,
                allow_redirects=False,
            )
            answered(response.status_code)
        return response

    def _answer(self, operation: Operation, response: requests.Response) -> Json:
        document = _document(response)
        if response.status_code >= 400:
            refused = refusal(response.status_code, document, retry_after(response.headers.get("Retry-After")))
            if refused.status in _UNCOUNTED or refused.reason in DAY_OVER:
                self._quota.give_back(PRICES[operation])
            raise refused
        if response.status_code == 204:
            return {}
        if not isinstance(document, dict):
            raise NotJson("no JSON came")
        return document


def refusal(status: int, document: object, retry_after_s: float | None = None) -> DataApiRefused:
    """The error that an answer holds, in Google's old form (`errors` with a `reason`) or its new one (`details`)."""
    error = document.get("error") if isinstance(document, dict) else None
    if not isinstance(error, dict):
        return DataApiRefused(status, "", "", retry_after_s)
    named = [each.get("reason") for name in ("errors", "details") for each in _objects(error.get(name))]
    reason = next((str(each) for each in named if each), str(error.get("status") or ""))
    return DataApiRefused(status, reason, " ".join(str(error.get("message") or "").split())[:300], retry_after_s)


def _objects(found: object) -> list[Json]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _document(response: requests.Response) -> object:
    try:
        return json.loads(response.content)
    except ValueError:
        return None
