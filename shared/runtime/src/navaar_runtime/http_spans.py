"""What a span tells of an HTTP call, by OpenTelemetry's HTTP conventions (1.37) and without secrets.

Only what is known to be harmless is written down: method, host, port, status, and of the path the words that are part
of an API's vocabulary. Never a query, a header, a cookie, a body or an error's text: a Bot API address holds the token,
the others hold ids, codes and what people search for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.util.types import AttributeValue

from navaar_runtime import tracing

_WORD = re.compile(r"[a-z]{1,16}([_-][a-z]{1,16}){0,3}|v\d{1,2}|[a-z]{0,8}\{[a-z]{1,8}\}")
_PORTS = {"http": 80, "https": 443}


@contextmanager
def calling(name: str, method: str, url: str) -> Iterator[Span]:
    """Around one call, inside a trace only; tell its status with `answered`.

    Args:
        name: of the span; fixed words.
        url: as it is called; taken apart, never written down.
    """
    # Clients quote the address in their errors' texts; the class says what happened.
    with tracing.inner_span(name, SpanKind.CLIENT, description(method, url), quoting=False) as opened:
        yield opened


def answered(opened: Span, status: int) -> None:
    """The call's status; from 400 on it has failed."""
    opened.set_attribute("http.response.status_code", status)
    if status >= 400:
        opened.set_attribute("error.type", str(status))
        opened.set_status(Status(StatusCode.ERROR))


def description(method: str, url: str) -> dict[str, AttributeValue]:
    """The attributes that are known before the call; an address that is none gives fewer."""
    found: dict[str, AttributeValue] = {"http.request.method": method.upper()}
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return found
    if parts.hostname:
        found |= {"server.address": parts.hostname, "url.scheme": parts.scheme, "url.template": template(parts.path)}
    if port:
        found["server.port"] = port
    return found


def template(path: str) -> str:
    """A path like /v1/playlists/{id}/items: lower-case words, versions and placeholders are kept, all else is not."""
    return "/".join(part if not part or _WORD.fullmatch(part) else "{id}" for part in path.split("/")) or "/"
