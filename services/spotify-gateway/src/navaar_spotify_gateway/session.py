"""The HTTP under spotipy: every request is counted, and a refusal of the accounts service keeps its status.

With spotipy's own session the Web API's calls would sleep through Retry-After, send a POST again after a 503 and report
every exhausted retry as 429; ours only counts.
"""

from __future__ import annotations

from typing import Any

import requests

from navaar_playlist_gateway.rate_limit_pause import retry_after
from navaar_runtime.platform_requests import asking
from navaar_spotify_gateway.settings import PLATFORM


class AccountsUnavailable(Exception):
    """The accounts service answered with 429 or a 5xx status."""

    def __init__(self, status: int, retry_after_s: float | None) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.retry_after_s = retry_after_s


class WebApiSession(requests.Session):
    """For the Web API."""

    def request(self, method: str, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        with asking(PLATFORM, operation(method, str(url)), method, str(url)) as answered:
            response = super().request(method, url, *args, **kwargs)
            answered(response.status_code)
            return response


class AccountsSession(requests.Session):
    """For the accounts service; spotipy forgets the status and keeps only the error's text."""

    def request(self, method: str, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        with asking(PLATFORM, "token", method, str(url)) as answered:
            response = super().request(method, url, *args, **kwargs)
            answered(response.status_code)
        if response.status_code == 429 or response.status_code >= 500:
            raise AccountsUnavailable(response.status_code, retry_after(response.headers.get("Retry-After")))
        return response


def operation(method: str, url: str) -> str:
    """What a request of the Web API is for, in a word."""
    last = url.partition("?")[0].rstrip("/").rpartition("/")[2]
    if last == "search":
        return "search"
    if last in ("items", "tracks"):
        return {"GET": "playlist_items", "POST": "add", "DELETE": "remove"}.get(method.upper(), "other")
    return "playlist" if "/playlists/" in url else "other"
