"""The ways a step can fail. Adapters translate every client error into one of these, beside the call.

`navaar_runtime.acknowledgement` alone turns them into an acknowledgement, a delayed nak or a dead letter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from navaar_contracts.causes import Cause
from navaar_contracts.events import FailureKind
from navaar_runtime.redaction import redact

OUR_ERROR = "internal error: "
"""How the reason begins where the failure is a fault of ours."""


class Failure(Exception):
    """Base of the taxonomy. `reason` is a sentence for a person, masked of secrets."""

    def __init__(self, reason: str) -> None:
        self.reason = redact(reason)
        super().__init__(self.reason)


class Transient(Failure):
    """Trying again may help. `delay_s` overrides the growing default delay."""

    def __init__(self, reason: str, *, delay_s: float | None = None) -> None:
        super().__init__(reason)
        self.delay_s = delay_s


class RateLimited(Failure):
    """Not before `retry_after_s` seconds have passed. Costs no attempt.

    The platform asked for that pause, unless it is `by_us`: then Navaar itself spreads what it asks, the platform is in
    order, and nobody is told. Where the pause may end sooner and looking whether it lasts asks the platform nothing,
    `again_s` says how often to.
    """

    def __init__(self, retry_after_s: float, reason: str, *, by_us: bool = False, again_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = max(0.0, retry_after_s)
        self.by_us = by_us
        self.wait_s = self.retry_after_s if again_s is None else min(self.retry_after_s, again_s)
        """Seconds until the next attempt."""


class AuthRejected(Failure):
    """The sign-in is refused: the gateway pauses until credentials work again. Costs no attempt."""


class Permanent(Failure):
    """Trying again cannot help; becomes a `step.failed` fact of this kind, with this cause where it is known."""

    def __init__(self, reason: str, kind: FailureKind = FailureKind.PERMANENT, *, cause: Cause | None = None) -> None:
        super().__init__(reason)
        self.kind = kind
        self.cause = cause


Translation = Mapping[type[BaseException], Callable[[BaseException], Failure]]


@contextmanager
def translate(table: Translation) -> Iterator[None]:
    """Raise what `table` makes of an exception; the most derived matching class wins.

    A `Failure` passes unchanged, and so does anything that the table does not name: that is our bug and looks like one.
    """
    try:
        yield
    except Failure:
        raise
    except tuple(table) as error:
        for cls in type(error).__mro__:
            if cls in table:
                raise table[cls](error) from error
        raise
