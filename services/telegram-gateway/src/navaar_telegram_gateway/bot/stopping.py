"""Whether the running task has been asked to end."""

from __future__ import annotations

import asyncio


def stopping() -> bool:
    """For loops that go on for ever.

    Before Python 3.12 `asyncio.wait_for`, which clients use around their requests, swallows a cancellation that comes
    together with the answer; a loop that does not look would then never end.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
