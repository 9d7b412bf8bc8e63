"""Cover pictures: one to embed, one small enough for Telegram's sendAudio."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

EMBEDDED_PIXELS = 800
EMBEDDED_BYTES = 400_000
THUMBNAIL_PIXELS = 320
THUMBNAIL_BYTES = 195_000
"""Telegram takes JPEG under 200 kB."""

_FORMATS = ("JPEG", "PNG", "WEBP")
_MOST_PIXELS = 40_000_000


class BadCover(Exception):
    """The picture cannot be used. The text says why."""


@dataclass(frozen=True, slots=True)
class Cover:
    embedded: bytes
    thumbnail: bytes


def render(picture: bytes) -> Cover:
    """Both sizes, JPEG, square (the middle of a wide picture, where YouTube puts the sleeve).

    Raises:
        BadCover: it is no JPEG, PNG or WebP, is broken, or unreasonably large.
    """
    try:
        with Image.open(io.BytesIO(picture), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise BadCover(f"the cover has {opened.width} x {opened.height} pixels")
            upright = ImageOps.exif_transpose(opened)
            square = _on_white(_square(upright))
    except BadCover:
        raise
    except Exception as error:
        # Pillow raises anything on broken files: OSError, SyntaxError, ValueError, struct.error.
        raise BadCover(f"the cover cannot be read ({type(error).__name__})") from error
    return Cover(
        embedded=_jpeg(square, EMBEDDED_PIXELS, EMBEDDED_BYTES),
        thumbnail=_jpeg(square, THUMBNAIL_PIXELS, THUMBNAIL_BYTES),
    )


def _square(image: Image.Image) -> Image.Image:
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGB", "L"):
        return image.convert("RGB")
    seen = image.convert("RGBA")
    ground = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(ground, seen).convert("RGB")


def _jpeg(image: Image.Image, pixels: int, most_bytes: int) -> bytes:
    if image.width > pixels:
        image = image.resize((pixels, pixels), Image.Resampling.LANCZOS)
    data = b""
    for quality in (90, 80, 65, 50, 35):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality, optimize=True)
        data = buffer.getvalue()
        if len(data) <= most_bytes:
            return data
    raise BadCover("the cover does not become small enough")
