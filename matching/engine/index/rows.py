"""What an index holds of one thing: its number, its vector, its hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Halves = NDArray[np.float16]
Ids = NDArray[np.int64]
Hashes = NDArray[np.uint8]

HASH_BYTES: Final = 32


@dataclass(frozen=True, eq=False)
class Rows:
    """``n`` things in the order of their ids, each id once."""

    ids: Ids
    """``[n]``, rising."""
    vectors: Halves
    """``[n, dimension]``, of unit length up to the rounding of half floats."""
    hashes: Hashes
    """``[n, 32]``, PDQ of the upright picture."""

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def none(cls, dimension: int) -> "Rows":
        return cls(
            np.zeros(0, np.int64),
            np.zeros((0, dimension), np.float16),
            np.zeros((0, HASH_BYTES), np.uint8),
        )

    def without(self, ids: Ids) -> "Rows":
        keep = np.isin(self.ids, ids, invert=True)
        return Rows(self.ids[keep], self.vectors[keep], self.hashes[keep])


def join(parts: Sequence[Rows]) -> Rows:
    """All rows of ``parts``, which share no id, in order."""
    ids = np.concatenate([part.ids for part in parts])
    order = np.argsort(ids, kind="stable")
    return Rows(
        ids[order],
        np.concatenate([part.vectors for part in parts])[order],
        np.concatenate([part.hashes for part in parts])[order],
    )


def unit_rows(vectors: NDArray[np.floating], dimension: int) -> Vectors:
    """``[n, dimension]`` vectors of any length but zero, as directions; raises ``ValueError``."""
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    if rows.ndim != 2 or rows.shape[1] != dimension:
        raise ValueError(f"vectors of shape {rows.shape}, expected [n, {dimension}]")
    if not dimension:
        return rows
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(length).all() or (length == 0).any():
        raise ValueError("a vector without direction cannot be compared")
    return np.asarray(rows / length, dtype=np.float32)


def positions(ids: Ids, wanted: Ids) -> tuple[Ids, NDArray[np.bool_]]:
    """Where each of ``wanted`` stands in the rising ``ids``, and whether it does."""
    at = np.searchsorted(ids, wanted)
    inside = at < len(ids)
    held = inside.copy()
    held[inside] = np.asarray(ids[at[inside]]) == wanted[inside]
    return at.astype(np.int64), held
