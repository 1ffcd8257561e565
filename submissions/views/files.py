"""Bytes behind permissions. Pictures are copies that the desk encoded; originals only ever download."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from matching.engine.images import sniff
from submissions.models import Artwork, ProcessFile
from submissions.permissions import is_public

SANDBOX = "default-src 'none'; sandbox"
ENCODED_BY_US = {"image/webp", "image/jpeg"}
PUBLIC_SECONDS, PRIVATE_SECONDS = 600, 60  # short: what is taken down must be gone soon


@require_safe
def picture(request: HttpRequest, public_id: UUID, size: str) -> FileResponse:
    """A picture as people see it; ``size`` is ``thumbnail`` or ``display``."""
    artwork = get_object_or_404(Artwork.objects.select_related("entry__contest"), public_id=public_id)
    if not request.user.has_perm("submissions.see_picture", artwork.entry):
        raise Http404
    response = _shown(artwork.thumbnail if size == "thumbnail" else artwork.display)
    if is_public(request.user, artwork.entry):
        response.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    else:
        response.headers["Cache-Control"] = f"private, max-age={PRIVATE_SECONDS}"
    return response


def _shown(stored: FieldFile) -> FileResponse:
    """A picture for the browser's window; never what we did not encode ourselves."""
    if not stored:
        raise Http404
    file = _opened(stored)
    media_type = sniff(file.read(64))
    file.seek(0)
    if media_type not in ENCODED_BY_US:
        file.close()
        raise Http404
    response = FileResponse(file, content_type=media_type)
    response.headers["Content-Disposition"] = "inline"
    return _fenced(response)


@require_safe
@login_required
def original(request: HttpRequest, public_id: UUID) -> FileResponse:
    """A stranger's bytes as they came, for a person's disk and never for the browser's window."""
    artwork = get_object_or_404(Artwork.objects.select_related("entry__contest"), public_id=public_id)
    if not request.user.has_perm("submissions.see_original", artwork.entry):
        raise Http404
    return download(artwork.original, artwork.original_name)


@require_safe
@login_required
def process_file(request: HttpRequest, public_id: UUID) -> FileResponse:
    kept = get_object_or_404(ProcessFile.objects.select_related("entry__contest"), public_id=public_id)
    if not request.user.has_perm("submissions.see_process_file", kept.entry):
        raise Http404
    return download(kept.original, kept.original_name)


@require_safe
@login_required
def process_preview(request: HttpRequest, public_id: UUID) -> FileResponse:
    """The small picture that a worker made of process evidence."""
    kept = get_object_or_404(
        ProcessFile.objects.select_related("entry__contest", "preview"),
        public_id=public_id,
        preview__isnull=False,
    )
    if not request.user.has_perm("submissions.see_process_preview", kept.entry):
        raise Http404
    response = _shown(kept.preview.thumbnail)
    response.headers["Cache-Control"] = f"private, max-age={PRIVATE_SECONDS}"
    return response


def download(stored: FieldFile, name: str) -> FileResponse:
    """A stranger's bytes for a person's disk."""
    response = FileResponse(
        _opened(stored), as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return _fenced(response)


def _opened(stored: FieldFile) -> FieldFile:
    if not stored:
        raise Http404  # erased
    try:
        return stored.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error


def _fenced(response: FileResponse) -> FileResponse:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
