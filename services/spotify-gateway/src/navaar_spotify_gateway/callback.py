"""Waits on 127.0.0.1 for the browser that Spotify sends back. Blocking."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

_PAGE = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Navaar</title></head>"
    "<body style='font-family: sans-serif; margin: 3em'><h1>{}</h1><p>You can close this page.</p></body></html>"
)


class CannotListen(Exception):
    """The redirect address is not this machine's, or its port is taken."""


def wait_for_browser(redirect_uri: str, timeout_s: float, stop: threading.Event | None = None) -> str | None:
    """The full address that the browser was sent to; None after `timeout_s` or when `stop` is set.

    Raises:
        CannotListen: paste the address instead.
    """
    target = urlsplit(redirect_uri)
    if target.scheme != "http" or target.hostname != "127.0.0.1" or target.port is None:
        raise CannotListen(f"{redirect_uri} does not lead to a port of this machine")
    answer: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            fields = parse_qs(asked.query)
            ours = asked.path == (target.path or "/") and ("code" in fields or "error" in fields)
            if ours:
                answer.append(f"http://127.0.0.1:{target.port}{self.path}")
            good = ours and "code" in fields
            text = "Signed in." if good else "Not signed in." if ours else "Nothing here."
            body = _PAGE.format(text).encode()
            self.send_response(200 if ours else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """The address holds the code, so it is not logged."""

    try:
        server = HTTPServer(("127.0.0.1", target.port), Handler)
    except OSError as error:
        raise CannotListen(f"port {target.port} of this machine cannot be used: {error.strerror}") from None
    server.timeout = 0.2
    give_up = time.monotonic() + timeout_s
    with server:
        while not answer and time.monotonic() < give_up and not (stop is not None and stop.is_set()):
            server.handle_request()
    return answer[0] if answer else None
