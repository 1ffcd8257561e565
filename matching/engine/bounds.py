"""How much evidence is enough to call a picture a copy, by the way in which it was found.

Of thousands of pairs of pictures that share nothing, none has more than 4 matched points, tones that agree by
more than 0.2, or outlines by more than 0.2. Unless both are one simple shape on plain ground: two discs agree
very well along their rims. But a disc also agrees with itself turned or mirrored, and what says as much of
seven wrong ways as of the right one says nothing. So agreement must be distinct, or the picture the same in
every place: a pattern, a flag or a disc that was saved again.

The bounds were chosen by ``tests/matching/measure_copies.py`` on one half of the collections, and against the
shapes of ``tests/matching/simple_shapes.py``.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from matching.engine.tones import Overlay
from matching.engine.wholes import WholeOverlay

_MANY_POINTS = {"inliers": 12, "area": 0.08, "agreement": 0.2}
_GOOD_POINTS = {"inliers": 8, "area": 0.05, "agreement": 0.35, "extent": 0.03}
# Four corners two arrows have in common as well.
_SOME_POINTS = {"inliers": 5, "area": 0.05, "agreement": 0.35, "extent": 0.03, "distinctness": 0.3}
_NEAR_POINTS = {"inliers": 5, "agreement": 0.5, "extent": 0.05, "distinctness": 0.3}
# Rims alone are not enough either: whole pictures must agree in most places.
_WHOLE_TONES = {"agreement": 0.55, "lower_quartile": 0.25, "distinctness": 0.5}
# The stripes of two flags agree as well if moved along themselves.
_WHOLE_OUTLINES = {"agreement": 0.4, "lower_quartile": 0.1, "sharpness": 0.12, "distinctness": 0.5}
# Outlines that agree here and nowhere near are no chance, even where drawing lost half of them.
_SHARP_OUTLINES = {"agreement": 0.3, "lower_quartile": 0.1, "sharpness": 0.22, "distinctness": 0.5}
# Of 24,000 pairs the hashes of none that share nothing are within 78 bits; of simple shapes many are.
_LIKE_HASHES = {"agreement": 0.42, "lower_quartile": 0.02, "distinctness": 0.5}
# What is symmetric is never distinct; it is still the same picture where it is as light in every place.
_SAME = {"sameness": 0.88}

_SMALLEST_OVERLAP = 400
LEAST_AGREEMENT: Final = 0.35
"""With less, a few points are not enough, however distinct."""


def by_points(inliers: int, area: float, overlay: Overlay, distinctness: float = 0.0) -> float:
    """Many points over a good part, tones not against it; or fewer, and tones that agree distinctly."""
    seen = asdict(overlay) | {"inliers": inliers, "area": area, "distinctness": distinctness}
    ways = [_MANY_POINTS]
    if overlay.pixels >= _SMALLEST_OVERLAP:
        ways += [_GOOD_POINTS, _SOME_POINTS, _NEAR_POINTS]
    return max(_reach_of(seen, way) for way in ways)


def by_whole(found: WholeOverlay, like_hashes: bool) -> float:
    """Tones that agree nearly everywhere, or outlines; less will do where hashes say the same."""
    tones = asdict(found.tones) | {"distinctness": distinct(found.tones.agreement, found.tones_turned)}
    outlines = asdict(found.outlines) | {
        "distinctness": distinct(found.outlines.agreement, found.outlines_turned),
        "sharpness": found.sharpness,
    }
    same = asdict(found.tones) | {"sameness": found.sameness}
    ways = [(tones, _WHOLE_TONES), (outlines, _WHOLE_OUTLINES), (outlines, _SHARP_OUTLINES), (same, _SAME)]
    if like_hashes:
        ways.append((tones, _LIKE_HASHES))
    enough = [(seen, bounds) for seen, bounds in ways if seen["pixels"] >= _SMALLEST_OVERLAP]
    return max((_reach_of(seen, bounds) for seen, bounds in enough), default=0.0)


def distinct(agreement: float, turned: float) -> float:
    """By what share of itself an agreement is more than it would be, were the work turned or mirrored."""
    return 1 - max(0.0, turned) / agreement if agreement > 0 else 0.0


def _reach_of(seen: Mapping[str, float], bounds: Mapping[str, float]) -> float:
    """By how much the weakest part of the evidence passes its bound.

    Distinct enough is enough: beyond its bound that says nothing of how much of a work is there.
    """
    reached = {name: seen[name] / bound for name, bound in bounds.items()}
    if reached.get("distinctness", 0.0) >= 1:
        del reached["distinctness"]
    return max(0.0, min(reached.values()))
