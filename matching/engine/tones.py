"""Compare the tones of two pictures that lie over each other.

Local correlation of what is left between two blurs: fine enough that a sky or a vignette means nothing,
coarse enough that saving, recolouring, soft focus and a pixel's shift do not matter.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from matching.engine.features import Features

Matrix = NDArray[np.float64]
Grey = NDArray[np.uint8]
Band = NDArray[np.float32]

_FINE, _COARSE = 1.0, 6.0
_WINDOW = (11, 11)
# Variance, in squared grey levels, from which on a window has something to compare.
_TELLING = 9.0
_FLOOR = 4.0
# Shapes (logarithm of width over height) may differ by a pixel's rounding and still be of one picture.
_SAME_SHAPE = 0.04


@dataclass(frozen=True)
class Overlay:
    """How well tones agree."""

    agreement: float
    """Mean local correlation, -1 to 1."""
    pixels: int
    """How many pixels of the grey copies had something to compare."""


NOTHING = Overlay(0.0, 0)


def compare(query: Features, work: Features, matrix: Matrix, mirrored: bool) -> Overlay:
    """Lay ``work`` over ``query`` by ``[3, 3]`` ``matrix`` between their working copies.

    The one that is seen larger is brought to the other's size: enlarging would invent what is compared.
    """
    high, low = query.grey[:, ::-1] if mirrored else query.grey, work.grey
    to_high = np.diag([high.shape[1] / query.width, high.shape[0] / query.height, 1.0])
    to_low = np.diag([low.shape[1] / work.width, low.shape[0] / work.height, 1.0])
    view: Matrix = to_high @ matrix @ np.linalg.inv(to_low)
    growth = float(np.sqrt(abs(np.linalg.det(view[:2, :2]))))
    if not 0.02 < growth < 50 or abs(np.linalg.det(view)) < 1e-9:
        return NOTHING
    if growth <= 1:
        return _lay(high, low, view, growth)
    return _lay(low, high, np.asarray(np.linalg.inv(view), dtype=np.float64), 1 / growth)


def compare_whole(query: Features, work: Features) -> tuple[Overlay, bool, int]:
    """Lay the whole of one over the whole of the other in all eight ways: the best, mirrored, turns."""
    ground = _band(work.grey)
    height, width = work.grey.shape
    best = NOTHING, False, 0
    for mirrored in (False, True):
        for turns in range(4):
            turned = np.rot90(query.grey[:, ::-1] if mirrored else query.grey, turns)
            if abs(np.log(turned.shape[1] / turned.shape[0] * height / width)) > _SAME_SHAPE:
                continue
            laid = cv2.resize(np.ascontiguousarray(turned), (width, height), interpolation=cv2.INTER_AREA)
            overlay = _correlate(ground, _band(laid), np.ones((height, width), np.bool_))
            best = max(best, (overlay, mirrored, turns), key=lambda one: one[0].agreement)
    return best


def _lay(ground: Grey, moved: Grey, way: Matrix, shrinking: float) -> Overlay:
    size = (ground.shape[1], ground.shape[0])
    soft = moved.astype(np.float32)
    if shrinking < 0.8:
        soft = np.asarray(cv2.GaussianBlur(soft, (0, 0), 0.45 / shrinking), dtype=np.float32)
    inside = cv2.warpPerspective(np.ones(moved.shape, np.uint8), way, size)
    inside = cv2.erode(inside, np.ones((5, 5), np.uint8))
    # Beyond its edge the laid picture goes on in the edge's tones: the edge itself is nothing to compare.
    laid = cv2.warpPerspective(soft, way, size, borderMode=cv2.BORDER_REPLICATE)
    return _correlate(_band(ground), _band(laid), inside > 0)


def _band(grey: NDArray[np.generic]) -> Band:
    values = grey.astype(np.float32)
    fine = cv2.GaussianBlur(values, (0, 0), _FINE)
    return np.asarray(fine - cv2.GaussianBlur(values, (0, 0), _COARSE), dtype=np.float32)


def _correlate(left: Band, right: Band, inside: NDArray[np.bool_]) -> Overlay:
    mean_left, mean_right = cv2.blur(left, _WINDOW), cv2.blur(right, _WINDOW)
    spread_left = cv2.blur(left * left, _WINDOW) - mean_left**2
    spread_right = cv2.blur(right * right, _WINDOW) - mean_right**2
    common = cv2.blur(left * right, _WINDOW) - mean_left * mean_right
    telling = inside & ((spread_left > _TELLING) | (spread_right > _TELLING))
    pixels = int(telling.sum())
    if not pixels:
        return NOTHING
    spread = np.maximum(spread_left, _FLOOR) * np.maximum(spread_right, _FLOOR)
    return Overlay(float((common / np.sqrt(spread))[telling].mean()), pixels)
