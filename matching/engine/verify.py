"""Does this picture contain that work? Geometry decides, tones confirm.

Points of both pictures are matched, plainly and mirrored. Every single match proposes a similarity (scale,
turn, shift), because SIFT points carry size and direction; the proposal that most other matches agree with is
fitted, then widened to a perspective view where that explains more. Where the pictures overlap under it,
their tones are compared; a view that rests on few points is first moved until tones agree best. Soft or
redrawn pictures have hardly a point in common: for them the whole pictures are laid over each other, turned
and mirrored, tones over tones and outlines over outlines.

Each of these ways has bounds (``bounds.py``); how far the evidence passes those of its best way is its
``strength``.
"""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from matching.engine.bounds import LEAST_AGREEMENT, by_points, by_whole, distinct
from matching.engine.features import Features
from matching.engine.tones import Overlay, align, compare, turned
from matching.engine.wholes import compare_whole

Points = NDArray[np.float32]
Matrix = NDArray[np.float64]
Polygon = tuple[tuple[float, float], ...]
View = tuple[tuple[float, ...], ...]

_RATIO = 0.82
_TOLERANCE = 0.012  # of the query's long side
_TURN = np.deg2rad(25)
_OCTAVES = 0.7
_FEWEST = 3
_SMALLEST_SCALE = 0.02

LIKELIEST: Final = 3
"""So many candidates are worth a close look; the others one only while a glance gives hope."""

# Above these, moving the view would add nothing.
_SURE_INLIERS, _SURE_AGREEMENT = 40, 0.6
_FARTHEST_MOVE = 0.15  # of the picture's side
# In shares of a picture: undo a quarter turn to the left, and a mirror.
_TURN_BACK: Final = np.array([[0.0, -1, 1], [1, 0, 0], [0, 0, 1]])
_UNMIRROR: Final = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]])


@dataclass(frozen=True)
class Verification:
    """How much of a work is in a picture, and where."""

    strength: float = 0.0
    """How far the evidence goes: 1 is just enough to call the picture a copy."""
    inliers: int = 0
    """Matched points, at different places in both pictures, that agree with one view of the work."""
    residual: float = 0.0
    """Root mean square distance of the inliers from that view, in pixels of the query's working copy."""
    agreement: float = 0.0
    """Mean local correlation of tones, or of outlines, where the pictures overlap, -1 to 1."""
    mirrored: bool = False
    scale: float = 0.0
    """Size of the work in the query, working copy to working copy."""
    turn: float = 0.0
    """Degrees."""
    query_area: float = 0.0
    """Share of the query that the matched region covers, 0 to 1; so is ``work_area`` of the work."""
    work_area: float = 0.0
    query_region: Polygon = ()
    """Convex outline of the matched region, x and y from 0 to 1 of the query; so is ``work_region``."""
    work_region: Polygon = ()
    view: View = ()
    """``[3][3]``: from shares of the work (x and y from 0 to 1) to shares of the query, mirror and all."""

    @property
    def verified(self) -> bool:
        return self.strength >= 1

    @property
    def score(self) -> float:
        """``strength`` on a scale from 0 to 1; one half is just enough."""
        return self.strength / (1 + self.strength)


NOT_VERIFIED: Final = Verification()


def verify(
    query: Features, work: Features, *, closely: bool = True, like_hashes: bool = False
) -> Verification:
    """Look for ``work`` in ``query``: by points, plain and mirrored, and as a whole; the best of these.

    Where there is little hope, ``closely=False`` is four times as fast: it looks at all points only where the
    query's best ones agree. ``like_hashes`` says that PDQ, of pictures with enough to hash, comes within 48
    bits: then tones need only confirm it, and the picture may have been stretched.
    """
    if not closely and not _at_a_glance(query, work):
        return _whole(query, work, like_hashes)
    found = [_look(query, work, mirrored) for mirrored in (False, True)]
    best = max(found, key=_strength)
    return best if best.verified else max(best, _whole(query, work, like_hashes), key=_strength)


def _at_a_glance(query: Features, work: Features) -> bool:
    """Whether any of the query's best points agree with one view of the work."""
    return any(_fitted(query.best, work, mirrored) for mirrored in (False, True))


def _strength(found: Verification) -> float:
    return found.strength


@dataclass(frozen=True, eq=False)
class _Fit:
    matrix: Matrix
    """``[3, 3]``: from the work's working copy to the query's."""
    inliers: NDArray[np.intp]
    residual: float


def _look(query: Features, work: Features, mirrored: bool) -> Verification:
    fitted = _fitted(query, work, mirrored)
    if fitted is None:
        return NOT_VERIFIED
    source, target, fit = fitted
    fit = _perspective(source, target, fit, _tolerance(query))
    return _judge(query, work, source, target, fit, mirrored)


def _fitted(query: Features, work: Features, mirrored: bool) -> tuple[Points, Points, _Fit] | None:
    """Matched points of work and query, and the similarity that most of them agree with."""
    points, pairs = _match(query, work, mirrored)
    if len(pairs) < _FEWEST:
        return None
    source, target = work.points[pairs[:, 1]], points[pairs[:, 0]]
    fit = _similarity(source, target, _tolerance(query))
    return (source, target, fit) if fit is not None else None


def _tolerance(query: Features) -> float:
    return _TOLERANCE * max(query.width, query.height)


def _match(query: Features, work: Features, mirrored: bool) -> tuple[Points, NDArray[np.intp]]:
    """The query's points, seen in the mirror if asked, and pairs ``[m, 2]`` of indices (query, work).

    A pair is each other's nearest, and clearly nearer than the second nearest.
    """
    points = query.points
    if mirrored:
        points = points.copy()
        points[:, 0] = query.width - 1 - points[:, 0]
        points[:, 3] = np.pi - points[:, 3]
    if len(points) < 2 or len(work.points) < 2:
        return points, np.zeros((0, 2), np.intp)
    likeness = (query.unit_mirrored if mirrored else query.unit) @ work.unit.T
    rows = np.arange(len(likeness))
    nearest = likeness.argmax(axis=1)
    mutual = likeness.argmax(axis=0)[nearest] == rows
    best = likeness[rows, nearest]
    likeness[rows, nearest] = -1
    second = likeness.max(axis=1)
    clear = (1 - best) < _RATIO**2 * (1 - second)
    kept = rows[mutual & clear]
    return points, np.stack([kept, nearest[kept]], axis=1)


def _similarity(source: Points, target: Points, tolerance: float) -> _Fit | None:
    """The similarity that most matches agree with, fitted to them; every match proposes one."""
    z, w = _complex(source), _complex(target)
    factor = (target[:, 2] / source[:, 2]) * np.exp(1j * (target[:, 3] - source[:, 3]))
    shift = w - factor * z
    reach = _reach(tolerance, np.abs(factor))[:, None]
    votes = np.abs(factor[:, None] * z + shift[:, None] - w) < reach
    votes &= _alike(factor[:, None], factor[None, :])
    agreed = votes[votes.sum(axis=1).argmax()]
    for _ in range(4):
        if agreed.sum() < _FEWEST:
            return None
        turn, move = _least_squares(z[agreed], w[agreed])
        if np.abs(turn) < _SMALLEST_SCALE:
            return None
        near = np.abs(turn * z + move - w) < _reach(tolerance, np.abs(turn))
        now = near & _alike(turn, factor)
        if (now == agreed).all():
            break
        agreed = now
    if agreed.sum() < _FEWEST:
        return None
    matrix = np.array([[turn.real, -turn.imag, move.real], [turn.imag, turn.real, move.imag], [0, 0, 1]])
    return _fit(matrix, source, target, np.flatnonzero(agreed))


def _complex(points: Points) -> NDArray[np.complex128]:
    return points[:, 0].astype(np.float64) + 1j * points[:, 1]


def _reach(tolerance: float, scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far a point may lie off, in the query: less where the work is seen small."""
    return np.asarray(tolerance * np.clip(scale, 0.25, 1))


def _alike(left: NDArray[np.complex128] | np.complex128, right: NDArray[np.complex128]) -> NDArray[np.bool_]:
    """Whether two similarities, as complex factors, have about the same scale and turn."""
    quotient = right / left
    return np.asarray((np.abs(np.log2(np.abs(quotient))) < _OCTAVES) & (np.abs(np.angle(quotient)) < _TURN))


def _least_squares(
    z: NDArray[np.complex128], w: NDArray[np.complex128]
) -> tuple[np.complex128, np.complex128]:
    centred = z - z.mean()
    turn = ((w - w.mean()) * centred.conj()).sum() / max((np.abs(centred) ** 2).sum(), 1e-9)
    return turn, w.mean() - turn * z.mean()


def _fit(matrix: Matrix, source: Points, target: Points, agreed: NDArray[np.intp]) -> _Fit:
    """Count a place once: SIFT puts several points, in several directions, on one spot."""
    spots = np.round(np.hstack([source[agreed, :2], target[agreed, :2]]) / 3).astype(np.int64)
    _, one_from = np.unique(spots[:, :2], axis=0, return_index=True)
    _, one_to = np.unique(spots[:, 2:], axis=0, return_index=True)
    distinct = agreed[np.intersect1d(one_from, one_to)]
    off = _project(matrix, source[distinct, :2]) - target[distinct, :2]
    residual = float(np.sqrt((off**2).sum(axis=1).mean())) if len(distinct) else 0.0
    return _Fit(matrix, distinct, residual)


def _project(matrix: Matrix, points: NDArray[np.floating]) -> NDArray[np.float64]:
    """``[n, 2]`` through a ``[3, 3]`` perspective matrix."""
    mapped = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(mapped[:, :2] / np.where(np.abs(mapped[:, 2:]) < 1e-9, 1e-9, mapped[:, 2:]))


def _perspective(source: Points, target: Points, fit: _Fit, tolerance: float) -> _Fit:
    """A perspective view near the similarity, if clearly more points agree with it."""
    off = np.linalg.norm(_project(fit.matrix, source[:, :2]) - target[:, :2], axis=1)
    near = np.flatnonzero(off < 6 * tolerance)
    if len(near) < 10 or len(near) < 1.2 * len(fit.inliers):
        return fit
    # Its stubs do not say that the matrix may be None.
    found: tuple[Any, Any] = cv2.findHomography(
        source[near, :2], target[near, :2], cv2.RANSAC, tolerance * 0.6, maxIters=500
    )
    if found[0] is None:
        return fit
    matrix: Matrix = np.asarray(found[0], dtype=np.float64)
    wider = _fit(matrix, source, target, near[found[1].ravel() > 0])
    gained = len(wider.inliers) >= 1.15 * len(fit.inliers) + 1
    return wider if gained and _sane(matrix, source[wider.inliers, :2]) else fit


def _sane(matrix: Matrix, points: Points) -> bool:
    """A view that a camera could have: not turned inside out, no part seen many times larger."""
    mapped = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    depth = mapped[:, 2]
    growth = np.linalg.det(matrix) / depth**3
    return bool((growth > 0).all() and growth.max() < 9 * growth.min())


def _judge(
    query: Features, work: Features, source: Points, target: Points, fit: _Fit, mirrored: bool
) -> Verification:
    matrix, overlay = _overlaid(query, work, fit, mirrored)
    target_points = target[fit.inliers, :2].copy()
    if mirrored:
        target_points[:, 0] = query.width - 1 - target_points[:, 0]
    query_region, query_area = _outline(target_points, query)
    work_region, work_area = _outline(source[fit.inliers, :2], work)
    area = max(query_area, work_area)
    strength = by_points(len(fit.inliers), area, overlay)
    if strength < 1 and overlay.agreement >= LEAST_AGREEMENT:
        distinctness = distinct(*turned(query, work, matrix, mirrored))
        strength = by_points(len(fit.inliers), area, overlay, distinctness)
    return Verification(
        strength=strength,
        inliers=len(fit.inliers),
        residual=fit.residual,
        agreement=overlay.agreement,
        mirrored=mirrored,
        scale=float(np.sqrt(abs(np.linalg.det(matrix[:2, :2])))),
        turn=float(np.rad2deg(np.arctan2(matrix[1, 0], matrix[0, 0]))),
        query_area=query_area,
        work_area=work_area,
        query_region=query_region,
        work_region=work_region,
        view=_view(matrix, query, work, mirrored),
    )


def _overlaid(query: Features, work: Features, fit: _Fit, mirrored: bool) -> tuple[Matrix, Overlay]:
    """The view of ``fit``, moved where few points leave it uncertain, and how tones agree under it."""
    overlay = compare(query, work, fit.matrix, mirrored)
    if overlay.agreement >= _SURE_AGREEMENT or len(fit.inliers) >= _SURE_INLIERS:
        return fit.matrix, overlay
    moved = align(query, work, fit.matrix, mirrored)
    if moved is None or not _is_near(moved, fit.matrix, work, query):
        return fit.matrix, overlay
    closer = compare(query, work, moved, mirrored)
    return (moved, closer) if closer.agreement > overlay.agreement else (fit.matrix, overlay)


def _is_near(moved: Matrix, matrix: Matrix, work: Features, query: Features) -> bool:
    """Whether the corners of the work, seen in the query, stay about where they were."""
    corners = np.array([(0, 0), (work.width, 0), (work.width, work.height), (0, work.height)], np.float32)
    if not _sane(moved, corners):
        return False
    off = np.linalg.norm(_project(moved, corners) - _project(matrix, corners), axis=1).mean()
    seen = float(np.linalg.norm(np.ptp(_project(matrix, corners), axis=0)))
    return bool(off <= _FARTHEST_MOVE * seen)


def _view(matrix: Matrix, query: Features, work: Features, mirrored: bool) -> View:
    """``matrix`` between working copies, as it is between shares of the two pictures."""
    from_shares = np.diag([work.width, work.height, 1.0])
    back = np.array([[-1.0, 0, query.width - 1], [0, 1, 0], [0, 0, 1]]) if mirrored else np.eye(3)
    to_shares = np.diag([1 / query.width, 1 / query.height, 1.0])
    return _rows(to_shares @ back @ matrix @ from_shares)


def _rows(matrix: Matrix) -> View:
    return tuple(tuple(float(value) for value in row) for row in matrix)


def _whole(query: Features, work: Features, like_hashes: bool) -> Verification:
    found = compare_whole(query, work, any_shape=like_hashes)
    if found is None or found.agreement <= 0:
        return NOT_VERIFIED
    frame: Polygon = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    turn = np.linalg.matrix_power(_TURN_BACK, found.turns)
    return Verification(
        strength=by_whole(found, like_hashes),
        agreement=found.agreement,
        mirrored=found.mirrored,
        scale=max(query.width, query.height) / max(work.width, work.height),
        turn=90.0 * found.turns,
        query_area=1.0,
        work_area=1.0,
        query_region=frame,
        work_region=frame,
        view=_rows(_UNMIRROR @ turn if found.mirrored else turn),
    )


def _outline(points: NDArray[np.float32], frame: Features) -> tuple[Polygon, float]:
    """The convex hull of points, in shares of the frame, and the share of the frame it covers."""
    if len(points) < 3:
        return (), 0.0
    hull = cv2.convexHull((points / (frame.width, frame.height)).astype(np.float32))[:, 0]
    return tuple((float(x), float(y)) for x, y in hull.clip(0, 1)), float(cv2.contourArea(hull))
