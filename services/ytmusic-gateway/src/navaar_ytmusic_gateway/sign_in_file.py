"""What a sign-in file holds, and whether it can work: browser headers or an OAuth token."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any

from navaar_playlist_gateway.sign_in import NotSignedIn
from navaar_runtime.redaction import register_secret

SIGN_IN = "sign in with: navaar auth ytmusic"
WRITE_COOKIE = "__Secure-3PAPISID"
_RENEWED = ("SIDTS", "SIDCC")
"""How the names of cookies end that YouTube renews all the time."""
_SHORTEST = 10
"""Shorter values, such as EXPIRED, take a cookie away."""
_PLAIN = re.compile(r"[^\s;,\"]+")


class SignInKind(StrEnum):
    BROWSER = "browser"
    OAUTH = "oauth"


def read_sign_in(path: Path) -> dict[str, Any]:
    """The file's sign-in, checked; NotSignedIn says what is wrong with it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotSignedIn(f"there is no YouTube Music sign-in at {path}: {SIGN_IN}") from None
    except OSError as error:
        raise NotSignedIn(f"the YouTube Music sign-in {path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise NotSignedIn(f"the YouTube Music sign-in {path} is no JSON: {SIGN_IN}") from None
    return checked(document, f"the YouTube Music sign-in {path}")


def checked(document: object, what: str) -> dict[str, Any]:
    """The sign-in as ytmusicapi wants it, its secrets masked in logs from now on.

    Raises:
        NotSignedIn: `what` it is that lacks something.
    """
    if not isinstance(document, dict):
        raise NotSignedIn(f"{what} holds no headers and no token: {SIGN_IN}")
    lowered = {str(key).lower(): value for key, value in document.items()}
    if "cookie" in lowered:
        if WRITE_COOKIE not in cookies(str(lowered["cookie"])):
            raise NotSignedIn(
                f"the cookie in {what} lacks {WRITE_COOKIE}, without which nothing can be written: {SIGN_IN}"
            )
        # What marks headers as a browser's; the library computes the real value for each call.
        lowered["authorization"] = "SAPISIDHASH 0_0"
        document = lowered
    elif not {"access_token", "refresh_token", "scope", "token_type"} <= set(document):
        raise NotSignedIn(f"{what} holds neither browser headers nor an OAuth token: {SIGN_IN}")
    _mask(document)
    return document


def kind_of(document: dict[str, Any]) -> SignInKind:
    return SignInKind.BROWSER if "cookie" in document else SignInKind.OAUTH


def cookies(header: str) -> dict[str, str]:
    """The names and values of a Cookie header; empty when it cannot be read."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header.replace('"', ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def renewed_cookies(set_cookie: Iterable[str]) -> dict[str, str]:
    """What a session must send back to last, of an answer's Set-Cookie headers: values by name."""
    found: dict[str, str] = {}
    for header in set_cookie:
        name, _, value = header.partition(";")[0].strip().partition("=")
        if name.endswith(_RENEWED) and len(value) >= _SHORTEST and _PLAIN.fullmatch(value):
            found[name] = value
    return found


def merged(header: str, renewed: Mapping[str, str]) -> str:
    """A Cookie header with the renewed values in it, in its order; new names come last."""
    values = dict(renewed)
    parts = []
    for part in header.split(";"):
        name = part.strip().partition("=")[0]
        parts.append(f"{name}={values.pop(name)}" if name in values else part.strip())
    return "; ".join([*(part for part in parts if part), *(f"{name}={value}" for name, value in values.items())])


def _mask(document: dict[str, Any]) -> None:
    for name in ("access_token", "refresh_token", "cookie"):
        if isinstance(document.get(name), str):
            register_secret(document[name])
    for value in cookies(str(document.get("cookie", ""))).values():
        # Short values are settings such as a language, not credentials.
        if len(value) >= 16:
            register_secret(value)
