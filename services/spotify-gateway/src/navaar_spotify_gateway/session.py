"""The HTTP under spotipy's sign-in: a refusal of the accounts service keeps its status.

The Web API needs no more than a plain session of ours: with spotipy's own it would sleep through Retry-After inside the
call, send a POST again after a 503 and report every exhausted retry as 429.
"""

from __future__ import annotations

from typing import Any

import requests

from navaar_shared.collection.pauses import retry_after


class Unavailable(Exception):
    """The accounts service answered with 429 or a 5xx status."""

    def __init__(self, status: int, retry_after_s: float | None) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.retry_after_s = retry_after_s


class AccountsSession(requests.Session):
    """For the accounts service; spotipy forgets the status and keeps only the error's text."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        response = super().request(*args, **kwargs)
        if response.status_code == 429 or response.status_code >= 500:
            raise Unavailable(response.status_code, retry_after(response.headers.get("Retry-After")))
        return response
