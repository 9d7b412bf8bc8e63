"""Who may read, who may write, from where, and what leaks."""

from __future__ import annotations

import asyncio
import re
import stat
from pathlib import Path

import httpx
import pytest

from navaar_api import dashboard_links
from navaar_api.wrong_tokens import ALLOWED
from navaar_contracts.commands import DeleteTrack, RetryDeliveries
from navaar_contracts.identifiers import DeliveryState, Platform
from tests.support.api_service import BEARER, TOKEN, Api, api_service
from tests.support.stub_ledger import StubLedger, track

WRITES = [
    ("POST", "/api/sync"),
    ("POST", "/api/retry"),
    ("POST", "/api/pause"),
    ("POST", "/api/tracks/1/retry"),
    ("POST", "/api/tracks/1/wrong-match"),
    ("POST", "/api/tracks/1/part"),
    ("DELETE", "/api/tracks/1"),
    ("POST", "/api/reviews/1/spotify"),
    ("POST", "/actions/retry"),
    ("POST", "/actions/delete"),
    ("POST", "/actions/pause"),
    ("POST", "/actions/sync"),
    ("POST", "/actions/answer"),
    ("POST", "/actions/wrong-match"),
    ("POST", "/actions/part"),
]
READS = [
    "/api/stats",
    "/api/tracks",
    "/api/tracks/1",
    "/api/logs",
    "/schema",
    "/docs",
    "/asyncapi.json",
    "/live",
    "/log",
]
HTML = {"accept": "text/html"}


def one_failed() -> StubLedger:
    ledger = StubLedger()
    ledger.put(track(1, "Lost", states={Platform.SPOTIFY: DeliveryState.FAILED}))
    return ledger


async def sign_in(api: Api, token: str = TOKEN) -> httpx.Response:
    return await api.http.post("/sign-in", data={"token": token, "next": "/failures"})


async def mark_of(api: Api) -> str:
    found = re.search(r'name="mark" value="([0-9a-f]+)"', (await api.http.get("/", headers=HTML)).text)
    assert found
    return found[1]


async def test_writing_always_needs_the_token(nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=one_failed()) as api:
        for method, path in WRITES:
            answer = await api.http.request(method, path)
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert answer.headers["content-type"] == "application/problem+json"
        assert not api.ledger.commands


async def test_reading_that_is_open_to_this_machine_is_not_open_through_a_proxy(
    nats_environment: dict[str, str],
) -> None:
    async with api_service(nats_environment, ledger=one_failed(), NAVAAR_API_OPEN_READING="true") as api:
        assert (await api.http.get("/api/stats")).status_code == 200
        for name in ("x-forwarded-for", "forwarded", "via", "cf-connecting-ip", "true-client-ip", "x-real-ip"):
            proxied = await api.http.get("/api/stats", headers={name: "203.0.113.9"})
            assert proxied.status_code == 401, name
            assert (await api.http.get("/api/stats", headers={name: "203.0.113.9", **BEARER})).is_success


@pytest.mark.parametrize("settings", [{}, {"NAVAAR_API_HOST": "0.0.0.0", "NAVAAR_API_OPEN_READING": "true"}])
async def test_only_health_and_metrics_are_open_by_default_and_beyond_loopback(
    nats_environment: dict[str, str], settings: dict[str, str]
) -> None:
    chosen = {"NAVAAR_API_OPEN_READING": "", **settings}
    async with api_service(nats_environment, ledger=one_failed(), **chosen) as api:
        for path in ("/healthz", "/readyz", "/metrics", "/sign-in", "/static/navaar.css"):
            assert (await api.http.get(path)).status_code in (200, 503), path
        for path in READS:
            assert (await api.http.get(path)).status_code == 401, path
        page = await api.http.get("/", headers=HTML)
        assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=/")
        assert (await api.http.get("/api/stats", headers=BEARER)).status_code == 200


async def test_a_wrong_token_is_refused_even_for_open_reading(nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=one_failed()) as api:
        answer = await api.http.get("/api/stats", headers={"authorization": "Bearer wrong"})
        assert answer.status_code == 401
        assert TOKEN not in answer.text


async def test_after_many_wrong_tokens_guessing_is_slow_and_the_right_one_still_gets_in(
    nats_environment: dict[str, str],
) -> None:
    async with api_service(nats_environment, ledger=one_failed()) as api:
        for n in range(ALLOWED):
            # Whatever is written into a header that nobody is believed: all of it is one client.
            forged = {"x-forwarded-for": f"203.0.113.{n}", "authorization": f"Bearer {n:04}-wrong"}
            assert (await api.http.get("/api/stats", headers=forged)).status_code == 401
        blocked = await sign_in(api, "wrong")
        assert blocked.status_code == 429
        program = await api.http.get(
            "/api/stats", headers={"authorization": "Bearer wrong", "x-forwarded-for": "203.0.113.99"}
        )
        assert program.status_code == 429
        assert int(program.headers["retry-after"]) > 0
        assert (await api.http.get("/api/stats", headers=BEARER)).status_code == 200
        assert (await sign_in(api)).status_code == 303


async def test_a_link_of_the_owner_signs_in_once(nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=one_failed(), NAVAAR_API_OPEN_READING="") as api:
        port = api.url.rpartition(":")[2]
        link = dashboard_links.link({**nats_environment, "NAVAAR_API_TOKEN": TOKEN, "NAVAAR_API_PORT": port})
        assert link.startswith(f"{api.url}/sign-in?code=")
        assert TOKEN not in link
        async with httpx.AsyncClient(trust_env=False) as browser:
            entered = await browser.get(link)
            assert (entered.status_code, entered.headers["location"]) == (303, "/")
            assert (await browser.get(f"{api.url}/api/stats")).status_code == 200
            # Those who are in already lose nothing by it.
            assert (await browser.get(link)).status_code == 303
        again = await api.http.get(link)
        assert again.status_code == 401
        assert "navaar dashboard" in again.text
        assert (await api.http.get("/sign-in?code=1.2.3")).status_code == 401
        assert (await api.http.get("/api/stats")).status_code == 401


async def test_a_made_token_is_private_unlogged_and_works(
    nats_environment: dict[str, str], capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    data = Path(nats_environment["NAVAAR_DATA_DIR"])
    async with api_service(nats_environment, ledger=one_failed(), NAVAAR_API_TOKEN="") as api:
        file = data / "api-token"
        written = capsys.readouterr()
        assert file.read_text() not in written.out + written.err + caplog.text
        assert "api-token" in written.out + written.err + caplog.text
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        bearer = {"authorization": f"Bearer {file.read_text()}"}
        assert (await api.http.post("/api/retry", headers=bearer)).status_code == 202
        assert (await api.http.post("/api/retry", headers=BEARER)).status_code == 401


async def test_another_name_is_refused(nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=one_failed()) as api:
        rebound = await api.http.get("/api/stats", headers={"host": "evil.example"})
        assert rebound.status_code == 421
        assert rebound.headers["content-type"] == "application/problem+json"
        assert (await api.http.get("/healthz", headers={"host": "localhost"})).status_code == 200


async def test_every_answer_carries_the_security_headers(nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=one_failed()) as api:
        for path in ("/", "/healthz", "/api/stats", "/nothing", "/static/live.js", "/api/tracks?limit=0", "/docs"):
            headers = (await api.http.get(path)).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "script-src 'self';" in policy
            assert "frame-ancestors 'none'" in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert "server" not in headers
        assert "unsafe" not in (await api.http.get("/")).headers["content-security-policy"]


async def test_pages_have_no_inline_script_or_style(nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=one_failed()) as api:
        await sign_in(api)
        for path in ("/", "/failures", "/questions", "/log", "/tracks/1", "/docs", "/asyncapi", "/sign-in"):
            text = (await api.http.get(path, headers=HTML)).text
            assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
            assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", text), path


async def test_a_signed_in_browser_has_a_private_cookie(nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=one_failed()) as api:
        answer = await sign_in(api)
        assert (answer.status_code, answer.headers["location"]) == (303, "/failures")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        assert TOKEN not in cookie
        left = await api.http.post("/sign-out")
        assert left.status_code == 303
        assert (await api.http.post("/actions/retry")).status_code == 401


@pytest.mark.parametrize("where", ["https://evil.example", "//evil.example", "/\\evil.example"])
async def test_signing_in_never_leads_to_another_site(nats_environment: dict[str, str], where: str) -> None:
    async with api_service(nats_environment, ledger=one_failed()) as api:
        answer = await api.http.post("/sign-in", data={"token": TOKEN, "next": where})
        assert answer.headers["location"] == "/"


async def test_forms_need_their_mark_and_our_own_site(nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=one_failed()) as api:
        await sign_in(api)
        mark = await mark_of(api)
        form = {"track": "1", "target": "spotify", "back": "/failures"}
        assert (await api.http.post("/actions/retry", data=form)).status_code == 403
        assert (await api.http.post("/actions/retry", data={**form, "mark": "0" * 64})).status_code == 403
        elsewhere = {"origin": "https://evil.example"}
        assert (
            await api.http.post("/actions/retry", data={**form, "mark": mark}, headers=elsewhere)
        ).status_code == 403
        cross = {"sec-fetch-site": "cross-site"}
        assert (await api.http.post("/actions/retry", data={**form, "mark": mark}, headers=cross)).status_code == 403
        assert (await api.http.post("/sign-in", data={"token": "x"}, headers=cross)).status_code == 403
        assert not api.ledger.commands
        done = await api.http.post("/actions/retry", data={**form, "mark": mark})
        assert (done.status_code, done.headers["location"]) == (303, "/failures?done=retry")
        assert (await api.ledger.told(RetryDeliveries))[0].track_id == 1


async def test_a_session_writes_to_the_api_only_with_its_mark(nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=one_failed()) as api:
        await sign_in(api)
        assert (await api.http.delete("/api/tracks/1")).status_code == 403
        marked = await api.http.delete("/api/tracks/1", headers={"x-csrf-token": await mark_of(api)})
        assert marked.status_code == 202
        assert (await api.ledger.told(DeleteTrack))[0].track_id == 1


async def test_a_form_that_comes_too_late_says_so(nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=one_failed()) as api:
        await sign_in(api)
        mark = await mark_of(api)
        api.ledger.put(track(1, "Lost"))
        late = await api.http.post("/actions/retry", data={"track": "1", "mark": mark, "back": "/"})
        assert late.headers["location"] == "/?done=nothing"
        assert not api.ledger.commands


async def test_a_group_of_failures_is_retried_as_one(nats_environment: dict[str, str]) -> None:
    ledger = StubLedger()
    for n in range(1, 4):
        failed = {Platform.SPOTIFY: DeliveryState.FAILED}
        cause = {Platform.SPOTIFY: {"cause": "no_match" if n < 3 else "place_failed", "reason": "r"}}
        ledger.put(track(n, f"Lost {n}", states=failed, details=cause))
    async with api_service(nats_environment, ledger=ledger) as api:
        await sign_in(api)
        form = {"mark": await mark_of(api), "group": "spotify.no_match", "back": "/failures"}
        assert (await api.http.post("/actions/retry", data=form)).headers["location"] == "/failures?done=retry"
        told = await ledger.told(RetryDeliveries, 2)
        assert {(c.track_id, c.target) for c in told} == {(1, Platform.SPOTIFY), (2, Platform.SPOTIFY)}


async def test_the_live_stream_ends_when_the_service_stops(nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=one_failed()) as api:
        reading = asyncio.create_task(_read_all(api))
        await asyncio.wait_for(reading_has_begun(api), 5)
    text = await asyncio.wait_for(reading, 5)
    assert "event: hello" in text


async def _read_all(api: Api) -> str:
    # Its own client: the other one is closed before the service stops.
    async with httpx.AsyncClient(base_url=api.url, trust_env=False) as http, http.stream("GET", "/live") as stream:
        api.ledger.questions = -1
        return "".join([part async for part in stream.aiter_text()])


async def reading_has_begun(api: Api) -> None:
    while api.ledger.questions != -1:
        await asyncio.sleep(0.02)
