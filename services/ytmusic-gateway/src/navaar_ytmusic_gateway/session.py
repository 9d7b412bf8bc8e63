"""The HTTP under ytmusicapi: a deadline for every call, statuses taken before the library parses, addresses redirected.

Left alone, ytmusicapi has no timeout on a session of ours, turns a 429 page into a JSON error and keeps the status only
inside a text.
"""

from __future__ import annotations

import json
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from navaar_playlist_gateway.rate_limit_pause import retry_after
from navaar_runtime.platform_requests import asking
from navaar_ytmusic_gateway.settings import MUSIC_BASE, OAUTH_BASE, PLATFORM

_DEVICE_CODE = "https://www.youtube.com/o/oauth2"


class RequestRefused(Exception):
    """An HTTP error status. `message` is the server's own sentence, where it sent one."""

    def __init__(self, status: int, message: str, retry_after_s: float | None) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.message = message
        self.retry_after_s = retry_after_s


class NotJson(Exception):
    """A page for people came where data was asked for: a consent form, a captcha, a proxy's login."""


class _Redirected(HTTPAdapter):
    """Sends what is addressed to `public` to `base` instead."""

    def __init__(self, public: str, base: str) -> None:
        super().__init__()
        self._public = public
        self._base = base

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.url = self._base + (request.url or "")[len(self._public) :]
        return super().send(request, *args, **kwargs)


class MusicSession(requests.Session):
    """For YouTube Music itself. Raises RequestRefused for every error status and NotJson for a page instead of data."""

    def __init__(self, base: str, timeout_s: float) -> None:
        super().__init__()
        self._timeout = (min(10.0, timeout_s), timeout_s)
        if base != MUSIC_BASE:
            self.mount(MUSIC_BASE, _Redirected(MUSIC_BASE, base))

    def request(self, method: str, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("timeout", self._timeout)
        with asking(PLATFORM, operation(str(url)), method, str(url)) as answered:
            response = super().request(method, url, *args, **kwargs)
            answered(response.status_code)
        if response.status_code >= 400:
            wait = retry_after(response.headers.get("Retry-After"))
            raise RequestRefused(response.status_code, _message(response), wait)
        data_wanted = "/youtubei/" in (response.request.url or "")
        if data_wanted and "json" not in response.headers.get("Content-Type", ""):
            raise NotJson("a web page came instead of data")
        return response


class OAuthSession(requests.Session):
    """For Google's OAuth server. A refused grant comes back as it is; 429 and 5xx raise RequestRefused."""

    def __init__(self, base: str, timeout_s: float) -> None:
        super().__init__()
        self._timeout = (min(10.0, timeout_s), timeout_s)
        if base != OAUTH_BASE:
            self.mount(OAUTH_BASE, _Redirected(OAUTH_BASE, base))
            self.mount(_DEVICE_CODE, _Redirected(_DEVICE_CODE, base))

    def request(self, method: str, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("timeout", self._timeout)
        with asking(PLATFORM, "token", method, str(url)) as answered:
            response = super().request(method, url, *args, **kwargs)
            answered(response.status_code)
        if response.status_code == 429 or response.status_code >= 500:
            wait = retry_after(response.headers.get("Retry-After"))
            raise RequestRefused(response.status_code, _message(response), wait)
        return response


_OPERATIONS = {"search": "search", "browse": "playlist", "edit_playlist": "edit"}


def operation(url: str) -> str:
    """What a request is for, in a word; a playlist is browsed page by page."""
    path = url.partition("?")[0]
    return _OPERATIONS.get(path.rpartition("/")[2], "other") if "/youtubei/" in path else "visitor"


def _message(response: requests.Response) -> str:
    try:
        error = json.loads(response.text)["error"]
        return str(error["message"] if isinstance(error, dict) else error)[:300]
    except (ValueError, KeyError, TypeError):
        return ""
