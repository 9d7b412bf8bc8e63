"""Signing in to YouTube Music, for `navaar auth ytmusic`: a browser's session, or Google's device flow. Blocking.

What a Google sign-in is tried with is in `data_api`.

A sign-in is tried before it is written, and written in one step, readable by its owner only.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from navaar_playlist_gateway.rate_limit_pause import RateLimitPause
from navaar_playlist_gateway.sign_in import SignInFailed
from navaar_runtime.failures import Failure, Translation, translate
from navaar_runtime.private_files import write_private
from navaar_ytmusic_gateway import error_mapping
from navaar_ytmusic_gateway.account import Account
from navaar_ytmusic_gateway.browser_cookies import BrowserCookie, NoCookies, from_cookies_txt, headers_of
from navaar_ytmusic_gateway.browser_profiles import cookies_of
from navaar_ytmusic_gateway.data_api import error_mapping as data_errors
from navaar_ytmusic_gateway.data_api.calls import DataApi, DataApiRefused
from navaar_ytmusic_gateway.data_api.google_oauth import GoogleOAuth, OAuthRefused
from navaar_ytmusic_gateway.data_api.quota_ledger import QuotaLedger
from navaar_ytmusic_gateway.data_api.tokens import GoogleTokens, with_grant
from navaar_ytmusic_gateway.pasted import NoHeaders, headers_from
from navaar_ytmusic_gateway.session_ages import name_of
from navaar_ytmusic_gateway.settings import PLATFORM, YTMusicSettings
from navaar_ytmusic_gateway.sign_in_file import SignInKind, checked, kind_of


@dataclass(frozen=True, slots=True)
class YouTubeSignIn:
    """`account` is the name that YouTube Music greets with, empty where it was not asked."""

    kind: SignInKind
    path: Path
    account: str


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """Open `url`, type `user_code`. `ends_at` is on the monotonic clock, `interval_s` how often to ask."""

    url: str
    user_code: str
    ends_at: float
    interval_s: float
    device_code: str


def with_headers(settings: YTMusicSettings, text: str) -> YouTubeSignIn:
    """Sign in with what was copied from a signed-in browser: headers, a cURL command or JSON (an OAuth token too).

    Raises:
        SignInFailed: it cannot be used, or YouTube Music does not accept it.
    """
    try:
        document = _token_from(text) or headers_from(text)
    except NoHeaders as error:
        raise SignInFailed(str(error)) from None
    return _keep(settings, document)


def with_browser(settings: YTMusicSettings, browser: str, account: int = 0) -> YouTubeSignIn:
    """Sign in with the cookies of `BROWSER[:PROFILE]` on this machine; `account` is which of several signed-in ones.

    Raises:
        SignInFailed: there are none that can be used, or YouTube Music does not accept them.
    """
    return _with_cookies(settings, lambda: cookies_of(browser), account)


def with_cookies_file(settings: YTMusicSettings, file: Path, account: int = 0) -> YouTubeSignIn:
    """Sign in with a cookies.txt that a browser's cookies were exported to.

    Raises:
        SignInFailed: it cannot be read or used, or YouTube Music does not accept it.
    """
    return _with_cookies(settings, lambda: (from_cookies_txt(_text_of(file), str(file)), str(file)), account)


def _with_cookies(
    settings: YTMusicSettings, cookies: Callable[[], tuple[list[BrowserCookie], str]], account: int
) -> YouTubeSignIn:
    try:
        found, where = cookies()
        document = headers_of(found, where, time.time(), account)
    except NoCookies as error:
        raise SignInFailed(str(error)) from None
    return _keep(settings, document)


def _text_of(file: Path) -> str:
    try:
        content = file.read_bytes()
    except PermissionError:
        raise NoCookies(f"{file} cannot be read, permission denied") from None
    except OSError as error:
        raise NoCookies(f"{file} cannot be read: {error.strerror}") from None
    if content.startswith(b"SQLite format 3"):
        raise NoCookies(f"{file} is a browser's database: say --from-browser firefox:{file.parent} instead")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise NoCookies(f"{file} is no cookies.txt: it is no text") from None


def begin_device(settings: YTMusicSettings) -> DeviceCode:
    """Ask Google for a code; SignInFailed without an OAuth client or when Google refuses it."""
    with _for_people(_of_data_api(settings)):
        answer = GoogleOAuth(settings).device_code()
    if "device_code" not in answer or "user_code" not in answer:
        raise SignInFailed("Google gave no code")
    address = answer.get("verification_url") or answer.get("verification_uri") or "https://www.google.com/device"
    return DeviceCode(
        url=f"{address}?user_code={answer['user_code']}",
        user_code=str(answer["user_code"]),
        ends_at=time.monotonic() + float(answer.get("expires_in", 1800)),
        interval_s=float(answer.get("interval", 5)),
        device_code=str(answer["device_code"]),
    )


class _SlowDown(Exception):
    """Google is asked too often."""


def poll_device(settings: YTMusicSettings, code: DeviceCode) -> YouTubeSignIn | None:
    """Ask once whether the person has agreed; None while not. SignInFailed when they refused or it took too long."""
    try:
        return _poll(settings, code)
    except _SlowDown:
        return None


def _poll(settings: YTMusicSettings, code: DeviceCode) -> YouTubeSignIn | None:
    others = {error: to for error, to in _of_data_api(settings).items() if error is not OAuthRefused}
    try:
        with _for_people(others):
            grant = GoogleOAuth(settings).token_of_device(code.device_code)
    except OAuthRefused as refused:
        if refused.error == "slow_down" and not _late(code):
            raise _SlowDown from None
        if refused.error == "authorization_pending" and not _late(code):
            return None
        if refused.error == "access_denied":
            raise SignInFailed("you refused the access") from None
        late = _late(code) or refused.error == "expired_token"
        why = "the code was not used in time: start again" if late else f"Google refuses: {refused.error}"
        raise SignInFailed(why) from None
    if "refresh_token" not in grant:
        raise SignInFailed("Google gave no refresh token: remove Navaar's access on myaccount.google.com and try again")
    return _keep(settings, with_grant({}, grant, time.time()))


def wait_for_device(
    settings: YTMusicSettings,
    code: DeviceCode,
    *,
    stop: threading.Event | None = None,
    waiting: Callable[[float], None] = lambda _: None,
) -> YouTubeSignIn:
    """`poll_device` until it is decided; `waiting` is told the seconds left before each pause.

    Raises:
        SignInFailed: refused, too late, or `stop` was set.
    """
    stop, interval_s = stop or threading.Event(), code.interval_s
    while True:
        try:
            if (signed_in := _poll(settings, code)) is not None:
                return signed_in
        except _SlowDown:
            # RFC 8628, section 3.5
            interval_s += 5.0
        waiting(max(0.0, code.ends_at - time.monotonic()))
        if stop.wait(interval_s):
            raise SignInFailed("given up")


def _token_from(text: str) -> dict[str, Any] | None:
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) and "refresh_token" in document else None


def _late(code: DeviceCode) -> bool:
    return time.monotonic() >= code.ends_at


def _keep(settings: YTMusicSettings, document: dict[str, Any]) -> YouTubeSignIn:
    with _for_people(_of_pages()):
        usable = checked(document, "what you gave")
    if kind_of(usable) is SignInKind.OAUTH:
        with _for_people(_of_data_api(settings)):
            name = _channel(settings, usable)
    else:
        with _for_people(_of_pages()):
            name = str(Account(settings).client_of(usable).api.get_account_info().get("accountName") or "")
    path = settings.ytmusic_auth_file
    try:
        write_private(path, json.dumps(document, indent=1))
    except OSError as error:
        raise SignInFailed(f"{path} cannot be written: {error.strerror}") from None
    if (session := name_of(str(usable.get("cookie", "")))) is not None:
        Account(settings).sessions.begun(session, time.time(), name)
    return YouTubeSignIn(kind_of(usable), path, name)


def _channel(settings: YTMusicSettings, document: dict[str, Any]) -> str:
    """The channel that the token is for; one unit. It may be refreshed meanwhile, in `document`."""
    with tempfile.TemporaryDirectory() as folder:
        tried = settings.model_copy(update={"ytmusic_auth_file": Path(folder) / "oauth.json"})
        write_private(tried.ytmusic_auth_file, json.dumps(document))
        api = DataApi(tried, GoogleTokens(tried), QuotaLedger.of(settings))
        params = {"part": "snippet", "mine": "true", "maxResults": 1}
        try:
            items = api.call(requests.Session(), "playlists.list", params).get("items") or []
        except DataApiRefused as refused:
            if refused.status != 400:
                raise
            # Who it is for is not told; that is no reason against the token.
            items = []
        document |= json.loads(tried.ytmusic_auth_file.read_text(encoding="utf-8"))
    return str(items[0].get("snippet", {}).get("channelTitle") or "") if items else ""


@contextmanager
def _for_people(table: Translation) -> Iterator[None]:
    """Turns every client error that `table` knows into SignInFailed."""
    try:
        with translate(table):
            yield
    except Failure as failure:
        raise SignInFailed(failure.reason) from None


def _of_pages() -> Translation:
    return error_mapping.table(RateLimitPause(PLATFORM))


def _of_data_api(settings: YTMusicSettings) -> Translation:
    return data_errors.table(RateLimitPause(PLATFORM), QuotaLedger.of(settings))
