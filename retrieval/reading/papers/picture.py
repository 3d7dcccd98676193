"""A page's picture: made small for keeping, and drawn with one article outlined."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.reading.papers.issue import Outline, Picture, Polygon

if TYPE_CHECKING:
    from PIL import Image

_LONGEST_SIDE = 1600
_MOST_BYTES = 600_000
_MOST_PIXELS = 60_000_000
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_QUALITIES = (80, 65, 50, 35)
_OUTSIDE = 0.02
"""By so much of the picture a corner may lie outside of it and still be meant for its edge."""
_LEAST_SPREAD = 0.5
"""Outlines of a whole page spread at least so far; else they belong to a picture of another size."""
_RED = (220, 30, 30)


class PictureError(ValueError):
    """The bytes are no picture that is drawn on."""


@dataclass(frozen=True, slots=True)
class SmallPicture:
    """A JPEG."""

    data: bytes
    width: int
    height: int


def shrink_picture(data: bytes) -> tuple[SmallPicture, int, int]:
    """Return the picture as a small JPEG, and the width and height that it had. Raises PictureError."""
    picture = _open(data)
    width, height = picture.size
    small = picture.convert("RGB")
    small.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    for quality in _QUALITIES:
        packed = _packed(small, quality)
        if len(packed) <= _MOST_BYTES:
            return SmallPicture(packed, *small.size), width, height
    raise PictureError("the picture stays too large")


def to_shares(
    outlines: Sequence[tuple[str, Sequence[Outline]]], picture: Picture, size: tuple[int, int]
) -> tuple[tuple[str, tuple[Polygon, ...]], ...]:
    """Return the outlines as shares of the picture, by article; all are left out where it is unsure that they fit it.

    Corners in pixels belong to the size at which the page shows the picture, else to the picture's own.
    """
    width, height = picture.width, picture.height
    if width and not height:
        height = width * size[1] / size[0]
    if height and not width:
        width = height * size[0] / size[1]
    shown = (width or size[0], height or size[1])
    found = [(key, tuple(_share(each, shown) for each in corners)) for key, corners in outlines]
    points = [point for _, polygons in found for polygon in polygons for point in polygon]
    if not points or any(not -_OUTSIDE <= each <= 1 + _OUTSIDE for point in points for each in point):
        return ()
    spread = max(each for point in points for each in point)
    if len(found) > 2 and spread < _LEAST_SPREAD:
        return ()
    return tuple(found)


def _share(outline: Outline, shown: tuple[float, float]) -> Polygon:
    if outline.is_share:
        return outline.corners
    return tuple((round(x / shown[0], 5), round(y / shown[1], 5)) for x, y in outline.corners)


def outline_article(data: bytes, polygons: Sequence[Polygon]) -> bytes:
    """Return the picture as JPEG with these areas outlined and all else dimmed. Raises PictureError."""
    from PIL import Image, ImageDraw

    picture = _open(data).convert("RGB")
    width, height = picture.size
    areas = [[(x * width, y * height) for x, y in polygon] for polygon in polygons]
    mask = Image.new("L", picture.size, 110)
    drawing = ImageDraw.Draw(mask)
    for area in areas:
        drawing.polygon(area, fill=0)
    picture.paste(Image.new("RGB", picture.size, (255, 255, 255)), mask=mask)
    drawing = ImageDraw.Draw(picture)
    for area in areas:
        drawing.line([*area, area[0], area[1]], fill=_RED, width=max(3, width // 200), joint="curve")
    return _packed(picture, 85)


def _open(data: bytes) -> Image.Image:
    from PIL import Image, UnidentifiedImageError

    try:
        picture: Image.Image = Image.open(io.BytesIO(data), formats=_FORMATS)
        if picture.width * picture.height > _MOST_PIXELS or min(picture.size) < 50:
            raise PictureError(f"the picture has {picture.width} x {picture.height} pixels")
        picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError(f"no picture that can be read ({type(error).__name__})") from None
    return picture


def _packed(picture: Image.Image, quality: int) -> bytes:
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=quality)
    return packed.getvalue()
