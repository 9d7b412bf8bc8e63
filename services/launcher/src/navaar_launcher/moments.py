"""A moment as a person types it: 2026-11-22, 2026-11-22T18:00, or how long ago: 90s, 30m, 2h, 3d."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_AGO = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def moment(text: str, now: datetime) -> datetime:
    """The moment that `text` means; one without a time zone is meant in this machine's own.

    Raises:
        ValueError: it is neither a date nor a time ago.
    """
    ago = _AGO.fullmatch(text.strip())
    if ago is not None:
        return now - timedelta(**{_UNITS[ago.group(2)]: float(ago.group(1))})
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except ValueError:
        raise ValueError(f"{text!r} is no moment: write e.g. 2026-11-22, 2026-11-22T18:00 or 2h") from None
