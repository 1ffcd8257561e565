"""Keep the shape of files from telling the classes apart: generated pictures are more often square."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SHORT_SIDES: Final = (257, 340, 400, 500)
_PROPORTIONS: Final = (-0.25, -0.02, 0.02, 0.25)
"""Bounds of the logarithm of width by height: tall, a little tall, square, a little wide, wide."""
_HEAVIEST: Final = 4.0


def sizes(files: Sequence[Path]) -> NDArray[np.int64]:
    """``[n, 2]``: width and height in pixels, as the files' headers say."""
    found = []
    for file in files:
        with Image.open(file) as image:
            found.append(image.size)
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def encodings(files: Sequence[Path]) -> NDArray[np.float64]:
    """``[n, 4]``: what else files tell: quantisation, how many tables and notes; bytes a pixel."""
    found = []
    for file in files:
        with Image.open(file) as image:
            tables = getattr(image, "quantization", None) or {0: [0]}
            area = image.width * image.height
            found.append((sum(tables[0]), len(tables), len(image.info), file.stat().st_size / area))
    return np.array(found, dtype=np.float64).reshape(-1, 4)


def balance(shapes: NDArray[np.int64], generated: NDArray[np.bool_]) -> NDArray[np.float64]:
    """A weight for each picture, so that within every shape both classes weigh the same; 1 on average.

    Weights are bounded: where one class is rare in a shape, some of the imbalance stays.
    """
    kinds = np.digitize(shapes.min(axis=1), _SHORT_SIDES) * 10
    kinds += np.digitize(np.log(shapes[:, 0] / shapes[:, 1]), _PROPORTIONS)
    weights = np.ones(len(kinds))
    for kind in np.unique(kinds):
        for side in (False, True):
            chosen = (kinds == kind) & (generated == side)
            weights[chosen] = (kinds == kind).sum() / 2 / max(chosen.sum(), 1)
    weights = np.minimum(weights, _HEAVIEST)
    for side in (False, True):
        chosen = generated == side
        if chosen.any():
            weights[chosen] /= weights[chosen].mean()
    return weights
