"""Why a question or a request came to nothing."""

from __future__ import annotations

from navaar_runtime.failures import Transient


class Unavailable(Transient):
    """A part of Navaar does not answer; `part` is its name as in /readyz. Asking again may help."""

    def __init__(self, part: str, reason: str) -> None:
        super().__init__(reason)
        self.part = part


class NotFound(Exception):
    """What was asked for is not there: `what` it is and `which` of them."""

    def __init__(self, what: str, which: str) -> None:
        super().__init__(f"there is no {what} {which}")
        self.what, self.which = what, which


class Refused(Exception):
    """The request is understood and makes no sense now; the text says why."""
