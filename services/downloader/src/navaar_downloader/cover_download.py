"""Fetches a cover picture, with limits. Runs inside a download process."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from yt_dlp import YoutubeDL
from yt_dlp.networking import Request as YtdlpRequest
from yt_dlp.utils import YoutubeDLError

from navaar_downloader.covers import BadCover

LARGEST_BYTES = 8_000_000
_SOCKET_TIMEOUT_S = 8.0
_DEADLINE_S = 15.0
_BLOCK = 64 * 1024


def fetch_picture(url: str, *, own_network: bool, proxy: str | None = None) -> bytes:
    """The bytes at `url`.

    Args:
        own_network: allows addresses that are not public, for servers on this machine.
        proxy: as downloads use it. None: what the environment says; empty: none at all. Through one, names are not
            looked up here.

    Raises:
        BadCover: not http(s), a forbidden address, no answer in 15 s, more than 8 MB, an error status.
    """
    began = time.monotonic()
    _check(url, own_network, look_up=not proxy)
    try:
        with _opened(url, own_network, proxy) as read:
            data = bytearray()
            while block := read(_BLOCK):
                data += block
                if len(data) > LARGEST_BYTES:
                    raise BadCover(f"the cover is larger than {LARGEST_BYTES // 1_000_000} MB")
                if time.monotonic() - began > _DEADLINE_S:
                    raise BadCover(f"the cover did not arrive within {_DEADLINE_S:.0f} s")
    except (OSError, HTTPException, ValueError, YoutubeDLError) as error:
        raise BadCover(f"the cover did not arrive ({type(error).__name__})") from error
    return bytes(data)


@contextmanager
def _opened(url: str, own_network: bool, proxy: str | None) -> Iterator[Callable[[int], bytes]]:
    """Something to read the answer's body with."""
    if proxy:
        # yt-dlp knows every kind of proxy that downloads may go through, SOCKS among them.
        quiet = {"proxy": proxy, "socket_timeout": _SOCKET_TIMEOUT_S, "quiet": True, "no_warnings": True}
        with YoutubeDL(quiet) as ydl, ydl.urlopen(YtdlpRequest(url, headers={"User-Agent": "Navaar"})) as answer:
            _check(answer.url, own_network, look_up=False)
            yield answer.read
        return
    # The scheme was checked, and is checked again at every redirect.
    request = Request(url, headers={"User-Agent": "Navaar"})  # noqa: S310
    with _opener(own_network, proxy).open(request, timeout=_SOCKET_TIMEOUT_S) as answer:
        yield answer.read1


def _opener(own_network: bool, proxy: str | None) -> OpenerDirector:
    return build_opener(_CheckedRedirects(own_network), *([ProxyHandler({})] if proxy == "" else []))


class _CheckedRedirects(HTTPRedirectHandler):
    """A redirect is a new address and is checked like one."""

    max_redirections = 5

    def __init__(self, own_network: bool) -> None:
        self._own_network = own_network

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        _check(newurl, self._own_network)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _check(url: str, own_network: bool, *, look_up: bool = True) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 443
    except ValueError:
        raise BadCover("the cover's address is broken") from None
    if parts.scheme not in ("http", "https") or not host:
        raise BadCover("the cover's address is not http or https")
    if own_network or not (look_up or _is_address(host)):
        return
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return  # a proxy may know the name; without one the request fails by itself
    if any(not ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_global for entry in found):
        raise BadCover("the cover's address leads into the own network")


def _is_address(host: str) -> bool:
    """Whether it names a machine by its number, or this one, so that nothing has to be looked up."""
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(host)
        return True
    return host.lower().rstrip(".") == "localhost"
