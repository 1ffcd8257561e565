import json
import struct
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from numpy.typing import NDArray

from matching.engine.index import (
    SNAPSHOT,
    SnapshotMissing,
    SnapshotTorn,
    SnapshotWrongModel,
    VectorIndex,
)

DIMENSION = 16


def vectors(seed: int, count: int) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def found(index: VectorIndex, query: np.ndarray, k: int) -> list[int]:
    return [hit.id for hit in index.search(query[None], k)[0]]


def brute_force(held: dict[int, np.ndarray], query: np.ndarray, k: int) -> list[int]:
    scores = {id_: float(vector @ query) for id_, vector in held.items()}
    return sorted(scores, key=lambda id_: (-scores[id_], id_))[:k]


class IndexAgainstBruteForce(RuleBasedStateMachine):
    """Adds, withdrawals, folds and restarts in any order: the answers are those of comparing everything."""

    folder: Path

    @initialize()
    def start(self) -> None:
        self.index = VectorIndex("encoder-a", DIMENSION, exact_below=10_000)
        self.held: dict[int, np.ndarray] = {}

    @rule(seed=st.integers(0, 10_000), ids=st.lists(st.integers(0, 40), min_size=1, max_size=8, unique=True))
    def add(self, seed: int, ids: list[int]) -> None:
        rows = vectors(seed, len(ids))
        self.index.add(ids, rows)
        self.held.update(zip(ids, rows, strict=True))

    @rule(ids=st.lists(st.integers(0, 40), max_size=8))
    def withdraw(self, ids: list[int]) -> None:
        self.index.withdraw(ids)
        for id_ in ids:
            self.held.pop(id_, None)

    @rule()
    def fold(self) -> None:
        self.index.fold()

    @rule()
    def restart(self) -> None:
        self.index.save(self.folder)
        self.index = VectorIndex.load(self.folder, "encoder-a", exact_below=10_000)

    @rule(seed=st.integers(0, 10_000), k=st.integers(1, 50))
    def search(self, seed: int, k: int) -> None:
        query = vectors(seed, 1)[0]

        assert found(self.index, query, k) == brute_force(self.held, query, k)

    @invariant()
    def knows_its_size(self) -> None:
        if hasattr(self, "index"):
            assert self.index.size == len(self.held)


def test_answers_are_those_of_brute_force(tmp_path: Path) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    IndexAgainstBruteForce.folder = tmp_path

    run_state_machine_as_test(IndexAgainstBruteForce, settings=settings(max_examples=60, deadline=None))


def test_a_large_index_uses_lists_and_still_finds_noisy_copies(tmp_path: Path) -> None:
    rows = vectors(1, 6000)
    index = VectorIndex("encoder-a", DIMENSION, exact_below=1000)
    index.add(np.arange(6000), rows)
    index.save(tmp_path)
    index = VectorIndex.load(tmp_path, "encoder-a", exact_below=1000)
    index.add([9000], vectors(2, 1))
    index.withdraw(range(0, 6000, 3))
    noisy = rows + np.float32(0.05) * vectors(3, 6000)

    answers = index.search(noisy, 10)

    assert index.size == 4001
    first = [hits[0].id for hits in answers]
    kept = [at for at in range(6000) if at % 3]
    assert np.mean([first[at] == at for at in kept]) > 0.98
    assert not any(hit.id % 3 == 0 for hits in answers for hit in hits if hit.id != 9000)
    assert found(index, vectors(2, 1)[0], 1) == [9000]


def test_what_was_withdrawn_stays_away_after_folding_lists() -> None:
    rows = vectors(4, 3000)
    index = VectorIndex("encoder-a", DIMENSION, exact_below=500)
    index.add(np.arange(3000), rows)
    index.fold()
    index.withdraw([7])
    index.fold()

    assert 7 not in found(index, rows[7], 50)
    assert 7 not in index
    assert 8 in index


def test_a_query_is_compared_by_direction_not_length() -> None:
    index = VectorIndex("encoder-a", DIMENSION)
    index.add([1, 2], vectors(5, 2) * np.float32(40))

    hits = index.search(vectors(5, 1) * np.float32(0.01), 1)[0]

    assert hits[0].id == 1
    assert hits[0].score == pytest.approx(1)


@pytest.mark.parametrize(
    "bad", [np.zeros((1, DIMENSION)), np.full((1, DIMENSION), np.nan), np.ones((1, 3)), np.ones(DIMENSION)]
)
def test_vectors_that_mean_nothing_are_refused(bad: np.ndarray) -> None:
    index = VectorIndex("encoder-a", DIMENSION)

    with pytest.raises(ValueError, match="vector"):
        index.add([1], bad.astype(np.float32))

    assert index.size == 0


def test_no_snapshot_is_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(SnapshotMissing):
        VectorIndex.load(tmp_path, "encoder-a")

    VectorIndex("encoder-a", DIMENSION).save(tmp_path)

    assert VectorIndex.load(tmp_path, "encoder-a").size == 0


def test_a_snapshot_of_another_encoder_is_refused(tmp_path: Path) -> None:
    VectorIndex("encoder-a", DIMENSION).save(tmp_path)

    with pytest.raises(SnapshotWrongModel, match="encoder-a"):
        VectorIndex.load(tmp_path, "encoder-b")


@settings(max_examples=150, deadline=None)
@given(
    harm=st.sampled_from(["flip", "cut", "append"]),
    place=st.floats(0, 1, exclude_max=True),
    bits=st.integers(1, 255),
)
def test_a_torn_snapshot_is_never_read(
    tmp_path_factory: pytest.TempPathFactory, harm: str, place: float, bits: int
) -> None:
    folder = tmp_path_factory.mktemp("index")
    index = VectorIndex("encoder-a", DIMENSION)
    index.add(range(5), vectors(6, 5))
    whole = bytearray(index.save(folder).read_bytes())
    at = int(place * len(whole))
    if harm == "flip":
        whole[at] ^= bits
    elif harm == "cut":
        whole = whole[:at]
    else:
        whole.append(bits)
    (folder / SNAPSHOT).write_bytes(bytes(whole))

    with pytest.raises(SnapshotTorn):
        VectorIndex.load(folder, "encoder-a")


def test_a_failed_save_leaves_the_old_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = VectorIndex("encoder-a", DIMENSION)
    index.add([1], vectors(7, 1))
    index.save(tmp_path, marker=17)
    index.add([2], vectors(8, 1))

    def full_disk(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        index.save(tmp_path, marker=18)

    again = VectorIndex.load(tmp_path, "encoder-a")
    assert (again.size, again.marker) == (1, 17)
    assert [path.name for path in tmp_path.iterdir()] == [SNAPSHOT]


def test_a_snapshot_says_what_it_is(tmp_path: Path) -> None:
    index = VectorIndex("encoder-a", DIMENSION)
    index.add([1], vectors(9, 1))
    raw = index.save(tmp_path, marker=5).read_bytes()

    length = struct.unpack_from("<I", raw, 8)[0]
    header = json.loads(raw[44 : 44 + length])

    assert (header["identity"], header["count"], header["marker"]) == ("encoder-a", 1, 5)
    assert VectorIndex.load(tmp_path, "encoder-a").age < 60


def test_searches_and_inserts_may_overlap() -> None:
    index = VectorIndex("encoder-a", DIMENSION)
    index.add(range(100), vectors(10, 100))
    wrong: list[str] = []

    def insert() -> None:
        for at in range(200):
            index.add([1000 + at], vectors(at, 1))
            if at % 20 == 0:
                index.fold()

    def look() -> None:
        for _ in range(200):
            hits = index.search(vectors(10, 1), 1)[0]
            if [hit.id for hit in hits] != [0]:
                wrong.append(str(hits))

    threads = [threading.Thread(target=work) for work in (insert, look, look)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert index.size == 300
