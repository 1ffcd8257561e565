"""Lay a work over the picture in which it was found, so that a person sees whether lines coincide.

Two layers of one size come out: the part of the picture where the work is seen, and the work as it would have
to be seen there, transparent beyond its edges. For people's eyes: nothing here decides anything.
"""

import io
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from matching.engine.images import Pixels, shrink
from matching.engine.verify import View

Matrix = NDArray[np.float64]

LONGEST: Final = 1200
"""Long side of the layers, in pixels, at most."""
SHORTEST_LONG_SIDE: Final = 800
"""Smaller finds are enlarged to this long side."""

_MARGIN = 0.05  # of the work's frame, around it
_NEAREST = 1e-9  # a depth nearer to the viewer's eye divides by nothing
_WHOLE = 0.6  # a share of the picture from which on all of it is shown
_GREATEST_SHRINKING = 0.7  # below, a plain warp would skip lines of the work
_SMALL = 64  # side, in pixels, of the copies by which a turn is chosen
_UNIT_SQUARE: Final = np.array([[0.0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]]).T


class NotLayable(ValueError):
    """The way from work to picture is none that can be drawn."""


@dataclass(frozen=True, eq=False)
class Layers:
    """Two pictures of one size."""

    ground: Pixels
    """``[h, w, 3]``: the part of the picture where the work is seen."""
    laid: Pixels
    """``[h, w, 4]``: the work as it is seen there, RGBA."""

    def to_webp(self) -> tuple[bytes, bytes]:
        """Ground and work as files, a few hundred kB at most."""
        return _webp(self.ground), _webp(self.laid)


def lay(picture: Image.Image, work: Image.Image, view: View) -> Layers:
    """Lay ``work`` over ``picture`` by ``Verification.view``; an empty one means whole on whole.

    Raises ``NotLayable``.
    """
    picture, work = picture.convert("RGB"), work.convert("RGB")
    way = _way(view) if view else _best_turn(picture, work)
    left, top, right, bottom = _seen_part(way)
    cut = (left * picture.width, top * picture.height, right * picture.width, bottom * picture.height)
    width, height = _size(cut[2] - cut[0], cut[3] - cut[1])
    ground = picture.resize((width, height), Image.Resampling.LANCZOS, cut, reducing_gap=3.0)
    to_pixels = np.diag([width / (right - left), height / (bottom - top), 1.0])
    to_part = np.array([[1.0, 0, -left], [0, 1, -top], [0, 0, 1]])
    return Layers(np.asarray(ground), _warp(work, to_pixels @ to_part @ way, (width, height)))


def _way(view: View) -> Matrix:
    try:
        way = np.asarray(view, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise NotLayable("the view is no matrix") from error
    if way.shape != (3, 3) or not np.isfinite(way).all():
        raise NotLayable("the view is no matrix of 3 × 3 that can be turned round")
    with np.errstate(divide="ignore", invalid="ignore"):  # of numbers near zero it may be none
        size = abs(np.linalg.det(way))
    if not size >= 1e-9:
        raise NotLayable("the view is no matrix of 3 × 3 that can be turned round")
    return way


def _seen_part(way: Matrix) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in shares of the picture: around the work's frame, or everything."""
    corners = way @ _UNIT_SQUARE
    depth = corners[2]
    if not ((depth > _NEAREST).all() or (depth < -_NEAREST).all()):
        return 0.0, 0.0, 1.0, 1.0  # the frame reaches behind the viewer, or into the eye
    x, y = corners[0] / depth, corners[1] / depth
    wide, high = _MARGIN * np.ptp(x), _MARGIN * np.ptp(y)
    left, right = np.clip([x.min() - wide, x.max() + wide], 0, 1)
    top, bottom = np.clip([y.min() - high, y.max() + high], 0, 1)
    if right - left < 0.01 or bottom - top < 0.01:
        raise NotLayable("the work would lie beside the picture, or be a dot in it")
    if (right - left) * (bottom - top) >= _WHOLE:
        return 0.0, 0.0, 1.0, 1.0
    return float(left), float(top), float(right), float(bottom)


def _size(width: float, height: float) -> tuple[int, int]:
    longest = max(width, height)
    scale = min(max(longest, SHORTEST_LONG_SIDE), LONGEST) / longest
    return max(1, round(width * scale)), max(1, round(height * scale))


def _warp(work: Image.Image, way: Matrix, size: tuple[int, int]) -> Pixels:
    """``way`` leads from shares of the work to pixels of ``size``."""
    middle = way @ (0.5, 0.5, 1.0)
    growth = np.sqrt(
        abs(np.linalg.det(way)) / max(abs(middle[2]), _NEAREST) ** 3 / (work.width * work.height)
    )
    if growth < _GREATEST_SHRINKING:
        work = shrink(work, max(16, round(max(work.size) * growth)))
    from_pixels = np.diag([1 / work.width, 1 / work.height, 1.0])
    # OpenCV counts pixels by their middles, shares count from the edge.
    half = np.array([[1.0, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    matrix = np.linalg.inv(half) @ way @ from_pixels @ half
    colours = cv2.warpPerspective(
        np.asarray(work), matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    inside = cv2.warpPerspective(np.full((work.height, work.width), 255, np.uint8), matrix, size)
    inside[~_before_the_viewer(matrix, size, middle)] = 0
    return np.dstack([colours, inside])


def _before_the_viewer(
    matrix: Matrix, size: tuple[int, int], middle: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """``[h, w]``: where the work lies before the viewer. Behind, a perspective shows it upside down again."""
    back = np.linalg.inv(matrix)
    columns, rows = np.arange(size[0]), np.arange(size[1])[:, None]
    depth = back[2, 0] * columns + back[2, 1] * rows + back[2, 2]
    return np.asarray(depth * np.sign(middle[2] or 1.0) > 0)


def _best_turn(picture: Image.Image, work: Image.Image) -> Matrix:
    """Whole on whole, turned and mirrored as their tones agree best."""
    ground = _small(picture)
    ways: list[tuple[float, Matrix]] = []
    turn_back = np.array([[0.0, -1, 1], [1, 0, 0], [0, 0, 1]])
    unmirror = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]])
    for mirrored in (False, True):
        for turns in range(4):
            turned = np.rot90(ground[:, ::-1] if mirrored else ground, turns)
            way = np.linalg.matrix_power(turn_back, turns)
            ways.append((float((turned * _small(work)).mean()), unmirror @ way if mirrored else way))
    return max(ways, key=lambda one: one[0])[1]


def _small(image: Image.Image) -> NDArray[np.float64]:
    grey = np.asarray(image.convert("L").resize((_SMALL, _SMALL)), dtype=np.float64)
    return np.asarray((grey - grey.mean()) / (grey.std() + 1e-6))


def _webp(pixels: Pixels) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "WEBP", quality=80, method=2)
    return out.getvalue()
