"""The matched part of a picture, cut out so that nothing around it shows."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image, ImageDraw

from matching.engine.images import PictureError, open_picture

MOST_SIDE = 640
PAINT = (128, 128, 128)

Region = Sequence[tuple[float, float]]


class Unreadable(Exception):
    """The stored copy cannot be decoded."""


def of(data: Mapping[str, Any], name: str) -> Region:
    """The outline a finding names, in shares of width and height; empty is the whole picture."""
    found = data.get(name)
    if data.get("by") == "hash" or not isinstance(found, list) or len(found) < 3:
        return ()
    try:
        return [(min(max(float(x), 0.0), 1.0), min(max(float(y), 0.0), 1.0)) for x, y in found]
    except (TypeError, ValueError):
        return ()


def points(region: Region) -> str:
    """An SVG polygon's points on a canvas of 1000."""
    return " ".join(f"{x * 1000:.1f},{y * 1000:.1f}" for x, y in region)


def cut(encoded: bytes, region: Region) -> bytes:
    """WebP of the region's bounding box, all outside the outline painted over. Raises ``Unreadable``."""
    try:
        image = open_picture(encoded).image.convert("RGB")
    except PictureError as error:
        raise Unreadable from error
    if region:
        width, height = image.size
        corners = [(x * width, y * height) for x, y in region]
        mask = Image.new("1", image.size)
        ImageDraw.Draw(mask).polygon(corners, fill=1)
        image = Image.composite(image, Image.new("RGB", image.size, PAINT), mask)
        xs, ys = [x for x, _y in corners], [y for _x, y in corners]
        left, top = int(min(xs)), int(min(ys))
        image = image.crop((left, top, max(int(max(xs)) + 1, left + 1), max(int(max(ys)) + 1, top + 1)))
    image.thumbnail((MOST_SIDE, MOST_SIDE))
    file = io.BytesIO()
    image.save(file, "WEBP", quality=80)  # encoded anew: no metadata travels
    return file.getvalue()
