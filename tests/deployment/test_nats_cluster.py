"""Three NATS servers keep every message when one of them dies."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import nats
import nats.errors
import pytest
from nats.js.errors import APIError, NoStreamResponseError

from navaar_contracts.streams import EVENTS
from navaar_runtime.declare import Topology
from tests.deployment.nats_cluster import DEADLINE_S, SERVERS, cluster

pytestmark = pytest.mark.timeout(400)


async def test_three_servers_keep_every_message_when_the_leader_dies(tmp_path: Path) -> None:
    async with cluster(tmp_path, Topology(replicas=SERVERS)) as servers:
        operator = await servers.connect("operator")
        spotify = await servers.connect("spotify")
        for number in range(10):
            await _publish(spotify, number)
        info = await operator.jetstream(timeout=5).stream_info(EVENTS.name)
        assert info.config.num_replicas == SERVERS
        await servers.kill_leader(EVENTS.name)
        for number in range(10, 20):
            await _publish(spotify, number)
        async with asyncio.timeout(DEADLINE_S):
            while True:
                with contextlib.suppress(TimeoutError, nats.errors.Error, APIError):
                    left = await operator.jetstream(timeout=2).stream_info(EVENTS.name)
                    assert left.state.messages == 20
                    break
        await spotify.close()
        await operator.close()


async def _publish(client: nats.NATS, number: int) -> None:
    """Until it is stored; the id makes a repetition harmless."""
    js = client.jetstream(timeout=2)
    async with asyncio.timeout(DEADLINE_S):
        while True:
            with contextlib.suppress(TimeoutError, nats.errors.Error, NoStreamResponseError, APIError):
                await js.publish(
                    "navaar.evt.item.sighted.main", b"{}", stream=EVENTS.name, headers={"Nats-Msg-Id": f"n{number}"}
                )
                return
            await asyncio.sleep(0.1)
