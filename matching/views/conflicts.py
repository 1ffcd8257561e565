"""Two artists registered one picture: each side sees its own work, the clock, and what was said."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from matching.forms.proofs import AnswerForm
from matching.models import Artist, Conflict
from matching.registry import conflicts
from matching.views.doors import MAY_KEEP, kept_artist


@login_required
def listed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    artist = kept_artist(request, public_id)
    found = conflicts.of_artist(artist).prefetch_related("answers")
    return render(request, "matching/conflicts.html", {"artist": artist, "conflicts": found})


@login_required
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    conflict = get_object_or_404(
        Conflict.objects.select_related("older__artist", "newer__artist"), public_id=public_id
    )
    artist = _side(request, conflict)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            conflicts.answer(conflict, artist=artist, by=request.user, text=form.cleaned_data["text"])
        except conflicts.NotOpen:
            messages.warning(request, _("The conflict was closed meanwhile."))
        else:
            messages.success(request, _("Your answer is noted."))
        return redirect("matching:conflict", public_id)
    is_newer = artist == conflict.newer.artist
    context = {
        "conflict": conflict,
        "artist": artist,
        "is_newer": is_newer,
        "work": conflict.newer if is_newer else conflict.older,
        "other": conflict.older if is_newer else conflict.newer,
        "outline": _points(conflict.data.get("newer_region" if is_newer else "older_region")),
        "answers": conflict.answers.select_related("artist"),
        "form": form,
    }
    return render(request, "matching/conflict.html", context)


def _side(request: HttpRequest, conflict: Conflict) -> Artist:
    """Which of the two artists the person keeps; the newer one for staff, who may look at both."""
    for work in (conflict.newer, conflict.older):
        if work.artist.owner_id and work.artist.owner_id == request.user.pk:
            return work.artist
    for work in (conflict.newer, conflict.older):
        if request.user.has_perm(MAY_KEEP, work.artist):
            return work.artist
    raise Http404


def _points(region: object) -> str:
    """Corners in [0, 1] as an SVG polygon's points on a canvas of 1000."""
    if not isinstance(region, list) or len(region) < 3:
        return ""
    return " ".join(f"{float(x) * 1000:.1f},{float(y) * 1000:.1f}" for x, y in region)
