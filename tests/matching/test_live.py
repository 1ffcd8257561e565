"""The index that follows the database: fresh at every question, and never silent about what it lacks."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings as site
from django.db import OperationalError, connection, transaction
from numpy.typing import NDArray

from matching import live, registry, tasks
from matching.encoding import dimension, identity
from matching.engine.images import Picture, open_picture
from matching.engine.index import SNAPSHOT, VectorIndex
from matching.live import LiveIndex
from matching.models import Change, Work, WorkVector
from matching.registry import changes
from tests.matching.conftest import forget_index
from tests.matching.factories import drawing, make_matchable_work, make_work
from tests.pictures import as_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("encoder")]


def picture(seed: int) -> Picture:
    return open_picture(as_file(drawing(seed)))


def work_of(seed: int) -> Work:
    return make_matchable_work(content=as_file(drawing(seed)))


def found_in(seed: int) -> list[int]:
    """The works proved to be in the drawing ``seed``."""
    return [match.work.pk for match in registry.match(picture(seed)).matches if match.verified]


def snapshot() -> Path:
    return next(Path(site.INDEX_DIR).rglob(SNAPSHOT))


def test_a_work_is_found_by_the_next_question() -> None:
    work_of(1)
    assert found_in(2) == []

    work = work_of(2)

    assert found_in(2) == [work.pk]


def test_a_withdrawn_work_is_found_by_none() -> None:
    work, other = work_of(1), work_of(2)
    assert found_in(1) == [work.pk]

    registry.withdraw(work)

    assert found_in(1) == []
    assert found_in(2) == [other.pk]
    assert registry.match(picture(1)).size == 1


def test_two_processes_follow_one_registry() -> None:
    ours, theirs = live.followed(), LiveIndex(identity(), dimension(), Path(site.INDEX_DIR) / "theirs")
    kept, withdrawn = work_of(1), work_of(2)

    registry.withdraw(withdrawn)
    for index in (ours, theirs):
        index.follow()

    assert theirs is not ours
    for index in (ours, theirs):
        assert (index.size, set(index.nearest(_vector(kept), 10))) == (1, {kept.pk})


def _vector(work: Work) -> NDArray[np.float32]:
    stored = bytes(work.vectors.get().vector)
    return np.frombuffer(stored, "<f2").astype(np.float32).reshape(1, -1)


def test_an_empty_registry_answers() -> None:
    found = registry.match(picture(1))

    assert (found.matches, found.size) == ((), 0)


def test_a_snapshot_is_gone_on_from() -> None:
    first, withdrawn = work_of(1), work_of(2)
    live.index().save()
    registry.withdraw(withdrawn)
    later = work_of(3)
    forget_index()

    found = found_in(1), found_in(2), found_in(3)

    assert found == ([first.pk], [], [later.pk])
    assert live.index().size == 2


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-50] ^= 0xFF
    path.write_bytes(data)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _remove(path: Path) -> None:
    path.unlink()


def _of_another_model(path: Path) -> None:
    VectorIndex("another:encoder", 128).save(path.parent, marker=10_000)


def _of_another_length(path: Path) -> None:
    VectorIndex(identity(), 64).save(path.parent, marker=Change.objects.latest("pk").pk)


def _from_the_future(path: Path) -> None:
    VectorIndex(identity(), live.index()._length).save(
        path.parent, marker=Change.objects.latest("pk").pk + 10
    )


def _without_what_it_claims(path: Path) -> None:
    VectorIndex(identity(), live.index()._length).save(path.parent, marker=Change.objects.latest("pk").pk)


@pytest.mark.parametrize(
    "damage",
    [_cut, _flip, _empty, _remove, _of_another_model, _of_another_length, _from_the_future],
    ids=lambda damage: damage.__name__.strip("_"),
)
def test_a_snapshot_that_is_no_good_is_made_up_from_the_database(damage: Callable[[Path], None]) -> None:
    work = work_of(1)
    live.index().save()
    damage(snapshot())
    forget_index()

    assert found_in(1) == [work.pk]


def test_a_snapshot_without_the_works_it_claims_never_says_none() -> None:
    work = work_of(1)
    live.index().save()
    _without_what_it_claims(snapshot())
    forget_index()

    assert found_in(1) == [work.pk]


def test_a_snapshot_of_another_database_is_not_taken() -> None:
    work_of(1)
    live.index().save()
    others = snapshot().parent
    moved = shutil.move(others, others.with_name("20010101T000000000000"))
    forget_index()

    assert live.index().size == 1
    assert Path(moved, SNAPSHOT).exists()


def test_an_index_notices_that_its_history_is_gone() -> None:
    with transaction.atomic():
        work_of(1)
        assert live.index().size == 1
        transaction.set_rollback(True)

    work = work_of(2)

    assert live.index().size == 1
    assert found_in(2) == [work.pk]


def test_the_task_saves_what_changed_much_or_was_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SNAPSHOT_EVERY", 2)
    first = work_of(1)
    tasks.snapshot()
    saved_after_one = any(Path(site.INDEX_DIR).rglob(SNAPSHOT))

    work_of(2)
    tasks.snapshot()
    full = VectorIndex.load(snapshot().parent, identity()).size
    registry.withdraw(first)
    tasks.snapshot()
    without = VectorIndex.load(snapshot().parent, identity())

    assert (saved_after_one, full, without.size) == (False, 2, 1)
    assert first.pk not in without


def test_works_of_another_encoder_make_the_answer_unknown() -> None:
    work = work_of(1)
    WorkVector.objects.update(identity="another:encoder")
    forget_index()

    with pytest.raises(registry.RegistryUnavailable, match="1 works are not yet embedded"):
        registry.match(picture(2))
    registry.embed(Work.objects.get())

    assert found_in(1) == [work.pk]
    assert sorted(work.vectors.values_list("identity", flat=True)) == sorted(["another:encoder", identity()])


def test_a_database_that_cannot_be_read_makes_the_answer_unknown() -> None:
    work_of(1)
    live.index()

    def fail(execute: Any, sql: str, *rest: Any) -> Any:
        if "matching_change" in sql:
            raise OperationalError("the server closed the connection")
        return execute(sql, *rest)

    with connection.execute_wrapper(fail), pytest.raises(registry.RegistryUnavailable):
        registry.match(picture(1))
    forget_index()
    with connection.execute_wrapper(fail), pytest.raises(registry.RegistryUnavailable):
        registry.match(picture(1))


def test_missing_weights_make_the_answer_unknown(settings: Any, tmp_path: Path) -> None:
    settings.MODELS_DIR = tmp_path / "nothing here"

    with pytest.raises(registry.RegistryUnavailable):
        registry.match(picture(1))


@pytest.mark.django_db(transaction=True)
def test_changes_are_numbered_in_the_order_of_their_commits() -> None:
    early, late = make_work(), make_work()
    noted, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                changes.note(early, Change.Kind.ADDED)
                noted.set()
                may_commit.wait(20)
        finally:
            connection.close()

    def quick() -> None:
        try:
            with transaction.atomic():
                changes.note(late, Change.Kind.ADDED)
        finally:
            connection.close()

    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    threads[0].start()
    noted.wait(20)
    threads[1].start()
    threads[1].join(0.5)
    seen_meanwhile = Change.objects.count()
    may_commit.set()
    for thread in threads:
        thread.join(20)

    assert seen_meanwhile == 0
    assert list(Change.objects.order_by("pk").values_list("work", flat=True)) == [early.pk, late.pk]
