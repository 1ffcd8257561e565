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
from django.db import DatabaseError, connection
from numpy.typing import NDArray

from matching.encoding import dimension, identity
from matching.engine.descriptors import HASH_BYTES, Pdq, pdq_distance
from matching.engine.index import SnapshotError, SnapshotMissing, VectorIndex
from matching.engine.weights import WeightsError
from matching.models import Change, Work, WorkState, WorkVector

log = structlog.get_logger(__name__)

BATCH = 2000
SNAPSHOT_EVERY = 1000  # changes


class RegistryUnavailable(Exception):
    """Nobody can say now whether a work is registered; never to be read as "it is not"."""


class ForeignHistory(Exception):
    """What was followed is no part of the database's list of changes: it was restored, or is another one."""


class LiveIndex:
    """Vectors and hashes of all matchable works under one encoder identity."""

    def __init__(self, name: str, length: int, root: Path) -> None:
        self.identity = name
        self._length = length
        self._root = root
        self._lock = threading.RLock()
        self._start_from(self._load())
        if WorkVector.objects.filter(work__in=self._lacking, identity=name).exists():
            log.warning("index snapshot lacks works that it claims, reading the database")
            self._start_from(VectorIndex(name, length))

    def _start_from(self, vectors: VectorIndex) -> None:
        self._vectors = vectors
        self._seen = vectors.marker
        self._unsaved = 0  # changes followed that the snapshot does not know
        self._forgot = False  # whether something was withdrawn that the snapshot still holds
        self._lacking: set[int] = set()
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

    @property
    def age(self) -> float:
        """Seconds since the snapshot was folded together; what came since is followed all the same."""
        return self._vectors.age

    @property
    def lacking(self) -> frozenset[int]:
        """Matchable works without a vector under this encoder: while there are any, nobody can say "none"."""
        return frozenset(self._lacking)

    def nearest(self, vectors: NDArray[np.float32], k: int) -> dict[int, float]:
        """Work ids and best cosines of the ``k`` works nearest to any of ``vectors``, nearest first."""
        best: dict[int, float] = {}
        for hits in self._vectors.search(vectors, k):
            for hit in hits:
                best[hit.id] = max(hit.score, best.get(hit.id, -1.0))
        return dict(sorted(best.items(), key=lambda item: (-item[1], item[0]))[:k])

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
                try:
                    self._follow()
                except ForeignHistory as error:
                    log.warning("index begins anew", reason=str(error))
                    self.begin_anew()
        except DatabaseError as error:
            raise RegistryUnavailable(f"The registry could not be read: {error}") from error

    def begin_anew(self) -> None:
        """Forget everything and read it from the database."""
        with self._lock:
            self._start_from(VectorIndex(self.identity, self._length))
            self._follow()

    def _follow(self) -> None:
        for changes in _batches(self._seen):
            self._apply(changes)

    @property
    def wants_saving(self) -> bool:
        """Whether the snapshot lacks much, or holds a work that was withdrawn."""
        return self._forgot or self._unsaved >= SNAPSHOT_EVERY

    def save(self) -> Path:
        """Write a snapshot of what this process has followed so far."""
        with self._lock:
            path = self._vectors.save(self._root / _history(), marker=self._seen)
            self._unsaved, self._forgot = 0, False
        return path

    def _load(self) -> VectorIndex:
        try:
            found = VectorIndex.load(self._root / _history(), self.identity)
            if found.dimension == self._length:
                return found
            log.warning("index snapshot has vectors of another length")
        except SnapshotMissing:
            pass
        except SnapshotError as error:  # torn, or of another encoder: the database has everything
            log.warning("index snapshot not usable, reading the database", reason=str(error))
        return VectorIndex(self.identity, self._length)

    def _read_hashes(self) -> None:
        works = Work.objects.matchable().filter(changes__pk__lte=self._seen)
        self._hashes = {
            pk: bytes(pdq or b"") for pk, pdq in works.values_list("pk", "pdq").iterator(chunk_size=BATCH)
        }
        self._lacking = {pk for pk in self._hashes if pk not in self._vectors}
        self._hash_block = None

    def _apply(self, changes: Sequence[Change]) -> None:
        touched = {change.work_id for change in changes}
        vectors = WorkVector.objects.filter(work__in=touched, identity=self.identity)
        rows = list(
            vectors.filter(work__state=WorkState.MATCHABLE).values_list("work", "vector", "work__pdq")
        )
        gone = touched - {row[0] for row in rows}
        waiting = Work.objects.matchable().filter(pk__in=gone).values_list("pk", flat=True)
        self._lacking = (self._lacking - touched) | set(waiting if gone else ())
        self._forgot = self._forgot or any(pk in self._vectors for pk in gone)
        self._vectors.withdraw(list(gone))
        for pk in gone:
            self._hashes.pop(pk, None)
        if rows:
            self._vectors.add([row[0] for row in rows], _matrix([bytes(row[1]) for row in rows]))
            self._hashes.update((row[0], bytes(row[2] or b"")) for row in rows)
        self._hash_block = None
        self._seen = changes[-1].pk
        self._unsaved += len(changes)

    def _hash_arrays(self) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        if self._hash_block is None:
            ids = np.fromiter(self._hashes, np.int64, len(self._hashes))
            joined = b"".join(self._hashes.values())
            self._hash_block = ids, np.frombuffer(joined, np.uint8).reshape(-1, HASH_BYTES)
        return self._hash_block


def _matrix(vectors: Sequence[bytes]) -> NDArray[np.float32]:
    return np.frombuffer(b"".join(vectors), "<f2").reshape(len(vectors), -1).astype(np.float32)


def _batches(after: int) -> Iterator[list[Change]]:
    """The changes that follow ``after``, which must be one itself; raises ``ForeignHistory``."""
    while True:
        changes = list(Change.objects.filter(pk__gte=after).order_by("pk")[: BATCH + 1])
        if after:
            if not changes or changes[0].pk != after:
                raise ForeignHistory(f"there is no change {after}")
            del changes[0]
        if not changes:
            return
        yield changes
        after = changes[-1].pk


def index() -> LiveIndex:
    """This process's index, up to date with the database and whole; raises ``RegistryUnavailable``."""
    current = followed()
    if current.lacking:
        raise RegistryUnavailable(
            f"{len(current.lacking)} works are not yet embedded by {current.identity}: "
            "workers do it by and by, or manage.py registry rebuild at once."
        )
    return current


def followed() -> LiveIndex:
    """This process's index, up to date with the database; raises ``RegistryUnavailable``."""
    try:
        current = _load(
            identity(), str(settings.INDEX_DIR), str(connection.settings_dict["NAME"]), os.getpid()
        )
    except WeightsError as error:
        raise RegistryUnavailable(str(error)) from error
    current.follow()
    return current


@lru_cache(maxsize=2)
def _load(name: str, folder: str, _database: str, _process: int) -> LiveIndex:
    try:
        return LiveIndex(name, dimension(), Path(folder) / name.replace(":", "-"))
    except DatabaseError as error:
        raise RegistryUnavailable(f"The registry could not be read: {error}") from error


def _history() -> str:
    """Which database this is, by its first change: another one's snapshot must not be taken for its own."""
    first = Change.objects.order_by("pk").values_list("at", flat=True).first()
    return f"{first:%Y%m%dT%H%M%S%f}" if first else "empty"
