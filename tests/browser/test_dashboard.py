"""The dashboard as a person uses it, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from navaar_contracts.commands import AnswerReview, DeleteTrack, PartTrack, ReportWrongMatch, RetryDeliveries, SetPause
from navaar_contracts.events import DeliverySynced, TrackIdentified
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.message import Message
from navaar_contracts.music import Recording
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load
from tests.support.api_service import TOKEN, Api, api_service
from tests.support.stub_ledger import StubLedger, joined_pair, proposal, running, track
from tests.support.whole_system import navaar, platforms

pytestmark = [pytest.mark.timeout(400), pytest.mark.asyncio(loop_scope="session")]

PHONE = ViewportSize(width=390, height=844)
SPOTIFY = Platform.SPOTIFY


def lost(number: int = 1, title: str = "Lost Song") -> StubLedger:
    ledger = StubLedger()
    details = {SPOTIFY: {"cause": "no_match", "reason": "nothing like it was found"}}
    ledger.put(track(number, title, states={SPOTIFY: DeliveryState.FAILED}, details=details))
    ledger.note(number, "track_discovered", "Found on youtube.")
    return ledger


async def sign_in(page: Page, api: Api, where: str = "/") -> None:
    await page.goto(f"{api.url}/sign-in?next={where}")
    await page.get_by_label("API token").fill(TOKEN)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(f"{api.url}{where}")


def identified(number: int) -> TrackIdentified:
    return TrackIdentified(link="main", track_id=number, recording=Recording(title="x"), method="yt_metadata")


def synced(number: int) -> DeliverySynced:
    return DeliverySynced(
        link="main",
        track_id=number,
        direction=Direction.YT_TO_SP,
        state=DeliveryState.SYNCED,
        display="x",
        seconds=1,
    )


async def test_a_track_appears_and_completes_live(browser: Browser, nats_environment: dict[str, str]) -> None:
    ledger = StubLedger()
    speaker = Service("speaker", load(RuntimeSettings, nats_environment))

    async def say(message: Message) -> None:
        await speaker.publisher.publish(message)

    async with running(speaker), api_service(nats_environment, ledger=ledger) as api:
        page = await browser.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
        await page.goto(api.url)
        await expect(page.get_by_text("No songs yet.")).to_be_visible()
        await expect(page.get_by_text("Live", exact=True)).to_be_visible()

        moving = {SPOTIFY: DeliveryState.SEARCHING, Platform.TELEGRAM: DeliveryState.DOWNLOADING}
        ledger.put(track(5, "Fresh Song", states=moving))
        await say(identified(5))
        row = page.get_by_role("row", name="Fresh Song")
        await expect(row).to_be_visible()
        await expect(row.get_by_role("cell").nth(0)).to_contain_text("Downloading")
        await expect(row.get_by_role("cell").nth(1)).to_contain_text("Came from here")
        await expect(row.get_by_role("cell").nth(2)).to_contain_text("Searching")
        await expect(page.get_by_text("No songs yet.")).to_have_count(0)
        await expect(page.get_by_text("2 deliveries are on the way.")).to_be_visible()

        ledger.put(track(5, "Fresh Song"))
        await say(synced(5))
        await expect(row.get_by_role("cell").nth(0)).to_contain_text("Added")
        await expect(row.get_by_role("cell").nth(2)).to_contain_text("Added")
        await expect(page.locator("[data-announce]")).to_have_text("Juniper Vale - Fresh Song is everywhere now")
        await expect(page.get_by_text("Everything is in its place.")).to_be_visible()
        assert not problems


async def test_an_older_track_that_changes_takes_its_place_in_the_list(
    browser: Browser, nats_environment: dict[str, str]
) -> None:
    ledger = StubLedger()
    ledger.put(track(3, "Third"), track(9, "Ninth"))
    speaker = Service("speaker", load(RuntimeSettings, nats_environment))
    async with running(speaker), api_service(nats_environment, ledger=ledger) as api:
        page = await browser.new_page()
        await page.goto(api.url)
        await expect(page.get_by_text("Live", exact=True)).to_be_visible()
        ledger.put(track(6, "Sixth"))
        await speaker.publisher.publish(identified(6))
        await expect(page.locator("[data-songs] .title")).to_have_text(["Ninth", "Sixth", "Third"])


async def test_sign_in_leads_back_keeps_the_token_from_scripts_and_ends(
    browser: Browser, nats_environment: dict[str, str]
) -> None:
    async with api_service(nats_environment, ledger=lost()) as api:
        page = await browser.new_page()
        await page.goto(f"{api.url}/failures")
        await expect(page.get_by_role("button", name="Retry")).to_have_count(0)
        await page.get_by_role("link", name="Sign in").first.click()
        await page.get_by_label("API token").fill("a wrong token altogether")
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("alert")).to_have_text("This is not the API token.")
        await page.get_by_label("API token").fill(TOKEN)
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{api.url}/failures")
        assert await page.evaluate("document.cookie") == ""
        assert await page.evaluate("Object.keys(localStorage).length") == 0
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


async def test_a_failure_is_retried(browser: Browser, nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=lost()) as api:
        page = await browser.new_page()
        await sign_in(page, api, "/failures")
        await expect(page.get_by_role("heading", name="No match was found")).to_be_visible()
        await expect(page.get_by_text("nothing like it was found")).to_be_visible()
        await page.get_by_role("button", name="Retry this one").click()
        await expect(page.get_by_text("Failed deliveries are tried again.")).to_be_visible()
        (command,) = await api.ledger.told(RetryDeliveries)
        assert (command.track_id, command.target) == (1, SPOTIFY)
        await page.goto(f"{api.url}/tracks/1")
        await page.get_by_role("button", name="Retry Spotify").click()
        assert len(await api.ledger.told(RetryDeliveries, 2)) == 2


async def test_a_form_is_sent_once_however_often_its_button_is_pressed(
    browser: Browser, nats_environment: dict[str, str]
) -> None:
    async with api_service(nats_environment, ledger=lost()) as api:
        page = await browser.new_page()
        await sign_in(page, api, "/failures")
        await expect(page.get_by_text("Live", exact=True)).to_be_visible()
        await page.get_by_role("button", name="Retry this one").evaluate("b => { b.click(); b.click(); b.click(); }")
        await expect(page.get_by_text("Failed deliveries are tried again.")).to_be_visible()
        # What is asked later comes later: had the others been sent, they would be here too.
        await page.goto(f"{api.url}/tracks/1")
        await page.get_by_role("button", name="Retry Spotify").click()
        await expect(page.get_by_text("Failed deliveries are tried again.")).to_be_visible()
        assert len(await api.ledger.told(RetryDeliveries, 2)) == 2


async def test_a_question_is_answered(browser: Browser, nats_environment: dict[str, str]) -> None:
    ledger = StubLedger()
    alternatives = (
        proposal("sp1", "Amber Harbour", 0.71, "title agrees"),
        proposal("sp2", "Amber Harbour (Live)", 0.64),
    )
    details = {SPOTIFY: {"reason": "two are alike", "alternatives": alternatives}}
    ledger.put(track(4, "Amber Harbour", states={SPOTIFY: DeliveryState.REVIEW}, details=details))
    async with api_service(nats_environment, ledger=ledger) as api:
        page = await browser.new_page()
        await sign_in(page, api, "/questions")
        await expect(page.get_by_text("71% sure: title agrees")).to_be_visible()
        await page.get_by_role("button", name="Pick Amber Harbour (Live)").click()
        (picked,) = await ledger.told(AnswerReview)
        assert (picked.answer, picked.external_id, picked.by) == ("pick", "sp2", "dashboard")
        for name in ("None of these", "Search again", "Never place it there"):
            await page.get_by_role("button", name=name).click()
            await expect(page.get_by_role("status").first).to_contain_text("Thank you")
        await page.get_by_label("Another id on Spotify").fill("sp77")
        await page.get_by_role("button", name="Use it").click()
        told = await ledger.told(AnswerReview, 5)
        assert [(c.answer.value, c.external_id) for c in told[1:]] == [
            ("none", None),
            ("search_again", None),
            ("never", None),
            ("pick", "sp77"),
        ]


async def test_one_track_shows_its_journey_and_can_be_corrected(
    browser: Browser, nats_environment: dict[str, str]
) -> None:
    ledger = StubLedger()
    ledger.put(track(4, "Amber Harbour"))
    ledger.note(4, "track_discovered", "Found on youtube: Amber Harbour.")
    ledger.note(4, "track_synced", "Placed on spotify as 4.", Direction.YT_TO_SP)
    async with api_service(nats_environment, ledger=ledger) as api:
        page = await browser.new_page()
        await sign_in(page, api, "/tracks/4")
        await expect(page.locator(".timeline li strong")).to_have_text(["Found", "Placed"])
        await expect(page.locator("[data-trace]")).to_have_text(f"{4:032x}")
        place = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Spotify"))
        await place.get_by_text("Wrong match?").click()
        await place.get_by_role("button", name="It is the wrong one").click()
        await expect(page.get_by_role("status").first).to_contain_text("is being taken out")
        (reported,) = await ledger.told(ReportWrongMatch)
        assert (reported.track_id, reported.target) == (4, SPOTIFY)
        await page.get_by_text("Delete this track").click()
        await page.get_by_role("button", name="Delete track 4").click()
        await page.wait_for_url(f"{api.url}/?done=delete")
        assert (await ledger.told(DeleteTrack))[0].track_id == 4


async def test_a_joined_post_is_shown_and_parted_with_the_keyboard(
    browser: Browser, nats_environment: dict[str, str]
) -> None:
    ledger = StubLedger()
    ledger.put(*joined_pair(4, 5))
    async with api_service(nats_environment, ledger=ledger) as api:
        page = await browser.new_page()
        await sign_in(page, api)
        await expect(page.get_by_role("row", name="Amber Harbor")).to_contain_text("2 posts, one song")
        await page.goto(f"{api.url}/tracks/4")
        post = page.get_by_role("listitem").filter(
            has=page.get_by_role("heading", name="#5 Juniper Vale - Amber Harbour")
        )
        await expect(post).to_contain_text("same ISRC")
        await expect(post.get_by_role("button", name="Part #5 from #4")).to_be_hidden()
        await post.get_by_text("Another song? Part #5").focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status").first).to_contain_text("two songs again")
        (request,) = await ledger.told(PartTrack)
        assert (request.track_id, request.joined_to, request.by) == (5, 4, "dashboard")


async def test_a_direction_is_paused(browser: Browser, nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=lost()) as api:
        page = await browser.new_page()
        await sign_in(page, api)
        await page.get_by_role("button", name="Pause YouTube Music to Spotify").click()
        (command,) = await api.ledger.told(SetPause)
        assert (command.direction, command.paused) == (Direction.YT_TO_SP, True)
        api.ledger.paused = {Direction.YT_TO_SP}
        await page.reload()
        await expect(page.get_by_text("1 direction is paused.")).to_be_visible()
        await expect(page.get_by_role("button", name="Resume YouTube Music to Spotify")).to_be_visible()


async def test_without_javascript_everything_can_be_read_and_done(
    browser: Browser, nats_environment: dict[str, str]
) -> None:
    async with api_service(nats_environment, ledger=lost()) as api:
        context = await browser.new_context(java_script_enabled=False)
        page = await context.new_page()
        await page.goto(api.url)
        await expect(page.get_by_role("row", name="Lost Song")).to_be_visible()
        await page.get_by_role("link", name="Lost Song").click()
        await expect(page.get_by_role("heading", name="Lost Song")).to_be_visible()
        await sign_in(page, api, "/failures")
        await page.get_by_role("button", name="Retry this one").click()
        assert (await api.ledger.told(RetryDeliveries))[0].track_id == 1


async def test_a_page_survives_that_the_api_is_away(
    browser: Browser, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    async with api_service(nats_environment, ledger=lost()) as api:
        port = api.url.rpartition(":")[2]
        await page.goto(api.url)
        await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    await expect(page.get_by_text("Offline, trying again")).to_be_visible(timeout=15_000)
    await expect(page.get_by_role("row", name="Lost Song")).to_be_visible()
    async with api_service(nats_environment, ledger=lost(2, "Newer Song"), port=int(port)):
        await expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=30_000)
        await expect(page.get_by_role("row", name="Newer Song")).to_be_visible()


async def test_a_page_without_the_ledger_says_so_and_recovers(
    browser: Browser, nats_environment: dict[str, str]
) -> None:
    async with api_service(nats_environment, with_ledger=False) as api:
        page = await browser.new_page()
        await page.goto(api.url)
        await expect(page.get_by_role("heading", name="The ledger does not answer")).to_be_visible()
        async with running(lost().service(nats_environment)):
            await expect(page.get_by_role("row", name="Lost Song")).to_be_visible(timeout=20_000)


async def test_long_and_right_to_left_names_fit_a_phone(browser: Browser, nats_environment: dict[str, str]) -> None:
    ledger = lost()
    ledger.put(track(2, "شب بی‌قرار", "کاوه رهسپار"), track(3, "Long" * 400, "Unbroken" * 60))
    async with api_service(nats_environment, ledger=ledger) as api:
        page = await browser.new_page(viewport=PHONE)
        for path in ("/", "/tracks/2", "/tracks/3", "/failures", "/log", "/asyncapi"):
            await page.goto(f"{api.url}{path}")
            assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        await page.goto(api.url)
        title = page.get_by_role("link", name="شب بی‌قرار")
        assert await title.evaluate("e => getComputedStyle(e).direction") == "rtl"


async def test_the_keyboard_reaches_the_content_at_once(browser: Browser, nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, ledger=lost()) as api:
        page = await browser.new_page()
        await page.goto(api.url)
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("main")).to_be_focused()


async def test_ten_thousand_tracks_are_paged_and_searched(browser: Browser, nats_environment: dict[str, str]) -> None:
    ledger = StubLedger()
    ledger.put(*(track(n, f"Song {n}") for n in range(1, 10_001)))
    async with api_service(nats_environment, ledger=ledger) as api:
        page = await browser.new_page()
        await page.goto(api.url)
        await expect(page.get_by_text("50 of 10,000 shown")).to_be_visible()
        await page.get_by_role("link", name="Older").click()
        await expect(page.locator("[data-songs] .title").first).to_have_text("Song 9950")
        await page.get_by_placeholder("Artist or title").fill("song 4711")
        await page.get_by_role("button", name="Show", exact=True).click()
        await expect(page.locator("[data-songs] .title")).to_have_text(["Song 4711"])
        await page.get_by_placeholder("Artist or title").fill("nothing like this")
        await page.get_by_role("button", name="Show", exact=True).click()
        await expect(page.get_by_text("No song fits.")).to_be_visible()


async def test_swagger_ui_shows_the_api_without_any_other_server(
    browser: Browser, nats_environment: dict[str, str]
) -> None:
    async with api_service(nats_environment, ledger=lost()) as api:
        page = await browser.new_page()
        asked: list[str] = []
        problems: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
        await page.goto(f"{api.url}/docs")
        await expect(page.get_by_text("/api/tracks/{track_id}/retry")).to_be_visible()
        assert all(url.startswith((api.url, "data:")) for url in asked)
        assert not problems


async def test_a_song_that_a_person_adds_appears_and_completes_live(browser: Browser, tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "2") as world, navaar(world, tmp_path) as system:
        page = await browser.new_page()
        await page.goto(system.api)
        await expect(page.get_by_text("Live", exact=True)).to_be_visible()
        await world.person("add", number=0, side="spotify")
        row = page.locator("[data-songs] tr").first
        await expect(row).to_be_visible(timeout=30_000)
        cells = row.get_by_role("cell")
        await expect(cells.nth(0)).to_contain_text("Added", timeout=60_000)
        await expect(cells.nth(1)).to_contain_text("Added", timeout=60_000)
        await expect(cells.nth(2)).to_contain_text("Came from here")
