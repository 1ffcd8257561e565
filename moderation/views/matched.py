"""A protected work beside the entry that was found to repeat it, and laid over it; never the original."""

from functools import lru_cache
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from matching.engine.images import Picture, PictureError, open_picture
from matching.engine.overlay import NotLayable, lay
from matching.engine.verify import View
from matching.models import Work
from moderation.models import CheckResult, Sighting
from moderation.models.sightings import MATCH_CODES
from moderation.views import doors
from submissions.models import Entry

LAYERS = ("ground", "work")
KEPT = 4  # pairs of layers that a process remembers: a page asks for both, one after the other
FENCED = {
    "Content-Disposition": "inline",
    "Cache-Control": "private, max-age=60",  # short: what is withdrawn must be gone soon
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@require_safe
@login_required
def matched_work(request: HttpRequest, public_id: UUID, work: UUID) -> HttpResponseBase:
    """The picture of a protected work, only beside an entry that was found to repeat it."""
    found = doors.entry(request, public_id)
    seen_later = Sighting.objects.filter(artwork__entry=found, work__public_id=work)
    if not _copies(found).filter(data__work=str(work)).exists() and not seen_later.exists():
        raise Http404
    try:
        file = default_storage.open(_name_of(str(work)), "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, content_type="image/webp", headers=FENCED)


@require_safe
@login_required
def laid(request: HttpRequest, public_id: UUID, finding: int, layer: str) -> HttpResponse:
    """One of two pictures of one size: ``ground``, the entry where the work is seen, or ``work``, the work as
    it is seen there."""
    found = doors.entry(request, public_id)
    copy = get_object_or_404(_copies(found).select_related("artwork"), pk=finding)
    if layer not in LAYERS or copy.artwork is None or not copy.artwork.display:
        raise Http404
    try:
        view = tuple(map(tuple, copy.data.get("view") or ()))
        files = _layers(copy.artwork.display.name, _name_of(str(copy.data.get("work"))), view)
    except (FileNotFoundError, PictureError, TypeError, NotLayable) as error:
        raise Http404 from error
    return HttpResponse(files[LAYERS.index(layer)], content_type="image/webp", headers=FENCED)


def _copies(entry: Entry) -> QuerySet[CheckResult]:
    return CheckResult.objects.filter(screening__entry=entry, code__in=MATCH_CODES)


def _name_of(work: str) -> str:
    """Where the largest picture kept of a work lies; an artist may leave a thumbnail only."""
    found = get_object_or_404(Work, public_id=work)
    name = found.display.name or found.thumbnail.name
    if not name:
        raise Http404  # withdrawn meanwhile
    return name


@lru_cache(maxsize=KEPT)
def _layers(entry: str, work: str, view: View) -> tuple[bytes, bytes]:
    """Names of stored pictures are never used again for others, so what is remembered stays true."""
    return lay(_decoded(entry).image, _decoded(work).image, view).to_webp()


def _decoded(name: str) -> Picture:
    """A picture that a worker encoded, of 1600 pixels at most: small enough to be read here."""
    with default_storage.open(name, "rb") as file:
        return open_picture(file.read())
