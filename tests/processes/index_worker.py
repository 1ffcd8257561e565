"""A process that uses the registry's index until it is killed: ``python -m tests.processes.index_worker``.

It says one JSON line whenever there is something to say. No encoder: the vectors are the test's own.
"""

import itertools
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial

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


def rebuild(pieces: float = float("inf")) -> None:
    """Make the snapshot of everything, in small pieces; after so many of them wait for the end."""
    build.PIECE = 100  # type: ignore[misc]
    of, told = RegistryFeed(IDENTITY, DIMENSION), itertools.count()

    def progress(done: int, total: int) -> None:
        say(done=done)
        if next(told) >= pieces:
            signal.pause()

    compact(of, store(of), seconds=float("inf"), anew=True, progress=progress)
    say(finished=True)


if __name__ == "__main__":
    verbs: dict[str, Callable[[], None]] = {
        "match": match,
        "fold": fold,
        "rebuild": rebuild,
        "rebuild-ten": partial(rebuild, 10),
    }
    verbs[sys.argv[1]]()
