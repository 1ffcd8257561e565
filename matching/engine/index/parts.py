"""One immutable piece of a snapshot: rows in files, memory-mapped, searched by faiss where they lie.

Vectors stand as half floats in inverted lists (one list, and so an exact search, while there are few): the
stored vectors are the search structure, nothing is kept twice, and a score is the cosine itself, no estimate.
All processes of a machine share the pages, and the kernel takes back the ones that nobody asks for.
"""

import hashlib
import math
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.index import hashes as hashing
from matching.engine.index.rows import Halves, Hashes, Ids, Rows, Vectors, positions

EXACT_BELOW: Final = 20_000
"""Up to this many vectors of a part every one is compared: well under a millisecond on one core."""

_FEWEST_PROBES: Final = 128
_TRAINING: Final = {"niter": 6, "spherical": True, "max_points_per_centroid": 40, "seed": 20_261}
_ID_BYTES: Final = 8
_PIECE: Final = 1 << 20


class PartTorn(Exception):
    """A file is missing, cut off or damaged."""


@dataclass(frozen=True)
class PartFacts:
    """What a manifest says of a part."""

    name: str
    count: int
    lists: int
    files: dict[str, list[Any]]
    """By file name: its bytes and its sha256."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def lists_for(count: int, exact_below: int = EXACT_BELOW) -> int:
    """How many inverted lists ``count`` vectors stand in: one while there are few, then about 4·√n."""
    if count <= exact_below:
        return 1
    return int(min(2 ** round(np.log2(4 * np.sqrt(count))), max(1, count // 40)))


def probes(lists: int) -> int:
    """How many lists a query looks into."""
    return min(lists, max(_FEWEST_PROBES, round(2 * math.sqrt(lists))))


def examples(lists: int) -> int:
    """How many vectors centres are learnt from."""
    return lists * int(_TRAINING["max_points_per_centroid"])


def learn_centres(sample: Vectors, lists: int) -> Vectors:
    """``[lists, dimension]`` centres of ``sample``, by spherical k-means."""
    import faiss  # noqa: PLC0415 -- slow import

    if lists == 1:
        return np.zeros((1, sample.shape[1]), np.float32)
    learner = faiss.Kmeans(sample.shape[1], lists, min_points_per_centroid=1, **_TRAINING)
    learner.train(sample)
    return np.asarray(learner.centroids, np.float32)


def nearest_centres(vectors: Halves, centres: Vectors) -> NDArray[np.int32]:
    """``[n]``: which list each vector belongs to."""
    import faiss  # noqa: PLC0415 -- slow import

    if len(centres) == 1:
        return np.zeros(len(vectors), np.int32)
    _, nearest = faiss.knn(vectors.astype(np.float32), centres, 1, metric=faiss.METRIC_INNER_PRODUCT)
    return np.asarray(nearest[:, 0], np.int32)


class ListsFile:
    """The file of inverted lists while it is written: for each list its vectors, then their ids."""

    def __init__(self, folder: Path, centres: Vectors, sizes: Ids, dimension: int) -> None:
        self._words = dimension // 4
        self._starts = np.concatenate([[0], np.cumsum(sizes * (self._words + 1))])
        self._sizes, self._filled = sizes, np.zeros(len(sizes), np.int64)
        sizes.astype(np.int64).tofile(folder / "sizes")
        centres.astype(np.float32).tofile(folder / "centres")
        self._file = np.memmap(folder / "lists", np.int64, "w+", shape=(int(self._starts[-1]),))

    def add(self, ids: Ids, vectors: Halves, lists: NDArray[np.int32]) -> None:
        order = np.argsort(lists, kind="stable")
        number, count = np.unique(lists, return_counts=True)
        inside = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
        chosen = lists[order]
        place = self._filled[chosen] + inside
        self._filled[number] += count
        first = self._starts[chosen] + place * self._words
        words = np.ascontiguousarray(vectors[order]).view(np.int64)
        self._file[first[:, None] + np.arange(self._words)] = words
        self._file[self._starts[chosen] + self._sizes[chosen] * self._words + place] = ids[order]

    def close(self) -> None:
        self._file.flush()
        del self._file


def check_dimension(dimension: int) -> None:
    if dimension % 4:
        raise ValueError(f"vectors of {dimension}: only lengths that are a multiple of 4 can be kept")


def write_part(root: Path, rows: Rows, *, exact_below: int = EXACT_BELOW) -> PartFacts:
    """A part of ``rows``, at least one, in a folder of its own below ``root``."""
    dimension = rows.vectors.shape[1]
    count = len(rows)
    with NewPart(root) as part:
        lists = lists_for(count, exact_below) if dimension else 0
        if dimension:
            sample = np.random.default_rng(0).permutation(count)[: examples(lists)]
            centres = learn_centres(rows.vectors[np.sort(sample)].astype(np.float32), lists)
            assigned = nearest_centres(rows.vectors, centres)
            file = ListsFile(part.folder, centres, np.bincount(assigned, minlength=lists), dimension)
            file.add(rows.ids, rows.vectors, assigned)
            file.close()
        return part.finish(rows.ids, rows.hashes, lists)


class NewPart:
    """A folder that becomes a part when it is whole, and vanishes when it does not."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.name = f"part-{uuid.uuid4().hex[:16]}"
        self.folder = root / f".{self.name}"

    def __enter__(self) -> "NewPart":
        self.folder.mkdir(parents=True)
        return self

    def __exit__(self, *_error: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def finish(self, ids: Ids, hashes: Hashes, lists: int) -> PartFacts:
        """Add what is searched by row number, make it last, give it its name."""
        ids.astype(np.int64).tofile(self.folder / "ids")
        hashing.write(self.folder, hashes)
        files = {path.name: list(digest(path, sync=True)) for path in sorted(self.folder.iterdir())}
        self.folder.rename(self._root / self.name)
        return PartFacts(self.name, len(ids), lists, files)


def digest(path: Path, *, sync: bool = False) -> tuple[int, str]:
    """How long a file is, and its sha256; ``sync`` sees it onto the disk first."""
    with path.open("rb") as file:
        if sync:
            os.fsync(file.fileno())
        sha256 = hashlib.sha256()
        length = 0
        while piece := file.read(_PIECE):
            sha256.update(piece)
            length += len(piece)
    return length, sha256.hexdigest()


class Part:
    """A part to be searched. Never changes."""

    def __init__(self, root: Path, facts: PartFacts, dimension: int, *, check: bool = True) -> None:
        self.facts, self.dimension = facts, dimension
        folder = root / facts.name
        if check:
            _check(folder, facts)
        try:
            self.ids: Ids = np.memmap(folder / "ids", np.int64, "r", shape=(facts.count,))
            self.hashes = hashing.HashLists(folder, facts.count)
            self._lists = _Lists(folder, facts, dimension) if dimension else None
        except (OSError, ValueError, RuntimeError) as error:
            raise PartTorn(f"{facts.name} cannot be read: {error}") from error

    def __len__(self) -> int:
        return self.facts.count

    def holds(self, ids: Ids) -> NDArray[np.bool_]:
        return positions(self.ids, ids)[1]

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Ids]:
        """Cosines and ids, ``[n, k]``, nearest first; -1 where there are fewer."""
        assert self._lists is not None
        return self._lists.search(queries, min(k, len(self)))

    def near(self, queries: Hashes, within: int) -> tuple[Ids, Ids]:
        """Ids and bits of the hashes at most ``within`` bits from any of the queries."""
        rows, bits = self.hashes.near(queries, within)
        return np.asarray(self.ids[rows]), bits

    def rows(self) -> Rows:
        """Everything, into memory: for parts that are small."""
        hashes = np.asarray(self.hashes.hashes)
        vectors = np.zeros((len(self), self.dimension), np.float16)
        if self._lists is not None:
            for ids, some, _number in self._lists.contents():
                vectors[positions(self.ids, ids)[0]] = some
        return Rows(np.asarray(self.ids), vectors, hashes)

    def rewritten_without(self, root: Path, gone: Ids) -> PartFacts | None:
        """A copy that lacks ``gone``, lists and centres as they were; None where nothing is left."""
        keep = np.isin(np.asarray(self.ids), gone, invert=True)
        if not keep.any():
            return None
        with NewPart(root) as part:
            if self._lists is not None:
                sizes = [int(np.isin(ids, gone, invert=True).sum()) for ids, *_ in self._lists.contents()]
                file = ListsFile(part.folder, self._lists.centres, np.array(sizes, np.int64), self.dimension)
                for ids, vectors, number in self._lists.contents():
                    left = np.isin(ids, gone, invert=True)
                    file.add(ids[left], vectors[left], np.full(int(left.sum()), number, np.int32))
                file.close()
            return part.finish(self.ids[keep], self.hashes.hashes[keep], self.facts.lists)


class _Lists:
    """Inverted lists over a mapped file."""

    def __init__(self, folder: Path, facts: PartFacts, dimension: int) -> None:
        import faiss  # noqa: PLC0415 -- slow import

        lists = facts.lists
        self._path, self._dimension = folder / "lists", dimension
        self.sizes = np.fromfile(folder / "sizes", np.int64)
        self.centres: Vectors = np.fromfile(folder / "centres", np.float32).reshape(lists, dimension)
        length = int(self.sizes.sum()) * (2 * dimension + _ID_BYTES)
        if len(self.sizes) != lists or self._path.stat().st_size != length:
            raise PartTorn(f"{facts.name} holds other vectors than it says")
        self._quantizer = faiss.IndexFlatIP(dimension)
        self._quantizer.add(self.centres)
        self._mapped: Any = faiss.OnDiskInvertedLists()
        self._mapped.nlist, self._mapped.code_size = lists, 2 * dimension
        self._mapped.filename, self._mapped.read_only = str(self._path), True
        self._mapped.totsize = length
        self._mapped.prefetch_nthread = 0  # the pages are wanted once, in order: threads only cost time
        table: Any = self._mapped.lists
        table.resize(lists)
        sizes = self.sizes.astype(np.uint64)
        self._mapped.set_all_lists_sizes(faiss.swig_ptr(sizes))
        self._mapped.do_mmap()
        halves, by_cosine = faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        make: Any = faiss.IndexIVFScalarQuantizer
        self._index = make(self._quantizer, dimension, lists, halves, by_cosine, False, False)
        self._index.is_trained, self._index.ntotal = True, int(self.sizes.sum())
        self._index.replace_invlists(self._mapped, False)
        options: Any = faiss.SearchParametersIVF
        self._options = options(nprobe=probes(lists))

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Ids]:
        scores, ids = self._index.search(queries, k, params=self._options)
        return scores, ids

    def contents(self) -> Iterator[tuple[Ids, Halves, int]]:
        """Each list's ids and vectors, and its number."""
        words, start = self._dimension // 4, 0
        file = np.memmap(self._path, np.int64, "r")
        for number, size in enumerate(self.sizes):
            middle, end = start + size * words, start + size * (words + 1)
            vectors = file[start:middle].view(np.float16).reshape(size, self._dimension)
            yield np.asarray(file[middle:end]), np.asarray(vectors), number
            start = end


def _check(folder: Path, facts: PartFacts) -> None:
    for name, (length, sha256) in facts.files.items():
        try:
            found = digest(folder / name)
        except OSError as error:
            raise PartTorn(f"{facts.name} cannot be read: {error}") from error
        if found != (length, sha256):
            raise PartTorn(f"the file “{name}” of {facts.name} is not whole")
