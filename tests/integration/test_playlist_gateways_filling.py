"""A playlist that is nearly full is told once for each time that it becomes so, whatever restarts in between."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from navaar_contracts.events import CollectionOpened, NoticeGiven
from navaar_contracts.identifiers import Platform
from navaar_runtime.service import Service
from tests.support.gateways import DEADLINE_S, PLAYLIST_PLATFORMS, Stage, running, stage, until

SMALL = tuple(platform for platform in PLAYLIST_PLATFORMS if (platform.spec.holds_at_most or 1_000) < 1_000)


def notices(at: Stage) -> set[str]:
    """What was told, each once: a notice may be delivered twice."""
    return {each.message_id() for each in at.ledger.of(NoticeGiven)}


async def until_shown(service: Service, words: str) -> None:
    """Wait until the details beside readiness say so."""
    async with asyncio.timeout(DEADLINE_S):
        while words not in (await service.details()).get("playlist main", ""):
            await asyncio.sleep(0.02)


if SMALL:  # Of those that are there outside of the fourth platform's tests, none can be filled in a moment.

    @pytest.mark.parametrize("platform", SMALL, ids=str)
    async def test_a_playlist_that_becomes_nearly_full_is_told_once(
        platform: Platform, nats_environment: dict[str, str], tmp_path: Path
    ) -> None:
        most = platform.spec.holds_at_most or 0
        async with stage(platform, nats_environment, tmp_path, tracks=most) as at:
            at.add(*range(most - 2))
            service = at.gateway()
            async with running(service):
                await at.ledger.wait(CollectionOpened)
                await until_shown(service, f"{most - 2:,} of the {most:,} entries")
                assert (await service.health()).notes["filling main"] is None
                at.add(most - 2)
                await at.poll()
                (notice,) = await at.ledger.wait(NoticeGiven)
                assert f"{most - 1:,} of the {most:,} entries" in notice.details
                assert "Take out" in notice.details
                assert f"{most - 1:,}" in str((await service.health()).notes["filling main"])
            async with running(again := at.gateway()):
                await until_shown(again, f"{most - 1:,} of the {most:,} entries")
                # It falls below, and rises again: a second crossing.
                at.playlist.remove(frozenset({at.playlist.entries[0].slot}))
                await at.poll()
                await until_shown(again, f"{most - 2:,} of the {most:,} entries")
                assert len(notices(at)) == 1
                at.add(most - 1)
                await at.poll()
                await until(lambda: len(notices(at)) == 2)
