"""The registry's index as this process sees it: up to date with the database before every question."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Q
from psycopg import Cursor

from matching.encoding import PLAIN, WHITENED, dimension, identity
from matching.engine.index import Rows, SnapshotError, SnapshotMissing
from matching.engine.index.rows import HASH_BYTES, Vectors
from matching.engine.weights import WeightsError
from matching.following import MOST_BEHIND, Feed, LiveIndex, Numbered, RegistryUnavailable, going_on
from matching.models import Change, Work, WorkState, WorkVector
from matching.stores import Store, store_for

__all__ = ["Feed", "LiveIndex", "RegistryFeed", "RegistryUnavailable", "feed", "followed", "index", "store"]

NAME = "registry"


class RegistryFeed:
    """All matchable works under one encoder, and the numbered list of what changed."""

    name = NAME

    def __init__(self, identity: str, dimension: int) -> None:
        self.identity, self.dimension = identity, dimension

    def history(self) -> str:
        """Which database this is, by its first change."""
        first = Change.objects.order_by("pk").values_list("at", flat=True).first()
        return f"{first:%Y%m%dT%H%M%S%f}" if first else "empty"

    def marker(self) -> int:
        return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def changes(self, after: int, most: int, *, at: datetime | None = None) -> list[Numbered]:
        following = Change.objects.filter(pk__gte=after).order_by("pk")
        rows = [Numbered(*row) for row in following.values_list("pk", "work_id", "at")[: most + 1]]
        return going_on(rows, after, at)[:most]

    def written(self, number: int) -> datetime | None:
        return Change.objects.filter(pk=number).values_list("at", flat=True).first()

    def behind(self, after: int) -> int:
        return Change.objects.filter(pk__gt=after).count()

    def states(self, ids: Sequence[int]) -> Rows:
        return self._rows("and v.work_id = any(%s::bigint[])", [list(ids)])

    def lacking(self, ids: Sequence[int] | None = None) -> set[int]:
        works = Work.objects.matchable().exclude(
            pk__in=WorkVector.objects.filter(identity=self.identity).values("work")
        )
        if ids is not None:
            works = works.filter(pk__in=ids)
        return set(works.values_list("pk", flat=True))

    def census(self) -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"select coalesce((select max(id) from matching_change), 0), (select count(*) from {_FROM})",  # noqa: S608 -- our own words
                [self.identity, WorkState.MATCHABLE],
            )
            last, count = cursor.fetchone()
        return int(last), int(count)

    def count(self) -> int:
        return self.census()[1]

    def sample(self, count: int) -> Vectors:
        share = min(100.0, 110 * count / max(self.count(), 1))
        source = _FROM.replace("matching_workvector v", "matching_workvector v tablesample bernoulli (%s)")
        with connection.cursor() as cursor:
            cursor.execute(
                f"select v.vector from {source} limit %s",  # noqa: S608 -- our own words
                [share, self.identity, WorkState.MATCHABLE, count],
            )
            joined = b"".join(bytes(vector) for (vector,) in cursor.fetchall())
        return np.frombuffer(joined, "<f2").reshape(-1, self.dimension).astype(np.float32)

    def after(self, id_: int, count: int) -> Rows:
        return self._rows("and v.work_id > %s order by v.work_id limit %s::bigint", [id_, count])

    def _rows(self, which: str, values: list[Any]) -> Rows:
        connection.ensure_connection()
        # In binary: as text, bytes would travel twice as long.
        with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
            cursor.execute(
                f"select v.work_id, v.vector, w.pdq from {_FROM} {which}",  # noqa: S608 -- our own words
                [self.identity, str(WorkState.MATCHABLE), *values],
                binary=True,
            )
            rows = sorted(cursor.fetchall())
        return Rows(
            np.array([row[0] for row in rows], np.int64),
            np.frombuffer(b"".join(row[1] for row in rows), "<f2").reshape(-1, self.dimension),
            np.frombuffer(b"".join(row[2] for row in rows), np.uint8).reshape(-1, HASH_BYTES),
        )


_FROM = (
    "matching_workvector v join matching_work w on w.id = v.work_id where v.identity = %s and w.state = %s"
)


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
    current = _loaded(str(settings.INDEX_DIR), str(connection.settings_dict["NAME"]), os.getpid())
    current.follow()
    return current


def feed() -> RegistryFeed:
    """Raises ``RegistryUnavailable`` where there is no encoder."""
    try:
        return RegistryFeed(identity(), dimension())
    except WeightsError as error:
        raise RegistryUnavailable(str(error)) from error


def store(of: Feed) -> Store:
    return store_for(of.name, of.identity, of.dimension, of.history())


def _loaded(folder: str, database: str, process: int) -> LiveIndex:
    try:
        return _load(feed().identity, folder, database, process)
    except DatabaseError as error:
        raise RegistryUnavailable(f"The registry could not be read: {error}") from error


@lru_cache(maxsize=2)
def _load(_identity: str, _folder: str, _database: str, _process: int) -> LiveIndex:
    of = feed()
    return LiveIndex(of, lambda: store(of))


@dataclass(frozen=True)
class IndexState:
    """How the newest snapshot stands to the database."""

    version: int
    created: float
    """Seconds since 1970."""
    works: int
    new: int
    """Works that came since then: every process reads them beside the snapshot."""
    gone: int
    """Works that went since then, among them ones that never were in the snapshot."""
    too_old: bool
    """Too much came since then to be read beside it: answers are "unknown" until there is a newer one."""


def state() -> IndexState | None:
    """What the health page tells, without opening index or encoder; None where there is no snapshot yet.

    Raises ``RegistryUnavailable`` where there is one that cannot be used, or none and too much to do without.
    """
    found_by = Q(identity__endswith=f":{WHITENED}") | Q(identity__endswith=f":{PLAIN}")
    newest = WorkVector.objects.filter(found_by).order_by("-pk").values_list("identity", flat=True).first()
    of = RegistryFeed(newest or "", 0)
    try:
        facts = store(of).facts()
    except SnapshotMissing:
        if of.behind(0) > MOST_BEHIND:
            raise RegistryUnavailable("There is no snapshot of the index yet: one is being made.") from None
        return None
    except SnapshotError as error:
        raise RegistryUnavailable(f"The snapshot cannot be used: {error}") from error
    since = Work.objects.filter(changes__pk__gt=facts.marker).distinct()
    new = since.filter(state=WorkState.MATCHABLE).count()
    behind = of.behind(facts.marker)
    return IndexState(
        version=facts.version,
        created=facts.created,
        works=facts.works,
        new=new,
        gone=since.count() - new,
        too_old=behind > MOST_BEHIND,
    )
