"""The token cache: spotipy's JSON, plus the date of the authorization, written whole and private."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from spotipy.cache_handler import CacheHandler

from navaar_runtime.private_files import write_private
from navaar_runtime.redaction import register_secret

AUTHORIZED_AT = "authorized_at"
"""Seconds since 1970. Refreshing does not extend an authorization, so a refresh keeps it."""


class TokenFile(CacheHandler):  # type: ignore[misc]
    """What spotipy reads its token from and saves it to."""

    def __init__(self, path: Path, *, keeps: bool = True) -> None:
        """Without `keeps`, a refreshed token stays in memory, unless Spotify has ended the one in the file."""
        self.path = path
        self.keeps = keeps
        self._own: dict[str, Any] | None = None

    def get_cached_token(self) -> dict[str, Any] | None:
        """The token; None when there is no file or it cannot be read."""
        if self._own is not None:
            return self._own
        try:
            token = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(token, dict) or not token.get("access_token"):
            return None
        _mask(token)
        return token

    def save_token_to_cache(self, token_info: dict[str, Any]) -> None:
        """Keep a refreshed token, under the authorization it came from."""
        before = self.get_cached_token() or {}
        kept = {AUTHORIZED_AT: before[AUTHORIZED_AT]} if AUTHORIZED_AT in before else {}
        token = {**kept, **token_info}
        # With PKCE each refresh ends the refresh token before it: kept nowhere, the sign-in would be lost.
        if self.keeps or token.get("refresh_token") != before.get("refresh_token"):
            self._write(token)
        else:
            _mask(token)
            self._own = token

    def save_new_authorization(self, token_info: dict[str, Any]) -> None:
        """Keep the token of a sign-in that a person has just made."""
        self._write({**token_info, AUTHORIZED_AT: int(time.time())})

    def authorized_at(self) -> float | None:
        """When the person signed in, where it is known."""
        value = (self.get_cached_token() or {}).get(AUTHORIZED_AT)
        return float(value) if isinstance(value, int | float) else None

    def _write(self, token: dict[str, Any]) -> None:
        _mask(token)
        write_private(self.path, json.dumps(token))


def _mask(token: dict[str, Any]) -> None:
    for name in ("access_token", "refresh_token"):
        if isinstance(token.get(name), str):
            register_secret(token[name])
