# mypy: disable-error-code="no-untyped-call"
"""The audio files a person posts: well tagged, badly tagged, not tagged, and those that hurt. Pure but for the files.

Every file is real audio; what differs is where, if anywhere, it says who it is.
"""

import shutil
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mutagen import id3, mp4

from navaar_sandbox.catalogue import Recording
from navaar_sandbox.sound import Shelf, cover, ffmpeg

Form = Literal[
    "tagged_m4a",  # everything in the file: title, artist, album, ISRC, cover
    "tagged_mp3",  # the same as ID3
    "performer_only",  # nothing in the file, Telegram's performer and title say it
    "file_name_only",  # "Artist - Title.mp3" is all there is
    "title_only",  # "Title.mp3" is all there is
    "other_tags",  # tagged and named as quite another song
    "channel_tagged",  # the title carries a channel's advertisement
    "document",  # audio sent as a plain file
    "voice",  # a voice message
    "big",  # 25 MB: more than a bot may download
    "hostile_tags",  # an ID3 frame that inflates without end
    "empty_title",  # tags and Telegram fields are blank, the file name too
    "long_title",  # 3,000 characters in five scripts, with right-to-left marks
    "near_silent",  # named by performer and title; one hears next to nothing
    "not_audio",  # a text file that claims to be an MP3
]
ORDINARY_FORMS: tuple[Form, ...] = ("tagged_m4a", "tagged_mp3", "performer_only", "file_name_only", "tagged_mp3")

BIG_BYTES = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PostedFile:
    """A file as a Telegram app would send it.

    `performer` and `title` are what the app read from the tags (or what the person typed); `duration` is in whole
    seconds; `kind` is the Telegram message field it becomes.
    """

    path: Path
    file_name: str
    mime_type: str
    kind: Literal["audio", "document", "voice"]
    performer: str | None
    title: str | None
    duration: int


def posted_file(recording: Recording, form: Form, shelf: Shelf, folder: Path) -> PostedFile:
    """Make the file of `recording` in that form, in `folder`. Blocks for some tens of milliseconds."""
    artist, title = ", ".join(recording.artists), recording.title
    suffix = {"tagged_m4a": ".m4a", "document": ".m4a", "voice": ".ogg"}.get(form, ".mp3")
    path = folder / f"{recording.key}-{form}{suffix}"
    name = f"{artist} - {title}{suffix}".replace("/", "_")
    mime = {".m4a": "audio/mp4", ".mp3": "audio/mpeg", ".ogg": "audio/ogg"}[suffix]

    if form == "not_audio":
        path.write_text("This was never music.\n" * 500, encoding="utf-8")
        return PostedFile(path, name, mime, "audio", artist, title, 0)
    duration = 14 if form == "voice" else recording.duration
    container: Literal["m4a", "mp3", "ogg"] = "m4a" if suffix == ".m4a" else "ogg" if suffix == ".ogg" else "mp3"
    shutil.copyfile(shelf.file(recording.key, duration, container), path)

    if form == "tagged_m4a":
        _tag_m4a(path, recording)
    elif form in ("tagged_mp3", "big"):
        _tag_mp3(path, title, artist, recording)
        if form == "big":
            _grow(path, BIG_BYTES)
    elif form == "other_tags":
        artist, title = f"Nobody {recording.number}", f"Nameless {recording.number}"
        name = f"{artist} - {title}.mp3"
        ffmpeg("-i", str(shelf.file(recording.key, duration, container)), "-b:a", "48k", "-ar", "44100", str(path))
        _tag_mp3(path, title, artist, None)
    elif form == "channel_tagged":
        artist, title = f"{artist} | @MusicAttic", f"{title} (www.musicattic.example)"
        _tag_mp3(path, title, artist, recording)
    elif form == "near_silent":
        ffmpeg("-f", "lavfi", "-t", str(duration), "-i", "anullsrc=r=16000:cl=mono", "-b:a", "16k", str(path))
    elif form == "long_title":
        artist, title = f"\u200f{artist}\u200f", _long_title(title)
        _tag_mp3(path, title, artist, recording)
        name = "audio.mp3"
    elif form == "hostile_tags":
        path.write_bytes(_inflating_id3() + path.read_bytes())
    elif form == "document":
        return PostedFile(path, name, mime, "document", None, None, duration)
    elif form == "voice":
        return PostedFile(path, "", mime, "voice", None, None, duration)

    if form == "file_name_only":
        return PostedFile(path, name, mime, "audio", None, None, duration)
    if form == "title_only":
        return PostedFile(path, f"{title}.mp3", mime, "audio", None, None, duration)
    if form == "empty_title":
        return PostedFile(path, "audio.mp3", mime, "audio", "", "", duration)
    if form in ("performer_only", "hostile_tags", "near_silent"):
        name = f"audio_{recording.number}.mp3"
    # Telegram keeps 64 characters of each; its apps cut what they read from the tags.
    return PostedFile(path, name, mime, "audio", artist[:64], title[:64], duration)


def _tag_m4a(path: Path, recording: Recording) -> None:
    tags = mp4.MP4(path)
    tags["\xa9nam"] = [recording.title]
    tags["\xa9ART"] = [", ".join(recording.artists)]
    tags["\xa9alb"] = [recording.album]
    tags["\xa9day"] = [str(recording.year)]
    tags["----:com.apple.iTunes:ISRC"] = [mp4.MP4FreeForm(recording.code.encode())]
    tags["covr"] = [mp4.MP4Cover(cover(recording.key), mp4.MP4Cover.FORMAT_JPEG)]
    tags.save()


def _tag_mp3(path: Path, title: str, artist: str, recording: Recording | None) -> None:
    tags = id3.ID3()
    tags.add(id3.TIT2(encoding=3, text=[title]))
    tags.add(id3.TPE1(encoding=3, text=[artist]))
    if recording is None:
        tags.save(path)
        return
    tags.add(id3.TALB(encoding=3, text=[recording.album]))
    tags.add(id3.TDRC(encoding=3, text=[str(recording.year)]))
    if recording.number % 2 == 0:  # few files in the wild carry an ISRC
        tags.add(id3.TSRC(encoding=3, text=[recording.code]))
    tags.save(path)


def _grow(path: Path, size: int) -> None:
    """Pad with an attached picture, as files with scanned booklets are."""
    tags = id3.ID3(path)
    booklet = cover("booklet") + bytes(size - path.stat().st_size)
    tags.add(id3.APIC(encoding=3, mime="image/jpeg", type=6, desc="booklet", data=booklet))
    tags.save(path)


def _long_title(title: str) -> str:
    part = f"{title} \u200f\u202bترانه\u202c\u200e длинное 노래 名前 título "
    return (part * (3000 // len(part) + 1))[:3000]


def _inflating_id3() -> bytes:
    """An ID3v2.4 tag of some kilobytes whose text frame inflates to five megabytes of NULs."""
    inflated = b"\x00" + bytes(5_000_000)
    body = _synchsafe(len(inflated)) + zlib.compress(inflated, 9)
    frame = b"TXXX" + _synchsafe(len(body)) + b"\x00\x09" + body  # flags: compressed, with a data length
    return b"ID3\x04\x00\x00" + _synchsafe(len(frame)) + frame


def _synchsafe(number: int) -> bytes:
    return struct.pack(">I", sum((number >> 7 * place & 0x7F) << 8 * place for place in range(4)))
