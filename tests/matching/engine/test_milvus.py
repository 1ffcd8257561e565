"""The same index over a Milvus server, and the same tests: here against the local server of milvus-lite."""

import contextlib
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from numpy.typing import NDArray

from matching.engine.index import Base, Index, Rows, SnapshotMissing, SnapshotTorn, SnapshotWrongModel
from matching.engine.index import milvus as module
from matching.engine.index.milvus import MilvusBase, MilvusServer
from tests.matching.engine.machine import DIMENSION, IndexAgainstEverything
from tests.matching.engine.worlds import Truth, rows_of

pytestmark = [
    pytest.mark.xdist_group("milvus"),
    # pymilvus and its server have habits of their own.
    pytest.mark.filterwarnings("ignore"),
]

WHO: dict[str, Any] = {"name": "registry:encoder-a", "identity": "encoder-a", "dimension": DIMENSION}


class Collections:
    """A collection of a server, as a base to go on from."""

    def __init__(self, server: MilvusServer) -> None:
        self.server = server

    def begin(self) -> None:
        MilvusBase.drop(self.server, **WHO)

    def newest(self, known: Base | None) -> MilvusBase:
        return MilvusBase.load(self.server, **WHO)

    def fold(self, new: Rows, gone: NDArray[np.int64], marker: int) -> None:
        try:
            base = self.newest(None)
        except SnapshotMissing:
            MilvusBase.build(self.server, Truth(DIMENSION), **WHO)
            base = self.newest(None)
        base.fold(new, gone, marker)

    def build(self, truth: Truth, seconds: float) -> None:
        """A server's collection is filled where there is none; afterwards it moves on by folds alone."""
        with contextlib.suppress(SnapshotMissing):
            self.newest(None)
            return
        MilvusBase.build(self.server, truth, seconds=seconds, **WHO)


def test_answers_are_those_of_comparing_everything(server: MilvusServer) -> None:
    IndexAgainstEverything.bases = Collections(server)

    run_state_machine_as_test(
        IndexAgainstEverything, settings=settings(max_examples=4, stateful_step_count=15, deadline=None)
    )


def test_a_build_goes_on_where_it_was(server: MilvusServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PIECE", 10)
    MilvusBase.drop(server, **WHO)
    truth = Truth(DIMENSION)
    truth.add(rows_of(1, range(25)))
    began = truth.number

    told: list[tuple[int, int]] = []
    first = MilvusBase.build(server, truth, seconds=-1, **WHO)
    with pytest.raises(SnapshotMissing):
        MilvusBase.load(server, **WHO)
    truth.withdraw([3])  # read already: whoever follows from the marker hears of it
    second = MilvusBase.build(server, truth, progress=lambda *done: told.append(done), **WHO)

    base = MilvusBase.load(server, **WHO)
    assert (first, second) == (False, True)
    assert told == [(20, 25), (25, 25)]
    assert (base.marker, base.size) == (began, 25)


def test_a_collection_of_another_encoder_is_refused(server: MilvusServer) -> None:
    MilvusBase.drop(server, **WHO)
    MilvusBase.build(server, Truth(DIMENSION), **WHO)

    with pytest.raises(SnapshotWrongModel):
        MilvusBase.load(server, **{**WHO, "identity": "encoder-b"})


def test_a_server_out_of_reach_is_no_empty_index() -> None:
    nowhere = MilvusServer("http://127.0.0.1:1")

    with pytest.raises(SnapshotTorn, match="Milvus"):
        MilvusBase.load(nowhere, **WHO)


def test_vectors_may_be_missing_where_hashes_are_all(server: MilvusServer) -> None:
    who = {**WHO, "name": "entries", "dimension": 0}
    MilvusBase.drop(server, **who)
    truth = Truth(0)
    rows = rows_of(1, range(5))
    truth.add(Rows(rows.ids, np.zeros((5, 0), np.float16), rows.hashes))
    MilvusBase.build(server, truth, **who)

    index = Index("encoder-a", 0, MilvusBase.load(server, **who))

    assert [near.id for near in index.near(rows.hashes[2:3], 3, within=20)] == [2]
