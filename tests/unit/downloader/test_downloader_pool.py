"""Real download processes, yt-dlp and ffmpeg against a media server on this machine."""

# mutagen ships a py.typed marker, but few annotations.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from mutagen import File as open_audio
from mutagen.id3 import ID3
from mutagen.mp4 import MP4
from PIL import Image

from navaar_contracts.music import Recording
from navaar_downloader.audio_probe import probe
from navaar_downloader.jobs import DownloadProgress, FetchOptions, Job, Probed, Product
from navaar_downloader.pool import Pool
from navaar_downloader.worker_process import ProcessLost
from navaar_downloader.workspace import Workspace
from navaar_runtime.failures import Permanent, RateLimited, Transient
from tests.support.media_server import Answer, MediaServer

MakeAudio = Callable[..., bytes]

SONG = Recording(
    artist="Artist", artists=("Artist",), title="Song", version=("Live",), album="Record", isrc="USABC1234567"
)
DEADLINE_S = 120.0


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    space = Workspace(tmp_path)
    space.open()
    yield space
    space.close()


in_module = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture
async def pool(workspace: Workspace) -> AsyncIterator[Pool]:
    pool = Pool(workspace, 1, recycle_after=3, silence_s=20)
    await pool.open()
    yield pool
    await pool.close()


Run = Callable[..., Coroutine[Any, Any, Product]]


@pytest.fixture
def run(warm_pool: Pool, folder: Path, media: MediaServer) -> Run:
    return running_in(warm_pool, folder, media)


@pytest.fixture
def run_alone(pool: Pool, folder: Path, media: MediaServer) -> Run:
    return running_in(pool, folder, media)


def running_in(pool: Pool, folder: Path, media: MediaServer) -> Run:
    async def run(path: str = "/song.m4a", heard: list[DownloadProgress] | None = None, **fields: object) -> Product:
        outcome = await pool.run(job(media, folder, path, **fields), (heard if heard is not None else []).append)
        assert isinstance(outcome, Product)
        return outcome

    return run


def job(media: MediaServer, folder: Path, path: str, **fields: object) -> Job:
    values: dict[str, object] = {
        "video_id": "song",
        "url": media.address + path,
        "folder": str(folder),
        "recording": SONG,
        "limit_bytes": 49_000_000,
        "timeout_s": 60,
        "options": FetchOptions(generic=True),
    }
    return Job.model_validate(values | fields)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not condition():
            await asyncio.sleep(0.02)


def processes_of(group: int) -> list[int]:
    """The living processes of a process group, zombies not counted."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, _, pgrp = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(pgrp) == group and state != "Z":
            found.append(int(entry.name))
    return found


async def worker_pid(pool: Pool) -> int:
    return (await pool.processes())[0].pid


# What comes out


@in_module
async def test_an_m4a_arrives_tagged_with_its_cover(
    media: MediaServer, make_audio: MakeAudio, wide_picture: bytes, run: Run
) -> None:
    media.serve("/song.m4a", Answer(make_audio(5)))
    cover = media.serve("/cover.webp", Answer(wide_picture, content_type="image/webp"))
    heard: list[DownloadProgress] = []
    product = await run(heard=heard, cover_url=cover, expected_duration_s=5)
    tags = MP4(product.path)
    assert product.mime_type == "audio/mp4"
    assert product.duration_s == pytest.approx(5, abs=0.2)
    assert tags["\xa9nam"] == ["Song (Live)"]
    assert tags["\xa9ART"] == ["Artist"]
    assert tags["\xa9alb"] == ["Record"]
    assert bytes(tags["----:com.apple.iTunes:ISRC"][0]) == b"USABC1234567"
    assert Image.open(io.BytesIO(bytes(tags["covr"][0]))).size == (720, 720)
    thumbnail = Path(product.cover or "")
    assert thumbnail.stat().st_size < 200_000
    with Image.open(thumbnail) as image:
        assert (image.format, image.size) == ("JPEG", (320, 320))
    assert {p.stage for p in heard} == {"extract", "media", "cover", "convert", "finish"}
    assert product.remarks == ()


@in_module
async def test_an_mp3_stays_one_with_id3_tags(
    media: MediaServer, make_audio: MakeAudio, wide_picture: bytes, run: Run
) -> None:
    media.serve("/song.mp3", Answer(make_audio(3, ".mp3"), content_type="audio/mpeg"))
    cover = media.serve("/cover.webp", Answer(wide_picture, content_type="image/webp"))
    product = await run("/song.mp3", cover_url=cover)
    tags = ID3(product.path)
    assert product.mime_type == "audio/mpeg"
    assert str(tags["TIT2"]) == "Song (Live)"
    assert str(tags["TSRC"]) == "USABC1234567"
    assert tags.getall("APIC")[0].mime == "image/jpeg"


@in_module
@pytest.mark.parametrize(("suffix", "mime"), [(".webm", "audio/webm"), (".ogg", "audio/ogg"), (".flac", "audio/flac")])
async def test_what_telegram_s_player_does_not_take_becomes_m4a(
    media: MediaServer, make_audio: MakeAudio, run: Run, suffix: str, mime: str
) -> None:
    media.serve(f"/song{suffix}", Answer(make_audio(3, suffix), content_type=mime))
    product = await run(f"/song{suffix}")
    assert probe(Path(product.path)).shape == "m4a"
    assert product.duration_s == pytest.approx(3, abs=0.2)


@in_module
async def test_an_oversized_file_is_encoded_to_fit_with_tags_and_cover(
    media: MediaServer, make_audio: MakeAudio, wide_picture: bytes, run: Run
) -> None:
    original = make_audio(20, ".m4a", 256)
    media.serve("/song.m4a", Answer(original))
    cover = media.serve("/cover.webp", Answer(wide_picture, content_type="image/webp"))
    product = await run(limit_bytes=len(original) * 3 // 4, cover_url=cover)
    tags = MP4(product.path)
    assert Path(product.path).stat().st_size <= len(original) * 3 // 4
    assert tags["\xa9nam"] == ["Song (Live)"]
    assert tags["covr"]
    assert product.duration_s == pytest.approx(20, abs=0.2)


@in_module
async def test_what_cannot_fit_is_refused_with_what_to_do(media: MediaServer, make_audio: MakeAudio, run: Run) -> None:
    media.serve("/song.m4a", Answer(make_audio(20)))
    with pytest.raises(Permanent, match="local Bot API server lifts the limit"):
        await run(limit_bytes=60_000)


@in_module
@pytest.mark.parametrize(
    "cover",
    [
        Answer(b"not a picture", content_type="image/jpeg"),
        Answer(b"", 404),
        Answer(b"x" * 9_000_000, content_type="image/jpeg"),
        Answer(b"", 302, headers={"Location": "file:///etc/passwd"}),
    ],
    ids=["broken", "missing", "huge", "redirected to a file"],
)
async def test_a_bad_cover_never_fails_the_song(
    media: MediaServer, make_audio: MakeAudio, run: Run, cover: Answer
) -> None:
    media.serve("/song.m4a", Answer(make_audio()))
    product = await run(cover_url=media.serve("/cover.jpg", cover))
    assert product.cover is None
    assert len(product.remarks) == 1


async def test_covers_in_the_own_network_are_not_fetched_for_youtube(media: MediaServer) -> None:
    from navaar_downloader.cover_download import fetch_picture
    from navaar_downloader.covers import BadCover

    cover = media.serve("/cover.jpg", Answer(b"x"))
    with pytest.raises(BadCover, match="own network"):
        fetch_picture(cover, own_network=False)
    assert media.asked == {}


# What is refused


@in_module
async def test_the_wrong_length_is_refused(media: MediaServer, make_audio: MakeAudio, run: Run) -> None:
    media.serve("/song.m4a", Answer(make_audio()))
    with pytest.raises(Permanent, match="the download is 3 s, the recording 240 s"):
        await run(expected_duration_s=240)


@in_module
async def test_a_deleted_video_is_permanent(run: Run) -> None:
    with pytest.raises(Permanent, match="does not exist"):
        await run("/gone.m4a")


@in_module
@pytest.mark.parametrize(
    "body", [b"\x00" * 5000, b"no audio at all" * 400, b"#EXTM3U\n#EXTINF:3,\nfile:///etc/hostname\n"]
)
async def test_something_else_than_audio_is_permanent(media: MediaServer, run: Run, body: bytes) -> None:
    media.serve("/song.m4a", Answer(body))
    with pytest.raises((Permanent, Transient)) as caught:
        await run()
    assert isinstance(caught.value, Permanent), caught.value.reason


@in_module
async def test_a_web_page_is_permanent(media: MediaServer, run: Run) -> None:
    media.serve("/song.m4a", Answer(b"<!DOCTYPE html><html><body>hello</body></html>", content_type="text/html"))
    with pytest.raises(Permanent):
        await run()


@in_module
async def test_silence_without_a_single_sample_is_permanent(
    media: MediaServer, make_audio: MakeAudio, run: Run
) -> None:
    media.serve("/song.wav", Answer(make_audio(1, ".wav")[:44], content_type="audio/wav"))
    with pytest.raises(Permanent, match="not playable"):
        await run("/song.wav")


# What passes


@in_module
async def test_a_server_error_is_transient_and_the_next_try_succeeds(
    media: MediaServer, make_audio: MakeAudio, run: Run
) -> None:
    good, bad = Answer(make_audio()), Answer(b"", 503)
    media.serve("/song.m4a", lambda number: bad if number == 1 else good)
    with pytest.raises(Transient, match="503"):
        await run()
    assert (await run()).title == "Song (Live)"


@in_module
async def test_a_pause_is_honoured(media: MediaServer, run: Run) -> None:
    media.serve("/song.m4a", Answer(b"", 429, headers={"Retry-After": "12"}))
    with pytest.raises(RateLimited) as caught:
        await run()
    assert caught.value.retry_after_s == 12


@in_module
async def test_a_server_that_is_not_there_is_transient(
    run: Run, folder: Path, warm_pool: Pool, media: MediaServer
) -> None:
    nowhere = job(media, folder, "/x").model_copy(update={"url": "http://127.0.0.1:9/x.m4a"})
    with pytest.raises(Transient, match="connection"):
        await warm_pool.run(nowhere, lambda progress: None)


@in_module
async def test_a_look_finds_out_without_fetching(
    media: MediaServer, make_audio: MakeAudio, warm_pool: Pool, folder: Path
) -> None:
    media.serve("/song.m4a", Answer(make_audio()))
    outcome = await warm_pool.run(job(media, folder, "/song.m4a", only_probe=True), lambda progress: None)
    assert isinstance(outcome, Probed)
    assert list(folder.iterdir()) == []


# Processes


async def test_a_hanging_download_is_killed_in_time_and_the_next_one_works(
    media: MediaServer, make_audio: MakeAudio, run_alone: Run, pool: Pool
) -> None:
    media.serve("/hang.m4a", Answer(hang=True))
    media.serve("/song.m4a", Answer(make_audio()))
    group = await worker_pid(pool)
    began = asyncio.get_running_loop().time()
    with pytest.raises(ProcessLost, match="longer than 2 s"):
        await run_alone("/hang.m4a", timeout_s=2)
    assert asyncio.get_running_loop().time() - began < 5
    assert processes_of(group) == []
    assert (await run_alone()).title == "Song (Live)"


async def test_a_silent_process_is_killed(media: MediaServer, workspace: Workspace, folder: Path) -> None:
    media.serve("/hang.m4a", Answer(hang=True))
    pool = Pool(workspace, 1, silence_s=1)
    await pool.open()
    try:
        group = await worker_pid(pool)
        with pytest.raises(ProcessLost, match="silent for 1 s"):
            await pool.run(job(media, folder, "/hang.m4a"), lambda progress: None)
        assert processes_of(group) == []
    finally:
        await pool.close()


async def test_a_process_that_dies_loses_only_its_job(
    media: MediaServer, make_audio: MakeAudio, run_alone: Run, pool: Pool
) -> None:
    media.serve("/hang.m4a", Answer(hang=True))
    media.serve("/song.m4a", Answer(make_audio()))
    pid = await worker_pid(pool)
    lost = asyncio.create_task(run_alone("/hang.m4a"))
    await until(lambda: media.pages["/hang.m4a"] is not None and pool.free == 0)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(ProcessLost, match="killed"):
        await lost
    assert (await run_alone()).title == "Song (Live)"


async def test_a_process_that_died_idle_is_replaced_before_the_next_job(
    media: MediaServer, make_audio: MakeAudio, run_alone: Run, pool: Pool
) -> None:
    media.serve("/song.m4a", Answer(make_audio()))
    pid = await worker_pid(pool)
    os.kill(pid, signal.SIGKILL)
    (process,) = await pool.processes()
    await until(lambda: not process.is_alive)
    assert (await run_alone()).title == "Song (Live)"


async def test_a_cancelled_job_ends_its_process_group(media: MediaServer, pool: Pool, run_alone: Run) -> None:
    media.serve("/hang.m4a", Answer(hang=True))
    group = await worker_pid(pool)
    task = asyncio.create_task(run_alone("/hang.m4a"))
    await until(lambda: pool.free == 0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert processes_of(group) == []


async def test_a_process_is_recycled_after_some_jobs(
    media: MediaServer, make_audio: MakeAudio, run_alone: Run, pool: Pool
) -> None:
    media.serve("/song.m4a", Answer(make_audio()))
    first = await worker_pid(pool)
    for _ in range(3):
        await run_alone()
    second = await worker_pid(pool)
    assert second != first
    assert processes_of(first) == []
    await run_alone()
    assert await worker_pid(pool) == second


async def test_another_process_starts_for_the_work_that_the_first_cannot_take(
    media: MediaServer, workspace: Workspace, folder: Path, make_audio: MakeAudio
) -> None:
    media.serve("/hang.m4a", Answer(hang=True))
    media.serve("/song.m4a", Answer(make_audio()))
    pool = Pool(workspace, 2)
    await pool.open()
    try:
        for _ in range(2):
            await pool.run(job(media, folder, "/song.m4a"), lambda progress: None)
        assert len(await pool.processes()) == 1
        held = asyncio.create_task(pool.run(job(media, folder, "/hang.m4a"), lambda progress: None))
        await until(lambda: pool.free == 1)
        await pool.run(job(media, folder, "/song.m4a"), lambda progress: None)
        assert len(await pool.processes()) == 2
        held.cancel()
    finally:
        await pool.close()


async def test_stopping_leaves_no_process(media: MediaServer, workspace: Workspace, folder: Path) -> None:
    media.serve("/hang.m4a", Answer(hang=True))
    pool = Pool(workspace, 2)
    await pool.open()
    held = [asyncio.create_task(pool.run(job(media, folder, "/hang.m4a"), lambda progress: None)) for _ in range(2)]
    await until(lambda: pool.free == 0)
    groups = [process.pid for process in await pool.processes()]
    await pool.close()
    assert [processes_of(group) for group in groups] == [[], []]
    assert all(isinstance(error, BaseException) for error in await asyncio.gather(*held, return_exceptions=True))


async def test_what_waits_when_it_stops_starts_nothing(media: MediaServer, workspace: Workspace, folder: Path) -> None:
    media.serve("/hang.m4a", Answer(hang=True))
    pool = Pool(workspace, 1)
    await pool.open()
    jobs = [asyncio.create_task(pool.run(job(media, folder, "/hang.m4a"), lambda progress: None)) for _ in range(2)]
    await until(lambda: pool.free == 0)
    await pool.processes()
    await pool.close()
    _, waited = await asyncio.gather(*jobs, return_exceptions=True)
    assert isinstance(waited, ProcessLost)
    assert await pool.processes() == []


async def test_stopping_while_a_process_starts_leaves_none(workspace: Workspace) -> None:
    pool = Pool(workspace, 1)
    await pool.open()
    await asyncio.sleep(0)
    await pool.close()
    assert await pool.processes() == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_a_killed_service_leaves_no_process(workspace: Workspace, media: MediaServer, tmp_path: Path) -> None:
    """The service is a process of its own here; SIGKILL gives it no chance to clean up."""
    media.serve("/hang.m4a", Answer(hang=True))
    program = f"""
import asyncio
from pathlib import Path
from navaar_downloader.jobs import Job, FetchOptions
from navaar_downloader.audio_probe import probe
from navaar_downloader.pool import Pool
from navaar_downloader.workspace import Workspace

async def main():
    space = Workspace(Path({str(tmp_path)!r}))
    space.open()
    pool = Pool(space, 1)
    await pool.open()
    (process,) = await pool.processes()
    print(process.pid, flush=True)
    job = Job(video_id="x", url={media.address + "/hang.m4a"!r}, folder=str(space.folder), limit_bytes=1, timeout_s=60,
              options=FetchOptions(generic=True))
    await pool.run(job, lambda progress: print(progress.stage, flush=True))

asyncio.run(main())
"""
    service = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    assert service.stdout is not None
    async with asyncio.timeout(DEADLINE_S):
        group = int(await service.stdout.readline())
        assert (await service.stdout.readline()).strip() == b"extract"
    assert processes_of(group)
    service.kill()
    await service.wait()
    await until(lambda: not processes_of(group))


# Folders


async def test_job_folders_are_gone_afterwards(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match="x"), workspace.job_folder() as folder:
        (folder / "part").write_bytes(b"x")
        raise ValueError("x")
    assert not folder.exists()


def test_leftovers_of_a_killed_service_are_removed_and_a_living_one_s_are_not(tmp_path: Path) -> None:
    program = f"""
import os
from pathlib import Path
from navaar_downloader.workspace import Workspace

workspace = Workspace(Path({str(tmp_path)!r}))
workspace.open()
print(workspace.folder, flush=True)
os._exit(1)
"""
    killed = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=False)
    left = Path(killed.stdout.strip())
    assert left.is_dir()
    living, new = Workspace(tmp_path), Workspace(tmp_path)
    living.open()
    (living.folder / "job").mkdir()
    new.open()
    assert not left.exists()
    assert (living.folder / "job").exists()
    living.close()
    new.close()


def test_no_secrets_reach_the_download_process() -> None:
    from navaar_downloader.worker_process import child_environment

    own = child_environment(
        {"NAVAAR_TELEGRAM_BOT_TOKEN": "1:x", "PATH": "/bin", "PYTHONDONTWRITEBYTECODE": "1"}, Path("/b")
    )
    assert own == {"PATH": "/bin", "PYTHONPYCACHEPREFIX": "/b"}
    others = {"OTEL_EXPORTER_OTLP_HEADERS": "authorization=x", "AWS_SECRET_ACCESS_KEY": "x", "DENO_AUTH_TOKENS": "x"}
    useful = {"https_proxy": "http://p", "IMAGEIO_FFMPEG_EXE": "/f", "SSL_CERT_FILE": "/c", "PYTHONPYCACHEPREFIX": "/c"}
    assert child_environment({**others, **useful}, Path("/b")) == useful


def test_files_are_read_by_content(make_audio: MakeAudio, tmp_path: Path) -> None:
    path = tmp_path / "song.bin"
    path.write_bytes(make_audio(2, ".mp3"))
    assert open_audio(path).info.length == pytest.approx(2, abs=0.2)


@in_module
async def test_sound_is_taken_out_of_a_video(media: MediaServer, video: bytes, run: Run) -> None:
    media.serve("/song.mp4", Answer(video, content_type="video/mp4"))
    product = await run("/song.mp4", limit_bytes=len(video))
    assert product.mime_type == "audio/mp4"
    assert Path(product.path).stat().st_size < len(video) // 2
