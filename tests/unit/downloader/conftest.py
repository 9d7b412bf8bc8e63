"""Real audio and pictures, made once."""

from __future__ import annotations

import io
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from navaar_downloader.pool import Pool
from navaar_downloader.tools import ffmpeg_path
from navaar_downloader.workspace import Workspace
from tests.support.media_server import MediaServer, running_media_server

MakeAudio = Callable[..., bytes]


@pytest.fixture(scope="session")
def make_audio(tmp_path_factory: pytest.TempPathFactory) -> MakeAudio:
    """(seconds, suffix, kbps) -> a tone in a file of that kind."""
    folder = tmp_path_factory.mktemp("audio")
    made: dict[tuple[float, str, int], bytes] = {}

    def make(seconds: float = 3, suffix: str = ".m4a", kbps: int = 64) -> bytes:
        key = (seconds, suffix, kbps)
        if key not in made:
            path = folder / f"tone{suffix}"
            # Noise, because an encoder makes next to nothing of silence or a pure tone.
            tone = f"anoisesrc=duration={seconds}:color=pink:sample_rate=44100:seed=7"
            command = [ffmpeg_path(), "-v", "error", "-y", "-f", "lavfi", "-i", tone, "-b:a", f"{kbps}k", str(path)]
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
            made[key] = path.read_bytes()
        return made[key]

    return make


@pytest.fixture(scope="session")
def wide_picture() -> bytes:
    """A 1280 x 720 WebP, as YouTube's thumbnails are."""
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((1280, 720)).convert("RGB").save(buffer, "WEBP")
    return buffer.getvalue()


@pytest.fixture(scope="session")
def video(make_audio: MakeAudio, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Three seconds with moving pictures."""
    folder = tmp_path_factory.mktemp("video")
    sound, whole = folder / "sound.m4a", folder / "video.mp4"
    sound.write_bytes(make_audio(3))
    pictures = ["-f", "lavfi", "-i", "testsrc=duration=3:size=640x480:rate=10"]
    command = [ffmpeg_path(), "-v", "error", *pictures, "-i", str(sound), "-c:v", "mpeg4", "-c:a", "copy", str(whole)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return whole.read_bytes()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def warm_pool(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pool]:
    """For tests of what a job's outcome is: they share a process, which takes longer to start than a job takes."""
    space = Workspace(tmp_path_factory.mktemp("warm"))
    space.open()
    pool = Pool(space, 1, recycle_after=1000)
    await pool.open()
    yield pool
    await pool.close()
    space.close()


@pytest.fixture
def media() -> Iterator[MediaServer]:
    with running_media_server() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "job"
    path.mkdir()
    return path
