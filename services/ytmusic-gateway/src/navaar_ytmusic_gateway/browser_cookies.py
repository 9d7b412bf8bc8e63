"""A browser's cookies as request headers that sign in, and cookies.txt as it is exported. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from navaar_ytmusic_gateway.sign_in_file import WRITE_COOKIE

HOST = "music.youtube.com"
_KEYS = (WRITE_COOKIE, "SAPISID")
"""One of them is there as soon as somebody is signed in; YouTube Music's requests are signed with the first."""
_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
_HTTP_ONLY = "#HttpOnly_"
_FIELDS = 7
_SENT = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*|\"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*\"")
"""A cookie-value of RFC 6265, section 4.1.1."""


class NoCookies(Exception):
    """There is no sign-in to be had from there; the text says why, and quotes no cookie."""


@dataclass(frozen=True, slots=True)
class BrowserCookie:
    """`expires` in unix seconds; None for one that the browser forgets when it is closed."""

    domain: str
    """With a dot in front where the hosts below it get the cookie too."""
    name: str
    value: str
    path: str = "/"
    expires: float | None = None

    def goes_to(self, host: str) -> bool:
        """Whether a browser would send it to `host`, whatever the time (RFC 6265, section 5.1.3)."""
        domain = self.domain.lower()
        matches = host == domain.lstrip(".") or (domain.startswith(".") and host.endswith(domain))
        return matches and self.path in ("", "/")


def from_cookies_txt(text: str, name: str) -> list[BrowserCookie]:
    """The cookies in a file of Netscape's format, as `http.cookiejar.MozillaCookieJar` reads it.

    Lines that begin with # or $ are comments, but for `#HttpOnly_`, which hides a cookie from scripts only. The first
    line may be missing, and an expiry of 0 is that of a cookie without one, as exporting programs write it.

    Raises:
        NoCookies: the file (`name`) is something else.
    """
    found = []
    for number, written in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        line = written.rstrip("\r").removeprefix(_HTTP_ONLY)
        if not line.strip() or line.lstrip().startswith(("#", "$")):
            continue
        fields = line.split("\t")
        if len(fields) == _FIELDS - 1:
            fields.append("")  # an editor took the tab before an empty value away
        if len(fields) != _FIELDS or not re.fullmatch(r"\d*(\.\d*)?|-1", fields[4]):
            raise NoCookies(
                f"{name} is no cookies.txt: line {number} has not the seven fields, separated by tabs, of Netscape's "
                "format. Export it again with yt-dlp or an add-on that writes this format; for request headers that "
                "you copied there is --file"
            )
        domain, below, path, _, expires, key, value = fields
        at = float(expires) if expires not in ("", "-1", ".") else 0.0
        dotted = f".{domain}" if below.upper() == "TRUE" and not domain.startswith(".") else domain
        found.append(BrowserCookie(dotted, key, value, path, at or None))
    if not found:
        raise NoCookies(f"{name} holds no cookie")
    return found


def headers_of(cookies: Iterable[BrowserCookie], where: str, now: float, account: int = 0) -> dict[str, str]:
    """Request headers that sign in to YouTube Music with a browser's cookies.

    Args:
        where: what the cookies come from, to begin a sentence with.
        now: unix seconds.
        account: which of several signed-in Google accounts, as the number in the browser's addresses; 0 is the first.

    Raises:
        NoCookies: nobody is signed in there, or not any more.
    """
    sent = [cookie for cookie in cookies if cookie.goes_to(HOST)]
    if not sent:
        raise NoCookies(f"{where} holds no cookie of YouTube: sign in to https://{HOST} there, then try again")
    living = [cookie for cookie in sent if cookie.expires is None or cookie.expires > now]
    # Whoever is named by the longest domain counts, as with a browser that sends the more special one first.
    values = {c.name: c.value for c in sorted(living, key=lambda each: len(each.domain)) if _SENT.fullmatch(c.value)}
    if not values.get(WRITE_COOKIE):
        raise NoCookies(_lacking(sent, values, where))
    return {
        "accept": "*/*",
        "accept-language": "en-US,en;q=0.5",
        "content-type": "application/json",
        "cookie": "; ".join(f"{name}={value}" for name, value in values.items()),
        "origin": f"https://{HOST}",
        "user-agent": _AGENT,
        "x-goog-authuser": str(account),
    }


def _lacking(sent: list[BrowserCookie], values: dict[str, str], where: str) -> str:
    over = [cookie.expires for cookie in sent if cookie.name in _KEYS and cookie.expires is not None]
    again = f"open https://{HOST} there, sign in, then try again"
    if over and not any(values.get(name) for name in _KEYS):
        return f"the sign-in in {where} has expired, on {datetime.fromtimestamp(max(over), UTC):%Y-%m-%d}: {again}"
    if values.get("SAPISID"):
        return f"{where} lacks the cookie {WRITE_COOKIE}, without which nothing can be written: {again}"
    return f"{where} is not signed in to YouTube, it lacks the cookies SAPISID and {WRITE_COOKIE}: {again}"
