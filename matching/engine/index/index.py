"""What a process asks: an immutable base, and what changed since."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.engine.index import hashes as hashing
from matching.engine.index.rows import HASH_BYTES, Hashes, Ids, Vectors, unit_rows

_MARGIN: Final = 32  # asked for beyond k, so that what is gone from the base need not be asked for twice


class Base(Protocol):
    """What does not change under an index: a ``Snapshot``, or a collection on a server."""

    @property
    def marker(self) -> int:
        """All changes up to this number are in it."""

    @property
    def age(self) -> float:
        """Seconds since it was made."""

    @property
    def size(self) -> int: ...

    def holds(self, ids: Ids) -> NDArray[np.bool_]:
        """Which of ``ids`` are in it."""

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Ids]:
        """Cosines and ids of each query's ``k`` nearest or more, in any order; -1 stands for none."""

    def near(self, queries: Hashes, within: int) -> tuple[Ids, Ids]:
        """Ids and bits of the hashes at most ``within`` bits from any of the queries."""


@dataclass(frozen=True)
class Hit:
    """One vector found."""

    id: int
    score: float
    """Cosine, -1 to 1."""


@dataclass(frozen=True)
class Near:
    """One hash found."""

    id: int
    bits: int
    """In how many of 256 it differs from the nearest of the queries."""


class _Changed(NamedTuple):
    number: int
    vector: NDArray[np.float16] | None
    """None: it is gone."""
    hashed: bytes


@dataclass(frozen=True, eq=False)
class _View:
    """Everything that one question needs, none of which changes while it is answered."""

    base: Base | None
    left: int  # how many things of the base are still true
    hidden: Ids
    ids: Ids
    vectors: Vectors
    hashes: Hashes


class Index:
    """Things by vector and hash, by whole-number ids. Safe for the threads of one process.

    Every insert and withdrawal is known to the next question and costs the same however large the base is.
    A newer base takes the place of the old one between two questions; a question under way ends on its own.
    """

    def __init__(self, identity: str, dimension: int, base: Base | None = None) -> None:
        self.identity, self.dimension = identity, dimension
        self._lock = threading.RLock()
        self._base = base
        self._changed: dict[int, _Changed] = {}
        self._hidden: set[int] = set()  # held by the base, and no longer true
        self._view: _View | None = None

    @property
    def base(self) -> Base | None:
        return self._base

    @property
    def size(self) -> int:
        """How many things a search may return."""
        with self._lock:
            held = self._base.size if self._base else 0
            return held - len(self._hidden) + sum(one.vector is not None for one in self._changed.values())

    @property
    def changed(self) -> int:
        """How many things are not as the base has them."""
        return len(self._changed)

    @property
    def hidden(self) -> int:
        """How many things of the base are no longer true."""
        return len(self._hidden)

    def __contains__(self, id_: int) -> bool:
        with self._lock:
            if (changed := self._changed.get(id_)) is not None:
                return changed.vector is not None
            return self._in_base([id_])[0]

    def add(
        self,
        ids: Sequence[int] | Ids,
        vectors: NDArray[np.floating],
        hashes: Hashes | None = None,
        *,
        number: int = 0,
    ) -> None:
        """Insert ``[n, dimension]`` vectors of any length but zero, and ``[n, 32]`` hashes.

        A known id gets its new ones. ``number`` is the change that says so, all lower ones being known.
        """
        rows = unit_rows(vectors, self.dimension).astype(np.float16)
        stored = np.zeros((len(rows), HASH_BYTES), np.uint8) if hashes is None else hashes
        if not len(ids) == len(rows) == len(stored):
            raise ValueError(f"{len(ids)} ids for {len(rows)} vectors and {len(stored)} hashes")
        with self._lock:
            for at, id_ in enumerate(map(int, ids)):
                self._changed[id_] = _Changed(number, rows[at], stored[at].tobytes())
            self._hide(list(map(int, ids)))

    def withdraw(self, ids: Sequence[int] | Ids, *, number: int = 0) -> None:
        """Never return these ids again; unknown ones are no error."""
        known = [int(id_) for id_ in ids]
        with self._lock:
            held = self._in_base(known)
            for id_, in_base in zip(known, held, strict=True):
                self._changed.pop(id_, None)
                # A base under way may have read it before it went: then its number keeps it away.
                if in_base or number:
                    self._changed[id_] = _Changed(number, None, b"")
            self._hide(known)

    def rebase(self, base: Base | None) -> None:
        """Go on from ``base``; of what changed, only what came after it is kept."""
        with self._lock:
            marker = base.marker if base else 0
            self._base = base
            self._changed = {id_: one for id_, one in self._changed.items() if one.number > marker}
            self._hidden = set()
            self._hide(list(self._changed))

    def search(self, queries: NDArray[np.floating], k: int) -> list[list[Hit]]:
        """For each of ``[n, dimension]`` queries its ``k`` nearest, nearest first, or all there are."""
        rows = unit_rows(queries, self.dimension)
        if not len(rows) or k < 1:
            return [[] for _ in rows]
        view = self._now()
        scores, ids = _search_base(view, rows, k)
        fresh = rows @ view.vectors.T
        scores = np.concatenate([scores, fresh], axis=1)
        ids = np.concatenate([ids, np.broadcast_to(view.ids, fresh.shape)], axis=1)
        return [_best(scores[at], ids[at], k) for at in range(len(rows))]

    def near(self, queries: Hashes, k: int, *, within: int) -> list[Near]:
        """The ``k`` nearest hashes at most ``within`` bits from any of ``[o, 32]`` queries, nearest first."""
        view = self._now()
        rows, bits = hashing.near(queries, view.hashes, within)
        ids = view.ids[rows]
        if view.base is not None:
            old, old_bits = view.base.near(queries, within)
            true = ~np.isin(old, view.hidden)
            ids, bits = np.concatenate([ids, old[true]]), np.concatenate([bits, old_bits[true]])
        nearest = np.lexsort((ids, bits))[:k]
        return [Near(int(ids[at]), int(bits[at])) for at in nearest]

    def _in_base(self, ids: Sequence[int]) -> list[bool]:
        if self._base is None or not ids:
            return [False] * len(ids)
        return [bool(held) for held in self._base.holds(np.array(ids, np.int64))]

    def _hide(self, ids: list[int]) -> None:
        self._hidden.update(id_ for id_, held in zip(ids, self._in_base(ids), strict=True) if held)
        self._view = None

    def _now(self) -> _View:
        with self._lock:
            if self._view is None:
                fresh = [(id_, one) for id_, one in self._changed.items() if one.vector is not None]
                ids = np.array([id_ for id_, _ in fresh], np.int64)
                rows = np.zeros((len(fresh), self.dimension), np.float32)
                for at, (_, one) in enumerate(fresh):
                    rows[at] = one.vector
                joined = np.frombuffer(b"".join(one.hashed for _, one in fresh), np.uint8)
                # All that changed, not only what the base held: a server's collection moves on by itself.
                hidden = np.array(sorted(self._changed), np.int64)
                left = self._base.size - len(self._hidden) if self._base else 0
                self._view = _View(self._base, left, hidden, ids, rows, joined.reshape(-1, HASH_BYTES))
            return self._view


def _search_base(view: _View, rows: Vectors, k: int) -> tuple[Vectors, Ids]:
    """What the base says, less what is no longer true; it is asked for more where that leaves too few."""
    if view.base is None or view.left < 1:
        return np.zeros((len(rows), 0), np.float32), np.zeros((len(rows), 0), np.int64)
    wanted, there = min(k, view.left), view.base.size
    asked = k + min(len(view.hidden), _MARGIN)
    while True:
        scores, ids = view.base.search(rows, min(asked, there))
        true = (ids >= 0) & ~np.isin(ids, view.hidden)
        came = (ids >= 0).sum(axis=1)
        if not ((true.sum(axis=1) < wanted) & (came >= min(asked, there))).any() or asked >= there:
            return np.where(true, scores, -np.inf).astype(np.float32), np.where(true, ids, -1)
        asked *= 4


def _best(scores: Vectors, ids: Ids, k: int) -> list[Hit]:
    nearest = np.lexsort((ids, -scores))
    return [Hit(int(ids[at]), float(scores[at])) for at in nearest[:k] if ids[at] >= 0]
