"""Every service as its own process with its own NATS user, none of which may declare anything."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from pathlib import Path

from navaar_contracts.identifiers import Platform
from tests.support.ports import free_port
from tests.support.whole_system import Navaar

USERS = {
    **{name: name for name in ("api", "ledger", "identifier", "downloader")},
    **{platform.spec.gateway: platform.value for platform in Platform},
}
"""The NATS user of every service."""


@contextlib.asynccontextmanager
async def processes(
    folder: Path,
    environment: Mapping[str, str],
    seed: Callable[[str], Path],
    twice: Iterable[str] = (),
) -> AsyncIterator[dict[str, Navaar]]:
    """`navaar run` of every service, stopped at the end.

    Args:
        folder: where their logs go.
        environment: what all of them are told.
        seed: the file that holds a user's key.
        twice: services of which a second one runs, named 'ledger-2'.
    """
    running: dict[str, Navaar] = {}
    async with contextlib.AsyncExitStack() as stack:
        for name, service in [*((s, s) for s in USERS), *((f"{s}-2", s) for s in twice)]:
            variables = {
                **environment,
                "NAVAAR_HEALTH_PORT": str(free_port()),
                "NAVAAR_NATS_NKEY_SEED_FILE": str(seed(USERS[service])),
            }
            if name != service:
                variables["NAVAAR_API_PORT"] = str(free_port())
            running[name] = Navaar(variables, folder / name, "run", service)
            await running[name].start()
            stack.push_async_callback(running[name].stop)
        yield running


def refused(*logs: Path) -> set[tuple[str, str]]:
    """(client, what it may not) for everything that NATS servers have forbidden."""
    pattern = r'python3:(navaar-[a-z]+)" .* - ((?:Publish|Subscription) Violation - .*)'
    return {found for log in logs for found in re.findall(pattern, log.read_text())}
