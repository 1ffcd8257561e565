"""Compare the tones of two pictures that lie over each other.

Local correlation of what is left between two blurs: fine enough that a sky or a vignette means nothing,
coarse enough that saving, recolouring, soft focus and a pixel's shift do not matter.
"""

from dataclasses import dataclass
from typing import Any, Final, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from matching.engine.features import Features

Matrix = NDArray[np.float64]
Tones = NDArray[np.float32]
Kind = TypeVar("Kind", bound=np.generic)

_FINE, _COARSE = 1.0, 6.0
_WINDOW = (11, 11)
# Variance, in squared grey levels, from which on a window has something to compare.
_TELLING = 9.0
_FLOOR = 4.0
_SAME = 0.5
_SIDE: Final = 128
# What is symmetric is seldom so about the very middle: turned, it may lie so many pixels of the square off.
_FARTHEST: Final = 12
_FEWEST_PIXELS = 400
WAYS: Final = tuple((mirrored, turns) for mirrored in (False, True) for turns in range(4))
"""To lay one square over another, the plain one first: mirrored or not, and quarter turns to the left."""
_STEPS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 25, 1e-4)


@dataclass(frozen=True)
class Overlay:
    """How well tones agree."""

    agreement: float
    """Mean local correlation, -1 to 1."""
    pixels: int
    """How many pixels of the grey copies had something to compare."""
    extent: float
    """Share of the picture laid upon in which tones agree well, 0 to 1."""
    lower_quartile: float
    """Three quarters of the compared pixels agree at least so well, -1 to 1."""


NOTHING: Final = Overlay(0.0, 0, 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class _Laying:
    """One picture to be laid upon another, the one that is seen larger shrunk to the other's size."""

    ground: Tones
    moved: Tones
    way: Matrix
    """``[3, 3]``: from ``moved`` to ``ground``, in pixels of the grey copies."""

    def laid(self) -> tuple[Tones, NDArray[np.bool_]]:
        """``moved`` as it lies on ``ground``, and where it lies."""
        size = (self.ground.shape[1], self.ground.shape[0])
        inside = cv2.warpPerspective(np.ones(self.moved.shape, np.uint8), self.way, size)
        inside = cv2.erode(inside, np.ones((5, 5), np.uint8))
        # Beyond its edge the laid picture goes on in the edge's tones: the edge itself is nothing to compare.
        laid = cv2.warpPerspective(self.moved, self.way, size, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(laid, dtype=np.float32), inside > 0


def compare(query: Features, work: Features, matrix: Matrix, mirrored: bool) -> Overlay:
    """Lay ``work`` over ``query`` by ``[3, 3]`` ``matrix`` between their working copies."""
    laying = _prepare(query, work, matrix, mirrored)[0]
    if laying is None:
        return NOTHING
    laid, inside = laying.laid()
    return correlate(band(laying.ground), band(laid), inside)


def align(query: Features, work: Features, matrix: Matrix, mirrored: bool) -> Matrix | None:
    """``matrix`` moved until tones agree best (Evangelidis and Psarakis, TPAMI 2008); None if they do not.

    Few points fix a view only roughly; the tones of the whole overlap fix it well.
    """
    laying, swapped, to_query, to_work = _prepare(query, work, matrix, mirrored)
    if laying is None or laying.laid()[1].sum() < _FEWEST_PIXELS:
        return None
    start = np.linalg.inv(laying.way)
    start = (start / start[2, 2]).astype(np.float32)
    everywhere = np.full(laying.moved.shape, 255, np.uint8)
    try:
        _, found = cv2.findTransformECC(
            band(laying.ground), band(laying.moved), start, cv2.MOTION_HOMOGRAPHY, _STEPS, everywhere, 5
        )
        way = np.linalg.inv(np.asarray(found, dtype=np.float64))
    except (cv2.error, np.linalg.LinAlgError):  # it did not converge
        return None
    view = np.linalg.inv(way) if swapped else way
    moved: Matrix = np.linalg.inv(to_query) @ view @ to_work
    return moved / moved[2, 2] if np.isfinite(moved).all() else None


def turned(query: Features, work: Features, matrix: Matrix, mirrored: bool) -> tuple[float, float]:
    """How well tones agree where ``compare`` laid them, and if what was laid there is turned or mirrored.

    Both in the overlap alone, pressed into a square; of the seven other ways, the best, moved to lie best.
    """
    laying = _prepare(query, work, matrix, mirrored)[0]
    if laying is None:
        return 0.0, 0.0
    laid, inside = laying.laid()
    if not inside.any():
        return 0.0, 0.0
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    overlap = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    ground, tones = band(pressed(laying.ground[overlap])), band(pressed(laid[overlap]))
    seen = pressed(inside[overlap].astype(np.float32)) > 0.5
    agreements = []
    for way in WAYS[1:]:
        other = turn_over(tones, *way)
        move = best_move(ground, other)
        both = seen & np.roll(turn_over(seen, *way), move, (0, 1))
        agreements.append(correlate(ground, np.roll(other, move, (0, 1)), both).agreement)
    return correlate(ground, tones, seen).agreement, max(agreements)


def best_move(ground: Tones, laid: Tones) -> tuple[int, int]:
    """By how many pixels down and to the right one square lies best on another."""
    inner = laid[_FARTHEST:-_FARTHEST, _FARTHEST:-_FARTHEST]
    found = cv2.matchTemplate(ground, inner, cv2.TM_CCOEFF_NORMED)
    down, right = np.unravel_index(int(found.argmax()), found.shape)
    return int(down) - _FARTHEST, int(right) - _FARTHEST


def _prepare(
    query: Features, work: Features, matrix: Matrix, mirrored: bool
) -> tuple[_Laying | None, bool, Matrix, Matrix]:
    """How the two grey copies lie on each other, whether the query is laid upon the work, and scales.

    The one that is seen larger is brought to the other's size: enlarging would invent what is compared.
    """
    grey = query.grey[:, ::-1] if mirrored else query.grey
    to_query = np.diag([grey.shape[1] / query.width, grey.shape[0] / query.height, 1.0])
    to_work = np.diag([work.grey.shape[1] / work.width, work.grey.shape[0] / work.height, 1.0])
    view: Matrix = to_query @ matrix @ np.linalg.inv(to_work)
    growth = float(np.sqrt(abs(np.linalg.det(view[:2, :2]))))
    if not 0.02 < growth < 50 or abs(np.linalg.det(view)) < 1e-9:
        return None, False, to_query, to_work
    high, low = grey.astype(np.float32), work.grey.astype(np.float32)
    if growth <= 1:
        return _Laying(high, _soften(low, growth), view), False, to_query, to_work
    back = np.asarray(np.linalg.inv(view), dtype=np.float64)
    return _Laying(low, _soften(high, 1 / growth), back), True, to_query, to_work


def _soften(tones: Tones, shrinking: float) -> Tones:
    """Blurred as much as shrinking will blur it, so that nothing flickers."""
    if shrinking >= 0.8:
        return tones
    return np.asarray(cv2.GaussianBlur(tones, (0, 0), 0.45 / shrinking), dtype=np.float32)


def pressed(values: NDArray[Any]) -> Tones:
    """Into a square."""
    side = (_SIDE, _SIDE)
    square = cv2.resize(np.ascontiguousarray(values), side, interpolation=cv2.INTER_AREA)
    return np.asarray(square, dtype=np.float32)


def turn_over(values: NDArray[Kind], mirrored: bool, turns: int) -> NDArray[Kind]:
    return np.ascontiguousarray(np.rot90(values[:, ::-1] if mirrored else values, turns))


def band(tones: Tones) -> Tones:
    """What is left between two blurs."""
    return fine(tones) - coarse(tones)


def fine(tones: Tones) -> Tones:
    return np.asarray(cv2.GaussianBlur(tones, (0, 0), _FINE), dtype=np.float32)


def coarse(tones: Tones) -> Tones:
    return np.asarray(cv2.GaussianBlur(tones, (0, 0), _COARSE), dtype=np.float32)


def correlate(
    left: Tones,
    right: Tones,
    inside: NDArray[np.bool_] | bool = True,
    *,
    window: tuple[int, int] = _WINDOW,
    telling: float = _TELLING,
) -> Overlay:
    """Around every pixel ``inside`` of which either picture has something to compare."""
    mean_left, mean_right = cv2.blur(left, window), cv2.blur(right, window)
    spread_left = cv2.blur(left * left, window) - mean_left**2
    spread_right = cv2.blur(right * right, window) - mean_right**2
    common = cv2.blur(left * right, window) - mean_left * mean_right
    spread = np.maximum(spread_left, _FLOOR) * np.maximum(spread_right, _FLOOR)
    compared = (common / np.sqrt(spread))[((spread_left > telling) | (spread_right > telling)) & inside]
    if not len(compared):
        return NOTHING
    return Overlay(
        agreement=float(compared.mean()),
        pixels=len(compared),
        extent=float((compared > _SAME).sum() / left.size),
        lower_quartile=float(np.percentile(compared, 25)),
    )
