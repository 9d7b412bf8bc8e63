"""One function a message: message and ports in, messages out."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from navaar_contracts.commands import CheckPresence, FetchAudio, PlaceTrack, RemoveTrack
from navaar_contracts.events import AudioFetched, FailureKind, PresenceKnown, TrackPlaced, TrackRemoved
from navaar_contracts.links import Link
from navaar_contracts.music import AudioReference
from navaar_contracts.song_marks import song_marks
from navaar_runtime.failures import Permanent, Transient
from navaar_runtime.idempotency import About
from navaar_runtime.object_store import ObjectMissing, ObjectStore
from navaar_telegram_gateway import captions, post_text
from navaar_telegram_gateway.idempotency import place_of
from navaar_telegram_gateway.identity import ChannelIdentity
from navaar_telegram_gateway.placer import PlaceOrder, PostPlacer
from navaar_telegram_gateway.ports import AudioPost, Files
from navaar_telegram_gateway.settings import MEGABYTE
from navaar_telegram_gateway.telegram import too_large_to_fetch
from navaar_telegram_session.session import PLATFORM


async def place_track(
    command: PlaceTrack,
    links: Mapping[str, Link],
    placers: Mapping[str, PostPlacer],
    objects: ObjectStore,
    max_bytes: int,
    identities: Mapping[str, ChannelIdentity],
) -> TrackPlaced:
    """Post the recording into the link's channel, once."""
    link = _of(links, command.link)
    with tempfile.TemporaryDirectory(prefix="navaar-post-") as folder:

        async def prepare() -> AudioPost:
            return await _post(command, link, objects, max_bytes, Path(folder))

        about = About(place_of(identities[link.name].setting), song_marks(command))
        order = PlaceOrder(
            command.delivery_key(), command.attempt, command.decided_at, about, command.renewal, command.known_to
        )
        sent = await placers[link.name].place(order, prepare)
    return TrackPlaced(
        link=command.link,
        track_id=command.track_id,
        attempt=command.attempt,
        target=command.target,
        external_id=str(sent.message_id),
        file_unique_id=sent.file_unique_id,
        url=PLATFORM.spec.item_url(str(sent.message_id), identities[link.name].public),
    )


async def remove_track(
    command: RemoveTrack, links: Mapping[str, Link], placers: Mapping[str, PostPlacer]
) -> TrackRemoved:
    """Take our post out of the link's channel."""
    link = _of(links, command.link)
    if not command.external_id.isdecimal():
        raise Permanent(f"{command.external_id} is no message id.")
    former = post_text.former_caption(command.track_id)
    await placers[link.name].remove(command.delivery_key(), int(command.external_id), former)
    return TrackRemoved(
        link=command.link,
        track_id=command.track_id,
        attempt=command.attempt,
        target=command.target,
        external_id=command.external_id,
    )


async def check_presence(
    command: CheckPresence, links: Mapping[str, Link], placers: Mapping[str, PostPlacer]
) -> PresenceKnown:
    """Which of the posts are in the link's channel; where that does not show, the answer is not certain."""
    link = _of(links, command.link)
    posts = [int(each) for each in command.external_ids if each.isdecimal()]
    there, certain = await placers[link.name].present(posts)
    return PresenceKnown(
        link=command.link,
        track_id=command.track_id,
        attempt=command.attempt,
        target=command.target,
        present=tuple(str(each) for each in posts if each in there),
        certain=certain and len(posts) == len(command.external_ids),
    )


async def fetch_audio(
    command: FetchAudio, links: Mapping[str, Link], files: Files, objects: ObjectStore, max_bytes: int | None
) -> AudioFetched:
    """Bring a posted file into the object store."""
    _of(links, command.link)
    if max_bytes is not None and (command.size_bytes or 0) > max_bytes:
        raise too_large_to_fetch(command.size_bytes)
    with tempfile.TemporaryDirectory(prefix="navaar-fetch-") as folder:
        path = Path(folder) / "audio"
        await files.download(command.file_id, path)
        stored = await objects.put(f"posted-{command.link}-{command.track_id}-{command.attempt}", path)
    return AudioFetched(
        link=command.link,
        track_id=command.track_id,
        attempt=command.attempt,
        audio=AudioReference(
            name=stored.name,
            digest=stored.digest,
            size_bytes=stored.size_bytes,
            mime_type=command.mime_type or "application/octet-stream",
            file_name=command.file_name or "audio",
        ),
    )


async def _post(command: PlaceTrack, link: Link, objects: ObjectStore, max_bytes: int, folder: Path) -> AudioPost:
    audio = command.audio
    if audio is None:
        raise Permanent("There is no audio to post.", FailureKind.AUDIO_MISSING)
    if audio.size_bytes > max_bytes:
        raise Permanent(
            f"The file is {audio.size_bytes / MEGABYTE:.0f} MB; at most {max_bytes / MEGABYTE:.0f} MB may be posted. "
            "A local Bot API server lifts the limit."
        )
    path = folder / "audio"
    try:
        await objects.fetch(audio.name, audio.digest, path)
    except ObjectMissing:
        raise Permanent("The downloaded audio is gone; it is downloaded again.", FailureKind.AUDIO_MISSING) from None
    duration = audio.duration_s or command.recording.duration_s
    return AudioPost(
        path=path,
        size_bytes=audio.size_bytes,
        file_name=post_text.file_name(command.recording, audio),
        title=post_text.title(command.recording, audio),
        performer=post_text.performer(command.recording, audio),
        duration_s=round(duration) if duration else None,
        caption=captions.caption(link.policy.caption, command),
        buttons=captions.buttons(command) if link.policy.buttons else (),
        thumbnail=await _cover(audio, objects, folder),
    )


async def _cover(audio: AudioReference, objects: ObjectStore, folder: Path) -> Path | None:
    """The cover, which a post can do without. No digest travels with it; the picture itself is looked at before use."""
    if audio.cover_name is None:
        return None
    path = folder / "cover.jpg"
    try:
        await objects.fetch(audio.cover_name, "", path)
    except (ObjectMissing, Transient):
        return path if path.is_file() else None
    return path


def _of(links: Mapping[str, Link], name: str) -> Link:
    link = links.get(name)
    if link is None:
        raise Permanent(f"There is no link {name} any more.")
    return link
