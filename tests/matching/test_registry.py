"""Taking works in, reading them, taking them out."""

import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.files.base import ContentFile
from django.db import Error, IntegrityError, connection, transaction
from django.utils import timezone
from PIL import Image

from matching import registry, tasks
from matching.encoding import identities, identity
from matching.engine.images import open_picture
from matching.models import Change, OnMatch, Work, WorkState, WorkVector
from tests.matching.factories import drawing, make_artist, make_matchable_work, make_work
from tests.matching.queues import Queue, own_queue
from tests.pictures import as_file

pytestmark = pytest.mark.django_db


def files_of(work: Work, settings: Any) -> list[str]:
    folder = Path(settings.MEDIA_ROOT) / "works" / str(work.public_id)
    return sorted(path.name.split("-")[0] for path in folder.iterdir()) if folder.exists() else []


@pytest.fixture
def queue() -> Iterator[Queue]:
    with own_queue() as own:
        yield own


@pytest.fixture
def no_broker() -> Iterator[None]:
    """The broker's address leads nowhere."""
    current_app.conf.update(broker_write_url="redis+socket:///nowhere/broker.sock")
    _forget_connections()
    yield
    current_app.conf.update(broker_write_url=None)  # where the app reads from, as configured
    _forget_connections()


def _forget_connections() -> None:
    current_app.amqp._producer_pool = None  # type: ignore[attr-defined]
    current_app._pool = None  # type: ignore[attr-defined]


def test_register_keeps_the_bytes_as_they_came() -> None:
    content = as_file(drawing(), "JPEG")

    work = make_work(content=content, title=" Boats\0 ", year="1901", source="A book", on_match="notify_only")

    with work.original.open("rb") as file:
        assert file.read() == content
    assert (work.title, work.year, work.source) == ("Boats", "1901", "A book")
    assert (work.state, work.on_match, work.media_type) == ("pending", OnMatch.NOTIFY_ONLY, "image/jpeg")


def test_a_file_name_goes_into_no_path() -> None:
    work = make_work(name="../../../etc/passwd.png")

    assert work.original.name == f"works/{work.public_id}/original"
    assert work.original_name == "../../../etc/passwd.png"


def test_the_same_file_twice_is_one_work_of_an_artist() -> None:
    content, artist = as_file(drawing()), make_artist()

    first, again = make_work(artist, content=content), make_work(artist, content=content)
    another = make_work(content=content)

    assert again == first
    assert another != first
    assert Work.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_file_from_several_windows_at_once_is_one_work(settings: Any) -> None:
    artist, content = make_artist(), as_file(drawing())
    found: list[int] = []

    def upload() -> None:
        try:
            found.append(make_work(artist, content=content).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    work = Work.objects.get()
    assert found == [work.pk] * 4
    assert len(list(Path(settings.MEDIA_ROOT).rglob("original*"))) == 1


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"%PDF-1.7 text", b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    artist = make_artist()

    with pytest.raises(registry.Refused):
        registry.register(artist, io.BytesIO(content))

    assert not Work.objects.exists()


def test_a_file_that_is_too_large_is_refused(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000_000
    artist = make_artist()

    with pytest.raises(registry.Refused, match="larger than 1 MB"):
        registry.register(artist, io.BytesIO(as_file(drawing()) + bytes(1_000_000)))

    assert not Work.objects.exists()


def test_registering_asks_a_vision_worker(queue: Queue, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        work = registry.register(make_artist(), io.BytesIO(as_file(drawing())))

    assert queue.take() == [["matching.tasks.embed", work.pk]]


def test_works_let_entries_pass(queue: Queue) -> None:
    work = make_work()

    registry.nudge(work)
    current_app.send_task("moderation.tasks.see", args=[1], queue=queue.name)

    assert queue.take() == [["moderation.tasks.see", 1], ["matching.tasks.embed", work.pk]]


def test_a_broker_that_is_down_keeps_no_work_out(
    queue: Queue, no_broker: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        work = registry.register(make_artist(), io.BytesIO(as_file(drawing())))

    assert Work.objects.get().pk == work.pk
    assert not registry.nudge(work)
    assert queue.take() == []


def test_what_nobody_was_told_of_is_asked_for_again(queue: Queue) -> None:
    forgotten, fresh, done = make_work(), make_work(), make_work()
    long_ago = timezone.now() - timedelta(minutes=5)
    Work.objects.exclude(pk=fresh.pk).update(nudged_at=long_ago)
    Work.objects.filter(pk=done.pk).update(state=WorkState.FAILED)

    tasks.embed_missed()
    tasks.embed_missed()

    assert queue.take() == [["matching.tasks.embed", forgotten.pk]]


def test_embedding_makes_a_work_matchable(encoder: Any) -> None:
    work = make_work(content=as_file(drawing(), "JPEG"))

    state = registry.embed(work)

    work.refresh_from_db()
    assert state == work.state == WorkState.MATCHABLE
    assert (work.width, work.height) == (320, 240)
    assert work.matchable_since is not None
    assert sorted(vector.identity for vector in work.vectors.all()) == sorted(identities())
    assert [(change.work_id, change.kind) for change in Change.objects.all()] == [(work.pk, "added")]


def test_pictures_people_see_carry_no_metadata(encoder: Any) -> None:
    exif = Image.Exif()
    exif[0x010E] = "SECRET WORDS"
    work = make_work(content=as_file(drawing(), "JPEG", exif=exif, comment=b"SECRET WORDS"))

    registry.embed(work)

    work.refresh_from_db()
    for stored in (work.display, work.thumbnail):
        with stored.open("rb") as file:
            data = file.read()
        assert b"SECRET" not in data
        assert data[8:12] == b"WEBP"
    with work.original.open("rb") as file:
        assert b"SECRET" in file.read()


def test_embedding_twice_changes_nothing(encoder: Any, settings: Any) -> None:
    work = make_matchable_work()
    stale = Work.objects.get(pk=work.pk)
    stale.state = WorkState.PENDING  # as a second worker saw it before the first was done

    registry.embed(stale)

    assert Change.objects.count() == 1
    assert WorkVector.objects.count() == len(identities())
    assert files_of(work, settings) == ["display", "original", "thumbnail"]


def test_identical_bytes_are_embedded_once(encoder: Any) -> None:
    content = as_file(drawing())
    first = make_matchable_work(content=content)
    marked = bytes(first.vectors.get(identity=identity()).vector)[::-1]
    WorkVector.objects.filter(identity=identity()).update(vector=marked)  # an encoder would never say this

    second = make_matchable_work(content=content)

    assert bytes(second.vectors.get(identity=identity()).vector) == marked


def test_a_batch_goes_on_past_what_cannot_be_read(encoder: Any) -> None:
    cut = as_file(drawing(), "JPEG")[:2000]
    works = [make_work(), make_work(content=cut), make_work()]

    states = registry.embed_all(works)

    assert states == [WorkState.MATCHABLE, WorkState.FAILED, WorkState.MATCHABLE]
    assert "damaged" in Work.objects.get(pk=works[1].pk).failure_sentence


def test_a_file_that_ended_the_reader_twice_is_not_tried_again() -> None:
    work = make_work()
    Work.objects.update(attempts=2)
    work.refresh_from_db()

    state = registry.embed(work)

    work.refresh_from_db()
    assert state == WorkState.FAILED
    assert work.attempts == 2
    assert "ended the reader twice" in work.failure_sentence


def test_an_attempt_is_counted_before_it_is_made(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    work = make_work()

    def die(*_: object, **__: object) -> None:
        raise SystemExit("the decoder took the process with it")

    monkeypatch.setattr("matching.registry.embedding.open_picture", die)

    with pytest.raises(SystemExit):
        registry.embed(work)

    work.refresh_from_db()
    assert (work.state, work.attempts) == (WorkState.PENDING, 1)


def test_a_stored_file_that_is_missing_is_said(settings: Any) -> None:
    work = make_work()
    work.original.delete(save=False)
    work = Work.objects.get()

    state = registry.embed(work)

    assert state == WorkState.FAILED
    assert Work.objects.get().failure


def test_a_failed_work_is_read_anew_on_request(queue: Queue, django_capture_on_commit_callbacks: Any) -> None:
    work = make_work()
    Work.objects.update(state=WorkState.FAILED, failure="It was raining.", attempts=2)

    with django_capture_on_commit_callbacks(execute=True):
        first, second = registry.retry(work), registry.retry(work)

    work.refresh_from_db()
    assert (first, second) == (True, False)
    assert (work.state, work.failure, work.attempts) == (WorkState.PENDING, "", 0)
    assert queue.take() == [["matching.tasks.embed", work.pk]]


def test_withdrawal_leaves_a_record_and_nothing_of_the_picture(
    encoder: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    work, other = make_matchable_work(), make_matchable_work()
    work.thumbnail.storage.save(
        f"works/{work.public_id}/thumbnail-left.webp", ContentFile(b"by a dead worker")
    )

    with django_capture_on_commit_callbacks(execute=True):
        registry.withdraw(work)

    work.refresh_from_db()
    assert work.state == WorkState.WITHDRAWN
    assert work.withdrawn_at is not None
    assert (work.pdq, work.features, work.original.name) == (None, None, "")
    assert not work.vectors.exists()
    assert files_of(work, settings) == []
    assert files_of(other, settings) == ["display", "original", "thumbnail"]
    assert list(Change.objects.filter(work=work).values_list("kind", flat=True)) == ["added", "withdrawn"]


def test_withdrawing_twice_is_one_change(encoder: Any) -> None:
    work = make_matchable_work()

    registry.withdraw(work)
    registry.withdraw(work)

    assert Change.objects.filter(work=work, kind="withdrawn").count() == 1


def test_a_work_withdrawn_while_it_is_read_stays_withdrawn(
    encoder: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    work = make_work()

    def open_and_withdraw(*given: Any, **options: Any) -> Any:
        picture = open_picture(*given, **options)
        with django_capture_on_commit_callbacks(execute=True):
            registry.withdraw(work)
        return picture

    monkeypatch.setattr("matching.registry.embedding.open_picture", open_and_withdraw)

    state = registry.embed(work)

    assert state == WorkState.WITHDRAWN
    assert not WorkVector.objects.exists()
    assert files_of(work, settings) == []


def test_a_withdrawn_file_may_be_registered_again() -> None:
    artist, content = make_artist(), as_file(drawing())
    first = make_work(artist, content=content)
    registry.withdraw(first)

    second = make_work(artist, content=content)

    assert second != first
    assert second.state == WorkState.PENDING


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "matchable"},
        {"state": "matchable", "matchable_since": "2026-01-01T00:00Z", "pdq": b"x"},
        {"state": "withdrawn", "withdrawn_at": "2026-01-01T00:00Z"},
        {"state": "withdrawn", "original": ""},
        {"state": "elsewhere"},
    ],
)
def test_the_database_refuses_what_the_code_promises_never_to_write(wrong: dict[str, Any]) -> None:
    make_work()

    with pytest.raises(IntegrityError), transaction.atomic():
        Work.objects.update(**wrong)


def test_changes_are_added_and_never_edited(encoder: Any) -> None:
    make_matchable_work()

    with pytest.raises(Error, match="Cannot update or delete"), transaction.atomic():
        Change.objects.update(kind="withdrawn")
