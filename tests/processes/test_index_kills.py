"""Processes that use or make the index are killed at any moment; no work is lost, and none comes back."""

import itertools
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from django.utils import timezone

from matching.engine.index import Snapshot
from matching.engine.index.build import BUILDING
from matching.following import LiveIndex
from matching.live import RegistryFeed, store
from matching.models import Change, Work, WorkState, WorkVector
from matching.registry import changes, withdraw
from tests.matching.factories import make_artist
from tests.processes.index_worker import DIMENSION, IDENTITY
from tests.processes.site import ROOT, Site

pytestmark = [
    pytest.mark.processes,
    pytest.mark.xdist_group("processes"),
    pytest.mark.django_db(transaction=True),
]

PROMISE_S = 5


@pytest.fixture(autouse=True)
def own_index(site: Site, settings: Any) -> None:
    settings.INDEX_DIR = site.folder / "index"


class Worker:
    """A process of ``index_worker``, and what it said when."""

    def __init__(self, site: Site, verb: str) -> None:
        self.said: list[tuple[float, dict[str, Any]]] = []
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.processes.index_worker", verb],
            cwd=ROOT,
            env=site.environment,
            stdout=subprocess.PIPE,
            stderr=site.log,
            text=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append((time.monotonic(), json.loads(line)))

    def heard(self, word: str, value: object) -> float | None:
        """When it last began to say so, if that is what it says now."""
        now = [(when, said) for when, said in self.said if word in said][-1:]
        return next((when for when, said in now if said[word] == value), None)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._listener.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def start(site: Site) -> Iterator[Any]:
    workers: list[Worker] = []

    def begin(verb: str) -> Worker:
        workers.append(Worker(site, verb))
        return workers[-1]

    yield begin
    for worker in workers:
        worker.kill()


def register(count: int, *, like: np.ndarray | None = None) -> list[Work]:
    """Works as they are once they were read, without files; ``like`` is their vector."""
    artist, seed = make_artist(), Work.objects.count()
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION)) if like is None else like
    with transaction.atomic():
        works = Work.objects.bulk_create(
            Work(
                artist=artist,
                sha256=f"{seed + at:064d}",
                state=WorkState.MATCHABLE,
                matchable_since=timezone.now(),
                pdq=np.random.default_rng(seed + at).bytes(32),
                pdq_quality=100,
                features=b"VNF1",
            )
            for at in range(count)
        )
        unit = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype("<f2")
        WorkVector.objects.bulk_create(
            WorkVector(work=work, identity=IDENTITY, vector=row.tobytes())
            for work, row in zip(works, unit, strict=True)
        )
        changes.note(works[0], Change.Kind.ADDED)
        Change.objects.bulk_create(Change(work=work, kind=Change.Kind.ADDED) for work in works[1:])
    return works


def test_a_worker_that_is_matching_knows_of_works_within_five_seconds(site: Site, start: Any) -> None:
    register(300)
    folding, matching = start("fold"), start("match")
    site.wait(lambda: matching.heard("found", []) is not None, "the first answer")
    site.wait(lambda: bool(folding.said), "the first snapshot")

    for _ in range(3):
        began = time.monotonic()
        [work] = register(1, like=np.eye(1, DIMENSION))
        site.wait(lambda pk=work.pk: matching.heard("found", [pk]) is not None, "finding the work")  # type: ignore[misc]
        found = matching.heard("found", [work.pk])
        left = time.monotonic()
        withdraw(work)
        site.wait(lambda: matching.heard("found", []) is not None, "forgetting the work")
        gone = matching.heard("found", [])

        assert found is not None
        assert gone is not None
        assert found - began < PROMISE_S
        assert gone - left < PROMISE_S


def test_killed_while_it_folds_nothing_is_lost_and_nothing_comes_back(site: Site, start: Any) -> None:
    chance = random.Random(7)
    works = register(400)
    for _ in range(4):
        worker = start("fold")
        site.wait(lambda worker=worker: bool(worker.said), "a fold")  # type: ignore[misc]
        ends = time.monotonic() + chance.uniform(0.1, 0.6)
        while time.monotonic() < ends:
            works += register(chance.randint(1, 30))
            withdraw(works.pop(chance.randrange(len(works))))
        worker.kill()

        assert held_by_a_new_process() == {work.pk for work in works}

    last = start("fold")
    site.wait(lambda: last.heard("folded", 0) is not None, "everything folded")
    last.kill()
    of = RegistryFeed(IDENTITY, DIMENSION)
    base = store(of).load(None)
    assert isinstance(base, Snapshot)
    assert (base.marker, base.size) == (of.marker(), len(works))
    folder = next(Path(site.folder).rglob("snapshot.json")).parent
    assert {path.name for path in folder.glob("*part-*")} == {part.facts.name for part in base.parts}


def held_by_a_new_process() -> set[int]:
    """All works that a process finds that starts now."""
    of = RegistryFeed(IDENTITY, DIMENSION)
    index = LiveIndex(of, lambda: store(of))
    index.follow()
    found = index.nearest(np.eye(1, DIMENSION, dtype=np.float32), 10_000)
    assert len(found) == index.size
    return set(found)


def test_killed_while_it_rebuilds_it_goes_on_where_it_was(site: Site, start: Any) -> None:
    works = register(3500)
    begun_with: list[int] = []
    for _ in range(3):
        worker = start("rebuild-ten")  # so that none is done before it is killed, however fast it is
        site.wait(lambda worker=worker: len(worker.said) > 8, "some pieces")  # type: ignore[misc]
        worker.kill()
        begun_with.append(worker.said[0][1]["done"])
        works += register(1)
        withdraw(works.pop(0))

        assert held_by_a_new_process() == {work.pk for work in works}

    last = start("rebuild")
    site.wait(lambda: last.heard("finished", True) is not None, "the whole snapshot")

    begun_with.append(last.said[0][1]["done"])
    assert begun_with[0] == 0
    assert all(later - earlier >= 800 for earlier, later in itertools.pairwise(begun_with))
    base = store(RegistryFeed(IDENTITY, DIMENSION)).load(None)
    assert base.size == len(works)
    assert held_by_a_new_process() == {work.pk for work in works}
    assert not list(Path(site.folder).rglob(BUILDING))
