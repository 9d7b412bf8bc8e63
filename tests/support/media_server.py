"""A small HTTP server on a free port that says what a test tells it to say."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class Answer:
    """`hang` keeps the connection open without a byte until the server stops."""

    body: bytes = b""
    status: int = 200
    content_type: str = "audio/mp4"
    headers: dict[str, str] = field(default_factory=dict)
    reason: str | None = None
    hang: bool = False


Page = Callable[[int], Answer]
"""From the number of the request for this path (1 is the first) to its answer."""


class MediaServer:
    """Pages by path; `asked` is how often each was asked for, HEAD requests not counted."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.pages: dict[str, Page] = {}
        self.asked: dict[str, int] = {}
        self.stopped = threading.Event()

    def serve(self, path: str, answer: Answer | Page) -> str:
        """Put a page up; its address comes back."""
        self.pages[path] = answer if callable(answer) else lambda number: answer
        return f"{self.address}{path}"

    def count(self, path: str) -> int:
        self.asked[path] = self.asked.get(path, 0) + 1
        return self.asked[path]


@contextmanager
def running_media_server() -> Iterator[MediaServer]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def _answer(self, body: bool) -> None:
            path = urlsplit(self.path).path
            page = server.pages.get(path)
            number = server.count(path) if body else server.asked.get(path, 0) + 1
            answer = page(number) if page else Answer(b"no such page", 404, "text/plain")
            if answer.hang:
                server.stopped.wait(60)
                self.close_connection = True
                return
            self.send_response(answer.status, answer.reason)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if body:
                self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Clients that are killed leave broken connections; that is what some tests are about."""

    http = Quiet(("127.0.0.1", 0), Handler)
    server = MediaServer(f"http://127.0.0.1:{http.server_address[1]}")
    thread = threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        http.shutdown()
        http.server_close()
