"""The downloader as it runs: real NATS, real yt-dlp and ffmpeg, media servers on this machine."""

# mutagen ships a py.typed marker, but few annotations.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
import pytest_asyncio
from mutagen.mp4 import MP4

from navaar_contracts import streams
from navaar_contracts.commands import DiscardAudio, DownloadAudio
from navaar_contracts.events import AudioReady, CredentialsAccepted, CredentialsRejected, FailureKind, StepFailed
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Message
from navaar_contracts.music import Recording
from navaar_downloader.__main__ import create
from navaar_runtime.object_store import ObjectMissing
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load
from navaar_sandbox import Sandbox
from tests.support.gateways import running, until
from tests.support.media_server import Answer, MediaServer, running_media_server
from tests.support.nats_server import NatsServer

E = TypeVar("E", bound=Message)

VIDEO = "dQw4w9WgXcQ"
SONG = Recording(artist="Googoosh", artists=("Googoosh",), title="Pol")


@dataclass
class Ledger:
    """Sends commands and keeps what is said."""

    service: Service
    events: list[Message] = field(default_factory=list)

    async def wait(self, kind: type[E], count: int = 1) -> list[E]:
        await until(lambda: len([e for e in self.events if isinstance(e, kind)]) >= count)
        return [e for e in self.events if isinstance(e, kind)]

    async def download(self, video_id: str = VIDEO, *, fresh_id: str | None = None, **fields: object) -> None:
        values: dict[str, object] = {"link": "main", "track_id": 7, "video_id": video_id, "recording": SONG}
        await self.service.publisher.publish(DownloadAudio.model_validate(values | fields), fresh_id=fresh_id)


@pytest.fixture
def environment(nats_environment: dict[str, str], media: MediaServer) -> dict[str, str]:
    return nats_environment | {
        "NAVAAR_TELEGRAM_CHANNEL_ID": "-1001",
        "NAVAAR_YTMUSIC_PLAYLIST_ID": "PL1",
        "NAVAAR_AUTH_PROBE_SECONDS": "0.2",
        "NAVAAR_YTDLP_URL_TEMPLATE": media.address + "/{video_id}.m4a",
    }


@pytest.fixture
def media() -> Iterator[MediaServer]:
    with running_media_server() as server:
        yield server


@pytest_asyncio.fixture
async def ledger(environment: dict[str, str]) -> AsyncIterator[Ledger]:
    service = Service("ledger", load(RuntimeSettings, environment))
    ledger = Ledger(service)

    async def remember(event: Message) -> None:
        ledger.events.append(event)

    kinds = (AudioReady, StepFailed, CredentialsRejected, CredentialsAccepted)
    service.on(streams.LEDGER_EVENTS, *kinds, handler=remember)
    async with running(service):
        await until(lambda: service.started_at is not None)
        yield ledger


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    import subprocess

    from navaar_downloader.tools import ffmpeg_path

    path = tmp_path_factory.mktemp("tone") / "tone.m4a"
    source = "sine=frequency=440:duration=4"
    command = [ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i", source, "-b:a", "64k", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path.read_bytes()


def left_in(environment: dict[str, str]) -> list[Path]:
    """Job folders that are still there."""
    return list(Path(environment["NAVAAR_DATA_DIR"]).glob("downloads/run-*/job-*"))


async def test_audio_arrives_in_the_store_tagged_and_named(
    ledger: Ledger, media: MediaServer, environment: dict[str, str], tone: bytes, tmp_path: Path
) -> None:
    media.serve(f"/{VIDEO}.m4a", Answer(tone))
    async with running(create(environment)):
        await ledger.download(expected_duration_s=4)
        (ready,) = await ledger.wait(AudioReady)
    audio = ready.audio
    path = tmp_path / "fetched.m4a"
    await ledger.service.objects.fetch(audio.name, audio.digest, path)
    assert (ready.link, ready.track_id, ready.attempt, ready.video_id) == ("main", 7, 1, VIDEO)
    assert (audio.name, audio.mime_type, audio.file_name) == ("audio-main-7-1", "audio/mp4", "Googoosh - Pol.m4a")
    assert (audio.title, audio.artist) == ("Pol", "Googoosh")
    assert audio.duration_s == pytest.approx(4, abs=0.2)
    assert audio.size_bytes == path.stat().st_size
    assert MP4(path)["\xa9nam"] == ["Pol"]
    assert left_in(environment) == []


async def test_a_repeated_command_repeats_the_answer_without_a_second_download(
    ledger: Ledger, media: MediaServer, environment: dict[str, str], tone: bytes
) -> None:
    media.serve(f"/{VIDEO}.m4a", Answer(tone))
    async with running(create(environment)) as service_task:
        await ledger.download()
        (first,) = await ledger.wait(AudioReady)
        asked = media.asked[f"/{VIDEO}.m4a"]
        await ledger.download(fresh_id="again")
        await ledger.download(track_id=8, attempt=1)
        await ledger.wait(AudioReady, 2)
        assert not service_task.done()
    told = [e for e in ledger.events if isinstance(e, AudioReady) and e.track_id == 7]
    assert {e.audio for e in told} == {first.audio}
    assert media.asked[f"/{VIDEO}.m4a"] == asked * 2


async def test_a_deleted_video_is_a_permanent_failure(
    ledger: Ledger, media: MediaServer, environment: dict[str, str]
) -> None:
    async with running(create(environment)):
        await ledger.download()
        (failed,) = await ledger.wait(StepFailed)
    assert failed.kind is FailureKind.PERMANENT
    assert failed.reason == "the video does not exist"
    assert left_in(environment) == []


async def test_a_server_error_is_outlived(
    ledger: Ledger, media: MediaServer, environment: dict[str, str], tone: bytes
) -> None:
    media.serve(f"/{VIDEO}.m4a", lambda number: Answer(b"", 503) if number == 1 else Answer(tone))
    async with running(create(environment)):
        await ledger.download()
        await ledger.wait(AudioReady)


@pytest.mark.parametrize("hostile", ["file:///etc/passwd", "http://169.254.169.254/latest", "../secret", "a b"])
async def test_a_hostile_id_is_refused_and_nothing_is_asked(
    ledger: Ledger, media: MediaServer, environment: dict[str, str], hostile: str
) -> None:
    async with running(create(environment)):
        await ledger.download(hostile)
        (failed,) = await ledger.wait(StepFailed)
    assert failed.kind is FailureKind.PERMANENT
    assert "is no video id" in failed.reason
    assert media.asked == {}


async def test_discarded_audio_is_gone_and_may_be_made_again(
    ledger: Ledger, media: MediaServer, environment: dict[str, str], tone: bytes, tmp_path: Path
) -> None:
    media.serve(f"/{VIDEO}.m4a", Answer(tone))
    async with running(create(environment)):
        await ledger.download()
        (ready,) = await ledger.wait(AudioReady)
        names = (ready.audio.name, "never-was-there")
        await ledger.service.publisher.publish(DiscardAudio(link="main", track_id=7, names=names))

        # Not by fetching: a fetch that meets the deletion would wait for chunks that never come.
        async with asyncio.timeout(30):
            while await ledger.service.records.get(ready.audio.name) is not None:
                await asyncio.sleep(0.05)
        with pytest.raises(ObjectMissing):
            await ledger.service.objects.fetch(ready.audio.name, ready.audio.digest, tmp_path / "x")
        await ledger.download(attempt=2)
        await ledger.wait(AudioReady, 2)


async def test_being_taken_for_a_robot_pauses_the_service_until_it_is_let_in_again(
    ledger: Ledger, media: MediaServer, environment: dict[str, str], tone: bytes
) -> None:
    blocked = Answer(b"", 403, reason="Sign in to confirm you are not a bot")
    media.serve(f"/{VIDEO}.m4a", lambda number: blocked if number == 1 else Answer(tone))
    async with running(create(environment)):
        await ledger.download()
        (rejected,) = await ledger.wait(CredentialsRejected)
        await ledger.wait(CredentialsAccepted)
        await ledger.wait(AudioReady)
    assert rejected.platform is Platform.YOUTUBE
    assert "no bot" in rejected.reason
    assert not [e for e in ledger.events if isinstance(e, StepFailed)]


async def test_readiness_knows_the_tools(environment: dict[str, str], nats_server: NatsServer) -> None:
    service = create(environment)
    async with running(service):
        await until(lambda: service.started_at is not None)
        async with asyncio.timeout(30):
            while (problem := (await service.health()).parts["tools"]) is not None:
                assert problem == "does not answer in time"
                await asyncio.sleep(0.1)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_work_of_a_killed_service_is_done_by_the_next_one_and_no_process_stays(
    ledger: Ledger, media: MediaServer, environment: dict[str, str], tone: bytes
) -> None:
    media.serve(f"/{VIDEO}.m4a", lambda number: Answer(hang=True) if number == 1 else Answer(tone))
    variables = {k: v for k, v in os.environ.items() if not k.startswith("NAVAAR_")} | environment
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "navaar_downloader", env=variables | {"NAVAAR_HEALTH_PORT": "0"}
    )
    try:
        await ledger.download()
        await until(lambda: media.asked.get(f"/{VIDEO}.m4a", 0) >= 1)
        (worker,) = children_of(process.pid)
    finally:
        process.kill()
        await process.wait()
    await until(lambda: not Path(f"/proc/{worker}").exists())
    async with running(create(environment)):
        (ready,) = await ledger.wait(AudioReady)
    assert ready.video_id == VIDEO
    assert left_in(environment) == []


async def test_the_sandbox_s_songs_come_through(nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with Sandbox(tracks=2) as sandbox:
        environment = sandbox.environment(tmp_path / "credentials") | nats_environment
        entry = sandbox.catalogue.original("youtube", 0)
        service = Service("ledger", load(RuntimeSettings, environment))
        events: list[Message] = []

        async def remember(event: Message) -> None:
            events.append(event)

        service.on(streams.LEDGER_EVENTS, AudioReady, StepFailed, handler=remember)
        async with running(service), running(create(environment)):
            await until(lambda: service.started_at is not None)
            recording = Recording(artist=entry.artists[0], title=entry.title)
            await service.publisher.publish(
                DownloadAudio(
                    link="main",
                    track_id=1,
                    video_id=entry.id,
                    recording=recording,
                    cover_url=f"{sandbox.url}/media/covers/{entry.id}.jpg",
                    expected_duration_s=entry.duration,
                )
            )
            await until(lambda: bool(events))
        (ready,) = events
        assert isinstance(ready, AudioReady), ready
        assert ready.audio.cover_name == "cover-main-1-1"
        assert ready.audio.duration_s == pytest.approx(entry.duration, abs=2)


def children_of(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError, IndexError):
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(entry.name))
    return found
