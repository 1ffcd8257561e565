"""Rows for tests of the index, and a dict that answers by comparing everything."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from matching.engine.descriptors import hamming
from matching.engine.index import Rows
from matching.engine.index.rows import unit_rows

HALVES = NDArray[np.float16]


def vectors(seed: int, count: int, dimension: int) -> NDArray[np.float32]:
    return unit_rows(np.random.default_rng(seed).normal(size=(count, dimension)), dimension)


def clustered(seed: int, count: int, dimension: int) -> NDArray[np.float32]:
    """Vectors around one centre in twenty of them, as works of one kind lie."""
    centres = vectors(seed, count // 20, dimension)
    chosen = np.random.default_rng(seed + 1).integers(0, len(centres), count)
    return unit_rows(centres[chosen] + 0.7 * vectors(seed + 2, count, dimension), dimension)


def hashes(seed: int, count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


def rows_of(seed: int, ids: Iterable[int], dimension: int = 16) -> Rows:
    numbers = np.array(sorted(ids), np.int64)
    return Rows(numbers, settled(vectors(seed, len(numbers), dimension)), hashes(seed, len(numbers)))


def settled(rows: NDArray[np.float32]) -> HALVES:
    """As half floats that stay what they are however often they are brought to unit length and rounded again.

    An index does that whenever it is given rows, also those it gave out itself.
    """
    halves = rows.astype(np.float16)
    while True:
        again = unit_rows(halves, rows.shape[1]).astype(np.float16)
        if np.array_equal(again, halves):
            return halves
        halves = again


class Truth:
    """What should be found, and a source to build from: a database in miniature."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self.number = 0
        self.held: dict[int, tuple[HALVES, NDArray[np.uint8]]] = {}
        self.changes: list[tuple[int, int]] = []

    def add(self, rows: Rows) -> None:
        for id_, vector, hashed in zip(rows.ids.tolist(), rows.vectors, rows.hashes, strict=True):
            self._note(id_)
            self.held[id_] = unit_rows(vector[None], self.dimension)[0].astype(np.float16), hashed

    def withdraw(self, ids: Iterable[int]) -> None:
        for id_ in ids:
            self._note(id_)
            self.held.pop(id_, None)

    def _note(self, id_: int) -> None:
        self.number += 1
        self.changes.append((self.number, id_))

    def since(self, marker: int) -> tuple[Rows, NDArray[np.int64]]:
        touched = {id_ for number, id_ in self.changes if number > marker}
        gone = np.array(sorted(touched - set(self.held)), np.int64)
        return self.rows(touched & set(self.held)), gone

    def rows(self, ids: Iterable[int]) -> Rows:
        numbers = sorted(ids)
        if not numbers:
            return Rows.none(self.dimension)
        return Rows(
            np.array(numbers, np.int64),
            np.stack([self.held[id_][0] for id_ in numbers]),
            np.stack([self.held[id_][1] for id_ in numbers]),
        )

    def nearest(self, query: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        scores = {id_: float(vector.astype(np.float32) @ query) for id_, (vector, _) in self.held.items()}
        return sorted(scores.items(), key=lambda item: -item[1])[:k]

    def near(self, queries: NDArray[np.uint8], within: int) -> list[tuple[int, int]]:
        rows = self.rows(self.held)
        bits = hamming(queries, rows.hashes).min(axis=0) if len(rows) else []
        return sorted((int(one), int(id_)) for one, id_ in zip(bits, rows.ids, strict=True) if one <= within)

    # As a source of everything

    def marker(self) -> int:
        return self.number

    def count(self) -> int:
        return len(self.held)

    def sample(self, count: int) -> NDArray[np.float32]:
        return self.rows(self.held).vectors[:count].astype(np.float32)

    def after(self, id_: int, count: int) -> Rows:
        return self.rows(sorted(held for held in self.held if held > id_)[:count])
