"""Every command that docs/operations/streams.md shows, with the real programs, against a living guarded system."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from navaar_contracts.streams import COMMANDS
from tests.deployment.guarded_nats import FOLDER, ROOT, GuardedNats, guarded_nats
from tests.deployment.restricted import USERS
from tests.support.nats_cli import program
from tests.support.ports import free_port
from tests.support.shown_commands import agrees, plain, shown
from tests.support.whole_system import Navaar, Platforms, eventually, platforms, up_environment

PAGE = ROOT / "docs" / "operations" / "streams.md"
DEADLINE_S = 120.0
pytestmark = [pytest.mark.timeout(900), pytest.mark.asyncio(loop_scope="module")]


@dataclass(frozen=True)
class Living:
    """A running system, and a person's shell beside it."""

    server: GuardedNats
    folder: Path
    environment: dict[str, str]

    async def run(self, command: str) -> str:
        """What a command line prints, errors included."""
        process = await asyncio.create_subprocess_exec(
            *("bash", "-c", command),
            cwd=self.folder,
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(DEADLINE_S):
            out, _ = await process.communicate()
        return out.decode()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def living(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Living]:
    found = program()
    assert found is not None, "the NATS CLI is missing: .ci/run builds it"
    folder = tmp_path_factory.mktemp("streams")
    async with (
        platforms(folder, "--tracks", "4") as world,
        guarded_nats(folder / "nats") as server,
        contextlib.AsyncExitStack() as stack,
    ):
        variables = up_environment(world, folder, NAVAAR_NATS_URL=server.url, NAVAAR_NATS_DECLARE="false")
        await _start(variables, server, folder, stack)
        await world.person("add", number=0, side="telegram")
        await world.person("add", number=1, side="spotify")
        await eventually(lambda: _have_both(world))
        await _send_what_nobody_can_read(server)
        _as_navaar_up_leaves_it(server, folder / "navaar-data" / "nats")
        environment = {
            **os.environ,
            **variables,
            "XDG_CONFIG_HOME": str(folder / "config"),
            "PATH": os.pathsep.join([str(Path(found).parent), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "COLUMNS": "120",
            "NO_COLOR": "1",
            "NAVAAR_NATS_NKEY_SEED_FILE": str(server.seed("operator")),
        }
        await asyncio.to_thread(_make_contexts, folder, server.url, environment)
        yield Living(server, folder, environment)


def _as_navaar_up_leaves_it(server: GuardedNats, place: Path) -> None:
    place.mkdir(parents=True)
    (place / "url").write_text(server.url)
    shutil.copytree(server.seed("operator").parent, place / "keys")


def _make_contexts(folder: Path, url: str, environment: dict[str, str]) -> None:
    """As the page says, with the keys of the containers."""
    making = [sys.executable, str(FOLDER / "contexts.py"), str(folder / "nats" / "keys"), "--server", url]
    subprocess.run(making, env=environment, check=True, capture_output=True)


async def _start(
    variables: dict[str, str], server: GuardedNats, folder: Path, stack: contextlib.AsyncExitStack
) -> None:
    for name, user in USERS.items():
        own = {"NAVAAR_HEALTH_PORT": str(free_port()), "NAVAAR_NATS_NKEY_SEED_FILE": str(server.seed(user))}
        service = Navaar({**variables, **own}, folder / name, "run", name)
        await service.start()
        stack.push_async_callback(service.stop)
        if name == "api":
            api = service
    await api.until_ready()


async def _have_both(world: Platforms) -> bool:
    return all(tally["present"] == 2 for tally in (await world.compare()).values())


async def _send_what_nobody_can_read(server: GuardedNats) -> None:
    operator = await server.connect("operator")
    context = operator.jetstream()
    body = b'{"link": "main", "track_id": 2, "target": "spotify"}'
    headers = {"Navaar-Type": "FindCandidates"}
    await context.publish("navaar.cmd.spotify.find-candidates.main", body, stream=COMMANDS.name, headers=headers)

    async def is_buried() -> bool:
        return (await context.stream_info("NAVAAR_DEAD")).state.messages == 1

    await eventually(is_buried, DEADLINE_S)
    await operator.close()


async def test_every_command_of_the_page_prints_what_the_page_shows(living: Living) -> None:
    wrong = []
    for each in shown(PAGE.read_text(encoding="utf-8")):
        printed = await living.run(each.command)
        if not agrees(each.output, printed):
            told = "\n".join(kept for line in printed.splitlines() if (kept := plain(line)))
            wrong.append(f"{PAGE.name}:{each.line}: $ {each.command}\n{told}")
    assert not wrong, "\n\n".join(wrong)


async def test_contexts_are_private_and_hold_no_key(living: Living) -> None:
    made = sorted((living.folder / "config" / "nats" / "context").glob("navaar-*.json"))
    assert len(made) == len(USERS) + 2
    seeds = [path.read_text().strip() for path in (living.folder / "nats" / "keys").glob("*.nk")]
    for path in made:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert not any(seed in path.read_text() for seed in seeds)


async def test_inspector_lists_dead_letters_and_checks_the_ledger_but_sends_nothing(living: Living) -> None:
    inspecting = f"NAVAAR_NATS_NKEY_SEED_FILE={living.server.seed('inspector')}"
    assert '"letters"' in await living.run(f"{inspecting} navaar dead --json")
    assert "no difference" in await living.run(f"{inspecting} navaar rebuild --check")
    refused = await living.run(f"{inspecting} navaar replay events --from 1 --to 20 --yes")
    assert "0 of " in refused, refused
