"""Cursors as clients see them: opaque, and only those that we gave out come back."""

from __future__ import annotations

import base64
import binascii
import hashlib

from litestar.exceptions import ValidationException


def wrap(kind: str, cursor: str | None) -> str | None:
    """A ledger's cursor of the list `kind` for a client."""
    if cursor is None:
        return None
    return base64.urlsafe_b64encode(_seal(kind, cursor.encode()) + cursor.encode()).decode().rstrip("=")


def unwrap(kind: str, given: str | None) -> str | None:
    """The ledger's cursor again.

    Raises:
        ValidationException: not one of this list.
    """
    if given is None:
        return None
    try:
        raw = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
        seal, body = raw[:6], raw[6:]
        if seal == _seal(kind, body):
            return body.decode()
    except (binascii.Error, ValueError):
        pass
    raise ValidationException(
        detail="this cursor is not one of this list",
        extra=[{"key": "cursor", "message": "take it from next_cursor of the page before"}],
    )


def _seal(kind: str, body: bytes) -> bytes:
    return hashlib.sha256(kind.encode() + b"|" + body).digest()[:6]
