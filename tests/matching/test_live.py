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

from matching import compaction, following, live, registry, tasks
from matching.compaction import compact
from matching.encoding import encoder, identity, work_vectors
from matching.engine.descriptors import pdq
from matching.engine.images import Picture, open_picture
from matching.engine.index import SNAPSHOT, Rows, Snapshot, fold, read_manifest
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
    """The works that are the drawing ``seed``, by hash and by vector."""
    index, shown = live.index(), picture(seed)
    by_hash = index.nearest_by_hash(pdq(shown), 5, within=8)
    by_vector = index.nearest(work_vectors(encoder().encode([shown])), 5)
    same = [pk for pk, score in by_vector.items() if score > 0.99]
    assert set(same) == set(by_hash)
    return same


def snapshot() -> Path:
    return next(Path(site.INDEX_DIR).rglob(SNAPSHOT))


def save() -> Path:
    """Fold all there is into the snapshot."""
    of = live.feed()
    compact(of, live.store(of), now=True)
    return snapshot()


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
    of = live.feed()
    ours, theirs = (LiveIndex(of, lambda: live.store(of)) for _ in range(2))
    kept, withdrawn = work_of(1), work_of(2)

    registry.withdraw(withdrawn)
    for index in (ours, theirs):
        index.follow()

    for index in (ours, theirs):
        assert (index.size, set(index.nearest(_vector(kept), 10))) == (1, {kept.pk})


def _vector(work: Work) -> NDArray[np.float32]:
    stored = bytes(work.vectors.get(identity=identity()).vector)
    return np.frombuffer(stored, "<f2").astype(np.float32).reshape(1, -1)


def test_an_empty_registry_answers() -> None:
    found = registry.match(picture(1))

    assert (found.matches, found.size) == ((), 0)


def test_a_snapshot_is_gone_on_from() -> None:
    first, withdrawn = work_of(1), work_of(2)
    save()
    registry.withdraw(withdrawn)
    later = work_of(3)
    forget_index()

    found = found_in(1), found_in(2), found_in(3)

    assert found == ([first.pk], [], [later.pk])
    assert live.index().size == 2


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _flip(path: Path) -> None:
    lists = next(path.parent.rglob("lists"))
    data = bytearray(lists.read_bytes())
    data[-50] ^= 0xFF
    lists.write_bytes(data)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _remove(path: Path) -> None:
    path.unlink()


def _remove_part(path: Path) -> None:
    shutil.rmtree(next(path.parent.glob("part-*")))


def _write_another(path: Path, *, who: str | None = None, length: int = 128, later: int = 0) -> None:
    """A sound snapshot without a single work."""
    fold(
        path.parent,
        None,
        identity=who or identity(),
        dimension=length,
        new=Rows.none(length),
        gone=np.zeros(0, np.int64),
        marker=Change.objects.latest("pk").pk + later,
    )


def _of_another_model(path: Path) -> None:
    _write_another(path, who="another:encoder")


def _of_another_length(path: Path) -> None:
    _write_another(path, length=64)


def _from_the_future(path: Path) -> None:
    _write_another(path, later=10)


def _without_what_it_claims(path: Path) -> None:
    _write_another(path)


HARMS = [
    _cut,
    _flip,
    _empty,
    _remove,
    _remove_part,
    _of_another_model,
    _of_another_length,
    _from_the_future,
    _without_what_it_claims,
]


@pytest.mark.parametrize("damage", HARMS, ids=lambda damage: damage.__name__.strip("_"))
def test_without_a_usable_snapshot_a_small_registry_is_read_from_the_database(
    damage: Callable[[Path], None],
) -> None:
    work = work_of(1)
    damage(save())
    forget_index()

    assert found_in(1) == [work.pk]


@pytest.mark.parametrize("damage", HARMS, ids=lambda damage: damage.__name__.strip("_"))
def test_without_a_usable_snapshot_a_large_registry_answers_unknown_until_there_is_one(
    damage: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    works = [work_of(seed) for seed in range(1, 4)]
    damage(save())
    forget_index()
    monkeypatch.setattr(following, "BATCH", 2)
    monkeypatch.setattr(following, "MOST_BEHIND", 2)

    with pytest.raises(registry.RegistryUnavailable):
        registry.match(picture(1))
    tasks.snapshot()

    assert found_in(1) == [works[0].pk]


def test_a_snapshot_that_is_too_old_answers_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    work_of(1)
    save()
    works = [work_of(seed) for seed in range(2, 5)]
    forget_index()
    monkeypatch.setattr(following, "BATCH", 2)
    monkeypatch.setattr(following, "MOST_BEHIND", 2)

    with pytest.raises(registry.RegistryUnavailable, match="3 changes behind"):
        registry.match(picture(1))
    save()

    assert found_in(2) == [works[0].pk]


def test_a_snapshot_of_another_database_is_not_taken() -> None:
    work_of(1)
    others = save().parent
    moved = shutil.move(others, others.with_name("20010101T000000000000"))
    forget_index()

    assert live.index().size == 1
    assert Path(moved, SNAPSHOT).exists()


def test_a_newer_snapshot_takes_the_place_of_the_old_one_between_two_questions() -> None:
    first = work_of(1)
    save()
    index = live.index()
    before = index.base
    withdrawn, later = work_of(2), work_of(3)
    save()
    registry.withdraw(withdrawn)

    index.follow()  # begins to open it
    index.settle()
    index.follow()

    assert before is not None
    assert index.base is not None
    assert index.base.marker == before.marker + 2
    assert (found_in(1), found_in(2), found_in(3)) == ([first.pk], [], [later.pk])
    assert index.size == 2


def test_going_back_to_a_snapshot_of_an_earlier_change_loses_nothing(tmp_path: Path) -> None:
    first = work_of(1)
    early = shutil.copytree(save().parent, tmp_path / "early")
    later = work_of(2)
    save()
    index = live.index()
    shutil.copytree(early, snapshot().parent, dirs_exist_ok=True)

    for _ in range(2):
        index.follow()
        index.settle()

    assert index.base is not None
    assert index.base.marker < index.seen
    assert (found_in(1), found_in(2)) == ([first.pk], [later.pk])


def test_an_index_notices_that_its_history_is_gone() -> None:
    with transaction.atomic():
        work_of(1)
        assert live.index().size == 1
        transaction.set_rollback(True)

    work = work_of(2)

    assert live.index().size == 1
    assert found_in(2) == [work.pk]


def test_an_index_notices_that_its_database_was_restored_and_numbers_were_given_again() -> None:
    first = work_of(1)
    with transaction.atomic():
        work_of(2)
        lost = live.index().seen
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("select setval(pg_get_serial_sequence('matching_change', 'id'), %s, false)", [lost])

    work = work_of(3)

    assert Change.objects.latest("pk").pk == lost
    assert (found_in(1), found_in(2), found_in(3)) == ([first.pk], [], [work.pk])


def test_the_task_folds_what_changed_much_or_was_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "SNAPSHOT_EVERY", 2)
    first = work_of(1)
    tasks.snapshot()
    versions = [read_manifest(snapshot().parent).version]
    works = [work_of(2)]
    tasks.snapshot()
    versions.append(read_manifest(snapshot().parent).version)
    works.append(work_of(3))
    tasks.snapshot()
    full = read_manifest(snapshot().parent)
    registry.withdraw(first)
    tasks.snapshot()

    without = Snapshot.load(snapshot().parent, identity())

    assert (versions, full.version, full.count) == ([1, 1], 2, 3)
    assert (without.manifest.version, without.size) == (3, 2)
    assert without.holds(np.array([first.pk, works[0].pk])).tolist() == [False, True]


def test_two_processes_never_compact_at_once() -> None:
    work_of(1)
    of = live.feed()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s, %s)", compaction.lock_of(of.name))

    blocked = compact(of, live.store(of), now=True)
    with other.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock_all()")
    other.close()
    done = compact(of, live.store(of), now=True)

    assert blocked is None
    assert done is not None
    assert done.built


def test_a_build_that_takes_long_is_gone_on_with_and_the_index_stays_fresh() -> None:
    works = [work_of(seed) for seed in range(1, 4)]
    of = live.feed()
    first = compact(of, live.store(of), seconds=-1)
    withdrawn, later = works[0], work_of(5)
    registry.withdraw(withdrawn)

    assert first is not None
    assert (first.built, first.pending) == (False, True)
    assert (found_in(1), found_in(2), found_in(5)) == ([], [works[1].pk], [later.pk])

    second = compact(of, live.store(of))
    base = Snapshot.load(snapshot().parent, identity())
    assert second is not None
    assert second.built
    assert base.marker == Change.objects.latest("pk").pk
    assert set(base.parts[0].ids.tolist()) == {works[1].pk, works[2].pk, later.pk}


def test_the_health_page_is_told_how_the_snapshot_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    none = live.state()
    first = work_of(1)
    save()
    work_of(2)
    registry.withdraw(first)
    fresh = live.state()
    monkeypatch.setattr(live, "MOST_BEHIND", 1)
    old = live.state()
    _cut(snapshot())

    assert none is None
    assert fresh is not None
    assert (fresh.version, fresh.works, fresh.new, fresh.gone, fresh.too_old) == (1, 1, 1, 1, False)
    assert old is not None
    assert old.too_old
    with pytest.raises(registry.RegistryUnavailable):
        live.state()


def test_works_of_another_encoder_make_the_answer_unknown() -> None:
    work = work_of(1)
    WorkVector.objects.filter(identity=identity()).update(identity="another:encoder")
    forget_index()

    with pytest.raises(registry.RegistryUnavailable, match="1 works are not yet embedded"):
        registry.match(picture(2))
    registry.embed(Work.objects.get())

    assert found_in(1) == [work.pk]
    assert {"another:encoder", identity()} <= set(work.vectors.values_list("identity", flat=True))


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
