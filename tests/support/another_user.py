"""What another user of this machine can do: a part of a test that runs in a child process without our rights."""

from __future__ import annotations

import encodings.idna  # noqa: F401 - sockets load it late, and the other user cannot read our interpreter
import json
import os
import warnings
from collections.abc import Callable
from typing import Any

NOBODY = 65534


def as_another_user(act: Callable[[], Any]) -> Any:
    """What `act` returns, as JSON holds it, when another user of this machine does it.

    Only root can become somebody else. Without it the same is done as ourselves, and a warning says so: what is kept by
    keys is shown all the same, what is kept by the modes of files must be looked at as well.
    """
    if os.geteuid() != 0:
        warnings.warn("not root: another user of the machine is played by ourselves", stacklevel=2)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        # The test's own machinery must not run twice, whatever happens here.
        try:
            os.close(reading)
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            said = {"done": act()}
        except BaseException as error:  # noqa: BLE001 - it is told to the test
            said = {"failed": f"{type(error).__name__}: {error}"}
        with os.fdopen(writing, "w") as pipe:
            json.dump(said, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = json.load(pipe)
    os.waitpid(child, 0)
    assert "done" in told, told
    return told["done"]
