"""A small document on disk that outlives its process and is shared with others: a pause, what of a quota is used up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from navaar_runtime.logs import get_logger
from navaar_runtime.private_files import fingerprint, write_private

log = get_logger(__name__)


class KeptFile:
    """One JSON object in `path`. A file that cannot be read or written is done without; None keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None

    def news(self) -> dict[str, Any] | None:
        """What somebody else has written since the last look or writing here; None when nobody has."""
        if self._path is None or (now := fingerprint(self._path)) == self._seen:
            return None
        self._seen = now
        try:
            document = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return document if isinstance(document, dict) else None

    def write(self, document: dict[str, Any]) -> None:
        """Replace what is kept, in one step, readable by its owner only."""
        if self._path is None:
            return
        try:
            write_private(self._path, json.dumps(document))
        except OSError as error:
            log.warning("not_kept", file=self._path.name, reason=error.strerror)
        self._seen = fingerprint(self._path)
