"""Which pictures can be a thumbnail."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navaar_telegram_gateway.covers import fits, jpeg_size


def jpeg(width: int, height: int, padding: int = 0) -> bytes:
    segments = b"\xff\xe0" + struct.pack(">H", 16) + bytes(14)
    while padding > 0:
        size = min(padding, 60_000)
        segments += b"\xff\xe1" + struct.pack(">H", size + 2) + bytes(size)
        padding -= size
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8" + segments + b"\xff\xff" + frame[1:] + b"\xff\xd9"


@pytest.mark.parametrize(("width", "height"), [(320, 320), (320, 180), (1, 1)])
def test_small_jpeg_fits(width: int, height: int) -> None:
    assert jpeg_size(jpeg(width, height)) == (width, height)
    assert fits(jpeg(width, height))


@pytest.mark.parametrize(
    "picture",
    [
        jpeg(321, 320),
        jpeg(320, 1000),
        jpeg(0, 10),
        jpeg(320, 320, padding=200_000),
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"\xff\xd8",
        jpeg(320, 320)[:20],
        b"<html>not found</html>",
    ],
)
def test_other_picture_does_not(picture: bytes) -> None:
    assert not fits(picture)


@given(st.binary(max_size=300))
def test_no_bytes_break_it(tail: bytes) -> None:
    fits(b"\xff\xd8" + tail)
