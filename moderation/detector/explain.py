"""Where in a picture does the head see what it sees? An advisory map, for people who look at the picture.

The head judges overlapping windows of the picture as if each were a picture. A window shows less than the
whole, so no band and no budget belongs to its score: a map is something to look at, never a finding.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.images import Pixels
from moderation.detector.judgement import trained

if TYPE_CHECKING:
    from matching.engine.encoder import Encoder

STEPS: Final = 3
"""Windows along each side; each covers half of it. The map costs ``STEPS`` squared passes of the encoder."""


@dataclass(frozen=True)
class Part:
    """A window of the picture: left, top, width, height as shares of it, and the probability there."""

    left: float
    top: float
    width: float
    height: float
    score: float


@dataclass(frozen=True)
class Map:
    """Windows row by row."""

    parts: tuple[Part, ...]

    def as_json(self) -> list[dict[str, float]]:
        return [{name: round(value, 4) for name, value in asdict(part).items()} for part in self.parts]

    def cells(self) -> list[list[float]]:
        """``[STEPS + 1][STEPS + 1]``: for each cell of the picture, the mean of the windows that cover it."""
        side = STEPS + 1
        found = np.zeros((side, side))
        for row in range(side):
            for column in range(side):
                x, y = (column + 0.5) / side, (row + 0.5) / side
                found[row, column] = np.mean([part.score for part in self.parts if _covers(part, x, y)])
        return [[float(value) for value in line] for line in found]


def read_map(value: Any) -> Map | None:
    """A map from what ``as_json`` gave; None where there is none, or another kind."""
    try:
        parts = tuple(Part(**{name: float(part[name]) for name in Part.__annotations__}) for part in value)
    except (TypeError, KeyError, ValueError):
        return None
    return Map(parts) if len(parts) == STEPS**2 else None


def explain(pixels: Pixels, encoder: "Encoder") -> Map | None:
    """Judge every window of ``pixels``; None where the head reads features of another encoder.

    Raises ``HeadError`` where no head is installed.
    """
    head, calibration = trained()
    if encoder.identity != head.encoder:
        return None
    places = list(_windows())
    encoded = encoder.encode([_cut(pixels, *place) for place in places])
    scores: NDArray[np.float64] = calibration.probability(head.logits(encoded.class_tokens))
    return Map(tuple(Part(*place, float(score)) for place, score in zip(places, scores, strict=True)))


def _windows() -> Iterator[tuple[float, float, float, float]]:
    starts = [step / (2 * (STEPS - 1)) for step in range(STEPS)]
    for top in starts:
        for left in starts:
            yield left, top, 0.5, 0.5


def _cut(pixels: Pixels, left: float, top: float, width: float, height: float) -> Pixels:
    high, wide = pixels.shape[:2]
    y, x = int(top * high), int(left * wide)
    return pixels[y : y + max(1, int(height * high)), x : x + max(1, int(width * wide))]


def _covers(part: Part, x: float, y: float) -> bool:
    return part.left <= x <= part.left + part.width and part.top <= y <= part.top + part.height
