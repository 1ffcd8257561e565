"""A process that uses the registry's index until it is killed: ``python -m tests.processes.index_worker``.

It says one JSON line whenever there is something to say. No encoder: the vectors are the test's own.
"""

import json
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

import numpy as np  # noqa: E402

from matching.compaction import compact  # noqa: E402
from matching.engine.index import build  # noqa: E402
from matching.following import LiveIndex, RegistryUnavailable  # noqa: E402
from matching.live import RegistryFeed, store  # noqa: E402

IDENTITY, DIMENSION = "test:w1", 16


def say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def match() -> None:
    """Ask for the same vector again and again; say so whenever the answer changes."""
    of = RegistryFeed(IDENTITY, DIMENSION)
    index, before = LiveIndex(of, lambda: store(of)), list[int | str]()
    say(found=before)
    query = np.eye(1, DIMENSION, dtype=np.float32)
    while True:
        try:
            index.follow()
            found: list[int | str] = [pk for pk, score in index.nearest(query, 5).items() if score > 0.99]
        except RegistryUnavailable as error:
            found = [str(error)]
        if found != before:
            say(found=found)
            before = found
        time.sleep(0.02)


def fold() -> None:
    """Make one snapshot after the other."""
    of = RegistryFeed(IDENTITY, DIMENSION)
    while True:
        done = compact(of, store(of), now=True)
        say(folded=done.folded if done else None)


def rebuild() -> None:
    """Make the snapshot of everything, in small pieces."""
    build.PIECE = 100  # type: ignore[misc]
    of = RegistryFeed(IDENTITY, DIMENSION)
    compact(of, store(of), seconds=float("inf"), anew=True, progress=lambda done, total: say(done=done))
    say(finished=True)


if __name__ == "__main__":
    {"match": match, "fold": fold, "rebuild": rebuild}[sys.argv[1]]()
