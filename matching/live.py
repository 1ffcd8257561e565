"""The registry as one process sees it: an index that follows the database before every question.

A process loads the newest snapshot, reads the changes that came after it, and from then on only newer ones. A
work is found by the first question asked after its commit, and a withdrawn one by none.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import structlog
from django.conf import settings
from django.db import DatabaseError
from numpy.typing import NDArray

from matching.encoding import dimension, identity
from matching.engine.descriptors import HASH_BYTES, Pdq, pdq_distance
from matching.engine.index import SnapshotError, SnapshotMissing, VectorIndex
from matching.models import Change, Work, WorkVector

log = structlog.get_logger(__name__)

BATCH = 2000
SNAPSHOT_EVERY = 1000  # changes


class RegistryUnavailable(Exception):
    """Nobody can say now whether a work is registered; never to be read as "it is not"."""


class LiveIndex:
    """Vectors and hashes of all matchable works under one encoder identity."""

    def __init__(self, name: str, length: int, folder: Path) -> None:
        self.identity = name
        self._folder = folder
        self._lock = threading.Lock()
        self._vectors = self._load(length)
        self._seen = self._saved = self._vectors.marker
        self._forgot = False  # whether something was withdrawn that the snapshot still holds
        self._hashes: dict[int, bytes] = {}
        self._hash_block: tuple[NDArray[np.int64], NDArray[np.uint8]] | None = None
        if self._seen:
            self._read_hashes()

    @property
    def size(self) -> int:
        return self._vectors.size

    @property
    def version(self) -> str:
        """Which state of the registry answered: the number of the last change followed."""
        return f"change-{self._seen}"

    @property
    def seen(self) -> int:
        return self._seen

    def nearest(self, vectors: NDArray[np.float32], k: int) -> dict[int, float]:
        """Work ids and cosines of the ``k`` nearest to the first of ``vectors``."""
        return {hit.id: hit.score for hit in self._vectors.search(vectors[:1], k)[0]}

    def nearest_by_hash(self, hashed: Pdq, k: int, *, within: int) -> dict[int, int]:
        """Work ids and distances in bits of the ``k`` nearest by PDQ, in any orientation."""
        with self._lock:
            ids, stored = self._hash_arrays()
        if not len(ids):
            return {}
        distances = pdq_distance(hashed, stored)
        nearest = np.argsort(distances, kind="stable")[:k]
        return {int(ids[at]): int(distances[at]) for at in nearest if distances[at] <= within}

    def follow(self) -> None:
        """Read what changed since the last look; raises ``RegistryUnavailable``."""
        try:
            with self._lock:
                for changes in _batches(self._seen):
                    self._apply(changes)
        except DatabaseError as error:
            raise RegistryUnavailable(f"The registry could not be read: {error}") from error

    @property
    def wants_saving(self) -> bool:
        """Whether the snapshot lacks much, or holds a work that was withdrawn."""
        return self._forgot or self._seen - self._saved >= SNAPSHOT_EVERY

    def save(self) -> Path:
        """Write a snapshot of what this process has followed so far."""
        with self._lock:
            path = self._vectors.save(self._folder, marker=self._seen)
            self._saved, self._forgot = self._seen, False
        return path

    def _load(self, length: int) -> VectorIndex:
        try:
            return VectorIndex.load(self._folder, self.identity)
        except SnapshotMissing:
            pass
        except SnapshotError as error:  # torn, or of another encoder: the database has everything
            log.warning("index snapshot not usable, reading the database", reason=str(error))
        return VectorIndex(self.identity, length)

    def _read_hashes(self) -> None:
        rows = Work.objects.matchable().filter(changes__pk__lte=self._seen).values_list("pk", "pdq")
        self._hashes = {pk: bytes(pdq) for pk, pdq in rows.iterator(chunk_size=BATCH)}
        self._hash_block = None

    def _apply(self, changes: Sequence[Change]) -> None:
        touched = {change.work_id for change in changes}
        rows = list(
            WorkVector.objects.filter(work__in=touched, identity=self.identity).values_list(
                "work", "vector", "work__pdq"
            )
        )
        gone = touched - {row[0] for row in rows}
        self._forgot = self._forgot or any(pk in self._vectors for pk in gone)
        self._vectors.withdraw(list(gone))
        for pk in gone:
            self._hashes.pop(pk, None)
        if rows:
            self._vectors.add([row[0] for row in rows], _matrix([bytes(row[1]) for row in rows]))
            self._hashes.update((row[0], bytes(row[2])) for row in rows)
        self._hash_block = None
        self._seen = changes[-1].pk

    def _hash_arrays(self) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        if self._hash_block is None:
            ids = np.fromiter(self._hashes, np.int64, len(self._hashes))
            joined = b"".join(self._hashes.values())
            self._hash_block = ids, np.frombuffer(joined, np.uint8).reshape(-1, HASH_BYTES)
        return self._hash_block


def _matrix(vectors: Sequence[bytes]) -> NDArray[np.float32]:
    return np.frombuffer(b"".join(vectors), "<f2").reshape(len(vectors), -1).astype(np.float32)


def _batches(after: int) -> Iterator[list[Change]]:
    while changes := list(Change.objects.filter(pk__gt=after).order_by("pk")[:BATCH]):
        yield changes
        after = changes[-1].pk


def index() -> LiveIndex:
    """This process's index, up to date with the database; raises ``RegistryUnavailable``."""
    current = _load(identity(), str(settings.INDEX_DIR), _database(), os.getpid())
    current.follow()
    return current


@lru_cache(maxsize=2)
def _load(name: str, folder: str, _database: str, _process: int) -> LiveIndex:
    try:
        return LiveIndex(name, dimension(), Path(folder) / name.replace(":", "-"))
    except DatabaseError as error:
        raise RegistryUnavailable(f"The registry could not be read: {error}") from error


def _database() -> str:
    """Part of the cache's key: tests change databases within a process."""
    from django.db import connection  # noqa: PLC0415 -- asked late, its settings change in tests

    return str(connection.settings_dict["NAME"])
