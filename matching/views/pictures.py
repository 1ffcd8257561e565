"""A work's picture behind its permission: the copies that a worker encoded, never the original."""

from uuid import UUID

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from matching.engine.images import sniff
from matching.views.doors import kept_work

MEDIA_TYPE = "image/webp"
SECONDS = 60  # short: what is withdrawn must be gone soon
SANDBOX = "default-src 'none'; sandbox"


@require_safe
def work_picture(request: HttpRequest, public_id: UUID, size: str) -> FileResponse:
    """``size`` is ``thumbnail`` or ``display``."""
    work = kept_work(request, public_id)
    stored: FieldFile = work.thumbnail if size == "thumbnail" else work.display
    if not stored:
        raise Http404
    response = FileResponse(_opened(stored), content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = f"private, max-age={SECONDS}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _opened(stored: FieldFile) -> FieldFile:
    try:
        file = stored.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    if sniff(file.read(64)) != MEDIA_TYPE:
        file.close()
        raise Http404  # nothing is passed on that no worker encoded
    file.seek(0)
    return file
