"""A package index on this machine, and wheels of yt-dlp with other version numbers for it."""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path

from tests.support.media_server import Answer, MediaServer


def ytdlp_wheel(version: str, folder: Path, replaced: Mapping[str, str] | None = None) -> Path:
    """The installed yt-dlp as a wheel that says it is `version`; `replaced` is path in the wheel -> other text."""
    installed = distribution("yt-dlp")
    info = f"yt_dlp-{version}.dist-info"
    texts: dict[str, bytes] = {}
    for file in installed.files or ():
        if file.parts[0] == "yt_dlp" and file.suffix != ".pyc":
            texts[file.as_posix()] = file.read_binary()
        elif file.name in ("METADATA", "WHEEL") and file.parts[0].endswith(".dist-info"):
            texts[f"{info}/{file.name}"] = file.read_binary()
    for name, pattern in (
        (f"{info}/METADATA", rb"(?m)^Version: .*$"),
        ("yt_dlp/version.py", rb"(?m)^__version__ = .*$"),
    ):
        fresh = f"Version: {version}" if name.endswith("METADATA") else f"__version__ = {version!r}"
        texts[name] = re.sub(pattern, fresh.encode(), texts[name], count=1)
    texts |= {name: text.encode() for name, text in (replaced or {}).items()}
    record = "".join(f"{name},sha256={_digest(text)},{len(text)}\n" for name, text in texts.items())
    texts[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    path = folder / f"yt_dlp-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in texts.items():
            wheel.writestr(name, text)
    return path


def offer(server: MediaServer, *wheels: Path) -> str:
    """Put them up in `server`; the address of the index comes back."""
    links = "".join(f'<a href="/files/{wheel.name}">{wheel.name}</a>\n' for wheel in wheels)
    server.serve(
        "/simple/yt-dlp/", Answer(f"<!DOCTYPE html><html><body>{links}</body></html>".encode(), 200, "text/html")
    )
    for wheel in wheels:
        server.serve(f"/files/{wheel.name}", Answer(wheel.read_bytes(), 200, "application/octet-stream"))
    return f"{server.address}/simple"


def _digest(text: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()
