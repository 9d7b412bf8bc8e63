"""The gate in front of everything that writes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from navaar_contracts.commands import AddItem
from navaar_contracts.identifiers import Platform
from navaar_runtime.failures import RateLimited
from navaar_runtime.first_sync import PlanGate, plans
from navaar_runtime.settings import load_links


async def test_what_meets_a_shut_gate_waits_at_no_cost_and_an_open_one_lets_it_through() -> None:
    command = AddItem(link="main", platform=Platform.SPOTIFY, external_id="x", asked_at=datetime.now(UTC))

    async def carried_out(command: AddItem) -> str:
        return command.external_id

    for others in ((), ("jazz",)):
        assert await PlanGate(shut=others).before(carried_out)(command) == "x"
    with pytest.raises(RateLimited) as waits:
        await PlanGate(shut=("main", "jazz")).before(carried_out)(command)
    assert waits.value.by_us
    assert "approval" in waits.value.reason


@pytest.mark.parametrize(("value", "stands"), [("plan", True), ("sync", False), ("baseline", False), (None, False)])
def test_a_plan_stands_where_the_setting_says_so(value: str | None, stands: bool) -> None:
    ids = {"NAVAAR_TELEGRAM_CHANNEL_ID": "@radio", "NAVAAR_YTMUSIC_PLAYLIST_ID": "PLx"}
    links = load_links(ids if value is None else ids | {"NAVAAR_FIRST_SYNC": value})
    assert plans(links) == ({"main"} if stands else set())
