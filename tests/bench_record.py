"""``python -m tests.bench_record``: what a link costs at the commit, and how long a chain takes to be walked.

The rows are those of ``tests.bench_policy``: eight links an entry and more.
"""

import os
import time

from tests import servers  # noqa: F401 -- starts PostgreSQL and Valkey before settings are read

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from moderation.record.verifying import walk  # noqa: E402
from submissions.models import Link  # noqa: E402
from tests import bench_policy  # noqa: E402
from tests.bench_policy import say  # noqa: E402


def measure(entries: int) -> None:
    began = time.perf_counter()
    contest = bench_policy.seed(entries)
    seeded, links = time.perf_counter() - began, Link.objects.filter(contest=contest).count()
    began = time.perf_counter()
    found = walk(contest)
    took = time.perf_counter() - began
    if found.broken or found.links != links:
        raise AssertionError(f"the chain does not hold: {found.broken}")
    say(f"record: {links:,} links walked in {took:.1f} s; written with their rows in {seeded:.0f} s")


if __name__ == "__main__":
    bench_policy.alone(measure, 12_500, __doc__)
