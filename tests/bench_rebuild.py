"""``python -m tests.bench_rebuild``: how long the index takes to be made anew from PostgreSQL.

A throwaway server gets that many works and made vectors (see ``bench_index``); then the product's own
compaction reads everything, as ``manage.py registry rebuild`` does.
"""

import argparse
import os
import tempfile
import time

from tests import servers  # noqa: F401 -- starts PostgreSQL and Valkey before settings are read

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

import numpy as np  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402
from psycopg import sql  # noqa: E402

from matching.compaction import compact  # noqa: E402
from matching.live import RegistryFeed, store  # noqa: E402
from matching.models import Artist, Change, Work, WorkState  # noqa: E402
from tests.bench_index import PIECE, World, say  # noqa: E402

IDENTITY = "bench:w1"
MADE_ANEW = {"id", "public_id", "sha256", "pdq"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=lambda value: int(float(value)), default=100_000)
    parser.add_argument("--dimension", type=int, default=128)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, override_settings(INDEX_DIR=folder):
        connection.creation.create_test_db(verbosity=0)
        try:
            measure(options.works, options.dimension)
        finally:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def measure(works: int, dimension: int) -> None:
    began = time.perf_counter()
    fill(works, dimension)
    say(f"{works:,} works of {dimension} numbers in PostgreSQL after {time.perf_counter() - began:.0f} s")
    of = RegistryFeed(IDENTITY, dimension)
    began = time.perf_counter()
    done = compact(of, store(of), seconds=float("inf"), anew=True)
    took = time.perf_counter() - began
    assert done is not None
    assert done.built
    assert store(of).facts().works == works
    say(f"the index made anew in {took:.0f} s")


def fill(works: int, dimension: int) -> None:
    """Works without pictures, all of one artist, and a vector each."""
    now = timezone.now()
    first = Work.objects.create(
        artist=Artist.objects.create(name="Bench"),
        state=WorkState.MATCHABLE,
        sha256="0",
        matchable_since=now,
        pdq=bytes(32),
        pdq_quality=100,
        features=b"none",
    )
    Change.objects.create(work=first, kind=Change.Kind.ADDED)
    with connection.cursor() as cursor:
        cursor.execute(_copies(), [works - 1, first.pk])
    ids = np.array(sorted(Work.objects.values_list("pk", flat=True)), np.int64)
    world = World(works, dimension)
    into = "copy matching_workvector (work_id, identity, vector) from stdin"
    for start in range(0, works, PIECE):
        vectors = world.piece(start)[0].astype("<f2")
        with connection.cursor() as cursor, cursor.copy(into) as copy:
            for id_, vector in zip(ids[start : start + PIECE].tolist(), vectors, strict=True):
                copy.write_row((id_, IDENTITY, vector.tobytes()))
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def _copies() -> str:
    """The first work again and again, each with its own number, digest and hash."""
    every = [str(field.column) for field in Work._meta.concrete_fields]
    same = [column for column in every if column not in MADE_ANEW]
    columns = sql.SQL(", ").join([sql.Identifier(column) for column in same])
    made = sql.SQL(
        "insert into matching_work ({columns}, public_id, sha256, pdq) "
        "select {columns}, gen_random_uuid(), number::text, sha256(number::text::bytea) "
        "from matching_work w, generate_series(1, %s) number where w.id = %s"
    )
    return made.format(columns=columns).as_string(None)


if __name__ == "__main__":
    main()
