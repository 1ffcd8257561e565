"""Compare two whole pictures, laid over each other in all eight ways, each pressed into a square.

Soft or redrawn pictures have hardly a point in common. Outlines, where tones change most, are compared as
tones are: they stay when a picture is drawn over or turned into a negative. How well the other seven ways
agree tells whether there is anything of a work's own in it: a disc agrees with every disc, however turned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import cv2
import numpy as np

from matching.engine.features import Features
from matching.engine.tones import (
    WAYS,
    Overlay,
    Tones,
    band,
    best_move,
    coarse,
    correlate,
    fine,
    pressed,
    turn_over,
)

_WIDE_WINDOW = (15, 15)  # for outlines, which are few
_TELLING_OUTLINE = 40.0  # variance, in squared grey levels, from which on a window has something to compare
# Shapes (logarithm of width over height) may differ by a pixel's rounding and still be of one picture.
_SAME_SHAPE = 0.04
_GLANCE_SIDE: Final = 40
# Tiny copies of a work and its copy agree by 0.34 and more; of unrelated pictures 99 in 100 by less than 0.2.
_NO_HOPE = 0.2
_HOPEFUL = 0.3  # less agreement is never enough
# By so many pixels outlines that are everywhere, or agree by chance, may be moved and agree still.
_SHIFTS: Final = ((8, 0), (-8, 0), (0, 8), (0, -8), (6, 6), (6, -6), (-6, 6), (-6, -6))


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
    tones = correlate(ground.tones, laid.tones)
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
    """The best agreement of tones in the other ways, each moved to where it lies best."""
    return max(correlate(ground.tones, _best_moved(ground.tones, other.tones)).agreement for other in others)


def _outlines_turned(ground: "_Square", others: Sequence["_Square"]) -> float:
    """The same of outlines."""
    kinds = (drawn for other in others for drawn in (other.outlines, -other.tones))
    moved = (_best_moved(ground.outlines, drawn) for drawn in kinds)
    return max(_outlines_agree(ground, drawn).agreement for drawn in moved)


def _best_moved(ground: Tones, laid: Tones) -> Tones:
    return np.roll(laid, best_move(ground, laid), (0, 1))


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
        return _Square(*(turn_over(values, mirrored, turns) for values in kinds))


def _square(features: Features) -> _Square:
    square = pressed(features.grey)
    return _Square(fine(square), band(square), _outlines(square))


@lru_cache(maxsize=4)
def _ways(query: Features) -> dict[tuple[bool, int], _Square]:
    """The whole picture as it is, turned, and mirrored."""
    upright = _square(query)
    return {(mirrored, turns): upright.turned(mirrored, turns) for mirrored, turns in WAYS}


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
    return correlate(ground.outlines, drawn, window=_WIDE_WINDOW, telling=_TELLING_OUTLINE)


def _outlines(tones: Tones) -> Tones:
    """How steeply tones change, less the neighbourhood's mean."""
    soft = fine(tones)
    steep = np.asarray(np.hypot(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)))
    return steep - coarse(steep)
