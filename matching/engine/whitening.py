"""Copy descriptors: what stays of the encoder's regions when all that pictures have in common is taken away.

The middle block's pooled tokens of any two pictures have a cosine of 0.99, so little of them tells pictures
apart. Whitening (Jégou and Chum, ECCV 2012) takes their mean away and gives each of the 128 strongest
directions the same weight. It is learnt once and shipped, because stored descriptors must stay comparable:
``copy_whitening.npz``, learnt by ``tests/matching/learn_whitening.py`` from the pictures named there.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.encoder import Encoded

Vectors = NDArray[np.float32]

DIMENSION: Final = 128
SHIPPED: Final = Path(__file__).with_name("copy_whitening.npz")


class NoWhitening(LookupError):
    """The shipped whitening was learnt for another encoder."""


@dataclass(frozen=True, eq=False)
class Whitening:
    """A fixed linear map, of one encoder."""

    identity: str
    """The encoder's."""
    mean: Vectors
    """``[width]``."""
    directions: Vectors
    """``[width, 128]``."""

    def __call__(self, vectors: Vectors) -> Vectors:
        """``[…, width]`` to ``[…, 128]``, of unit length."""
        mapped = (vectors - self.mean) @ self.directions
        length = np.linalg.norm(mapped, axis=-1, keepdims=True)
        return np.asarray(mapped / np.maximum(length, 1e-9), dtype=np.float32)

    def work_descriptors(self, encoded: Encoded) -> Vectors:
        """``[n, 128]``: one a work, of the whole picture; the ones to store and index."""
        return self(encoded.patches)

    def query_descriptors(self, encoded: Encoded) -> Vectors:
        """``[n, regions, 128]``: a work may be anywhere in a query; its best region counts."""
        return self(encoded.regions)

    def save(self, path: Path) -> None:
        np.savez_compressed(
            path,
            identity=np.array(self.identity),
            mean=self.mean.astype(np.float16),
            directions=self.directions.astype(np.float16),
        )


def learn(identity: str, vectors: Vectors) -> Whitening:
    """Learn from ``[n, width]`` unlike pictures, a thousand or more."""
    mean = vectors.mean(axis=0)
    _, strength, directions = np.linalg.svd(vectors - mean, full_matrices=False)
    # Weak directions are mostly noise: a share of a strong one's weight keeps them from shouting.
    weight = strength[:DIMENSION] + 0.3 * strength[10]
    return Whitening(identity, mean, np.asarray((directions[:DIMENSION].T / weight), dtype=np.float32))


@lru_cache(maxsize=4)
def load_whitening(identity: str, path: Path = SHIPPED) -> Whitening:
    """The shipped whitening; raises ``NoWhitening`` where it is of another encoder than ``identity``."""
    with np.load(path, allow_pickle=False) as stored:
        if str(stored["identity"]) != identity:
            raise NoWhitening(
                f"no whitening for {identity}: learn one with tests/matching/learn_whitening.py"
            )
        return Whitening(identity, stored["mean"].astype(np.float32), stored["directions"].astype(np.float32))
