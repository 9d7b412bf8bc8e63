"""The API behind Debian's nginx, which tells it nothing, and with the lines of the manual, which tell it everything."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.support.api_service import BEARER, TOKEN, Api, api_service
from tests.support.nginx import nginx
from tests.support.stub_ledger import StubLedger, track

READS = ("/", "/api/stats", "/api/tracks/1", "/schema", "/live", "/log", "/asyncapi.json", "/docs")
FORWARDING = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto https;"


def one_song() -> StubLedger:
    ledger = StubLedger()
    ledger.put(track(1, "Song"))
    return ledger


def plain(api: Api) -> str:
    return f"location / {{ proxy_pass {api.url}; }}"


async def test_through_a_plain_proxy_pass_nothing_is_read_without_the_token(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with (
        api_service(nats_environment, ledger=one_song(), NAVAAR_API_OPEN_READING="") as api,
        nginx(tmp_path, plain(api)) as outside,
        httpx.AsyncClient(base_url=outside, trust_env=False, timeout=20) as http,
    ):
        for path in READS:
            answer = await http.get(path)
            assert answer.status_code == 401, path
            assert answer.headers["content-type"] == "application/problem+json"
        assert (await http.get("/healthz")).status_code == 200
        assert (await http.get("/api/stats", headers=BEARER)).status_code == 200
        signed_in = await http.post("/sign-in", data={"token": TOKEN})
        assert signed_in.status_code == 303
        assert (await http.get("/api/tracks/1")).status_code == 200


async def test_a_believed_proxy_tells_clients_apart_and_that_the_way_is_encrypted(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with api_service(nats_environment, ledger=one_song(), NAVAAR_TRUSTED_PROXIES='["127.0.0.1"]') as api:
        location = f"location / {{ proxy_pass {api.url}; {FORWARDING} }}"
        async with (
            nginx(tmp_path, location) as outside,
            httpx.AsyncClient(base_url=outside, trust_env=False, timeout=20) as http,
        ):
            # Open to this machine, but a believed proxy speaks for others.
            assert (await http.get("/api/stats")).status_code == 401
            signed_in = await http.post("/sign-in", data={"token": TOKEN})
            assert "secure" in signed_in.headers["set-cookie"].lower()
