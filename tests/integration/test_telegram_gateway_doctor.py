"""What the doctor finds on Telegram's side of the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from navaar_runtime.diagnostics import Level
from navaar_sandbox import Sandbox
from navaar_telegram_gateway.doctor import ADMINS, STAGING, check_write_access


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(tracks=1) as running:
        yield running


async def levels(sandbox: Sandbox, folder: Path, **more: str) -> dict[str, Level]:
    variables = sandbox.environment(folder) | {f"NAVAAR_TELEGRAM_{name}": value for name, value in more.items()}
    return {finding.subject: finding.level for finding in await check_write_access(variables)}


async def test_healthy_bot_has_nothing_to_fix(sandbox: Sandbox, tmp_path: Path) -> None:
    assert set((await levels(sandbox, tmp_path)).values()) == {Level.OK}


async def test_refused_token_is_the_only_finding(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.world.telegram.token_revoked = True
    found = await levels(sandbox, tmp_path)
    assert {subject for subject, level in found.items() if level is not Level.OK} == {"Telegram bot"}


async def test_nobody_to_tell_of_trouble_is_a_warning_that_says_so(sandbox: Sandbox, tmp_path: Path) -> None:
    variables = sandbox.environment(tmp_path) | {"NAVAAR_TELEGRAM_ADMIN_USER_IDS": "[]"}
    [finding] = [one for one in await check_write_access(variables) if one.subject == ADMINS]
    assert finding.level is Level.WARNING
    assert "nobody would be told of trouble" in finding.message
    assert "NAVAAR_TELEGRAM_ADMIN_USER_IDS" in finding.advice
    assert (await levels(sandbox, tmp_path))[ADMINS] is Level.OK


async def test_missing_right_is_a_problem(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.world.telegram.channel.can_post = False
    assert (await levels(sandbox, tmp_path))["Telegram channel of main"] is Level.PROBLEM


async def test_unknown_channel_is_a_problem(sandbox: Sandbox, tmp_path: Path) -> None:
    assert (await levels(sandbox, tmp_path, CHANNEL_ID="-100404"))["Telegram channel of main"] is Level.PROBLEM


async def test_webhook_and_missing_staging_chat_are_warnings(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.world.telegram.webhook_url = "https://elsewhere.example/hook"
    found = await levels(sandbox, tmp_path, ADMIN_USER_IDS="[]")
    assert (found["Telegram bot"], found[STAGING]) == (Level.WARNING, Level.WARNING)


async def test_administrator_who_never_pressed_start_is_a_warning(sandbox: Sandbox, tmp_path: Path) -> None:
    assert (await levels(sandbox, tmp_path, ADMIN_USER_IDS="[99]"))[STAGING] is Level.WARNING
