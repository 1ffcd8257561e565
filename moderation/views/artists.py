"""What an artist sees of entries that repeat their works: the matched region, and nothing around it.

Who entered and the rest of the picture stay closed until a claim is open.
"""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from matching.models import Artist
from matching.views.doors import kept_artist
from moderation import regions
from moderation.models import Sighting
from moderation.registrations import TAKEN_BACK
from moderation.views.matched import FENCED

A_PAGE = 24


def seen_of(artist: Artist) -> QuerySet[Sighting]:
    """Of the artist's own works, and of those they own beside another."""
    mine = Q(work__artist=artist) | Q(work__co_owners__artist=artist)
    rows = Sighting.objects.filter(mine).exclude(artwork__entry__state__in=TAKEN_BACK)
    return rows.select_related("work__artist", "artwork__entry__contest").distinct()


@login_required
def matches(request: HttpRequest, public_id: UUID) -> HttpResponse:
    artist = kept_artist(request, public_id)
    page = Paginator(seen_of(artist), A_PAGE).get_page(request.GET.get("page"))
    shown = [(one, regions.points(regions.of(one.data, "work_region"))) for one in page]
    return render(request, "moderation/artist_matches.html", {"artist": artist, "page": page, "shown": shown})


@require_safe
@login_required
def region(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The entry's matched region as a picture; what lies around it is painted over."""
    found = get_object_or_404(
        Sighting.objects.select_related("work__artist", "artwork__entry"), public_id=public_id
    )
    owners = [found.work.artist, *(share.artist for share in found.work.co_owners.select_related("artist"))]
    is_entrant = found.artwork.entry.entrant_id == request.user.pk and not found.later
    allowed = is_entrant or any(
        owner and request.user.has_perm("matching.keep_portfolio", owner) for owner in owners
    )
    if not allowed or found.artwork.entry.state in TAKEN_BACK or not found.artwork.display:
        raise Http404
    try:
        with found.artwork.display.open("rb") as file:
            picture = regions.cut(file.read(), regions.of(found.data, "region"))
    except (FileNotFoundError, regions.Unreadable) as error:
        raise Http404 from error
    return HttpResponse(picture, content_type="image/webp", headers=FENCED)
