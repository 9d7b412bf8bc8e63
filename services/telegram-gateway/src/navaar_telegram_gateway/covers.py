"""Whether a picture can be the thumbnail of a post. Pure.

Telegram takes a JPEG of less than 200 kB and at most 320 pixels a side; with another the post might be refused, so such
a picture is left out.
"""

from __future__ import annotations

import struct

MOST_BYTES = 200 * 1000
MOST_PIXELS = 320

# Start-of-frame markers; C4, C8 and CC in between are tables, not frames.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


def fits(picture: bytes) -> bool:
    size = jpeg_size(picture) if len(picture) < MOST_BYTES else None
    return size is not None and min(size) > 0 and max(size) <= MOST_PIXELS


def jpeg_size(picture: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None when it is no readable JPEG."""
    if picture[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 4 <= len(picture):
        if picture[at] != 0xFF:
            return None
        marker = picture[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker in _WITHOUT_LENGTH:
            at += 2
            continue
        if marker in _FRAMES:
            if at + 9 > len(picture):
                return None
            height, width = struct.unpack(">HH", picture[at + 5 : at + 9])
            return width, height
        (length,) = struct.unpack(">H", picture[at + 2 : at + 4])
        at += 2 + max(2, length)
    return None
