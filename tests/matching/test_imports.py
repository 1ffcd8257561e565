"""A zip on its way into a portfolio: interrupted, taken up again, sent twice, refused."""

import io
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from matching import imports, registry, tasks
from matching.models import Artist, Import, ImportState, OnMatch
from tests.factories import make_user
from tests.matching.factories import make_artist
from tests.matching.queues import Queue, own_queue
from tests.pictures import as_file, draw

pytestmark = pytest.mark.django_db


def packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def pictures(count: int) -> dict[str, bytes]:
    return {f"{number:02}.png": as_file(draw(number, 48, 32)) for number in range(count)}


def begin(artist: Artist, content: bytes, listed: bytes | None = None, **options: Any) -> Import:
    archive = ContentFile(content, name="portfolio.zip")
    csv = ContentFile(listed, name="list.csv") if listed is not None else None
    return imports.start(artist, archive, listed=csv, **options)


def go_on(run: Import, **options: Any) -> Import:
    """What a worker does, which fetches the row before."""
    imports.go_on(Import.objects.get(pk=run.pk), **options)
    return Import.objects.get(pk=run.pk)


def stored(settings: Any) -> list[str]:
    folder = Path(settings.MEDIA_ROOT) / "imports"
    return [path.name for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def queue() -> Iterator[Queue]:
    with own_queue() as own:
        yield own


def test_every_picture_of_a_zip_becomes_a_work_with_the_artists_wish(settings: Any) -> None:
    artist = make_artist()
    listed = "file,title,year,source\n00.png,밀물,2019,Seoul\n"

    run = go_on(begin(artist, packed(pictures(3)), listed.encode(), on_match=OnMatch.NOTIFY_ONLY))

    works = artist.works.order_by("original_name").values_list("original_name", "title", "year", "on_match")
    assert list(works) == [
        ("00.png", "밀물", "2019", "notify_only"),
        ("01.png", "", "", "notify_only"),
        ("02.png", "", "", "notify_only"),
    ]
    assert (run.state, run.done, run.total, run.taken, run.problems) == (ImportState.DONE, 3, 3, 3, [])
    assert stored(settings) == []


def test_an_import_that_was_killed_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    artist = make_artist()
    run = begin(artist, packed(pictures(25)))
    register, calls = registry.register, []

    def dying(*args: Any, **options: Any) -> Any:
        calls.append(options["name"])
        if len(calls) == 14:
            raise SystemExit  # as a killed worker: nothing after this line happens
        return register(*args, **options)

    monkeypatch.setattr(registry, "register", dying)
    with pytest.raises(SystemExit):
        go_on(run)
    half = Import.objects.get(pk=run.pk)
    ended = go_on(run)

    assert (half.state, half.done, artist.works.count()) == (ImportState.RUNNING, 10, 25)
    assert calls[14:] == [f"{number:02}.png" for number in range(10, 25)]
    assert (ended.state, ended.done, ended.taken) == (ImportState.DONE, 25, 25)


def test_the_same_zip_twice_adds_nothing() -> None:
    artist, content = make_artist(), packed(pictures(4))

    first, second = go_on(begin(artist, content)), go_on(begin(artist, content))

    assert (first.taken, second.taken, artist.works.count()) == (4, 4, 4)


def test_a_task_that_runs_again_after_the_end_changes_nothing(settings: Any) -> None:
    artist = make_artist()
    ended = go_on(begin(artist, packed(pictures(2))))

    tasks.import_zip(ended.pk)

    again = Import.objects.get(pk=ended.pk)
    assert (again.finished_at, artist.works.count()) == (ended.finished_at, 2)


def test_the_slower_of_two_workers_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    artist = make_artist()
    run = begin(artist, packed(pictures(12)))
    slower = Import.objects.get(pk=run.pk)
    faster = go_on(run)

    with pytest.raises(FileNotFoundError):  # the zip is gone already; the task tries again, and sees the end
        imports.go_on(slower)

    after = Import.objects.get(pk=run.pk)
    assert (after.state, after.done, after.finished_at) == (ImportState.DONE, 12, faster.finished_at)
    assert artist.works.count() == 12


def test_a_long_import_hands_on_to_the_next_task(queue: Queue) -> None:
    artist = make_artist()
    run = begin(artist, packed(pictures(15)))

    half = go_on(run, seconds=-1)
    asked = queue.take()
    ended = go_on(run)

    assert (half.state, half.done, half.total) == (ImportState.RUNNING, 10, 15)
    assert asked == [["matching.tasks.import_zip", run.pk]]
    assert (ended.state, ended.done) == (ImportState.DONE, 15)


def test_what_is_wrong_with_one_file_is_said_of_it_alone() -> None:
    artist = make_artist()
    files = {**pictures(2), "broken.jpg": b"no picture", "empty.png": b""}

    run = go_on(begin(artist, packed(files)))

    assert (run.state, run.taken) == (ImportState.DONE, 2)
    assert [problem["file"] for problem in run.problems] == ["broken.jpg", "empty.png"]
    assert all(problem["problem"] for problem in run.problems)


def test_what_is_no_zip_is_refused_in_the_owners_language(settings: Any) -> None:
    artist = make_artist(owner=make_user(language="ko"))

    run = go_on(begin(artist, b"PK\3\4 and nothing that follows"))

    with translation.override("ko"):
        expected = translation.gettext("The zip is damaged or cut off, or is none.")
    assert (run.state, run.refusal) == (ImportState.REFUSED, expected)
    assert stored(settings) == []


def test_a_zip_that_ends_its_worker_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    run = begin(make_artist(), packed(pictures(1)))

    def dies(*_: Any, **__: Any) -> Any:
        raise SystemExit

    monkeypatch.setattr(registry, "register", dies)
    for _ in range(imports.MOST_ATTEMPTS):
        with pytest.raises(SystemExit):
            go_on(run)

    ended = go_on(run)

    assert (ended.state, ended.done) == (ImportState.REFUSED, 0)
    assert "tried often" in ended.refusal


def test_the_sweep_finds_an_import_that_nobody_was_told_of(queue: Queue) -> None:
    run = begin(make_artist(), packed(pictures(1)))
    Import.objects.filter(pk=run.pk).update(nudged_at=timezone.now() - timedelta(minutes=5))
    ended = go_on(begin(make_artist(), packed(pictures(1))))
    Import.objects.filter(pk=ended.pk).update(nudged_at=timezone.now() - timedelta(minutes=5))

    tasks.embed_missed()

    assert queue.take() == [["matching.tasks.import_zip", run.pk]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "paused"},
        {"state": ImportState.DONE},
        {"total": 3, "done": 4},
        {"state": ImportState.DONE, "finished_at": timezone.now(), "archive": "imports/kept/archive"},
    ],
)
def test_the_database_refuses_an_import_that_cannot_be(wrong: dict[str, Any]) -> None:
    artist = make_artist()

    with pytest.raises(IntegrityError), transaction.atomic():
        Import.objects.create(artist=artist, **wrong)


GO_ON = "from matching import imports, models; imports.go_on(models.Import.objects.get())"


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_behind_and_nothing_out(settings: Any) -> None:
    artist = make_artist()
    files = {f"{number:03}.png": as_file(draw(number, 12, 9)) for number in range(400)}
    run = begin(artist, packed(files))
    environment = {**os.environ, "DATABASE_URL": _test_database(), "MEDIA_ROOT": settings.MEDIA_ROOT}
    worker = subprocess.Popen([sys.executable, "manage.py", "shell", "-v0", "-c", GO_ON], env=environment)

    until = time.monotonic() + 60
    while Import.objects.get(pk=run.pk).done < 50 and time.monotonic() < until:
        time.sleep(0.01)
    worker.kill()
    worker.wait(20)
    killed = Import.objects.get(pk=run.pk)
    ended = go_on(run, seconds=60)

    assert (killed.state, 50 <= killed.done < 400) == (ImportState.RUNNING, True)
    assert (ended.state, ended.done, ended.problems) == (ImportState.DONE, 400, [])
    assert artist.works.count() == len(set(artist.works.values_list("sha256", flat=True))) == 400


def _test_database() -> str:
    """The address of the database of this test, for another process."""
    at = connection.settings_dict
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{_host(at)}"


def _host(at: Mapping[str, Any]) -> str:
    place, name, port = str(at["HOST"] or at["OPTIONS"].get("host", "")), at["NAME"], at["PORT"]
    if place.startswith("/"):  # the folder of a socket
        return f"/{name}?host={place}" + (f"&port={port}" if port else "")
    return f"{place}:{port or 5432}/{name}"
