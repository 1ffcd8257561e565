"""Who passes. What a person may not see does not exist for them."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from matching.models import Artist, Import, Work

MAY_KEEP = "matching.keep_portfolio"


def kept_artist(request: HttpRequest, public_id: UUID) -> Artist:
    artist = get_object_or_404(Artist, public_id=public_id)
    _require(request, artist)
    return artist


def kept_work(request: HttpRequest, public_id: UUID) -> Work:
    work = get_object_or_404(Work.objects.defer("features").select_related("artist"), public_id=public_id)
    _require(request, work.artist)
    return work


def kept_import(request: HttpRequest, public_id: UUID) -> Import:
    run = get_object_or_404(Import.objects.select_related("artist"), public_id=public_id)
    _require(request, run.artist)
    return run


def _require(request: HttpRequest, artist: Artist) -> None:
    if not request.user.has_perm(MAY_KEEP, artist):
        raise Http404


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of the page. Views that look must vary on the header."""
    return request.headers.get("HX-Request") == "true"
