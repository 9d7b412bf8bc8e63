"""A service that fails is started anew while health says so; the health server tells."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Mapping
from typing import Any

import pytest

from navaar_runtime.health_server import HealthServer
from navaar_runtime.run import Supervisor
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load


async def fetch(port: int, path: str) -> tuple[int, bytes]:
    def get() -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    return await asyncio.to_thread(get)


async def test_a_failing_service_is_started_anew_and_says_so(nats_environment: dict[str, str]) -> None:
    built: list[Service] = []
    broken = asyncio.Event()

    def create(environment: Mapping[str, str]) -> Service:
        service = Service("spotify", load(RuntimeSettings, environment))

        async def watcher() -> None:
            if len(built) == 1:
                raise ValueError("broken pipe to nowhere")
            broken.set()
            await asyncio.Event().wait()

        service.background("watcher", watcher)
        built.append(service)
        return service

    stop = asyncio.Event()
    supervisor = Supervisor(create, nats_environment)
    task = asyncio.create_task(supervisor.run(stop))
    async with HealthServer(supervisor.report, host="127.0.0.1", port=0) as server, asyncio.timeout(30):
        while supervisor.restarts == 0:
            await asyncio.sleep(0.01)
        status, body = await fetch(server.port, "/readyz")
        assert status == 503
        assert "broken pipe to nowhere" in body.decode()
        assert (await fetch(server.port, "/livez"))[0] == 200
        await broken.wait()
        while (await fetch(server.port, "/readyz"))[0] != 200:
            await asyncio.sleep(0.05)
        status, metrics = await fetch(server.port, "/metrics")
        assert status == 200
        assert b"python_info" in metrics
        assert (await fetch(server.port, "/nothing"))[0] == 404
    stop.set()
    async with asyncio.timeout(30):
        await task
    assert len(built) == 2


@pytest.mark.parametrize("request_bytes", [b"", b"\r\n\r\n", b"GET\r\n\r\n", b"A" * 20000, b"GET / HTTP/1.1\r\n"])
async def test_the_health_server_survives_anything(request_bytes: bytes) -> None:
    async def fine() -> dict[str, Any]:
        return {}

    async with HealthServer(fine, host="127.0.0.1", port=0) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(request_bytes)
        writer.write_eof()
        async with asyncio.timeout(15):
            await reader.read()
        writer.close()
        status, body = await fetch(server.port, "/readyz")
        assert status == 200
        assert json.loads(body)["status"] == "ok"


async def test_what_a_part_is_at_present_stands_beside_readiness() -> None:
    async def fine() -> dict[str, Any]:
        return {"nats": None}

    async def details() -> dict[str, str]:
        return {"library": "version 7"}

    async with HealthServer(fine, host="127.0.0.1", port=0, details=details) as server:
        status, body = await fetch(server.port, "/readyz")
    assert status == 200
    assert json.loads(body) == {"status": "ok", "parts": {"nats": None}, "details": {"library": "version 7"}}
