"""The HTTP under ytmusicapi: a deadline for every call, statuses taken before the library parses, addresses redirected.

Left alone, ytmusicapi has no timeout on a session of ours, turns a 429 page into a JSON error and keeps the status only
inside a text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from navaar_playlist_gateway.rate_limit_pause import retry_after
from navaar_runtime.platform_requests import asking
from navaar_ytmusic_gateway.settings import MUSIC_BASE, OAUTH_BASE, PLATFORM
from navaar_ytmusic_gateway.sign_in_file import renewed_cookies


class RequestRefused(Exception):
    """An HTTP error status. `message` is the server's own sentence, where it sent one."""

    def __init__(self, status: int, message: str, retry_after_s: float | None) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.message = message
        self.retry_after_s = retry_after_s


class SignedOut(Exception):
    """The answer is one for a stranger: the session has ended, whatever else the answer holds."""


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
    """For YouTube Music itself, as somebody who is signed in, or as a stranger.

    Raises SignedOut for an answer to a stranger who is none, RequestRefused for every error status, NotJson for a page
    instead of data.
    """

    def __init__(
        self,
        base: str,
        timeout_s: float,
        renewed: Callable[[dict[str, str]], None] = lambda cookies: None,
        *,
        signed_in: bool = True,
    ) -> None:
        """`renewed` is told the cookies that an answer renews, value by name."""
        super().__init__()
        self._is_signed_in = signed_in
        self._renewed = renewed
        self._timeout = (min(10.0, timeout_s), timeout_s)
        if base != MUSIC_BASE:
            self.mount(MUSIC_BASE, _Redirected(MUSIC_BASE, base))

    def request(self, method: str, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("timeout", self._timeout)
        with asking(PLATFORM, operation(str(url)), method, str(url)) as answered:
            response = super().request(method, url, *args, **kwargs)
            answered(response.status_code)
        document = _document(response)
        if self._is_signed_in and signed_in(document) is False:
            raise SignedOut("the answer is for a stranger")
        cookies = renewed_cookies(response.raw.headers.getlist("Set-Cookie"))
        if cookies and response.status_code < 400:
            self._renewed(cookies)
        if response.status_code >= 400:
            wait = retry_after(response.headers.get("Retry-After"))
            raise RequestRefused(response.status_code, message_of(document), wait)
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

    def request(self, method: str, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("timeout", self._timeout)
        with asking(PLATFORM, "token", method, str(url)) as answered:
            response = super().request(method, url, *args, **kwargs)
            answered(response.status_code)
        if response.status_code == 429 or response.status_code >= 500:
            wait = retry_after(response.headers.get("Retry-After"))
            raise RequestRefused(response.status_code, message_of(_document(response)), wait)
        return response


_OPERATIONS = {"search": "search", "browse": "playlist", "edit_playlist": "edit"}


def operation(url: str) -> str:
    """What a request is for, in a word; a playlist is browsed page by page."""
    path = url.partition("?")[0]
    return _OPERATIONS.get(path.rpartition("/")[2], "other") if "/youtubei/" in path else "visitor"


def signed_in(document: object) -> bool | None:
    """Whether YouTube Music took the asker of this answer for somebody; None where the answer does not tell.

    A session that has ended is answered HTTP 200 as a stranger is. Several services report; one "1" is enough.
    """
    context = document.get("responseContext") if isinstance(document, dict) else None
    told = {
        str(param.get("value")).lower()
        for report in _objects(context, "serviceTrackingParams")
        for param in _objects(report, "params")
        if param.get("key") == "logged_in"
    }
    if told & {"1", "true"}:
        return True
    return False if told & {"0", "false"} else None


def _objects(holder: object, name: str) -> list[dict[str, Any]]:
    found = holder.get(name) if isinstance(holder, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def message_of(document: object) -> str:
    """The server's own sentence in an error, empty where there is none."""
    error = document.get("error") if isinstance(document, dict) else None
    said = error.get("message") if isinstance(error, dict) else error
    return "" if said is None else str(said)[:300]


def _document(response: requests.Response) -> object:
    if "json" not in response.headers.get("Content-Type", ""):
        return None
    try:
        return json.loads(response.text)
    except ValueError:
        return None
