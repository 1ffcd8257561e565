"""Any base of an index, put through adds, withdrawals, folds, builds that stop half-way, and restarts."""

from typing import ClassVar, Protocol

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from numpy.typing import NDArray

from matching.engine.index import Base, Index, Rows, SnapshotMissing
from tests.matching.engine.worlds import Truth, hashes, rows_of, vectors

DIMENSION = 16


class Bases(Protocol):
    """Where bases are kept and made."""

    def begin(self) -> None: ...

    def newest(self, known: Base | None) -> Base: ...

    def fold(self, new: Rows, gone: NDArray[np.int64], marker: int) -> None: ...

    def build(self, truth: Truth, seconds: float) -> None: ...


class IndexAgainstEverything(RuleBasedStateMachine):
    """An index over a base; a dict says what should be found."""

    bases: ClassVar[Bases]

    @initialize()
    def start(self) -> None:
        self.bases.begin()
        self.index = Index("encoder-a", DIMENSION)
        self.truth = Truth(DIMENSION)

    @rule(seed=st.integers(0, 10_000), ids=st.lists(st.integers(0, 40), min_size=1, max_size=8, unique=True))
    def add(self, seed: int, ids: list[int]) -> None:
        rows = rows_of(seed, ids)
        self.truth.add(rows)
        self.index.add(rows.ids, rows.vectors, rows.hashes, number=self.truth.number)

    @rule(ids=st.lists(st.integers(0, 40), max_size=8))
    def withdraw(self, ids: list[int]) -> None:
        self.truth.withdraw(ids)
        self.index.withdraw(ids, number=self.truth.number)

    @rule()
    def fold(self) -> None:
        base = self.newest()
        new, gone = self.truth.since(base.marker if base else 0)
        self.bases.fold(new, gone, self.truth.number)
        self.go_on()

    @rule(seconds=st.sampled_from([-1.0, 60.0]))
    def build(self, seconds: float) -> None:
        self.bases.build(self.truth, seconds)

    @rule()
    def go_on(self) -> None:
        """From the newest base; back to an older one only by a restart."""
        newest, base = self.newest(), self.index.base
        if newest is not None and newest.marker >= (base.marker if base else 0):
            self.index.rebase(newest)

    @rule()
    def restart(self) -> None:
        base = self.newest()
        self.index = Index("encoder-a", DIMENSION, base)
        new, gone = self.truth.since(base.marker if base else 0)
        self.index.add(new.ids, new.vectors, new.hashes, number=self.truth.number)
        self.index.withdraw(gone, number=self.truth.number)

    @rule(seed=st.integers(0, 10_000), k=st.integers(1, 50))
    def search(self, seed: int, k: int) -> None:
        query = vectors(seed, 1, DIMENSION)[0]

        hits = self.index.search(query[None], k)[0]

        expected = self.truth.nearest(query, k)
        assert [hit.score for hit in hits] == pytest.approx([score for _, score in expected], abs=1e-5)
        assert {hit.id for hit in hits} <= set(self.truth.held)

    @rule(seed=st.integers(0, 10_000), within=st.integers(0, 256))
    def near(self, seed: int, within: int) -> None:
        queries = hashes(seed, 8)

        told = [(near.bits, near.id) for near in self.index.near(queries, 50, within=within)]

        assert told == self.truth.near(queries, within)

    @invariant()
    def knows_what_it_holds(self) -> None:
        if hasattr(self, "index"):
            assert self.index.size == len(self.truth.held)
            assert {id_ for id_ in range(41) if id_ in self.index} == set(self.truth.held)

    def newest(self) -> Base | None:
        try:
            return self.bases.newest(self.index.base)
        except SnapshotMissing:
            return None
