"""Pictures of all entries by their hash: the same index as the registry's, over another list of changes."""

import os
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import numpy as np
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Max, QuerySet

from matching.compaction import Compacted, compact
from matching.engine.index import Rows
from matching.engine.index.rows import HASH_BYTES, Vectors
from matching.following import LiveIndex, Numbered, RegistryUnavailable, going_on
from matching.stores import Store, store_for
from submissions.models import Artwork, HashChange

NAME = "entries"


class EntryFeed:
    """Artworks that have a hash, drafts' and withdrawn ones among them: whoever asks leaves those out."""

    name = NAME
    identity = ""  # a hash is of no encoder
    dimension = 0

    def history(self) -> str:
        first = HashChange.objects.order_by("pk").values_list("at", flat=True).first()
        return f"{first:%Y%m%dT%H%M%S%f}" if first else "empty"

    def marker(self) -> int:
        return HashChange.objects.aggregate(last=Max("pk"))["last"] or 0

    def changes(self, after: int, most: int, *, at: datetime | None = None) -> list[Numbered]:
        following = HashChange.objects.filter(pk__gte=after).order_by("pk")
        rows = [Numbered(*row) for row in following.values_list("pk", "artwork", "at")[: most + 1]]
        return going_on(rows, after, at)[:most]

    def written(self, number: int) -> datetime | None:
        return HashChange.objects.filter(pk=number).values_list("at", flat=True).first()

    def behind(self, after: int) -> int:
        return HashChange.objects.filter(pk__gt=after).count()

    def states(self, ids: Sequence[int]) -> Rows:
        return _rows(_hashed().filter(pk__in=ids))

    def lacking(self, ids: Sequence[int] | None = None) -> set[int]:
        """None: what has no hash could not be decoded, and the check of the file says so."""
        return set()

    def census(self) -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "select coalesce((select max(id) from submissions_hashchange), 0), "
                "(select count(*) from submissions_artwork where pdq is not null)"
            )
            last, count = cursor.fetchone()
        return int(last), int(count)

    def count(self) -> int:
        return self.census()[1]

    def sample(self, count: int) -> Vectors:
        return np.zeros((0, 0), np.float32)

    def after(self, id_: int, count: int) -> Rows:
        return _rows(_hashed().filter(pk__gt=id_)[:count])


def _hashed() -> QuerySet[Artwork]:
    return Artwork.objects.exclude(pdq=None).order_by("pk")


def _rows(artworks: QuerySet[Artwork]) -> Rows:
    found = sorted((pk, bytes(hashed or b"")) for pk, hashed in artworks.values_list("pk", "pdq"))
    joined = b"".join(hashed for _, hashed in found)
    return Rows(
        np.array([pk for pk, _ in found], np.int64),
        np.zeros((len(found), 0), np.float16),
        np.frombuffer(joined, np.uint8).reshape(-1, HASH_BYTES),
    )


def index() -> LiveIndex:
    """This process's index of entries, up to date with the database; raises ``RegistryUnavailable``."""
    try:
        current = _load(str(settings.INDEX_DIR), str(connection.settings_dict["NAME"]), os.getpid())
    except DatabaseError as error:
        raise RegistryUnavailable(f"The earlier entries could not be read: {error}") from error
    current.follow()
    return current


@lru_cache(maxsize=2)
def _load(_folder: str, _database: str, _process: int) -> LiveIndex:
    of = EntryFeed()
    return LiveIndex(of, lambda: store(of))


def store(of: EntryFeed) -> Store:
    return store_for(of.name, of.identity, of.dimension, of.history())


def bring_up_to_date(seconds: float) -> Compacted | None:
    """Make the next snapshot where it pays; see ``matching.compaction``."""
    of = EntryFeed()
    return compact(of, store(of), seconds=seconds)
