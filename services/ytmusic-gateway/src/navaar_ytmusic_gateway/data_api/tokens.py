"""The token file, as ytmusicapi writes it, and its access token kept fresh. Blocking.

The file is looked at before every call, so a new `navaar auth ytmusic` works without a restart.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

from navaar_playlist_gateway.sign_in import NotSignedIn
from navaar_runtime.private_files import exclusive, fingerprint, write_private
from navaar_runtime.redaction import register_secret
from navaar_ytmusic_gateway.data_api.google_oauth import SCOPE, GoogleOAuth, need_client
from navaar_ytmusic_gateway.settings import YTMusicSettings
from navaar_ytmusic_gateway.sign_in_file import SIGN_IN, SignInKind, kind_of, read_sign_in

FRESH_S = 120
"""A token that ends sooner is exchanged before it is used."""


class GoogleTokens:
    """The sign-in of one file; shared by all worker threads."""

    def __init__(self, settings: YTMusicSettings, *, keeps: bool = True) -> None:
        """`keeps`: whether a fresh token is written into the file."""
        self._settings = settings
        self._keeps = keeps
        self._path = settings.ytmusic_auth_file
        self._lock = threading.Lock()
        self._unwritten: tuple[object, dict[str, Any]] | None = None

    def access(self, refused: str | None = None) -> str:
        """A usable access token; another one than `refused`, which the API did not accept.

        Raises:
            NotSignedIn: no file, an unreadable one, or no OAuth client.
            OAuthRefused, RequestRefused, requests.RequestException: it cannot be refreshed.
        """
        need_client(self._settings)
        if (token := _usable(self._document(), refused)) is not None:
            return token
        # Once for all threads and processes that share the file: whoever waited finds the new one.
        with self._lock, self._alone():
            document = self._document()
            if (token := _usable(document, refused)) is not None:
                return token
            grant = GoogleOAuth(self._settings).refresh(str(document["refresh_token"]))
            fresh = with_grant(document, grant, time.time())
            self._keep(fresh)
            return str(fresh["access_token"])

    def sign_in(self) -> object:
        """Changes whenever the file is replaced."""
        return fingerprint(self._path)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with contextlib.ExitStack() as held:
            # In a folder that may not be written nobody else refreshes either.
            with contextlib.suppress(OSError):
                if self._keeps:
                    held.enter_context(exclusive(self._path))
            yield

    def _document(self) -> dict[str, Any]:
        if self._unwritten is not None and self._unwritten[0] == fingerprint(self._path):
            return self._unwritten[1]
        document = read_sign_in(self._path)
        if kind_of(document) is not SignInKind.OAUTH:
            raise NotSignedIn(f"the YouTube Music sign-in {self._path} holds no OAuth token: {SIGN_IN}")
        return document

    def _keep(self, document: dict[str, Any]) -> None:
        for name in ("access_token", "refresh_token"):
            register_secret(str(document[name]))
        self._unwritten = None
        if not self._keeps:
            self._unwritten = (fingerprint(self._path), document)
            return
        try:
            write_private(self._path, json.dumps(document, indent=1))
        except OSError:
            # In a folder that may not be written, it lasts until the process ends.
            self._unwritten = (fingerprint(self._path), document)


def with_grant(document: dict[str, Any], grant: dict[str, Any], now: float) -> dict[str, Any]:
    """The token file's content after a token endpoint's answer at the unix time `now`; what it lacks stays."""
    seconds = int(grant["expires_in"])
    kept = {name: grant[name] for name in ("refresh_token", "scope", "token_type") if isinstance(grant.get(name), str)}
    return {
        "scope": SCOPE,
        "token_type": "Bearer",
        **document,
        **kept,
        "access_token": grant["access_token"],
        "expires_at": int(now) + seconds,
        "expires_in": seconds,
    }


def _usable(document: dict[str, Any], refused: str | None) -> str | None:
    token = document.get("access_token")
    with contextlib.suppress(TypeError, ValueError):
        if token and token != refused and float(document.get("expires_at") or 0) - time.time() > FRESH_S:
            return str(token)
    return None
