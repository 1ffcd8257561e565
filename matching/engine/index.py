"""Nearest vectors by cosine, fresh with every insert and withdrawal, and safe to read back from disk.

A big part that changes rarely (``faiss``: exact while small, inverted lists above), a small part of what came
since, and a list of what was withdrawn. Inserts and withdrawals cost the same however big the index is, and
the next search knows them. ``save`` folds the parts together and writes one checksummed file, never a pickle.

Vectors of different encoders are never compared: an index, and every snapshot, names its encoder.
"""

import hashlib
import json
import os
import struct
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]

SNAPSHOT: Final = "vectors.vni"
EXACT_BELOW: Final = 50_000
"""Up to this many vectors every one is compared, in about 16 ms on one core."""

_MAGIC: Final = b"VNINDEX1"
_LONGEST_HEADER: Final = 65_536
_PROBES: Final = 32
# Enough examples for a list's centre; more only cost time.
_EXAMPLES_A_LIST: Final = 48


class SnapshotError(Exception):
    """There is no snapshot to answer from. Whoever asks answers "unknown", never "no match"."""


class SnapshotMissing(SnapshotError):
    """No snapshot was written yet."""


class SnapshotTorn(SnapshotError):
    """The file is cut off, damaged or of another format."""


class SnapshotWrongModel(SnapshotError):
    """The snapshot was made with another encoder."""


@dataclass(frozen=True)
class Hit:
    """One vector found."""

    id: int
    score: float
    """Cosine, -1 to 1."""


class VectorIndex:
    """Vectors of one encoder by whole-number ids. Safe for the threads of one process."""

    def __init__(self, identity: str, dimension: int, *, exact_below: int = EXACT_BELOW) -> None:
        self.identity = identity
        self.dimension = dimension
        self.marker = 0
        """What the caller wrote into the snapshot: how far its source of truth had been read."""
        self._exact_below = exact_below
        self._created = time.time()
        self._lock = threading.RLock()
        self._base = _exact(dimension)
        self._base_ids: Ids = np.zeros(0, np.int64)
        self._withdrawn: set[int] = set()
        self._recent: dict[int, Vectors] = {}
        self._recent_block: tuple[Ids, Vectors] | None = None

    @property
    def size(self) -> int:
        """How many vectors a search may return."""
        with self._lock:
            return len(self._base_ids) - len(self._withdrawn) + len(self._recent)

    @property
    def age(self) -> float:
        """Seconds since the big part was folded together."""
        return max(0.0, time.time() - self._created)

    def __contains__(self, id_: int) -> bool:
        with self._lock:
            return id_ in self._recent or (self._in_base(id_) and id_ not in self._withdrawn)

    def add(self, ids: Sequence[int] | Ids, vectors: Vectors) -> None:
        """Insert ``[n, dimension]`` vectors of any length but zero; a known id gets its new vector."""
        rows = _unit_rows(vectors, self.dimension)
        if len(ids) != len(rows):
            raise ValueError(f"{len(ids)} ids for {len(rows)} vectors")
        with self._lock:
            for id_, row in zip(map(int, ids), rows, strict=True):
                if self._in_base(id_):
                    self._withdrawn.add(id_)
                self._recent[id_] = row
            self._recent_block = None

    def withdraw(self, ids: Sequence[int] | Ids) -> None:
        """Never return these ids again; unknown ones are no error."""
        with self._lock:
            for id_ in map(int, ids):
                self._recent.pop(id_, None)
                if self._in_base(id_):
                    self._withdrawn.add(id_)
            self._recent_block = None

    def search(self, queries: Vectors, k: int) -> list[list[Hit]]:
        """For each of ``[n, dimension]`` queries its ``k`` nearest, nearest first, or all there are."""
        rows = _unit_rows(queries, self.dimension)
        if not len(rows) or k < 1:
            return [[] for _ in rows]
        with self._lock:
            found = [self._search_base(rows, k), self._search_recent(rows, k)]
        return [_best([part[at] for part in found], k) for at in range(len(rows))]

    def fold(self) -> None:
        """Bring inserts and withdrawals into the big part; it grows inverted lists when it gets too big."""
        with self._lock:
            if self._withdrawn:
                self._base.remove_ids(np.fromiter(self._withdrawn, np.int64, len(self._withdrawn)))
                kept = np.isin(self._base_ids, list(self._withdrawn), invert=True)
                self._base_ids = self._base_ids[kept]
                self._withdrawn = set()
            ids, vectors = self._recent_arrays()
            if len(self._base_ids) + len(ids) > self._exact_below and _is_exact(self._base):
                held, held_ids = _contents(self._base, self.dimension)
                vectors, ids = np.concatenate([held, vectors]), np.concatenate([held_ids, ids])
                self._base = _trained_lists(vectors)
                self._base_ids = np.zeros(0, np.int64)
            if len(ids):
                self._base.add_with_ids(vectors, ids)
            self._base_ids = np.sort(np.concatenate([self._base_ids, ids]))
            self._recent, self._recent_block = {}, None
            self._created = time.time()

    def save(self, folder: Path, *, marker: int = 0) -> Path:
        """Fold, then write the snapshot into ``folder``, whole or not at all."""
        import faiss  # noqa: PLC0415 -- slow import

        with self._lock:
            self.fold()
            self.marker = marker
            body = faiss.serialize_index(self._base).tobytes()
            header = {
                "identity": self.identity,
                "dimension": self.dimension,
                "count": len(self._base_ids),
                "created": self._created,
                "marker": marker,
                "bytes": len(body),
                "sha256": hashlib.sha256(body).hexdigest(),
            }
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / SNAPSHOT
        partial = folder / f".{SNAPSHOT}.{os.getpid()}.{threading.get_ident()}"
        try:
            _write(partial, header, body)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        return path

    @classmethod
    def load(cls, folder: Path, identity: str, *, exact_below: int = EXACT_BELOW) -> "VectorIndex":
        """Read the snapshot in ``folder``; raises a ``SnapshotError`` that says why there is none to use."""
        header, body = _read(folder / SNAPSHOT)
        if header["identity"] != identity:
            raise SnapshotWrongModel(f"the snapshot is of {header['identity']}, not of {identity}")
        index = cls(identity, header["dimension"], exact_below=exact_below)
        index._base, index._base_ids = _decode(body, header)
        index._created = header["created"]
        index.marker = header["marker"]
        return index

    def _in_base(self, id_: int) -> bool:
        at = int(np.searchsorted(self._base_ids, id_))
        return at < len(self._base_ids) and int(self._base_ids[at]) == id_

    def _search_base(self, rows: Vectors, k: int) -> list[list[Hit]]:
        if len(self._base_ids) == len(self._withdrawn):
            return [[] for _ in rows]
        scores, ids = self._base.search(rows, min(k, len(self._base_ids)), params=self._parameters())
        return [_hits(ids[at], scores[at]) for at in range(len(rows))]

    def _parameters(self) -> Any:
        import faiss  # noqa: PLC0415 -- slow import

        options: dict[str, Any] = {}
        if self._withdrawn:
            gone = np.fromiter(self._withdrawn, np.int64, len(self._withdrawn))
            options["sel"] = faiss.IDSelectorNot(faiss.IDSelectorBatch(gone))
        if _is_exact(self._base):
            return faiss.SearchParameters(**options)
        options["nprobe"] = _PROBES
        return faiss.SearchParametersIVF(**options)

    def _search_recent(self, rows: Vectors, k: int) -> list[list[Hit]]:
        ids, vectors = self._recent_arrays()
        scores = rows @ vectors.T
        nearest = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        return [_hits(ids[nearest[at]], scores[at, nearest[at]]) for at in range(len(rows))]

    def _recent_arrays(self) -> tuple[Ids, Vectors]:
        if self._recent_block is None:
            ids = np.fromiter(self._recent, np.int64, len(self._recent))
            empty = np.zeros((0, self.dimension), np.float32)
            rows = np.stack(list(self._recent.values())) if self._recent else empty
            self._recent_block = ids, rows
        return self._recent_block


def _unit_rows(vectors: Vectors, dimension: int) -> Vectors:
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    if rows.ndim != 2 or rows.shape[1] != dimension:
        raise ValueError(f"vectors of shape {rows.shape}, expected [n, {dimension}]")
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(length).all() or (length == 0).any():
        raise ValueError("a vector without direction cannot be compared")
    return np.asarray(rows / length, dtype=np.float32)


def _hits(ids: Ids, scores: Vectors) -> list[Hit]:
    return [Hit(int(id_), float(score)) for id_, score in zip(ids, scores, strict=True) if id_ >= 0]


def _best(parts: list[list[Hit]], k: int) -> list[Hit]:
    return sorted((hit for part in parts for hit in part), key=lambda hit: (-hit.score, hit.id))[:k]


def _exact(dimension: int) -> Any:
    import faiss  # noqa: PLC0415 -- slow import

    return faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))


def _is_exact(base: Any) -> bool:
    import faiss  # noqa: PLC0415 -- slow import

    return isinstance(base, faiss.IndexIDMap2)


def _contents(base: Any, dimension: int) -> tuple[Vectors, Ids]:
    """All vectors of an exact index and their ids."""
    import faiss  # noqa: PLC0415 -- slow import

    if not base.ntotal:
        return np.zeros((0, dimension), np.float32), np.zeros(0, np.int64)
    flat = faiss.downcast_index(base.index)
    return flat.reconstruct_n(0, base.ntotal), faiss.vector_to_array(base.id_map)


def _trained_lists(vectors: Vectors) -> Any:
    """Empty inverted lists, 8 bits a component, trained on a sample: ``IVF4096,SQ8`` for a million."""
    import faiss  # noqa: PLC0415 -- slow import

    lists = 2 ** round(np.log2(max(4 * np.sqrt(len(vectors)), 1)))
    lists = int(min(lists, max(1, len(vectors) // 40)))
    sample = np.random.default_rng(0).permutation(len(vectors))[: lists * _EXAMPLES_A_LIST]
    base = faiss.index_factory(vectors.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    base.train(vectors[sample])
    return base


def _write(path: Path, header: dict[str, Any], body: bytes) -> None:
    text = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(_MAGIC + struct.pack("<I", len(text)) + hashlib.sha256(text).digest() + text)
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> tuple[dict[str, Any], bytes]:
    try:
        with path.open("rb") as file:
            header = _read_header(file.read(len(_MAGIC) + 36 + _LONGEST_HEADER))
            file.seek(header.pop("body_at"))
            # One byte more than announced shows a file that is longer than it says.
            body = file.read(header["bytes"] + 1)
    except FileNotFoundError as error:
        raise SnapshotMissing(f"there is no snapshot at {path.name}") from error
    if len(body) != header["bytes"] or hashlib.sha256(body).hexdigest() != header["sha256"]:
        raise SnapshotTorn("the snapshot's vectors are not whole")
    return header, body


def _read_header(head: bytes) -> dict[str, Any]:
    start = len(_MAGIC) + 36
    if head[: len(_MAGIC)] != _MAGIC or len(head) < start:
        raise SnapshotTorn("the file is no snapshot of this format")
    (length,) = struct.unpack_from("<I", head, len(_MAGIC))
    text = head[start : start + length]
    if len(text) != length or hashlib.sha256(text).digest() != head[start - 32 : start]:
        raise SnapshotTorn("the snapshot's header is not whole")
    header: dict[str, Any] = json.loads(text)
    return header | {"body_at": start + length}


def _decode(body: bytes, header: dict[str, Any]) -> tuple[Any, Ids]:
    """The checksum held, so these are the bytes that ``save`` wrote; their meaning is checked as well."""
    import faiss  # noqa: PLC0415 -- slow import

    try:
        base: Any = faiss.deserialize_index(np.frombuffer(body, np.uint8))
    except RuntimeError as error:
        raise SnapshotTorn("this version of faiss cannot read the snapshot") from error
    if base.d != header["dimension"] or base.ntotal != header["count"]:
        raise SnapshotTorn("the snapshot holds other vectors than its header says")
    if _is_exact(base):
        ids = faiss.vector_to_array(base.id_map)
    else:
        lists = base.invlists
        parts = [
            faiss.rev_swig_ptr(lists.get_ids(number), lists.list_size(number)).copy()
            for number in range(base.nlist)
            if lists.list_size(number)
        ]
        ids = np.concatenate([np.zeros(0, np.int64), *parts])
    return base, np.sort(ids)
