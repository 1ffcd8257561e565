"""Previews of process evidence, made in a worker and shown to those who judge, and to the entrant."""

import io
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils import timezone
from PIL import Image

from matching.engine.images import Limits
from submissions import evidence
from submissions.models import EvidenceKind, ProcessFile, ProcessPreview
from submissions.nudging import count_attempt, nudge

TASK = "submissions.tasks.preview"
MOST_PIXELS = 2**31 - 1  # what a header may announce and a column can hold


def waiting() -> QuerySet[ProcessPreview]:
    return ProcessPreview.objects.filter(finished_at=None)


def begin_missing() -> None:
    """Rows for evidence that was handed in before there were previews."""
    for file in ProcessFile.objects.filter(preview=None).order_by("pk")[:200]:
        preview, _added = ProcessPreview.objects.get_or_create(file=file)
        nudge(preview, TASK)


def make(preview: ProcessPreview) -> None:
    """Read the file and keep what it shows; a file that ended two readers is said to be damaged."""
    if preview.finished_at is not None:
        return
    if not count_attempt(preview):
        _keep(preview, evidence.Evidence(evidence.Kind.OTHER, is_damaged=True))
        return
    with preview.file.original.open("rb") as file:
        found = evidence.read(
            cast("BinaryIO", file), Limits(bytes=settings.UPLOAD_MAX_BYTES, pixels=settings.UPLOAD_MAX_PIXELS)
        )
    _keep(preview, found)


def _keep(preview: ProcessPreview, found: evidence.Evidence) -> None:
    if found.picture is not None and not preview.thumbnail:
        preview.thumbnail.save("thumbnail.webp", ContentFile(_webp(found.picture)), save=False)
    ProcessPreview.objects.filter(pk=preview.pk, finished_at=None).update(
        kind=EvidenceKind(found.kind.value),
        width=min(found.width, MOST_PIXELS) or None,
        height=min(found.height, MOST_PIXELS) or None,
        layers=[layer.as_json() for layer in found.layers],
        layer_count=found.layer_count,
        seconds=found.seconds,
        camera=evidence.readable(found.camera),
        thumbnail=preview.thumbnail.name or "",
        is_damaged=found.is_damaged,
        finished_at=timezone.now(),
    )


def _webp(picture: Image.Image) -> bytes:
    """Encoded anew, without any metadata."""
    out = io.BytesIO()
    Image.frombytes("RGB", picture.size, picture.tobytes()).save(out, "WEBP", quality=80, method=4)
    return out.getvalue()


def of(files: "QuerySet[ProcessFile]") -> "list[ProcessFile]":
    """Process files with their previews, for a page."""
    return list(files.select_related("preview").order_by("pk"))
