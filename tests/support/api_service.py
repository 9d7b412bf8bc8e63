"""The api service as it runs, over a stub ledger."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import httpx

from navaar_api.__main__ import create
from navaar_contracts.health import SERVICES
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load
from tests.support.ports import free_port
from tests.support.stub_ledger import StubLedger, running
from tests.support.whole_system import eventually

TOKEN = "a-token-for-the-tests-only"
BEARER = {"authorization": f"Bearer {TOKEN}"}


@dataclass
class Api:
    url: str
    ledger: StubLedger
    http: httpx.AsyncClient
    """Without a token. Reading is open to it unless a test says otherwise."""


def others(environment: Mapping[str, str]) -> list[Service]:
    """Every other service, as one that says that it is well. The ledger, which starts first, declares for all."""
    runtime = load(RuntimeSettings, {**environment, "NAVAAR_NATS_DECLARE": "false"})
    return [Service(name, runtime) for name in SERVICES if name not in ("ledger", "api")]


@contextlib.asynccontextmanager
async def api_service(
    environment: Mapping[str, str],
    *,
    ledger: StubLedger | None = None,
    with_ledger: bool = True,
    port: int | None = None,
    **more: str,
) -> AsyncIterator[Api]:
    port = port or free_port()
    known = ledger or StubLedger()
    variables = {
        "NAVAAR_API_TOKEN": TOKEN,
        "NAVAAR_API_OPEN_READING": "true",
        **environment,
        "NAVAAR_API_PORT": str(port),
        **more,
    }
    variables = {k: v for k, v in variables.items() if v}
    services = [known.service(variables), *others(variables)] if with_ledger else []
    async with (
        running(*services, create(variables)),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False) as http,
    ):

        async def answers() -> bool:
            try:
                return (await http.get("/healthz")).status_code == 200
            except httpx.TransportError:
                return False

        await eventually(answers)
        yield Api(f"http://127.0.0.1:{port}", known, http)
