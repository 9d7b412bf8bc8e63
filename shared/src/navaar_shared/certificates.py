"""When certificates that Navaar was given end."""

from __future__ import annotations

import ssl
from pathlib import Path

from navaar_shared import metrics

_ENDS = metrics.gauge(
    "navaar_certificate_expiry_timestamp_seconds",
    "When the first certificate in a file of certificate authorities ends; the file is named by its setting",
    "setting",
)


def first_end(path: Path) -> float | None:
    """Unix time at which the first certificate of a PEM file ends; None when it holds none that can be read."""
    try:
        found = ssl.create_default_context(cafile=str(path)).get_ca_certs()
    except (OSError, ssl.SSLError):
        return None
    ends = [ssl.cert_time_to_seconds(str(one["notAfter"])) for one in found if "notAfter" in one]
    return float(min(ends)) if ends else None


def watch(setting: str, path: Path | None) -> None:
    """Show when the certificates in `path` end; the file is read again at every start of a service."""
    end = first_end(path) if path is not None else None
    if end is not None:
        _ENDS.set(end, setting=setting)
