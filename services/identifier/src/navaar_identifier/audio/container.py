"""Which of ffmpeg's readers a file is given to, by its first bytes and whatever its name says.

ffmpeg itself would try some three hundred readers, among them those of lists (concat, HLS, DASH, image sequences) that
make it open other files. Only containers that hold their sound themselves are named here: a file that is none of them
is read by none. Magic numbers: https://en.wikipedia.org/wiki/List_of_file_signatures, for ID3v2
https://id3.org/id3v2.4.0-structure, for MPEG and ADTS frames ISO/IEC 11172-3 and 13818-7.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_LOOKED_AT = 64 * 1024
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"MAC ", "ape"),
    (b"wvpk", "wv"),
    (b"TTA1", "tta"),
    (b"MPCK", "mpc8"),
    (b"MP+", "mpc"),
    (b"DSD ", "dsf"),
    (b"caff", "caf"),
    (b"#!AMR", "amr"),
    (b"FLV\x01", "flv"),
    (b".snd", "au"),
    (b"\x0b\x77", "ac3"),
)
_IN_CHUNKS = {
    (b"RIFF", b"WAVE"): "wav",
    (b"RF64", b"WAVE"): "wav",
    (b"RIFF", b"AVI "): "avi",
    (b"FORM", b"AIFF"): "aiff",
    (b"FORM", b"AIFC"): "aiff",
}
_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide")
_MPEG_FRAME = re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff][\x10-\xef]", re.DOTALL)
"""The head of a frame of layer I, II or III with a bit rate."""
_ADTS_FRAME = re.compile(rb"\xff[\xf0\xf1\xf8\xf9]", re.DOTALL)
_TRANSPORT_PACKET = 188


def reader(path: str | os.PathLike[str]) -> str | None:
    """The name of ffmpeg's reader for a file, or None for what is no audio that Navaar listens to.

    Raises:
        OSError: the file cannot be read.
    """
    with Path(path).open("rb") as file:
        head = file.read(_LOOKED_AT)
        begin = _behind_id3(head)
        if begin:
            file.seek(begin)
            head = file.read(_LOOKED_AT)
    return reader_of(head)


def reader_of(head: bytes) -> str | None:
    """The same by a file's first bytes, without the ID3v2 tag that may stand before them."""
    for start, name in _STARTS:
        if head.startswith(start):
            return name
    if in_chunks := _IN_CHUNKS.get((head[:4], head[8:12])):
        return in_chunks
    if head[4:8] in _BOXES:
        return "mov"
    if _ADTS_FRAME.match(head):
        return "aac"
    if head[:1] == b"G" and head[_TRANSPORT_PACKET : _TRANSPORT_PACKET + 1] == b"G":
        return "mpegts"
    # Frames may begin behind some padding or what another program left.
    return "mp3" if _MPEG_FRAME.search(head) else None


def _behind_id3(head: bytes) -> int:
    """Where an ID3v2 tag at the beginning ends; 0 when there is none. Its size is four times seven bits."""
    if head[:3] != b"ID3" or len(head) < 10 or any(byte & 0x80 for byte in head[6:10]):
        return 0
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    return 10 + size + (10 if head[5] & 0x10 else 0)
