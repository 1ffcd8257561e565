"""Compare the tones of two pictures that lie over each other.

Local correlation of what is left between two blurs: fine enough that a sky or a vignette means nothing,
coarse enough that saving, recolouring, soft focus and a pixel's shift do not matter. Outlines, where tones
change most, are compared in the same way: they stay when a picture is drawn over or turned into a negative.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
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
_WIDE_WINDOW = (15, 15)  # for outlines, which are few
# Variance, in squared grey levels, from which on a window has something to compare.
_TELLING, _TELLING_OUTLINE = 9.0, 40.0
_FLOOR = 4.0
_SAME = 0.5
# Shapes (logarithm of width over height) may differ by a pixel's rounding and still be of one picture.
_SAME_SHAPE = 0.04
_WHOLE_SIDE: Final = 128
_GLANCE_SIDE: Final = 40
# Tiny copies of a work and its copy agree by 0.34 and more; of unrelated pictures 99 in 100 by less than 0.2.
_NO_HOPE = 0.2
_HOPEFUL = 0.3  # less agreement is never enough
# By so many pixels outlines that are everywhere, or agree by chance, may be moved and agree still.
_SHIFTS: Final = ((8, 0), (-8, 0), (0, 8), (0, -8), (6, 6), (6, -6), (-6, 6), (-6, -6))
_FARTHEST: Final = 12  # and by so many may lie what is turned
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


@dataclass(frozen=True)
class WholeOverlay:
    """Two whole pictures over each other, in the way in which they agree best."""

    tones: Overlay
    outlines: Overlay
    tones_turned: float
    """How well tones agree in the best of the seven other ways; so does ``outlines_turned`` of outlines."""
    outlines_turned: float
    sharpness: float
    """By how much outlines agree better than they would a little way off."""
    sameness: float
    """1 where every place is as light in both, or in a negative; 0 where one is off by all the contrast."""
    mirrored: bool
    turns: int
    """Quarter turns to the left."""

    @property
    def agreement(self) -> float:
        """The better of both agreements."""
        return max(self.tones.agreement, self.outlines.agreement)


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
    return _correlate(_band(laying.ground), _band(laid), inside)


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
            _band(laying.ground), _band(laying.moved), start, cv2.MOTION_HOMOGRAPHY, _STEPS, everywhere, 5
        )
        way = np.linalg.inv(np.asarray(found, dtype=np.float64))
    except (cv2.error, np.linalg.LinAlgError):  # it did not converge
        return None
    view = np.linalg.inv(way) if swapped else way
    moved: Matrix = np.linalg.inv(to_query) @ view @ to_work
    return moved / moved[2, 2] if np.isfinite(moved).all() else None


def turned(query: Features, work: Features, matrix: Matrix, mirrored: bool) -> tuple[float, float]:
    """How well tones agree where ``compare`` laid them, and if what was laid there is turned or mirrored.

    Both in the overlap alone, pressed into a square; of the seven other ways, the best.
    """
    laying = _prepare(query, work, matrix, mirrored)[0]
    if laying is None:
        return 0.0, 0.0
    laid, inside = laying.laid()
    if not inside.any():
        return 0.0, 0.0
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    overlap = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    ground, tones = _band(_pressed(laying.ground[overlap])), _band(_pressed(laid[overlap]))
    seen = _pressed(inside[overlap].astype(np.float32)) > 0.5
    agreements = []
    for way in WAYS[1:]:
        other = _turned(tones, *way)
        move = _move(ground, other)
        both = seen & np.roll(_turned(seen, *way), move, (0, 1))
        agreements.append(_correlate(ground, np.roll(other, move, (0, 1)), both).agreement)
    return _correlate(ground, tones, seen).agreement, max(agreements)


def compare_whole(query: Features, work: Features, *, any_shape: bool = False) -> WholeOverlay | None:
    """Lay the whole of one over the whole of the other in all eight ways.

    None where no shape fits, unless ``any_shape`` will do, or where tiny copies show that there is no hope.
    """
    ways = {
        way: laid for way, laid in _ways(query).items() if any_shape or _same_shape(query, work, turns=way[1])
    }
    if not ways:
        return None
    ground = _square(work)
    glances = {way: _at_a_glance(ground, laid) for way, laid in ways.items()}
    mirrored, turns = best = max(glances, key=lambda way: glances[way])
    if glances[best] < _NO_HOPE:
        return None
    laid = ways[best]
    drawn, outlines = _drawn(ground, laid)
    tones = _correlate(ground.tones, laid.tones)
    others = [other for way, other in _ways(query).items() if way != best]
    return WholeOverlay(
        tones,
        outlines,
        _tones_turned(ground, others) if tones.agreement >= _HOPEFUL else tones.agreement,
        _outlines_turned(ground, others) if outlines.agreement >= _HOPEFUL else outlines.agreement,
        outlines.agreement - _elsewhere(ground, drawn),
        max(_sameness(ground, other) for other in ways.values()),
        mirrored,
        turns,
    )


def _tones_turned(ground: "_Square", others: Sequence["_Square"]) -> float:
    return max(_correlate(ground.tones, _best_moved(ground.tones, other.tones)).agreement for other in others)


def _outlines_turned(ground: "_Square", others: Sequence["_Square"]) -> float:
    kinds = (drawn for other in others for drawn in (other.outlines, -other.tones))
    moved = (_best_moved(ground.outlines, drawn) for drawn in kinds)
    return max(_outlines_agree(ground, drawn).agreement for drawn in moved)


def _best_moved(ground: Tones, laid: Tones) -> Tones:
    """``laid`` moved to where it lies best: what is symmetric is seldom so about the very middle."""
    return np.roll(laid, _move(ground, laid), (0, 1))


def _move(ground: Tones, laid: Tones) -> tuple[int, int]:
    inner = laid[_FARTHEST:-_FARTHEST, _FARTHEST:-_FARTHEST]
    found = cv2.matchTemplate(ground, inner, cv2.TM_CCOEFF_NORMED)
    down, right = np.unravel_index(int(found.argmax()), found.shape)
    return int(down) - _FARTHEST, int(right) - _FARTHEST


def _sameness(ground: "_Square", laid: "_Square") -> float:
    """By the place that differs most, as a share of the contrast of the work; or so in a negative."""
    contrast = float(np.ptp(ground.grey))
    off = min(float(np.abs(ground.grey - grey).max()) for grey in (laid.grey, 255 - laid.grey))
    return 1 - off / contrast if contrast else 0.0


def _drawn(ground: "_Square", laid: "_Square") -> tuple[Tones, Overlay]:
    """What of ``laid`` agrees better with the outlines of ``ground``: its outlines or its darkness."""
    kinds = [(drawn, _outlines_agree(ground, drawn)) for drawn in (laid.outlines, -laid.tones)]
    return max(kinds, key=lambda kind: kind[1].agreement)


def _elsewhere(ground: "_Square", drawn: Tones) -> float:
    """The best agreement of outlines a little way off."""
    return max(_outlines_agree(ground, np.roll(drawn, shift, (0, 1))).agreement for shift in _SHIFTS)


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


def _same_shape(query: Features, work: Features, turns: int) -> bool:
    rows, columns = query.grey.shape if turns % 2 == 0 else query.grey.shape[::-1]
    return bool(abs(np.log(columns / rows * work.grey.shape[0] / work.grey.shape[1])) <= _SAME_SHAPE)


@dataclass(frozen=True, eq=False)
class _Square:
    """A whole picture pressed into a square."""

    grey: Tones
    tones: Tones
    outlines: Tones

    @cached_property
    def glance(self) -> tuple[Tones, Tones]:
        """Both, tiny and of unit length."""
        return _tiny(self.tones), _tiny(self.outlines)

    def turned(self, mirrored: bool, turns: int) -> "_Square":
        kinds = (self.grey, self.tones, self.outlines)
        return _Square(*(_turned(values, mirrored, turns) for values in kinds))


def _square(features: Features) -> _Square:
    square = _pressed(features.grey)
    return _Square(_fine(square), _band(square), _outlines(square))


def _pressed(values: NDArray[Any]) -> Tones:
    side = (_WHOLE_SIDE, _WHOLE_SIDE)
    square = cv2.resize(np.ascontiguousarray(values), side, interpolation=cv2.INTER_AREA)
    return np.asarray(square, dtype=np.float32)


@lru_cache(maxsize=4)
def _ways(query: Features) -> dict[tuple[bool, int], _Square]:
    """The whole picture as it is, turned, and mirrored."""
    upright = _square(query)
    return {(mirrored, turns): upright.turned(mirrored, turns) for mirrored, turns in WAYS}


def _turned(values: NDArray[Kind], mirrored: bool, turns: int) -> NDArray[Kind]:
    return np.ascontiguousarray(np.rot90(values[:, ::-1] if mirrored else values, turns))


def _tiny(values: Tones) -> Tones:
    small = cv2.resize(values, (_GLANCE_SIDE, _GLANCE_SIDE), interpolation=cv2.INTER_AREA).ravel()
    small = small - small.mean()
    return np.asarray(small / max(float(np.linalg.norm(small)), 1e-6), dtype=np.float32)


def _at_a_glance(ground: _Square, laid: _Square) -> float:
    """How well tiny copies agree, to choose among the ways of laying one over the other."""
    (tones, outlines), (laid_tones, laid_outlines) = ground.glance, laid.glance
    return max(float(tones @ laid_tones), float(outlines @ laid_outlines), float(outlines @ -laid_tones))


def _outlines_agree(ground: _Square, drawn: Tones) -> Overlay:
    """``drawn`` is outlines, or darkness: a drawing is dark where the tones of what was drawn change."""
    return _correlate(ground.outlines, drawn, window=_WIDE_WINDOW, telling=_TELLING_OUTLINE)


def _band(tones: Tones) -> Tones:
    return np.asarray(_fine(tones) - cv2.GaussianBlur(tones, (0, 0), _COARSE), dtype=np.float32)


def _fine(tones: Tones) -> Tones:
    return np.asarray(cv2.GaussianBlur(tones, (0, 0), _FINE), dtype=np.float32)


def _outlines(tones: Tones) -> Tones:
    """How steeply tones change, less the neighbourhood's mean."""
    fine = _fine(tones)
    steep = np.hypot(cv2.Sobel(fine, cv2.CV_32F, 1, 0), cv2.Sobel(fine, cv2.CV_32F, 0, 1))
    return np.asarray(steep - cv2.GaussianBlur(steep, (0, 0), _COARSE), dtype=np.float32)


def _correlate(
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
