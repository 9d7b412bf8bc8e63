"""Every service as its own process with its own NATS user, none of which may declare anything."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest

from tests.deployment.guarded_nats import guarded_nats
from tests.support.whole_system import Navaar, free_port, platforms, until_exactly, up_environment

pytestmark = pytest.mark.timeout(240)

USERS = {
    "api": "api",
    "ledger": "ledger",
    "identifier": "identifier",
    "downloader": "downloader",
    "telegram-gateway": "telegram",
    "ytmusic-gateway": "youtube",
    "spotify-gateway": "spotify",
}


async def test_restricted_services_sync_six_ways_and_are_never_refused(tmp_path: Path) -> None:
    async with (
        platforms(tmp_path, "--tracks", "6") as world,
        guarded_nats(tmp_path / "nats") as server,
        contextlib.AsyncExitStack() as stack,
    ):
        environment = up_environment(world, tmp_path, NAVAAR_NATS_URL=server.url, NAVAAR_NATS_DECLARE="false")
        running: dict[str, Navaar] = {}
        for name, user in USERS.items():
            variables = {
                **environment,
                "NAVAAR_HEALTH_PORT": str(free_port()),
                "NAVAAR_NATS_NKEY_SEED_FILE": str(server.seed(user)),
            }
            running[name] = Navaar(variables, tmp_path / name, "run", name)
            await running[name].start()
            stack.push_async_callback(running[name].stop)
        try:
            await running["api"].until_ready()
            await world.person("play", count=6)
            await until_exactly(world, 6, running["ledger"], deadline_s=120)
        finally:
            # Said first: a refusal is the likeliest reason for whatever else went wrong.
            assert refused(tmp_path / "nats" / "nats.log") == set()


def refused(log: Path) -> set[tuple[str, str]]:
    """(client, what it may not) for everything the server has forbidden."""
    pattern = r'python3:(navaar-[a-z]+)" .* - ((?:Publish|Subscription) Violation - .*)'
    return set(re.findall(pattern, log.read_text()))
