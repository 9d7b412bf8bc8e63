"""Everybody can use it: axe finds nothing serious, on any page, light or dark, on a desktop or a phone.

Pictures of the pages go to the folder named by NAVAAR_TEST_SCREENSHOTS (docs/screenshots when they are renewed), else
to the test's own.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from navaar_contracts.events import DeliverySynced
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load
from tests.support.api_service import TOKEN, api_service
from tests.support.stub_ledger import StubLedger, joined_pair, proposal, running, track
from tests.support.whole_system import platforms

pytestmark = [pytest.mark.timeout(400), pytest.mark.asyncio(loop_scope="session")]

SIZES = {"desktop": {"width": 1280, "height": 860}, "phone": {"width": 390, "height": 844}}
PAGES = {
    "now": "/",
    "track": "/tracks/9",
    "posts": "/tracks/61",
    "questions": "/questions",
    "failures": "/failures",
    "log": "/log",
    "messages": "/asyncapi",
    "nothing": "/tracks/4040",
}
PICTURED = ("now", "track", "questions")
S, T, Y = Platform.SPOTIFY, Platform.TELEGRAM, Platform.YOUTUBE
NOT_FOUND = {"cause": "no_match", "reason": "None of 12 candidates on Spotify is close enough."}


def busy_day(covers: str) -> StubLedger:
    """A ledger with every state there is. `covers` is an address under which covers are."""
    now = datetime.now(UTC)
    ledger = StubLedger()
    ledger.put(*joined_pair(61, 62))

    def put(number: int, title: str, artist: str, minutes: float, **more: Any) -> None:
        item = {"cover_url": f"{covers}/{number}.jpg"} if number % 5 else {}
        at = now - timedelta(minutes=minutes)
        ledger.put(track(number, title, artist, created_at=at, item=item, **more))

    alternatives = (
        proposal(
            "a", "Amber Harbour", 0.74, "title agrees", "artist agrees", "11 s longer", cover_url=f"{covers}/a.jpg"
        ),
        proposal("b", "Amber Harbour (Live at the Pier)", 0.61, "title agrees", "candidate is a live version"),
        proposal("c", "Amber Harbor", 0.52, "title is close", cover_url=f"{covers}/c.jpg"),
    )
    unsure = {"reason": "Two recordings are too much alike.", "alternatives": alternatives}
    put(14, "Midnight Telegraph", "Delia Crane", 0.2, origin=S, states={T: DeliveryState.DOWNLOADING})
    put(13, "کوچه خاموش", "کاوه رهسپار", 0.4, origin=T, states={S: DeliveryState.SEARCHING, Y: DeliveryState.MATCHING})
    put(12, "Снег и Луна", "Оксана Вербна", 1, states={S: DeliveryState.SYNCING, T: DeliveryState.PENDING})
    put(11, "Paper Lanterns", "The Quiet Harbours", 3, states={S: DeliveryState.FAILED}, details={S: NOT_FOUND})
    put(9, "Amber Harbour", "Juniper Vale", 9, states={S: DeliveryState.REVIEW}, details={S: unsure})
    put(8, "Corazón Canción", "Los Faroleños", 14, origin=T)
    put(7, "باران تنها", "پرهام کوهیار، گروه نیلبک", 33, origin=S)
    put(6, "Été Éternel", "Los Faroleños", 52, states={S: DeliveryState.DUPLICATE})
    later = {"due_at": now + timedelta(minutes=4), "cause": "download_failed", "reason": "The site asks for a pause."}
    put(
        5,
        "Broken Orchard",
        "Northlight Choir",
        70,
        origin=S,
        states={T: DeliveryState.RETRY_SCHEDULED},
        details={T: later},
    )
    put(4, "Silver Lanterns", "Northlight Choir", 95, states={S: DeliveryState.FAILED}, details={S: NOT_FOUND})
    put(3, "Kleine Nachtfahrt", "Mira Holm", 140, origin=T)
    put(2, "Glass Rivers", "Delia Crane", 200, origin=S)
    for event, details, direction in (
        ("track_discovered", "Found on youtube: Juniper Vale - Amber Harbour.", None),
        ("identified", "Juniper Vale - Amber Harbour, from yt_metadata.", None),
        ("candidates_found", "7 candidates for 'Juniper Vale Amber Harbour'.", Direction.YT_TO_SP),
        ("audio_ready", "m4a, 3.7 MB, tagged, with cover.", Direction.YT_TO_TG),
        ("track_synced", "Placed on telegram as 9.", Direction.YT_TO_TG),
        ("sync_failed", "Spotify did not answer; tried again.", Direction.YT_TO_SP),
        ("review", "Two recordings are too much alike.", Direction.YT_TO_SP),
    ):
        ledger.note(9, event, details, direction)
    ledger.log = [e.model_copy(update={"created_at": now - timedelta(minutes=9)}) for e in ledger.log]
    ledger.last_cycle = dict.fromkeys(Direction, now)
    return ledger


def delivered(number: int, direction: Direction) -> DeliverySynced:
    return DeliverySynced(
        link="main", track_id=number, direction=direction, state=DeliveryState.SYNCED, display="x", seconds=2
    )


async def serious(page: Page) -> list[str]:
    found = (await Axe().run(page)).response["violations"]
    return [
        f"{v['id']}: {v['help']}: {[n['target'] for n in v['nodes']][:3]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_serious(
    browser: Browser, nats_environment: dict[str, str], tmp_path: Path, size: str, scheme: Literal["light", "dark"]
) -> None:
    pictures = Path(os.environ.get("NAVAAR_TEST_SCREENSHOTS") or tmp_path / "screenshots")
    pictures.mkdir(parents=True, exist_ok=True)
    speaker = Service("speaker", load(RuntimeSettings, nats_environment))
    async with (
        platforms(tmp_path, "--tracks", "1") as world,
        running(speaker),
        api_service(nats_environment, ledger=busy_day(f"{world.url}/media/covers")) as api,
    ):
        for number, direction in enumerate(list(Direction) * 4, 1):
            await speaker.publisher.publish(delivered(number, direction))
        context = await browser.new_context(
            viewport=SIZES[size],  # type: ignore[arg-type]
            color_scheme=scheme,
            reduced_motion="reduce",
            device_scale_factor=1,
        )
        page = await context.new_page()
        await page.goto(f"{api.url}/sign-in")
        assert await serious(page) == []
        await page.get_by_label("API token").fill(TOKEN)
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url(f"{api.url}/")
        for name, path in PAGES.items():
            await page.goto(f"{api.url}{path}")
            await page.wait_for_load_state("load")
            assert await serious(page) == [], name
            if name in PICTURED:
                await expect(page.get_by_text("Live", exact=True)).to_be_visible()
                picture = pictures / f"{name}-{size}-{scheme}.png"
                await page.screenshot(path=picture)
                assert picture.stat().st_size > 10_000
