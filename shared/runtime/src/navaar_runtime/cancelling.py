"""A cancellation that a client library swallowed counts all the same."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def heard() -> Iterator[None]:
    """Around one call of a client: who is asked to end during it ends after it, whatever the client made of the asking.

    Before Python 3.12 `asyncio.wait_for`, which NATS's client uses around its requests, drops a cancellation that comes
    together with the answer (python/cpython#86296); who then waits for something else waits for ever.

    Raises:
        asyncio.CancelledError: the running task was cancelled in between.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task is not None else 0
    try:
        yield
    finally:
        if task is not None and task.cancelling() > before:
            raise asyncio.CancelledError


def stopping() -> bool:
    """For loops that go on for ever.

    Before Python 3.12 `asyncio.wait_for`, which clients use around their requests, swallows a cancellation that comes
    together with the answer; a loop that does not look would then never end.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
