"""Where bases are kept: shared through the storage by several machines, or on a Milvus server."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from matching import following, live, registry, tasks
from matching.compaction import compact
from matching.engine.index import SNAPSHOT, Snapshot
from matching.engine.index.milvus import MilvusBase, MilvusServer
from tests.matching.conftest import forget_index
from tests.matching.test_live import found_in, save, work_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("encoder")]


@pytest.fixture
def shared(settings: Any, tmp_path: Path) -> None:
    settings.INDEX_SHARED = True
    on_machine("a", settings, tmp_path)


def on_machine(name: str, settings: Any, tmp_path: Path) -> None:
    """As a new process on the machine ``name``, whose disk is its own; the storage is everybody's."""
    settings.INDEX_DIR = tmp_path / name / "index"
    forget_index()


def published(name: str) -> list[Path]:
    return list(Path(default_storage.path("index")).rglob(name))


def test_another_machine_takes_over_what_one_published(shared: None, settings: Any, tmp_path: Path) -> None:
    first = work_of(1)
    save()
    later = work_of(2)

    on_machine("b", settings, tmp_path)

    base = live.index().base
    assert isinstance(base, Snapshot)
    assert base.size == 1
    assert (found_in(1), found_in(2)) == ([first.pk], [later.pk])


def test_only_new_parts_travel_and_old_ones_go(shared: None, settings: Any, tmp_path: Path) -> None:
    withdrawn, kept = work_of(1), work_of(2)
    vector = next(bytes(row.vector) for row in withdrawn.vectors.filter(identity=live.feed().identity))
    save()
    on_machine("b", settings, tmp_path)
    live.index()
    before = published("lists")
    registry.withdraw(withdrawn)
    tasks.snapshot()

    on_machine("a", settings, tmp_path)
    live.index()

    folders = (Path(default_storage.path("index")), tmp_path / "a", tmp_path / "b")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert files
    assert not any(vector in path.read_bytes() for path in files)
    assert set(published("lists")).isdisjoint(before)
    assert (found_in(1), found_in(2)) == ([], [kept.pk])


def test_a_process_at_work_fetches_the_newer_one_in_the_background(
    shared: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "LOOK_EVERY_S", 0.0)
    work_of(1)
    save()
    on_machine("b", settings, tmp_path)
    index = live.index()
    on_machine("a", settings, tmp_path)
    work_of(2)
    save()

    on_machine("b", settings, tmp_path)
    for _ in range(2):
        index.follow()
        index.settle()

    assert index.base is not None
    assert (index.base.size, index.size) == (2, 2)


@pytest.mark.parametrize("file", [SNAPSHOT, "lists", "hashes"])
def test_what_arrives_torn_is_not_taken(shared: None, settings: Any, tmp_path: Path, file: str) -> None:
    work = work_of(1)
    save()
    stored = published(file)[0]
    data = bytearray(stored.read_bytes())
    data[len(data) // 2] ^= 0xFF
    stored.chmod(0o600)
    stored.write_bytes(data)

    on_machine("b", settings, tmp_path)

    assert live.index().base is None
    assert found_in(1) == [work.pk]
    assert not list((tmp_path / "b").rglob("part-*"))


@pytest.mark.xdist_group("milvus")
@pytest.mark.filterwarnings("ignore")
def test_the_registry_lives_on_a_milvus_server(server: MilvusServer, settings: Any) -> None:
    settings.MATCHING_INDEX = server.address.replace("http://", "milvus://")
    first, withdrawn = work_of(1), work_of(2)
    save_there()
    later = work_of(3)
    registry.withdraw(withdrawn)
    fresh = found_in(1), found_in(2), found_in(3)
    state = live.state()
    tasks.snapshot()
    forget_index()

    folded = found_in(1), found_in(2), found_in(3)

    base = live.index().base
    assert fresh == folded == ([first.pk], [], [later.pk])
    assert isinstance(base, MilvusBase)
    assert (base.size, live.index().size) == (2, 2)
    assert state is not None
    assert (state.works, state.new, state.gone) == (2, 1, 1)
    assert not list(Path(settings.INDEX_DIR).rglob("*"))


def save_there() -> None:
    of = live.feed()
    compact(of, live.store(of), now=True)


def test_a_milvus_server_out_of_reach_makes_the_answer_unknown_for_a_large_registry(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MATCHING_INDEX = "milvus://127.0.0.1:1"
    for seed in range(1, 4):
        work_of(seed)
    monkeypatch.setattr(following, "BATCH", 2)
    monkeypatch.setattr(following, "MOST_BEHIND", 2)

    with pytest.raises(registry.RegistryUnavailable):
        live.index()
