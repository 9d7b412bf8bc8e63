"""When certificates that Navaar was given end."""

from __future__ import annotations

import re
import ssl
from datetime import UTC, datetime
from pathlib import Path

from navaar_runtime import metrics

_ENDS = metrics.gauge(
    "navaar_certificate_expiry_timestamp_seconds",
    "When the first certificate in a file ends; the file is named by its setting",
    "setting",
)

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_UTC_TIME = 0x17
_EXPLICIT_VERSION = 0xA0


def watch(setting: str, path: Path | None) -> None:
    """Show when the certificates in `path` end, if there are any; called whenever the file is used."""
    end = first_end(path) if path is not None else None
    if end is not None:
        _ENDS.set(end.timestamp(), setting=setting)


def first_end(path: Path) -> datetime | None:
    """When the first certificate of a PEM file ends; None when it holds none that can be read."""
    try:
        blocks = _PEM.findall(path.read_text(encoding="ascii"))
        return min((_end(ssl.PEM_cert_to_DER_cert(block)) for block in blocks), default=None)
    except (OSError, ValueError, IndexError):
        return None


def _end(der: bytes) -> datetime:
    """The notAfter of a certificate (RFC 5280, 4.1)."""
    body = _parts(_parts(_parts(der)[0][1])[0][1])
    if body[0][0] == _EXPLICIT_VERSION:
        body = body[1:]
    _serial, _algorithm, _issuer, (_, validity) = body[:4]
    kind, text = _parts(validity)[1]
    moment = datetime.strptime(text.decode("ascii"), "%y%m%d%H%M%SZ" if kind == _UTC_TIME else "%Y%m%d%H%M%SZ")
    return moment.replace(tzinfo=UTC)


def _parts(der: bytes) -> list[tuple[int, bytes]]:
    """(tag, content) of each element, one level deep."""
    found = []
    at = 0
    while at < len(der):
        tag, length = der[at], der[at + 1]
        at += 2
        if length & 0x80:
            size = length & 0x7F
            length = int.from_bytes(der[at : at + size], "big")
            at += size
        found.append((tag, der[at : at + length]))
        at += length
    return found
