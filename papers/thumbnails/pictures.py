"""Making thumbnails from untrusted bytes."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from papers.models.thumbnails import MAX_THUMBNAIL_BYTES

# Twice the size at which a card shows it, for dense screens.
SIZE = (320, 180)
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# A smaller picture would be blurred, and is often a tracking pixel.
MIN_SIDE = 64
# 64 MB when decoded.
MAX_PIXELS = 16_000_000
# Real progressive JPEGs have about ten scans. Each of them decodes the whole picture again.
MAX_JPEG_SCANS = 100
_START_OF_JPEG, _START_OF_SCAN = b"\xff\xd8", b"\xff\xda"
_QUALITIES = (80, 60, 40, 20, 5)


class UnfitPictureError(Exception):
    """The bytes cannot become a thumbnail. The message is fit to show an operator."""


def make_thumbnail(body: bytes) -> bytes:
    """Return the picture as WebP in a fixed size, or raise `UnfitPictureError`.

    An animation gives its first frame. Metadata is dropped.
    """
    if body.startswith(_START_OF_JPEG) and body.count(_START_OF_SCAN) > MAX_JPEG_SCANS:
        raise UnfitPictureError(f"The picture has more than {MAX_JPEG_SCANS} scans.")
    try:
        with warnings.catch_warnings():
            # Pillow warns of sizes far above ours.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = _opened(body)
            return _encoded(_drawn(picture))
    except UnfitPictureError:
        raise
    except UnidentifiedImageError as error:
        raise UnfitPictureError("The answer is not a PNG, JPEG, WebP or GIF picture.") from error
    except Image.DecompressionBombError as error:
        raise UnfitPictureError("The picture is too large.") from error
    except Exception as error:  # Pillow lets through whatever a decoder raises
        raise UnfitPictureError(
            f"The picture cannot be decoded ({type(error).__name__})."
        ) from error


def _opened(body: bytes) -> Image.Image:
    """Read the picture's head only, and judge its size."""
    picture = Image.open(BytesIO(body), formats=FORMATS)
    width, height = picture.size
    if min(width, height) < MIN_SIDE:
        raise UnfitPictureError(
            f"The picture is too small: {width} × {height} pixels, where {MIN_SIDE} are needed."
        )
    if width * height > MAX_PIXELS:
        raise UnfitPictureError(f"The picture is too large: {width} × {height} pixels.")
    return picture


def _drawn(picture: Image.Image) -> Image.Image:
    picture.draft("RGB", (2 * SIZE[0], 2 * SIZE[1]))  # a JPEG is decoded at a fraction of its size
    picture = ImageOps.exif_transpose(picture).convert("RGBA")
    # Transparent diagrams are drawn in black, for white pages.
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture)
    return ImageOps.fit(ground.convert("RGB"), SIZE)


def _encoded(picture: Image.Image) -> bytes:
    for quality in _QUALITIES:
        buffer = BytesIO()
        picture.save(buffer, "WEBP", quality=quality, method=6)
        if buffer.tell() <= MAX_THUMBNAIL_BYTES:
            return buffer.getvalue()
    raise UnfitPictureError(f"The picture does not fit into {MAX_THUMBNAIL_BYTES:,} bytes.")
