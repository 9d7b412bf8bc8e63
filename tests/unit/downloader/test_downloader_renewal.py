"""When yt-dlp renews itself, and what a failure does. Time is the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from navaar_downloader.__main__ import create
from navaar_downloader.jobs import FetchOptions, Job
from navaar_downloader.pool import Pool
from navaar_downloader.renewal import Renewal
from navaar_downloader.settings import DownloaderSettings
from navaar_downloader.workspace import Workspace
from navaar_downloader.ytdlp_versions import UpdateRefused, installed_version
from navaar_runtime.settings import load
from tests.support.media_server import Answer, MediaServer

DAY_S = 86_400.0


class World:
    """A clock that sleeping moves on, a pool, and an update that says what it is told to."""

    def __init__(self, until_s: float) -> None:
        self.now = 1_000_000.0
        self.ends = self.now + until_s
        self.busy = False
        self.refreshed = 0
        self.updates: list[float] = []
        self.outcomes: list[Exception] = []

    async def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += max(seconds, 1.0)
        if self.now > self.ends:
            raise asyncio.CancelledError

    @asynccontextmanager
    async def quiet(self) -> AsyncIterator[None]:
        self.busy = True
        yield
        self.busy = False

    async def refresh(self) -> None:
        self.refreshed += 1

    async def update(self) -> str:
        assert self.busy
        self.updates.append(self.now)
        if self.outcomes:
            raise self.outcomes.pop(0)
        return "yt-dlp is new"

    def renewal(self, folder: Path, days: float = 7) -> Renewal:
        return Renewal(self.update, self, folder, days, now=lambda: self.now, sleep=self.sleep)


async def watched(renewal: Renewal) -> None:
    with pytest.raises(asyncio.CancelledError):
        await renewal.watch()


async def test_it_is_renewed_soon_after_the_first_start_and_then_weekly(tmp_path: Path) -> None:
    world = World(until_s=30 * DAY_S)
    begun = world.now
    renewal = world.renewal(tmp_path)
    await watched(renewal)
    assert 3600 <= world.updates[0] - begun <= 7200 + 600
    gaps = [later - earlier for earlier, later in zip(world.updates, world.updates[1:], strict=False)]
    assert len(gaps) >= 3
    assert all(7 * DAY_S <= gap <= 7.7 * DAY_S + 1 for gap in gaps)
    assert world.refreshed == len(world.updates)
    assert await renewal.problem() is None


async def test_a_restart_does_not_renew_again(tmp_path: Path) -> None:
    first = World(until_s=DAY_S)
    await watched(first.renewal(tmp_path))
    assert len(first.updates) == 1
    second = World(until_s=6 * DAY_S)
    second.now = first.now
    await watched(second.renewal(tmp_path))
    assert second.updates == []


@pytest.mark.parametrize("error", [UpdateRefused("the index cannot be reached"), RuntimeError("broken")])
async def test_a_failure_is_told_and_tried_again_the_next_day(tmp_path: Path, error: Exception) -> None:
    world = World(until_s=DAY_S)
    world.outcomes = [error]
    renewal = world.renewal(tmp_path)
    await watched(renewal)
    assert str(error) in (await renewal.problem() or "")
    world.ends += DAY_S
    await watched(renewal)
    assert len(world.updates) == 2
    assert await renewal.problem() is None


async def test_it_never_happens_during_a_download(
    tmp_path: Path, folder: Path, media: MediaServer, make_audio: Callable[..., bytes]
) -> None:
    media.serve("/slow.m4a", Answer(hang=True))
    media.serve("/song.m4a", Answer(make_audio(3)))
    workspace = Workspace(tmp_path)
    workspace.open()
    pool = Pool(workspace, 1)
    await pool.open()

    def job(path: str) -> Job:
        options = FetchOptions(generic=True)
        url = media.address + path
        return Job(video_id="x", url=url, folder=str(folder), limit_bytes=9_000_000, timeout_s=60, options=options)

    try:
        running = asyncio.create_task(pool.run(job("/slow.m4a"), lambda progress: None))
        async with asyncio.timeout(60):
            while not media.asked:
                await asyncio.sleep(0.05)
        entered = asyncio.create_task(pool.quiet().__aenter__())
        done, _ = await asyncio.wait([entered], timeout=2)
        assert not done
        entered.cancel()
        running.cancel()
        await asyncio.wait([running, entered])
        async with asyncio.timeout(60), pool.quiet():
            waiting = asyncio.create_task(pool.run(job("/song.m4a"), lambda progress: None))
            done, _ = await asyncio.wait([waiting], timeout=1)
            assert not done
        async with asyncio.timeout(60):
            await waiting
    finally:
        await pool.close()
        workspace.close()


@pytest.mark.parametrize(("text", "days"), [("", 7), ("0", 0), ("0.5", 0.5)])
def test_how_often_is_a_setting(text: str, days: float) -> None:
    assert load(DownloaderSettings, {"NAVAAR_YTDLP_UPDATE_DAYS": text}).ytdlp_update_days == days


LINK = {"NAVAAR_TELEGRAM_CHANNEL_ID": "-1001", "NAVAAR_YTMUSIC_PLAYLIST_ID": "PL1"}


async def test_version_age_and_a_failed_renewal_stand_in_the_services_health(tmp_path: Path) -> None:
    folder = tmp_path / "yt-dlp"
    folder.mkdir()
    (folder / "renewal.json").write_text('{"at": 1.0, "problem": "yt-dlp could not be renewed: no network"}')
    health = await create(LINK | {"NAVAAR_DATA_DIR": str(tmp_path)}).health()
    assert health.details["yt-dlp"].startswith(f"version {installed_version()}, ")
    assert health.details["yt-dlp"].endswith(" old")
    assert health.notes["yt-dlp"] == health.details["yt-dlp renewal"] == "yt-dlp could not be renewed: no network"


@pytest.mark.parametrize(
    "setting", [{"NAVAAR_YTDLP_UPDATE_DAYS": "0"}, {"NAVAAR_YTDLP_URL_TEMPLATE": "http://media.test/{video_id}"}]
)
async def test_where_it_does_not_renew_itself_the_version_is_told_alone(
    tmp_path: Path, setting: dict[str, str]
) -> None:
    health = await create(LINK | setting | {"NAVAAR_DATA_DIR": str(tmp_path)}).health()
    assert set(health.details) == {"yt-dlp"}
    assert health.notes == {}
