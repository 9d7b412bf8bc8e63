"""One holder of the access token for all worker clients: refreshed once, by one thread of one process."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Any

from spotipy.oauth2 import SpotifyOAuth, SpotifyPKCE

from navaar_playlist_gateway.sign_in import NotSignedIn
from navaar_runtime.private_files import exclusive
from navaar_spotify_gateway.session import AccountsSession
from navaar_spotify_gateway.settings import SCOPES, SpotifySettings
from navaar_spotify_gateway.token_file import TokenFile

SIGN_IN = "sign in again with: navaar auth spotify"
_FRESH_S = 60


def authority(settings: SpotifySettings, cache: Any) -> SpotifyOAuth | SpotifyPKCE:
    """spotipy's side of the sign-in, with a secret if there is one, else with PKCE. It is never asked for a token by
    spotipy itself, because without one it would open a browser."""
    common: dict[str, Any] = {
        "client_id": settings.spotify_client_id,
        "redirect_uri": settings.redirect_uri,
        "scope": " ".join(SCOPES),
        "cache_handler": cache,
        "requests_session": AccountsSession(),
        "requests_timeout": settings.spotify_timeout_s,
        "open_browser": False,
    }
    secret = settings.spotify_client_secret.get_secret_value()
    manager = SpotifyOAuth(client_secret=secret, **common) if secret else SpotifyPKCE(**common)
    manager.OAUTH_TOKEN_URL = f"{settings.spotify_accounts_base}/api/token"
    manager.OAUTH_AUTHORIZE_URL = f"{settings.spotify_accounts_base}/authorize"
    return manager


class Tokens:
    """Satisfies what spotipy asks of an auth manager."""

    def __init__(self, settings: SpotifySettings, *, keeps: bool = True) -> None:
        """`keeps`: whether a refreshed token is always written down; see `TokenFile`."""
        self.file = TokenFile(settings.spotify_cache_path, keeps=keeps)
        self._authority = authority(settings, self.file)
        self._lock = threading.Lock()
        self._own = threading.local()
        self._renounced: str | None = None

    def get_access_token(self, as_dict: bool = False, check_cache: bool = True) -> str:
        """A token that should be accepted; refreshes it when it is about to expire or was renounced.

        Raises:
            NotSignedIn: no sign-in, or one without the scopes that are needed.
            SpotifyOauthError, Unavailable, requests.RequestException: the refresh was refused or failed.
        """
        token = self._read()
        if not self._usable(token):
            # Only PKCE ends a refresh token with each refresh; else there is nothing to be alone for.
            shared = self.file.keeps or isinstance(self._authority, SpotifyPKCE)
            with self._lock, exclusive(self.file.path) if shared else contextlib.nullcontext():
                # Another thread or process may have refreshed it meanwhile, and PKCE has ended the old refresh token.
                token = self._read()
                if not self._usable(token):
                    token = self._authority.refresh_access_token(token["refresh_token"])
        self._own.token = token["access_token"]
        return str(token["access_token"])

    def renounce(self) -> None:
        """Spotify refused the token that this thread used last, whatever its expiry says."""
        self._renounced = getattr(self._own, "token", None)

    def _usable(self, token: dict[str, Any]) -> bool:
        fresh = float(token.get("expires_at") or 0) - time.time() > _FRESH_S
        return fresh and token["access_token"] != self._renounced

    def _read(self) -> dict[str, Any]:
        token = self.file.get_cached_token()
        if token is None or not token.get("refresh_token"):
            raise NotSignedIn(f"there is no Spotify sign-in at {self.file.path}; {SIGN_IN}")
        missing = set(SCOPES) - set(str(token.get("scope") or "").split())
        if missing:
            raise NotSignedIn(f"the Spotify sign-in lacks the permission {', '.join(sorted(missing))}; {SIGN_IN}")
        return token
