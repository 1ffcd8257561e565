"""An index as one process sees it: it follows a numbered list of changes before every question.

A process loads the newest snapshot, reads the changes that came after it, and from then on only newer ones.
A thing is found by the first question asked after its commit, and what was withdrawn by none. A newer
snapshot is opened beside the old one and takes its place between two questions.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import numpy as np
import structlog
from django.db import DatabaseError
from numpy.typing import NDArray

from matching.engine.descriptors import Pdq
from matching.engine.index import Base, Index, Rows, SnapshotError, SnapshotMissing, Source
from matching.stores import Store

log = structlog.get_logger(__name__)

BATCH = 2000
MOST_BEHIND = 20_000  # changes that a process reads for itself; a snapshot further back is too old to use
LOOK_EVERY_S = 5.0


class RegistryUnavailable(Exception):
    """Nobody can say now whether a work is registered; never to be read as "it is not"."""


class TooFarBehind(RegistryUnavailable):
    """More has changed since the snapshot, or since the beginning, than a process should read for itself."""


class ForeignHistory(Exception):
    """What was followed is no part of the database's list of changes: it was restored, or is another one."""


class Numbered(NamedTuple):
    """A change: its number, whose state to look up, and when it was written down."""

    number: int
    id: int
    at: datetime


class Feed(Source, Protocol):
    """Where things and their changes come from. Numbers rise in the order of commits."""

    identity: str
    dimension: int
    name: str
    """Which of the house's indexes it is; a folder's name."""

    def history(self) -> str:
        """Which database this is: another one's snapshot must not be taken for its own."""

    def changes(self, after: int, most: int, *, at: datetime | None = None) -> list[Numbered]:
        """The first ``most`` changes that follow ``after``, which must be one; raises ``ForeignHistory``.

        So it does where ``after`` was not written down ``at`` that moment: then it is another list's.
        """

    def written(self, number: int) -> datetime | None:
        """When the change ``number`` was written down; None where there is none."""

    def behind(self, after: int) -> int:
        """How many changes follow ``after``."""

    def states(self, ids: Sequence[int]) -> Rows:
        """Those of ``ids`` that are to be found, as they are now."""

    def lacking(self, ids: Sequence[int] | None = None) -> set[int]:
        """What should be found but cannot yet, of ``ids`` or of everything."""

    def census(self) -> tuple[int, int]:
        """The last change, and how many things are to be found at that moment."""


class LiveIndex:
    """All things of ``feed``, as of the last ``follow``."""

    def __init__(self, feed: Feed, open_store: Callable[[], Store]) -> None:
        self.feed, self._open_store = feed, open_store
        self._store = open_store()
        self._lock = threading.RLock()
        self._loading: threading.Thread | None = None
        self._loaded: Base | None = None
        self._start_from(self._load(), trusted=False)

    def _start_from(self, base: Base | None, *, trusted: bool = True) -> None:
        self._index = Index(self.feed.identity, self.feed.dimension, base)
        self._go_on_after(base.marker if base else 0)
        self._looked = time.monotonic()
        self._lacking = self.feed.lacking()
        self._trusted = trusted or base is None

    def _go_on_after(self, number: int) -> None:
        self._seen, self._seen_at = number, self.feed.written(number) if number else None

    @property
    def identity(self) -> str:
        return self.feed.identity

    @property
    def size(self) -> int:
        return self._index.size

    @property
    def version(self) -> str:
        """Which state of the list answered: the number of the last change followed."""
        return f"change-{self._seen}"

    @property
    def seen(self) -> int:
        return self._seen

    @property
    def lacking(self) -> frozenset[int]:
        """What should be found and can't be: while there is any, nobody can say "none"."""
        return frozenset(self._lacking)

    @property
    def base(self) -> Base | None:
        return self._index.base

    def nearest(self, vectors: NDArray[np.float32], k: int) -> dict[int, float]:
        """Ids and best cosines of the ``k`` things nearest to any of ``vectors``, nearest first."""
        best: dict[int, float] = {}
        for hits in self._index.search(vectors, k):
            for hit in hits:
                best[hit.id] = max(hit.score, best.get(hit.id, -1.0))
        return dict(sorted(best.items(), key=lambda item: (-item[1], item[0]))[:k])

    def nearest_by_hash(self, hashed: Pdq, k: int, *, within: int) -> dict[int, int]:
        """Ids and distances in bits of the ``k`` nearest by PDQ, in any orientation, nearest first."""
        return {near.id: near.bits for near in self._index.near(hashed.hashes, k, within=within)}

    def follow(self) -> None:
        """Read what changed since the last look; raises ``RegistryUnavailable``."""
        try:
            with self._lock:
                if not self._seen:
                    self._find_store()
                self._adopt()
                try:
                    self._catch_up()
                    if not self._trusted:
                        self._count_once()
                except ForeignHistory as error:
                    log.warning("index begins anew", index=self.feed.name, reason=str(error))
                    self._begin_anew()
                    self._follow()
        except DatabaseError as error:
            raise RegistryUnavailable(f"The registry could not be read: {error}") from error
        except SnapshotError as error:
            raise RegistryUnavailable(f"The index could not be read: {error}") from error

    def _begin_anew(self) -> None:
        self.settle()
        self._loaded = None  # whatever was being opened is of the other list
        self._store = self._open_store()
        self._start_from(None)

    def _find_store(self) -> None:
        """The store is named after the beginning of the list, which may have come only now."""
        store = self._open_store()
        if store.describe() != self._store.describe():
            self._store = store

    def settle(self) -> None:
        """Wait until a snapshot that is being opened is open."""
        if self._loading is not None:
            self._loading.join()

    def _catch_up(self) -> None:
        try:
            self._follow()
        except TooFarBehind:
            self.settle()
            base, self._loaded = self._loaded, None
            if base is None and self._store.is_newer(self._index.base, thorough=True):
                base = self._load()
            if base is None:
                raise
            self._start_from(base, trusted=False)
            self._follow()

    def _follow(self) -> None:
        for changes in batches(self.feed, self._seen, self._seen_at):
            self._apply(changes)

    def _apply(self, changes: Sequence[Numbered]) -> None:
        touched = {change.id for change in changes}
        last = changes[-1].number
        rows = self.feed.states(sorted(touched))
        gone = sorted(touched - set(rows.ids.tolist()))
        self._lacking = (self._lacking - touched) | (self.feed.lacking(gone) if gone else set())
        self._index.withdraw(gone, number=last)
        self._index.add(rows.ids, rows.vectors, rows.hashes, number=last)
        self._seen, self._seen_at = last, changes[-1].at

    def _count_once(self) -> None:
        """A snapshot that claims changes without having them would say "none": it is counted once."""
        last, count = self.feed.census()
        if last != self._seen:
            return  # something was committed in between; the next question counts
        self._trusted = True
        if count == self._index.size:
            return
        self._start_from(self._load())  # a server's collection may have moved on while it was opened
        self._follow()
        if self.feed.census() != (self._seen, self._index.size):
            log.warning("index snapshot lacks what it claims", index=self.feed.name)
            self._store.distrust()
            self._start_from(None)
            self._follow()

    def _load(self) -> Base | None:
        try:
            return self._store.load(None)
        except SnapshotMissing:
            return None
        except SnapshotError as error:  # torn, or of another encoder: the database has everything
            log.warning("index snapshot not usable", index=self.feed.name, reason=str(error))
            return None

    def _adopt(self) -> None:
        """Take over a newer base once it is open; begin to open one where there is one."""
        base, self._loaded = self._loaded, None
        if base is not None and not self._is_far_behind(base.marker):
            before = self._index.base
            self._index.rebase(base)
            if base.marker > self._seen:
                self._lacking = self.feed.lacking()
            if base.marker > self._seen or base.marker < (before.marker if before else 0):
                self._go_on_after(base.marker)
        if self._loading is not None and self._loading.is_alive():
            return
        due = time.monotonic() - self._looked > LOOK_EVERY_S
        if self._store.is_newer(self._index.base, thorough=due):
            if due:
                self._looked = time.monotonic()
            self._loading = threading.Thread(target=self._open_newer, name="snapshot", daemon=True)
            self._loading.start()

    def _is_far_behind(self, marker: int) -> bool:
        return self._seen - marker > MOST_BEHIND

    def _open_newer(self) -> None:
        try:
            self._loaded = self._store.load(self._index.base)
        except SnapshotError as error:  # the one in use goes on, with all changes
            log.warning("newer index snapshot not usable", index=self.feed.name, reason=str(error))


def batches(feed: Feed, after: int, at: datetime | None = None) -> Iterator[list[Numbered]]:
    """What follows ``after``; raises ``TooFarBehind`` where that is more than ``MOST_BEHIND``."""
    read = 0
    while changes := feed.changes(after, BATCH, at=at):
        if not read and len(changes) == BATCH and (behind := feed.behind(after)) > MOST_BEHIND:
            raise TooFarBehind(f"The index is {behind} changes behind: a new snapshot is being made.")
        yield changes
        read += len(changes)
        after, at = changes[-1].number, changes[-1].at


def going_on(rows: list[Numbered], after: int, at: datetime | None) -> list[Numbered]:
    """``rows`` without the first, where that is the change ``after``, written down ``at`` if that is known.

    Raises ``ForeignHistory`` where it is not: a database that was restored, or is another one, gives the same
    numbers, but never at the same moments.
    """
    if not after:
        return rows
    if not rows or rows[0].number != after or at not in (None, rows[0].at):
        raise ForeignHistory(f"there is no change {after}")
    return rows[1:]
