"""Signing in to YouTube Music, for `navaar auth ytmusic`: a browser's session, or Google's device flow. Blocking.

A sign-in is tried before it is written, and written in one step, readable by its owner only.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from navaar_playlist_gateway.rate_limit_pause import RateLimitPause
from navaar_playlist_gateway.sign_in import SignInFailed
from navaar_runtime.failures import Failure, translate
from navaar_runtime.private_files import write_private
from navaar_ytmusic_gateway import error_mapping
from navaar_ytmusic_gateway.account import Account
from navaar_ytmusic_gateway.browser_cookies import BrowserCookie, NoCookies, from_cookies_txt, headers_of
from navaar_ytmusic_gateway.browser_profiles import cookies_of
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
    account = Account(settings)
    try:
        document = _token_from(text) or headers_from(text)
    except NoHeaders as error:
        raise SignInFailed(str(error)) from None
    return _keep(account, document)


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
    return _keep(Account(settings), document)


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
    with _for_people():
        answer: dict[str, Any] = dict(Account(settings).credentials().get_code())
    if "device_code" not in answer:
        raise SignInFailed(f"Google gave no code: {answer.get('error', 'no reason given')}")
    address = answer.get("verification_url") or answer.get("verification_uri") or "https://www.google.com/device"
    return DeviceCode(
        url=f"{address}?user_code={answer['user_code']}",
        user_code=str(answer["user_code"]),
        ends_at=time.monotonic() + float(answer.get("expires_in", 1800)),
        interval_s=float(answer.get("interval", 5)),
        device_code=str(answer["device_code"]),
    )


def poll_device(settings: YTMusicSettings, code: DeviceCode) -> YouTubeSignIn | None:
    """Ask once whether the person has agreed; None while not. SignInFailed when they refused or it took too long."""
    account = Account(settings)
    with _for_people():
        answer: dict[str, Any] = dict(account.credentials().token_from_code(code.device_code))
    error = answer.get("error")
    if error in ("authorization_pending", "slow_down") and time.monotonic() < code.ends_at:
        return None
    if error == "access_denied":
        raise SignInFailed("you refused the access")
    if error is not None:
        raise SignInFailed("the code was not used in time: start again" if _late(code) else f"Google refuses: {error}")
    document = {
        "scope": answer["scope"],
        "token_type": answer["token_type"],
        "access_token": answer["access_token"],
        "refresh_token": answer["refresh_token"],
        "expires_at": int(time.time()) + int(answer["expires_in"]),
        "expires_in": int(answer.get("refresh_token_expires_in", answer["expires_in"])),
    }
    return _keep(account, document)


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
    stop = stop or threading.Event()
    while (signed_in := poll_device(settings, code)) is None:
        waiting(max(0.0, code.ends_at - time.monotonic()))
        if stop.wait(code.interval_s):
            raise SignInFailed("given up")
    return signed_in


def _token_from(text: str) -> dict[str, Any] | None:
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) and "refresh_token" in document else None


def _late(code: DeviceCode) -> bool:
    return time.monotonic() >= code.ends_at


def _keep(account: Account, document: dict[str, Any]) -> YouTubeSignIn:
    with _for_people():
        usable = checked(document, "what you gave")
        client = account.client_of(usable)
        name = str(client.api.get_account_info().get("accountName") or "")
    try:
        write_private(account.path, json.dumps(document, indent=1))
    except OSError as error:
        raise SignInFailed(f"{account.path} cannot be written: {error.strerror}") from None
    if (session := name_of(str(usable.get("cookie", "")))) is not None:
        account.sessions.begun(session, time.time(), name)
    return YouTubeSignIn(kind_of(usable), account.path, name)


@contextmanager
def _for_people() -> Iterator[None]:
    """Turns every client error into SignInFailed."""
    try:
        with translate(error_mapping.table(RateLimitPause(PLATFORM), {})):
            yield
    except Failure as failure:
        raise SignInFailed(failure.reason) from None
