"""The downloader's handlers, with stores that only remember."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from navaar_contracts.commands import DiscardAudio, DownloadAudio
from navaar_contracts.music import Recording
from navaar_downloader.downloads import ProgressLog
from navaar_downloader.handlers import discard_audio, download_audio
from navaar_downloader.jobs import DownloadProgress, Product
from navaar_downloader.probe_backoff import BackoffProbe
from navaar_runtime.failures import AuthRejected, Transient
from navaar_runtime.idempotency import IdempotencyRecord
from navaar_runtime.object_store import StoredObject

COMMAND = DownloadAudio(link="jazz", track_id=12, attempt=3, video_id="dQw4w9WgXcQ", recording=Recording(title="Song"))


class Store:
    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    async def put(self, name: str, path: Path) -> StoredObject:
        self.objects[name] = path.read_bytes()
        return StoredObject(name, hashlib.sha256(self.objects[name]).hexdigest(), len(self.objects[name]))

    async def delete(self, name: str) -> None:
        self.objects.pop(name, None)


class Notes:
    def __init__(self) -> None:
        self.intents: dict[str, IdempotencyRecord] = {}

    async def get(self, key: str) -> IdempotencyRecord | None:
        return self.intents.get(key)

    async def complete(self, key: str, outcome: dict[str, Any], *, kept_s: int) -> IdempotencyRecord:
        self.intents[key] = IdempotencyRecord(key, "done", datetime.now(UTC), {}, outcome)
        return self.intents[key]

    async def delete(self, key: str) -> None:
        self.intents.pop(key, None)


class Downloads:
    """Other bytes at every download, as a re-encoding may be."""

    def __init__(self, folder: Path, cover: bool = True) -> None:
        self.folder = folder
        self.cover = cover
        self.count = 0

    @asynccontextmanager
    async def fetch(self, command: DownloadAudio) -> AsyncIterator[Product]:
        self.count += 1
        path, cover = self.folder / "audio.m4a", self.folder / "cover.jpg"
        path.write_bytes(b"audio %d" % self.count)
        cover.write_bytes(b"cover")
        yield Product(
            path=str(path),
            mime_type="audio/mp4",
            duration_s=240.5,
            title="Song",
            artist="Artist",
            cover=str(cover) if self.cover else None,
        )


async def test_audio_and_cover_are_stored_under_the_attempt_s_names(tmp_path: Path) -> None:
    store = Store()
    ready = await download_audio(COMMAND, Downloads(tmp_path), store, Notes())
    assert set(store.objects) == {"audio-jazz-12-3", "cover-jazz-12-3"}
    assert (ready.link, ready.track_id, ready.attempt, ready.video_id) == ("jazz", 12, 3, "dQw4w9WgXcQ")
    assert ready.audio.file_name == "Artist - Song.m4a"
    assert ready.audio.duration_s == 240.5
    assert ready.audio.cover_name == "cover-jazz-12-3"


async def test_a_song_without_a_cover_names_none(tmp_path: Path) -> None:
    ready = await download_audio(COMMAND, Downloads(tmp_path, cover=False), Store(), Notes())
    assert ready.audio.cover_name is None


async def test_a_repeated_command_never_changes_announced_bytes(tmp_path: Path) -> None:
    downloads, store, notes = Downloads(tmp_path), Store(), Notes()
    first = await download_audio(COMMAND, downloads, store, notes)
    assert await download_audio(COMMAND, downloads, store, notes) == first
    assert downloads.count == 1
    assert hashlib.sha256(store.objects[first.audio.name]).hexdigest() == first.audio.digest


async def test_a_new_attempt_is_a_new_download(tmp_path: Path) -> None:
    downloads, store, notes = Downloads(tmp_path), Store(), Notes()
    await download_audio(COMMAND, downloads, store, notes)
    again = await download_audio(COMMAND.model_copy(update={"attempt": 4}), downloads, store, notes)
    assert again.audio.name == "audio-jazz-12-4"
    assert downloads.count == 2


async def test_discarding_deletes_objects_and_notes_and_may_be_repeated(tmp_path: Path) -> None:
    store, notes = Store(), Notes()
    await download_audio(COMMAND, Downloads(tmp_path), store, notes)
    command = DiscardAudio(link="jazz", track_id=12, names=("audio-jazz-12-3", "cover-jazz-12-3", "audio-jazz-12-2"))
    await discard_audio(command, store, notes)
    await discard_audio(command, store, notes)
    assert (store.objects, notes.intents) == ({}, {})


# Patience with a site that takes us for a robot


class Site:
    def __init__(self) -> None:
        self.asked = 0
        self.refuses = True
        self.now = 0.0
        self.cookies = 1

    async def probe(self) -> None:
        self.asked += 1
        if self.refuses:
            raise AuthRejected("no bots")

    def patient(self) -> BackoffProbe:
        return BackoffProbe(self.probe, lambda: self.cookies, lambda: self.now)


async def ask(probe: BackoffProbe, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(AuthRejected, match="no bots"):
            await probe()


async def test_a_refusing_site_is_asked_ever_more_seldom() -> None:
    site = Site()
    probe = site.patient()
    asked = []
    for second in range(0, 7200, 30):
        site.now = float(second)
        before = site.asked
        await ask(probe)
        if site.asked > before:
            asked.append(second)
    assert asked == [0, 60, 180, 420, 900, 1860, 3660, 5460]


async def test_new_cookies_are_tried_at_once() -> None:
    site = Site()
    probe = site.patient()
    await ask(probe, 5)
    assert site.asked == 1
    site.cookies, site.refuses = 2, False
    await probe()
    assert site.asked == 2


async def test_another_trouble_is_no_refusal() -> None:
    async def probe() -> None:
        raise Transient("offline")

    patient = BackoffProbe(probe, lambda: None, lambda: 0.0)
    for _ in range(2):
        with pytest.raises(Transient):
            await patient()


def test_the_progress_log_forgets_what_is_long_over() -> None:
    told = ProgressLog()
    for track in range(1, 200):
        told(COMMAND.model_copy(update={"track_id": track}), DownloadProgress(stage="media", fraction=0.5))
    assert len(told.told) == 64
