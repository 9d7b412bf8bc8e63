"""Signing in to Spotify, for `navaar auth spotify`: PKCE, or with the app's secret where there is one. Blocking.

pending = begin(settings)                 # show pending.url, open it in a browser
address = listen(pending, timeout_s=300)  # or ask the person to paste where the browser ended
signed_in = finish(pending, address)
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.exceptions import SpotifyOauthError
from spotipy.oauth2 import SpotifyOAuth, SpotifyPKCE

from navaar_playlist_gateway.sign_in import SignInFailed
from navaar_spotify_gateway.callback import CannotListen, wait_for_browser
from navaar_spotify_gateway.session import AccountsUnavailable
from navaar_spotify_gateway.settings import SCOPES, SpotifySettings, missing_app
from navaar_spotify_gateway.token_file import TokenFile
from navaar_spotify_gateway.tokens import authority

__all__ = ["CannotListen", "PendingSignIn", "SignInFailed", "SpotifySignIn", "begin", "finish", "listen"]


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """A sign-in that waits for the person. Open `url`; the browser ends at `redirect_uri`."""

    url: str
    redirect_uri: str
    state: str
    path: Path
    with_secret: bool
    _authority: Any
    _cache: Any


@dataclass(frozen=True, slots=True)
class SpotifySignIn:
    path: Path
    scopes: tuple[str, ...]
    authorized_at: datetime


def begin(settings: SpotifySettings) -> PendingSignIn:
    """Make the address that the person opens; nothing is asked of Spotify yet.

    Raises:
        SignInFailed: there is no app to sign in to; the text says how to make one.
    """
    missing = missing_app(settings)
    if missing is not None:
        raise SignInFailed(missing)
    cache = MemoryCacheHandler()
    manager: SpotifyOAuth | SpotifyPKCE = authority(settings, cache)
    state = secrets.token_urlsafe(16)
    return PendingSignIn(
        url=manager.get_authorize_url(state),
        redirect_uri=settings.redirect_uri,
        state=state,
        path=settings.spotify_cache_path,
        with_secret=bool(settings.spotify_client_secret.get_secret_value()),
        _authority=manager,
        _cache=cache,
    )


def listen(pending: PendingSignIn, timeout_s: float = 300, stop: threading.Event | None = None) -> str | None:
    """Wait on this machine for the browser; its address, or None after `timeout_s` or when `stop` is set.

    Raises:
        CannotListen: paste the address instead.
    """
    return wait_for_browser(pending.redirect_uri, timeout_s, stop)


def finish(pending: PendingSignIn, address: str) -> SpotifySignIn:
    """Trade the code in the address for tokens and keep them.

    Raises:
        SignInFailed: the address holds no code of this sign-in, the person refused, or Spotify does.
    """
    code = _code_of(address, pending.state)
    try:
        _trade(pending, code)
    except SpotifyOauthError as error:
        raise SignInFailed(
            f"Spotify refuses ({error.error_description or error.error or 'no reason given'}); check the client id, "
            f"its secret and that {pending.redirect_uri} is among the app's redirect addresses"
        ) from None
    except AccountsUnavailable as error:
        raise SignInFailed(f"Spotify's accounts service is in trouble (HTTP {error.status}); try again") from None
    except requests.RequestException as error:
        raise SignInFailed(f"Spotify's accounts service cannot be reached ({type(error).__name__})") from None
    token = pending._cache.get_cached_token()
    granted = str(token.get("scope") or "").split()
    missing = sorted(set(SCOPES) - set(granted))
    if missing:
        raise SignInFailed(f"Spotify did not grant {', '.join(missing)}")
    file = TokenFile(pending.path)
    try:
        file.save_new_authorization(token)
    except OSError as error:
        raise SignInFailed(f"{pending.path} cannot be written: {error.strerror}") from None
    return SpotifySignIn(pending.path, tuple(sorted(granted)), datetime.fromtimestamp(file.authorized_at() or 0, UTC))


def _trade(pending: PendingSignIn, code: str) -> None:
    if pending.with_secret:
        pending._authority.get_access_token(code, as_dict=False, check_cache=False)
    else:
        pending._authority.get_access_token(code, check_cache=False)


def _code_of(address: str, state: str) -> str:
    fields = parse_qs(urlsplit(address.strip()).query)
    if "error" in fields:
        raise SignInFailed(
            "you refused the access" if fields["error"] == ["access_denied"] else f"Spotify says: {fields['error'][0]}"
        )
    if "code" not in fields:
        raise SignInFailed("there is no code in that address: paste all of it, from http:// to the end")
    if fields.get("state") != [state]:
        raise SignInFailed("that address belongs to another sign-in: open the link again and paste the new one")
    return fields["code"][0]
