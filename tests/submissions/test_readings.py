"""What a file says is offered, taken over on the entrant's word, and never filled in by itself."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from submissions import intake, readings
from submissions.models import Answer, Entry, FileReading, User
from submissions.rules import AILevel
from submissions.signals import picture_added
from submissions.states import State
from submissions.uploads import take_picture
from tests.factories import make_artwork, make_disclosure, make_draft, make_tool, make_user
from tests.pictures import as_file, draw
from tests.submissions.test_draft_page import send, sheet, text

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
FIREFLY = {"model": "adobe-firefly", "model_words": "", "version": ""}


def make_reading(entry: Entry, **fields: Any) -> FileReading:
    given = {
        "read_at": timezone.now(),
        "level": AILevel.GENERATED,
        "tools": [FIREFLY],
        "signed": True,
        **fields,
    }
    return FileReading.objects.create(artwork=make_artwork(entry), **given)


@pytest.fixture
def told() -> Iterator[list[FileReading]]:
    heard: list[FileReading] = []

    def listen(reading: FileReading, **_more: Any) -> None:
        heard.append(reading)

    picture_added.connect(listen)
    yield heard
    picture_added.disconnect(listen)


def test_a_new_picture_is_announced_once_it_is_kept(
    told: list[FileReading], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    draft = make_draft()

    with django_capture_on_commit_callbacks(execute=True):
        picture = take_picture(SimpleUploadedFile("a.png", as_file(draw(1, 60, 40))))
        artwork = intake.add_file(draft, picture)

    assert told == readings.of(draft) == [artwork.reading]
    assert (told[0].read_at, told[0].is_open) == (None, False)


def test_nothing_is_filled_in_by_itself() -> None:
    draft = make_draft()
    make_reading(draft)

    assert draft.disclosure is None


def test_what_is_accepted_stands_in_the_statement() -> None:
    draft = make_draft()
    reading = make_reading(draft, prompts="a harbour")

    readings.accept(reading)

    disclosure = Entry.objects.get(pk=draft.pk).disclosure
    assert disclosure is not None
    assert (disclosure.level, disclosure.prompts) == (AILevel.GENERATED, "a harbour")
    assert [tool.model for tool in disclosure.tools.all()] == ["adobe-firefly"]
    assert FileReading.objects.get(pk=reading.pk).answer == Answer.ACCEPTED


def test_what_the_entrant_wrote_stays() -> None:
    draft = make_draft()
    disclosure = make_disclosure(draft, attested=False, level=AILevel.GENERATED, prompts="mine")
    make_tool(disclosure, model="adobe-firefly", version="3")

    readings.accept(make_reading(draft, level=AILevel.EDITED, prompts="the file's"))

    disclosure.refresh_from_db()
    assert (disclosure.level, disclosure.prompts) == (AILevel.GENERATED, "mine")
    assert [tool.version for tool in disclosure.tools.all()] == ["3"]


def test_what_is_declined_changes_nothing_and_is_not_asked_again() -> None:
    draft = make_draft()
    reading = make_reading(draft)

    readings.decline(reading)

    assert draft.disclosure is None
    assert not readings.of(draft)[0].is_open


def test_after_the_hand_in_nothing_is_taken_over() -> None:
    draft = make_draft()
    reading = make_reading(draft)
    Entry.objects.filter(pk=draft.pk).update(state=State.RECEIVED, submitted_at=timezone.now())

    readings.accept(reading)

    assert draft.disclosure is None


def test_the_page_asks_and_keeps_what_was_typed_with_the_answer(as_person: SignIn) -> None:
    draft = make_draft()
    reading = make_reading(draft)
    client = as_person(draft.entrant)
    address = reverse("submissions:edit", args=[draft.public_id])

    asked = text(client.get(address))
    send(client, draft, sheet({"statement-parts": "The sky"}, do=f"accept:{reading.artwork.public_id}"))

    assert "Your file names Adobe Firefly Image. Is that right?" in asked
    disclosure = draft.disclosures.get()
    assert (disclosure.level, disclosure.parts) == (AILevel.GENERATED, "The sky")
    assert "Is that right?" not in text(client.get(address))


def test_nobody_answers_for_another(as_person: SignIn) -> None:
    reading, own = make_reading(make_draft()), make_draft()

    response = send(as_person(own.entrant), own, sheet(do=f"accept:{reading.artwork.public_id}"))

    assert response.status_code == 404
    assert not FileReading.objects.get(pk=reading.pk).answer


def test_another_persons_page_is_not_there(as_person: SignIn) -> None:
    reading = make_reading(make_draft())

    response = send(
        as_person(make_user()), reading.artwork.entry, sheet(do=f"accept:{reading.artwork.public_id}")
    )

    assert response.status_code == 404
