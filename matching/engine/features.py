"""Local features of a picture: what geometric verification compares, stored with every work.

RootSIFT (Lowe, IJCV 2004; Arandjelović and Zisserman, CVPR 2012) at points spread over the whole picture, and
a small grey copy of it for comparing tones where the points say that two pictures overlap.
"""

import struct
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from matching.engine.images import Picture, shrink

WORKING_SIDE: Final = 560
"""Long side, in pixels, of the copy in which features are found."""
MOST_POINTS: Final = 950
GREY_SIDE: Final = 192

# Smaller pictures are enlarged before: SIFT finds little in a thumbnail.
_SMALLEST_SIDE = 400
# A third of OpenCV's default: drawings in flat colours and blurred copies have few strong corners.
_CONTRAST = 0.012
_FOUND = 6000
_CELLS = 8
# Blurring and shrinking leave the coarse points only, which are never the strongest: some are always kept.
_COARSE = 12.0  # pixels across
_MOST_COARSE = 300
_BEST = 250

MAGIC: Final = b"VNF1"
# Stored points are whole numbers of 16 bit: 1/64 pixel, and 1/10000 radian.
_STEPS: Final = np.array([64, 64, 64, 10_000], dtype=np.float32)
_HEADER: Final = struct.Struct("<4sHHHHH")

# The descriptor holds 4 × 4 cells of 8 directions, in the point's own frame, whose x axis is its direction.
# Seen in a mirror, rows swap from top to bottom and directions turn the other way round.
_MIRRORED: Final = (
    np.arange(128).reshape(4, 4, 8)[::-1][..., (-np.arange(8)) % 8].reshape(128).astype(np.intp)
)


class TornFeatures(ValueError):
    """Stored features are not whole or of another version."""


@dataclass(frozen=True, eq=False)
class Features:
    """Local features of one picture."""

    points: NDArray[np.float32]
    """``[n, 4]``: x and y in pixels of the working copy, diameter in pixels, direction in radians."""
    descriptors: NDArray[np.uint8]
    """``[n, 128]``: RootSIFT times 512."""
    grey: NDArray[np.uint8]
    """``[h, w]``: the picture in grey, at most 192 pixels on the long side."""
    width: int
    """Of the working copy, in pixels; so is ``height``."""
    height: int

    @cached_property
    def unit(self) -> NDArray[np.float32]:
        """``[n, 128]``: descriptors of unit length."""
        return _unit(self.descriptors)

    @cached_property
    def unit_mirrored(self) -> NDArray[np.float32]:
        """``[n, 128]``: the descriptors that a mirrored copy of this picture has."""
        return _unit(self.descriptors[:, _MIRRORED])

    @cached_property
    def best(self) -> "Features":
        """Only the first points: coarse ones, then the strongest of any size."""
        return replace(self, points=self.points[:_BEST], descriptors=self.descriptors[:_BEST])

    def to_bytes(self) -> bytes:
        """About 130 kB at most; read again by ``from_bytes``."""
        header = _HEADER.pack(MAGIC, len(self.points), self.width, self.height, *self.grey.shape)
        points = np.round(self.points * _STEPS).clip(0, 65535).astype("<u2").tobytes()
        return header + points + self.descriptors.tobytes() + self.grey.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Features":
        """Raises ``TornFeatures``."""
        if len(data) < _HEADER.size:
            raise TornFeatures("stored features are cut off")
        magic, count, width, height, rows, columns = _HEADER.unpack_from(data)
        if magic != MAGIC or len(data) != _HEADER.size + count * 136 + rows * columns:
            raise TornFeatures("stored features are not whole, or of another version")
        points = np.frombuffer(data, "<u2", count * 4, _HEADER.size).reshape(count, 4) / _STEPS
        at = _HEADER.size + count * 8
        descriptors = np.frombuffer(data, np.uint8, count * 128, at).reshape(count, 128)
        grey = np.frombuffer(data, np.uint8, rows * columns, at + count * 128).reshape(rows, columns)
        return cls(points.astype(np.float32), descriptors, grey, width, height)


def extract(picture: Picture) -> Features:
    """Find the features of a picture."""
    working = np.asarray(shrink(picture.image.convert("L"), WORKING_SIDE))
    longest = max(working.shape)
    if longest < _SMALLEST_SIDE:
        scale = _SMALLEST_SIDE / longest
        working = cv2.resize(working, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    height, width = working.shape
    sift = cv2.SIFT.create(nfeatures=_FOUND, contrastThreshold=_CONTRAST)
    found, raw = sift.detectAndCompute(working, None)
    grey = np.asarray(shrink(picture.image.convert("L"), GREY_SIDE))
    if raw is None or not len(found):
        return Features(np.zeros((0, 4), np.float32), np.zeros((0, 128), np.uint8), grey, width, height)
    points = np.array([(*point.pt, point.size, np.deg2rad(point.angle)) for point in found], dtype=np.float32)
    chosen = _choose(np.array([point.response for point in found]), points, width, height)
    return Features(points[chosen], _root(raw.astype(np.float32)[chosen]), grey, width, height)


def _choose(
    strength: NDArray[np.float64], points: NDArray[np.float32], width: int, height: int
) -> NDArray[np.intp]:
    """The points to keep, coarse ones first: some coarse ones, then the strongest of any size."""
    order = _spread(strength, points, width, height)
    coarse = order[points[order, 2] >= _COARSE][:_MOST_COARSE]
    others = order[~np.isin(order, coarse)]
    chosen: NDArray[np.intp] = np.concatenate([coarse, others])[:MOST_POINTS]
    return chosen


def _spread(
    strength: NDArray[np.float64], points: NDArray[np.float32], width: int, height: int
) -> NDArray[np.intp]:
    """Points by strength, taken in turns from the cells of a grid.

    A crop holds few of the strongest points of a whole picture, but its share of evenly spread ones.
    """
    columns = np.minimum(points[:, 0] * _CELLS / width, _CELLS - 1).astype(int)
    rows = np.minimum(points[:, 1] * _CELLS / height, _CELLS - 1).astype(int)
    cells = rows * _CELLS + columns
    order = np.lexsort((-strength, cells))
    starts = np.searchsorted(cells[order], np.arange(_CELLS * _CELLS))
    turn = np.empty(len(points), dtype=int)
    turn[order] = np.arange(len(points)) - starts[cells[order]]
    spread: NDArray[np.intp] = np.lexsort((-strength, turn))
    return spread


def _root(raw: NDArray[np.float32]) -> NDArray[np.uint8]:
    share = raw / np.maximum(raw.sum(axis=1, keepdims=True), 1e-6)
    return np.asarray(np.minimum(np.sqrt(share) * 512, 255), dtype=np.uint8)


def _unit(descriptors: NDArray[np.uint8]) -> NDArray[np.float32]:
    values = descriptors.astype(np.float32)
    norm = np.linalg.norm(values, axis=1, keepdims=True)
    return np.asarray(values / np.maximum(norm, 1e-6), dtype=np.float32)
