"""Answers with an entity tag, so that who asks again for the same gets 304."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar, cast

from litestar import Request, Response
from pydantic import BaseModel

B = TypeVar("B", bound=BaseModel)


def answer(request: Request[Any, Any, Any], body: B) -> Response[B]:
    """200 with an ETag, or 304 when the client has exactly this already."""
    content = body.model_dump_json().encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if matches(request.headers.get("if-none-match"), tag):
        return cast("Response[B]", Response(None, status_code=304, headers=headers))
    # Already encoded: Response passes bytes through.
    return cast("Response[B]", Response(content, media_type="application/json", headers=headers))


def matches(header: str | None, tag: str) -> bool:
    """If-None-Match, RFC 9110 13.1.2: weak comparison, lists and '*'."""
    if header is None:
        return False
    given = [one.strip().removeprefix("W/") for one in header.split(",")]
    return "*" in given or tag in given
