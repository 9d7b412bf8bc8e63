"""One function a message."""

from __future__ import annotations

from pathlib import Path

from navaar_contracts.commands import DiscardAudio, DownloadAudio
from navaar_contracts.events import AudioReady
from navaar_contracts.music import AudioReference
from navaar_downloader.file_names import audio_file_name, audio_object, cover_object
from navaar_downloader.jobs import Product
from navaar_downloader.ports import Downloads
from navaar_runtime.idempotency import IdempotencyRecords
from navaar_runtime.object_store import ObjectStore

NOTED_S = 30 * 86_400
"""What was noted is deleted with the audio, by the ledger's word; this is for words that never come."""


async def download_audio(
    command: DownloadAudio, downloads: Downloads, store: ObjectStore, notes: IdempotencyRecords
) -> AudioReady:
    """Bring the audio into the object store, once an attempt: a repeated command repeats the answer.

    Other bytes under a name that was already announced would fail their digest check at the receiver.
    """
    name = audio_object(command.link, command.track_id, command.attempt)
    noted = await notes.get(name)
    if noted is not None and noted.state == "done":
        return _ready(command, AudioReference.model_validate(noted.outcome))
    async with downloads.fetch(command) as product:
        audio = await _store(command, name, product, store)
    await notes.complete(name, audio.model_dump(mode="json"), kept_s=NOTED_S)
    return _ready(command, audio)


async def discard_audio(command: DiscardAudio, store: ObjectStore, notes: IdempotencyRecords) -> None:
    """Delete objects that nobody needs any more, and what was noted about them."""
    for name in command.names:
        await store.delete(name)
        await notes.delete(name)


async def _store(command: DownloadAudio, name: str, product: Product, store: ObjectStore) -> AudioReference:
    path = Path(product.path)
    cover_name = None
    if product.cover is not None:
        cover_name = cover_object(command.link, command.track_id, command.attempt)
        await store.put(cover_name, Path(product.cover))
    stored = await store.put(name, path)
    return AudioReference(
        name=stored.name,
        digest=stored.digest,
        size_bytes=stored.size_bytes,
        mime_type=product.mime_type,
        file_name=audio_file_name(product.artist, product.title, path.suffix),
        duration_s=product.duration_s,
        title=product.title,
        artist=product.artist,
        cover_name=cover_name,
    )


def _ready(command: DownloadAudio, audio: AudioReference) -> AudioReady:
    return AudioReady(
        link=command.link, track_id=command.track_id, attempt=command.attempt, video_id=command.video_id, audio=audio
    )
