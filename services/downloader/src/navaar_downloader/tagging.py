"""Writes who a recording is into its file."""

# mutagen ships a py.typed marker, but few annotations.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mutagen.id3 import APIC, ID3, TALB, TIT2, TPE1, TSRC
from mutagen.mp4 import MP4, AtomDataType, MP4Cover, MP4FreeForm

from navaar_contracts.music import Recording
from navaar_downloader.file_names import clean

_ISRC_ATOM = "----:com.apple.iTunes:ISRC"


@dataclass(frozen=True, slots=True)
class Tags:
    title: str
    artist: str | None = None
    album: str | None = None
    isrc: str | None = None


def tags_for(recording: Recording, site_title: str | None, video_id: str) -> Tags:
    """What to write: the recording's own names; the site's title, then the video's id, only where it has none."""
    title = recording.title + "".join(f" ({words})" for words in recording.version)
    artist = recording.artist or ", ".join(recording.artists)
    return Tags(
        title=clean(title) or clean(site_title or "") or video_id,
        artist=clean(artist) or None,
        album=clean(recording.album or "") or None,
        isrc=clean(recording.isrc or "", 12) or None,
    )


def write_tags(path: Path, tags: Tags, cover_jpeg: bytes | None) -> None:
    """Replace all tags of an .m4a or .mp3 file.

    Raises:
        mutagen.MutagenError, OSError: the file cannot be written.
    """
    if path.suffix == ".mp3":
        _write_id3(path, tags, cover_jpeg)
    else:
        _write_mp4(path, tags, cover_jpeg)


def _write_mp4(path: Path, tags: Tags, cover_jpeg: bytes | None) -> None:
    audio = MP4(path)
    audio.delete()
    audio["\xa9nam"] = [tags.title]
    if tags.artist:
        audio["\xa9ART"] = [tags.artist]
    if tags.album:
        audio["\xa9alb"] = [tags.album]
    if tags.isrc:
        audio[_ISRC_ATOM] = [MP4FreeForm(tags.isrc.encode(), dataformat=AtomDataType.UTF8)]
    if cover_jpeg:
        audio["covr"] = [MP4Cover(cover_jpeg, imageformat=MP4Cover.FORMAT_JPEG)]
    audio.save()


def _write_id3(path: Path, tags: Tags, cover_jpeg: bytes | None) -> None:
    frames = ID3()
    frames.add(TIT2(encoding=3, text=tags.title))
    if tags.artist:
        frames.add(TPE1(encoding=3, text=tags.artist))
    if tags.album:
        frames.add(TALB(encoding=3, text=tags.album))
    if tags.isrc:
        frames.add(TSRC(encoding=3, text=tags.isrc))
    if cover_jpeg:
        frames.add(APIC(encoding=3, mime="image/jpeg", type=3, desc="Cover", data=cover_jpeg))
    # 2.3 is what every player reads.
    frames.save(path, v2_version=3)
