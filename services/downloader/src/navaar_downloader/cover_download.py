"""Fetches a cover picture, with limits. Runs inside a download process."""

from __future__ import annotations

import ipaddress
import socket
import time
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from navaar_downloader.covers import BadCover

LARGEST_BYTES = 8_000_000
_SOCKET_TIMEOUT_S = 8.0
_DEADLINE_S = 15.0
_BLOCK = 64 * 1024


def fetch_picture(url: str, *, own_network: bool) -> bytes:
    """The bytes at `url`. `own_network` allows addresses that are not public, for servers on this machine.

    Raises:
        BadCover: not http(s), a forbidden address, no answer in 15 s, more than 8 MB, an error status.
    """
    began = time.monotonic()
    _check(url, own_network)
    try:
        # The scheme was checked above, and is checked again at every redirect.
        request = Request(url, headers={"User-Agent": "Navaar"})  # noqa: S310
        with _opener(own_network).open(request, timeout=_SOCKET_TIMEOUT_S) as answer:
            data = bytearray()
            while block := answer.read1(_BLOCK):
                data += block
                if len(data) > LARGEST_BYTES:
                    raise BadCover(f"the cover is larger than {LARGEST_BYTES // 1_000_000} MB")
                if time.monotonic() - began > _DEADLINE_S:
                    raise BadCover(f"the cover did not arrive within {_DEADLINE_S:.0f} s")
    except (OSError, HTTPException, ValueError) as error:
        raise BadCover(f"the cover did not arrive ({type(error).__name__})") from error
    return bytes(data)


def _opener(own_network: bool) -> OpenerDirector:
    return build_opener(_CheckedRedirects(own_network))


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


def _check(url: str, own_network: bool) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 443
    except ValueError:
        raise BadCover("the cover's address is broken") from None
    if parts.scheme not in ("http", "https") or not host:
        raise BadCover("the cover's address is not http or https")
    if own_network:
        return
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return  # a proxy may know the name; without one the request fails by itself
    if any(not ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_global for entry in found):
        raise BadCover("the cover's address leads into the own network")
