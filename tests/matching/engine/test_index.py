"""The index against comparing everything: whatever is added, withdrawn, folded, built, saved and loaded."""

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from numpy.typing import NDArray

from matching.engine.index import (
    SNAPSHOT,
    Base,
    Builder,
    Index,
    Rows,
    Snapshot,
    SnapshotError,
    SnapshotMissing,
    SnapshotTorn,
    SnapshotWrongModel,
    fold,
    read_manifest,
    unit_rows,
)
from matching.engine.index import hashes as hashing
from matching.engine.index.build import BUILDING
from matching.engine.index.parts import write_part
from matching.engine.index.snapshot import MOST_JOINED, Manifest
from tests.matching.engine.machine import IndexAgainstEverything
from tests.matching.engine.worlds import Truth, clustered, hashes, rows_of, vectors

DIMENSION = 16
WHO: dict[str, Any] = {"identity": "encoder-a", "dimension": DIMENSION}


def snapshot_of(folder: Path, count: int, *, marker: int = 1, exact_below: int = 20_000) -> Snapshot:
    fold(
        folder, None, new=rows_of(1, range(count)), gone=none(), marker=marker, exact_below=exact_below, **WHO
    )
    return Snapshot.load(folder, "encoder-a")


def none() -> NDArray[np.int64]:
    return np.zeros(0, np.int64)


def found(index: Index, query: NDArray[np.floating], k: int) -> list[int]:
    return [hit.id for hit in index.search(query[None], k)[0]]


class Files:
    """Snapshots in a folder, as bases to go on from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()

    def newest(self, known: Base | None) -> Snapshot:
        return Snapshot.load(self.folder, "encoder-a", known=known if isinstance(known, Snapshot) else None)

    def fold(self, new: Rows, gone: NDArray[np.int64], marker: int) -> None:
        try:
            base: Snapshot | None = self.newest(None)
        except SnapshotMissing:
            base = None
        # Parts of ten rows and more are kept in lists, of which a question looks into 128: into all of them.
        fold(self.folder, base, new=new, gone=gone, marker=marker, exact_below=10, **WHO)

    def build(self, truth: Truth, seconds: float) -> None:
        Builder(self.folder, truth, piece=5, exact_below=10, **WHO).run(seconds=seconds)


def test_answers_are_those_of_comparing_everything(tmp_path: Path) -> None:
    IndexAgainstEverything.bases = Files(tmp_path / "index")

    run_state_machine_as_test(
        IndexAgainstEverything, settings=settings(max_examples=30, stateful_step_count=25, deadline=None)
    )


def test_a_large_index_finds_noisy_copies_through_its_lists(tmp_path: Path) -> None:
    rows = clustered(1, 6000, 32)
    who: dict[str, Any] = {"identity": "encoder-a", "dimension": 32}
    world = Rows(np.arange(6000), rows.astype(np.float16), hashes(1, 6000))
    fold(tmp_path, None, new=world, gone=none(), marker=1, exact_below=1000, **who)
    index = Index("encoder-a", 32, Snapshot.load(tmp_path, "encoder-a"))
    gone = np.arange(0, 6000, 3)
    index.withdraw(gone, number=2)
    noisy = rows + np.float32(0.1) * vectors(3, 6000, 32)

    answers = index.search(noisy, 10)

    assert read_manifest(tmp_path).parts[0].lists > 100
    assert index.size == 4000
    kept = np.setdiff1d(np.arange(6000), gone)
    assert np.mean([answers[at][0].id == at for at in kept]) > 0.98
    assert not {hit.id for hits in answers for hit in hits} & set(gone.tolist())
    assert all(len(hits) == 10 for hits in answers)


@pytest.mark.parametrize("bands", [hashing.NARROW, hashing.WIDE])
def test_hashes_are_found_through_their_lists_in_any_orientation(tmp_path: Path, bands: int) -> None:
    stored = hashes(1, 30_000)
    hashing.write(tmp_path, stored, bands)
    lists = hashing.HashLists(tmp_path, 30_000)
    random = np.random.default_rng(2)
    for within, least in ((20, 1.0), (31, 1.0), (40, 0.95)):
        seen = []
        for at in random.integers(0, 30_000, 60):
            queries = hashes(int(at), 8)
            flipped = random.permutation(256)[:within]
            bits = np.unpackbits(stored[at])
            bits[flipped] ^= 1
            queries[5] = np.packbits(bits)

            rows, distances = lists.near(queries, within)

            exact_rows, exact = hashing.near(queries, stored, within)
            assert set(zip(rows, distances, strict=True)) <= set(zip(exact_rows, exact, strict=True))
            seen.append((at, within) in set(zip(rows, distances, strict=True)))

        assert np.mean(seen) >= least


def test_a_crowd_of_equal_hashes_is_read_through(tmp_path: Path) -> None:
    stored = np.zeros((30_000, 32), np.uint8)
    facts = write_part(tmp_path, Rows(np.arange(30_000), np.zeros((30_000, 0), np.float16), stored))

    rows, bits = hashing.HashLists(tmp_path / facts.name, 30_000).near(stored[:8], 0)

    assert (len(rows), bits.max()) == (30_000, 0)


def test_a_fold_leaves_large_parts_alone_and_rewrites_them_without_what_went(tmp_path: Path) -> None:
    base = snapshot_of(tmp_path, 500)
    large = base.manifest.parts[0]
    added = fold(tmp_path, base, new=rows_of(2, [900]), gone=none(), marker=2, **WHO)
    base = Snapshot.load(tmp_path, "encoder-a", known=base)
    forgot = fold(tmp_path, base, new=Rows.none(DIMENSION), gone=np.array([7]), marker=3, **WHO)
    after = Index("encoder-a", DIMENSION, Snapshot.load(tmp_path, "encoder-a"))

    assert large in added.parts
    assert sorted(part.count for part in added.parts) == [1, 500]
    assert large not in forgot.parts
    assert sorted(part.count for part in forgot.parts) == [1, 499]
    assert forgot.version == added.version + 1 == 3
    assert (7 in after, 8 in after, 900 in after) == (False, True, True)


def test_what_was_withdrawn_is_on_the_disk_no_more(tmp_path: Path) -> None:
    base = snapshot_of(tmp_path, 500)
    kept, gone = rows_of(1, range(500)).vectors[8].tobytes(), rows_of(1, range(500)).vectors[7].tobytes()

    fold(tmp_path, base, new=Rows.none(DIMENSION), gone=np.array([7]), marker=2, **WHO)

    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert kept in written
    assert gone not in written


def test_small_parts_are_joined_so_that_they_stay_few(tmp_path: Path) -> None:
    base: Snapshot | None = None
    for start in range(0, 400, 10):
        new = rows_of(start, range(start, start + 10))
        fold(tmp_path, base, new=new, gone=none(), marker=start + 1, **WHO)
        base = Snapshot.load(tmp_path, "encoder-a", known=base)

    assert base is not None
    assert base.size == 400
    assert len(base.parts) <= 4
    named = {part.facts.name for part in base.parts}
    assert {path.name for path in tmp_path.iterdir()} == {SNAPSHOT, *named}


def test_a_question_under_way_outlives_the_files_it_reads(tmp_path: Path) -> None:
    base = snapshot_of(tmp_path, 100)
    index = Index("encoder-a", DIMENSION, base)
    fold(tmp_path, base, new=Rows.none(DIMENSION), gone=np.array([7]), marker=2, **WHO)

    assert not (tmp_path / base.manifest.parts[0].name).exists()
    assert found(index, rows_of(1, range(100)).vectors[7], 1) == [7]


def test_many_or_large_small_parts_want_everything_made_anew() -> None:
    def manifest(*counts: int) -> Manifest:
        part = json.loads('{"name": "part-1", "lists": 1, "files": {}}')
        from matching.engine.index.parts import PartFacts

        return Manifest("a", 4, 1, 1, 0, 0, tuple(PartFacts(count=count, **part) for count in counts))

    assert not manifest(10_000_000, 100_000, 20_000).wants_build
    assert not manifest(MOST_JOINED, 100).wants_build
    assert manifest(MOST_JOINED, MOST_JOINED, 1).wants_build
    assert manifest(*[1_000_000] + [10] * 8).wants_build


def test_a_query_is_compared_by_direction_not_length() -> None:
    index = Index("encoder-a", DIMENSION)
    index.add([1, 2], vectors(5, 2, DIMENSION) * np.float32(40))

    hits = index.search(vectors(5, 1, DIMENSION) * np.float32(0.01), 1)[0]

    assert hits[0].id == 1
    assert hits[0].score == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    "bad", [np.zeros((1, DIMENSION)), np.full((1, DIMENSION), np.nan), np.ones((1, 3)), np.ones(DIMENSION)]
)
def test_vectors_that_mean_nothing_are_refused(bad: np.ndarray) -> None:
    index = Index("encoder-a", DIMENSION)

    with pytest.raises(ValueError, match="vector"):
        index.add([1], bad.astype(np.float32))

    assert index.size == 0


def test_no_snapshot_is_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(SnapshotMissing):
        Snapshot.load(tmp_path, "encoder-a")

    fold(tmp_path, None, new=Rows.none(DIMENSION), gone=none(), marker=1, **WHO)

    assert Snapshot.load(tmp_path, "encoder-a").size == 0


def test_a_snapshot_of_another_encoder_is_refused(tmp_path: Path) -> None:
    snapshot_of(tmp_path, 3)

    with pytest.raises(SnapshotWrongModel, match="encoder-a"):
        Snapshot.load(tmp_path, "encoder-b")


@settings(max_examples=100, deadline=None)
@given(
    file=st.sampled_from([SNAPSHOT, "lists", "ids", "sizes", "centres", "hashes", "members", "buckets"]),
    harm=st.sampled_from(["flip", "cut", "append", "remove"]),
    place=st.floats(0, 1, exclude_max=True),
    bits=st.integers(1, 255),
)
@example(file=SNAPSHOT, harm="flip", place=0.75, bits=45)  # a space that becomes another kind of space
def test_a_torn_snapshot_is_never_read(
    tmp_path_factory: pytest.TempPathFactory, file: str, harm: str, place: float, bits: int
) -> None:
    folder = tmp_path_factory.mktemp("index")
    snapshot_of(folder, 5)
    path = next(folder.rglob(file))
    whole = bytearray(path.read_bytes())
    at = int(place * len(whole))
    if harm == "flip":
        whole[at] ^= bits
    elif harm == "cut":
        whole = whole[:at]
    else:
        whole.append(bits)
    path.write_bytes(bytes(whole))
    if harm == "remove":
        path.unlink()

    with pytest.raises(SnapshotMissing if (harm, file) == ("remove", SNAPSHOT) else SnapshotTorn):
        Snapshot.load(folder, "encoder-a")


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_failed_fold_leaves_the_old_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    base = snapshot_of(tmp_path, 10, marker=17)

    def full_disk(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    if step == "fsync":
        monkeypatch.setattr("os.fsync", full_disk)
    else:
        monkeypatch.setattr(Path, "rename", full_disk)
    with pytest.raises(OSError, match="No space"):
        fold(tmp_path, base, new=rows_of(3, [11]), gone=np.array([2]), marker=18, **WHO)
    monkeypatch.undo()

    again = Snapshot.load(tmp_path, "encoder-a")
    assert (again.size, again.marker) == (10, 17)
    assert {path.name for path in tmp_path.iterdir()} == {SNAPSHOT, base.manifest.parts[0].name}


class Half:
    """A source that dies after ``pieces`` pieces."""

    def __init__(self, truth: Truth, pieces: int) -> None:
        self.truth, self.left, self.asked = truth, pieces, list[int]()

    def marker(self) -> int:
        return self.truth.number

    def count(self) -> int:
        return self.truth.count()

    def sample(self, count: int) -> NDArray[np.float32]:
        return self.truth.sample(count)

    def after(self, id_: int, count: int) -> Rows:
        self.left -= 1
        if self.left < 0:
            raise ConnectionError("the source went away")
        self.asked.append(id_)
        return self.truth.after(id_, count)


def test_a_build_goes_on_where_it_was_and_keeps_its_marker(tmp_path: Path) -> None:
    truth = Truth(DIMENSION)
    truth.add(rows_of(1, range(100)))
    began = truth.number
    first, second = Half(truth, 4), Half(truth, 100)
    with pytest.raises(ConnectionError):
        Builder(tmp_path, first, piece=10, exact_below=50, **WHO).run()
    truth.add(rows_of(2, [5]))  # read already: whoever follows from the marker hears of it

    told: list[tuple[int, int]] = []
    manifest = Builder(tmp_path, second, piece=10, exact_below=50, **WHO).run(
        progress=lambda done, total: told.append((done, total))
    )

    assert manifest is not None
    assert (manifest.marker, manifest.count) == (began, 100)
    assert first.asked == [-1, 9, 19, 29]
    assert second.asked[0] == 39
    assert (told[0], told[-1]) == ((40, 100), (100, 100))
    assert not (tmp_path / BUILDING).exists()
    index = Index("encoder-a", DIMENSION, Snapshot.load(tmp_path, "encoder-a"))
    assert [found(index, row, 1)[0] for row in rows_of(1, range(100)).vectors] == list(range(100))


def test_a_build_for_another_encoder_begins_anew(tmp_path: Path) -> None:
    truth = Truth(DIMENSION)
    truth.add(rows_of(1, range(30)))
    Builder(tmp_path, truth, piece=10, identity="encoder-b", dimension=DIMENSION).run(seconds=-1)
    assert Builder.is_under_way(tmp_path)

    manifest = Builder(tmp_path, truth, piece=10, **WHO).run()

    assert manifest is not None
    assert (manifest.identity, manifest.count) == ("encoder-a", 30)


def _without_checksum(facts: dict[str, object]) -> None:
    del facts["sha256"]


def _of_the_future(facts: dict[str, object]) -> None:
    facts["format"] = 99


@pytest.mark.parametrize("harm", [_without_checksum, _of_the_future])
def test_a_manifest_of_another_kind_is_refused(
    tmp_path: Path, harm: Callable[[dict[str, object]], None]
) -> None:
    snapshot_of(tmp_path, 3)
    facts = json.loads((tmp_path / SNAPSHOT).read_text())
    harm(facts)
    (tmp_path / SNAPSHOT).write_text(json.dumps(facts))

    with pytest.raises(SnapshotError):
        read_manifest(tmp_path)


def test_a_manifest_says_what_the_snapshot_is(tmp_path: Path) -> None:
    manifest = snapshot_of(tmp_path, 3, marker=5).manifest

    assert (manifest.identity, manifest.dimension, manifest.count) == ("encoder-a", DIMENSION, 3)
    assert (manifest.version, manifest.marker) == (1, 5)
    assert manifest.age < 60
    assert manifest == Manifest.from_bytes(manifest.to_bytes())
    assert manifest != dataclasses.replace(manifest, marker=6)


def test_half_floats_keep_their_direction() -> None:
    rows = unit_rows(vectors(1, 10, DIMENSION).astype(np.float16), DIMENSION)

    assert np.linalg.norm(rows, axis=1) == pytest.approx(1)
