"""Process evidence: looked at by a worker, kept small, and gone with its draft."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks

from matching.engine.images import sniff
from submissions import intake, previews
from submissions.models import EvidenceKind, ProcessFile, ProcessPreview, ProcessRole
from submissions.uploads import take_process_file
from tests.factories import make_draft
from tests.submissions.evidence.documents import Drawn, psd

pytestmark = pytest.mark.django_db


def preview_of(content: bytes, **fields: int) -> ProcessPreview:
    kept = intake.add_process_file(make_draft(), take_process_file(SimpleUploadedFile("a.psd", content)))
    ProcessPreview.objects.filter(file=kept).update(**fields)
    preview = ProcessPreview.objects.get(file=kept)
    previews.make(preview)
    return ProcessPreview.objects.get(pk=preview.pk)


def test_a_layered_file_is_listed_and_has_a_picture_of_ours() -> None:
    preview = preview_of(psd([Drawn("Paper"), Drawn("Lines")]))

    assert (preview.kind, preview.width, preview.layer_count) == (EvidenceKind.PSD, 40, 2)
    assert [layer["name"] for layer in preview.layers] == ["Lines", "Paper"]
    with preview.thumbnail.open() as stored:
        assert sniff(stored.read(64)) == "image/webp"
        stored.seek(0)
        assert not Image.open(stored).getexif()


def test_a_damaged_file_is_said_to_be() -> None:
    preview = preview_of(b"8BPS" + b"\xff" * 40)

    assert (preview.kind, preview.is_damaged, preview.finished_at is not None) == ("psd", True, True)


def test_a_file_that_ended_two_workers_is_not_opened_again() -> None:
    preview = preview_of(psd([Drawn("Paper")]), attempts=2)

    assert (preview.layer_count, preview.is_damaged) == (0, True)


def test_a_second_run_changes_nothing() -> None:
    preview = preview_of(psd([Drawn("Paper")]))
    before = ProcessPreview.objects.values().get(pk=preview.pk)

    previews.make(preview)

    assert ProcessPreview.objects.values().get(pk=preview.pk) == before


def test_the_small_picture_goes_with_its_file(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    preview = preview_of(psd([Drawn("Paper")]))
    storage, name = preview.thumbnail.storage, str(preview.thumbnail.name)
    assert storage.exists(name)

    with django_capture_on_commit_callbacks(execute=True):
        intake.discard(preview.file.entry)

    assert not storage.exists(name)


def test_a_reference_and_a_sketch_of_the_same_bytes_are_two_files() -> None:
    draft = make_draft()
    files = [
        intake.add_process_file(draft, take_process_file(SimpleUploadedFile("a", b"one")), role=role)
        for role in (ProcessRole.PROCESS, ProcessRole.REFERENCE, ProcessRole.REFERENCE)
    ]

    assert [file.role for file in files] == ["process", "reference", "reference"]
    assert files[1] == files[2] != files[0]


def test_evidence_of_before_is_looked_at_too() -> None:
    kept = ProcessFile.objects.create(entry=make_draft(), original_name="a.psd", size=4, sha256="0" * 64)
    kept.original.save("a", ContentFile(psd([Drawn("Paper")])))

    previews.begin_missing()
    previews.make(ProcessPreview.objects.get(file=kept))

    assert ProcessPreview.objects.get(file=kept).layer_count == 1
