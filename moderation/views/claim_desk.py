"""A claim as those who decide it see it, beside the case's own page."""

from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from PIL import Image

from matching.engine.images import PictureError, open_picture
from matching.engine.overlay import NotLayable, lay
from matching.engine.verify import View
from moderation.claims import trust
from moderation.claims.forms import SuspendForm
from moderation.claims.neutral import may_suspend
from moderation.forms.registrations import LiftForm
from moderation.models import Claim, ClaimSuspension
from moderation.views import doors
from moderation.views.matched import FENCED, LAYERS
from submissions.people import signed_in

KEPT = 4  # pairs of layers that a process remembers: a page asks for both, one after the other


@require_safe
@login_required
def laid(request: HttpRequest, public_id: UUID, layer: str) -> HttpResponse:
    """The claimed work over the entry: as the match says, or fitted into the region that was drawn."""
    claim = _judged(request, public_id)
    entry, work = claim.artwork.display.name, claim.work.display.name or claim.work.thumbnail.name
    if layer not in LAYERS or not entry or not work:
        raise Http404
    try:
        files = _layers(entry, work, view_of(claim))
    except (FileNotFoundError, PictureError, TypeError, NotLayable) as error:
        raise Http404 from error
    return HttpResponse(files[LAYERS.index(layer)], content_type="image/webp", headers=FENCED)


def view_of(claim: Claim) -> View:
    """The way from the work to the entry's picture."""
    if claim.sighting:
        return tuple(map(tuple, claim.sighting.data.get("view") or ()))
    xs, ys = [x for x, _y in claim.region], [y for _x, y in claim.region]
    left, top = min(xs), min(ys)
    return ((max(xs) - left, 0.0, left), (0.0, max(ys) - top, top), (0.0, 0.0, 1.0))


@lru_cache(maxsize=KEPT)
def _layers(entry: str, work: str, view: View) -> tuple[bytes, bytes]:
    """Names of stored pictures are never used again for others, so what is remembered stays true."""
    return lay(_decoded(entry), _decoded(work), view).to_webp()


def _decoded(name: str) -> Image.Image:
    with default_storage.open(name, "rb") as file:
        return open_picture(file.read()).image


@login_required
@require_POST
def suspend(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Suspend the claimant's right to file claims: for who judges in a trusted organization, and for who runs
    the machine."""
    claim = _claim(public_id)
    user = signed_in(request)
    if not (user.is_staff or user.has_perm("moderation.review", claim.entry)) or not may_suspend(user, claim):
        raise Http404
    form = SuspendForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say for how many days, and why."))
    else:
        until = timezone.now() + timedelta(days=form.cleaned_data["days"])
        try:
            trust.suspend(claim, by=user, reason=form.cleaned_data["reason"], until=until)
        except trust.AlreadySuspended:
            messages.warning(request, _("This claim gave occasion to a suspension already."))
        else:
            messages.success(request, _("Suspended. The artist is told why, and until when."))
    return redirect("moderation:registrations")


@login_required
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift a suspension, from the page of registrations."""
    row = get_object_or_404(ClaimSuspension.objects.select_related("claim", "person"), pk=pk)
    user = signed_in(request)
    if not may_suspend(user, row.claim):
        raise Http404
    form = LiftForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why."))
    elif trust.lift(row, by=user, because=form.cleaned_data["because"]):
        messages.success(request, _("The suspension is lifted, and the artist is told."))
    return redirect("moderation:registrations")


def _claim(public_id: UUID) -> Claim:
    rows = Claim.objects.select_related(
        "entry__contest", "artwork", "work__artist", "artist", "sighting", "case", "by"
    )
    return get_object_or_404(rows, public_id=public_id)


def _judged(request: HttpRequest, public_id: UUID) -> Claim:
    """A claim on an entry that the person may judge."""
    claim = _claim(public_id)
    doors.entry(request, claim.entry.public_id)
    return claim
