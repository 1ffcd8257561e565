"""The next snapshot, made beside the one in use: what changed is folded in, or everything is read anew.

One process does it at a time, wherever it runs. Killed at any moment it leaves the last snapshot as it was,
and whoever comes next goes on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from zlib import crc32

import numpy as np
import structlog
from django.db import connection

from matching.engine.index import Base, Rows, SnapshotError, SnapshotMissing
from matching.engine.index.rows import Ids
from matching.engine.index.snapshot import MOST_JOINED
from matching.following import BATCH, Feed, ForeignHistory
from matching.stores import Store

log = structlog.get_logger(__name__)

SNAPSHOT_EVERY = 1000  # changes
LOCK_CLASS = 20_262

_open: dict[str, Base] = {}  # what this process verified last, so that checksums are compared once


@dataclass(frozen=True)
class Compacted:
    """What was done."""

    folded: int = 0
    """Changes brought into the snapshot."""
    built: bool = False
    """Whether it was made of everything."""
    pending: bool = False
    """Whether there is more to do."""


def compact(
    feed: Feed,
    store: Store,
    *,
    seconds: float = 60,
    now: bool = False,
    anew: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Compacted | None:
    """Bring the snapshot up to date where it pays, for about ``seconds``; None while another process does.

    It pays when ``SNAPSHOT_EVERY`` changes wait, or when something is in the snapshot that was withdrawn:
    that must go from the disk. ``now`` folds whatever there is; ``anew`` reads everything.
    """
    with _alone(feed.name) as alone:
        if not alone:
            return None
        deadline = monotonic() + seconds
        base = _base(feed, store)
        folded = _fold(feed, store, base, now=now) if base is not None else 0
        if folded:
            base = _base(feed, store)
        if not (anew or store.wants_build(base)):
            return Compacted(folded)
        if not store.build(feed, seconds=deadline - monotonic(), progress=progress):
            return Compacted(folded, pending=True)
        # What changed while everything was read comes in before anybody waits for it.
        built = _base(feed, store)
        return Compacted(folded + (_fold(feed, store, built, now=True) if built else 0), built=True)


def _base(feed: Feed, store: Store) -> Base | None:
    """The base in use, or None where none is usable."""
    try:
        base = store.load(_open.get(store.describe()))
        feed.changes(base.marker, 1)
    except SnapshotMissing:
        return None
    except (SnapshotError, ForeignHistory) as error:
        log.warning("index snapshot not usable, making one of everything", reason=str(error))
        store.distrust()
        return None
    _open[store.describe()] = base
    return base


def _fold(feed: Feed, store: Store, base: Base, *, now: bool) -> int:
    """Fold what waits, at most ``MOST_JOINED`` changes at once; how many."""
    touched, number, count = _waiting(feed, base.marker)
    if not count:
        return 0
    new, gone = _states(feed, touched)
    forget = bool(len(gone)) and bool(base.holds(gone).any())
    if not (now or forget or count >= SNAPSHOT_EVERY):
        return 0
    store.fold(base, new, gone, number)
    log.info("index folded", index=feed.name, changes=count, to=number, gone=len(gone))
    return count


def _waiting(feed: Feed, after: int) -> tuple[list[int], int, int]:
    """Ids that changed after ``after``, the last change's number, and how many changes."""
    touched: set[int] = set()
    count = 0
    while count < MOST_JOINED and (changes := feed.changes(after, BATCH)):
        touched.update(change.id for change in changes)
        after = changes[-1].number
        count += len(changes)
    return sorted(touched), after, count


def _states(feed: Feed, ids: list[int]) -> tuple[Rows, Ids]:
    """Those of ``ids`` that are to be found, and those that are not."""
    found = [feed.states(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH)]
    rows = Rows(
        np.concatenate([one.ids for one in found]),
        np.concatenate([one.vectors for one in found]),
        np.concatenate([one.hashes for one in found]),
    )
    return rows, np.setdiff1d(np.array(ids, np.int64), rows.ids)


def lock_of(name: str) -> list[int]:
    """The advisory lock of the index ``name``."""
    return [LOCK_CLASS, crc32(name.encode()) & 0x7FFF_FFFF]


@contextmanager
def _alone(name: str) -> Iterator[bool]:
    """Whether no other process works on this index; the lock ends with the connection."""
    key = lock_of(name)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", key)
        (alone,) = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s, %s)", key)
