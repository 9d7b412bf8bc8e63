"""What NATS forbade whom to publish. It says so beside the request, which gets no answer at all."""

from __future__ import annotations

import re
from time import monotonic

_SAID = re.compile(r'permissions violation for publish to "([^"]+)"', re.IGNORECASE)
MOST = 1000
"""So many are remembered; a user has far fewer subjects that it might try."""

_seen: dict[tuple[str, str], float] = {}
"""By client and subject in small letters, as the client library tells it: when it was last forbidden, monotonic."""


def hear(client: str, error: Exception) -> None:
    """Take note of an error that the server told this client (its name on the connection), if it forbids a subject."""
    if found := _SAID.search(str(error)):
        key = (client, found[1].lower())
        _seen.pop(key, None)
        _seen[key] = monotonic()
        if len(_seen) > MOST:
            del _seen[next(iter(_seen))]


def is_since(client: str, subject: str, moment: float) -> bool:
    """Whether it was forbidden at that moment of the monotonic clock or later."""
    return _seen.get((client, subject.lower()), float("-inf")) >= moment
