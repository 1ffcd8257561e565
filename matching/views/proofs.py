"""Proof that works are the artist's: what there is, and how to give more."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from matching.forms.proofs import PublicationForm, VouchingForm
from matching.models import Proof
from matching.registry import proofs
from matching.views.doors import MAY_KEEP, kept_artist

SHOWN = 200


@login_required
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    artist = kept_artist(request, public_id)
    asked = request.POST.get("ask")
    publication = PublicationForm(request.POST if asked == "publication" else None, artist=artist, prefix="p")
    vouching = VouchingForm(request.POST if asked == "vouching" else None, artist=artist, prefix="v")
    if asked == "publication" and publication.is_valid():
        proofs.ask_publication(artist, **publication.cleaned_data)
        messages.success(request, _("Now put the code on the page, then ask us to look."))
        return redirect("matching:proof", public_id)
    if asked == "vouching" and vouching.is_valid():
        proofs.ask_vouching(artist, **vouching.cleaned_data)
        messages.success(request, _("The organization is asked."))
        return redirect("matching:proof", public_id)
    context = {
        "artist": artist,
        "proofs": artist.proofs.select_related("work")[:SHOWN],
        "publication": publication,
        "vouching": vouching,
    }
    return render(request, "matching/proof.html", context)


@login_required
@require_POST
def look(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Have a worker fetch the page."""
    proof = _kept_proof(request, public_id)
    proofs.ask_look(proof)
    messages.success(request, _("We look at the page now. Come back in a minute."))
    return redirect("matching:proof", proof.artist.public_id)


@login_required
@require_POST
def drop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    proof = _kept_proof(request, public_id)
    if proofs.drop(proof):
        messages.success(request, _("Taken back."))
    return redirect("matching:proof", proof.artist.public_id)


def _kept_proof(request: HttpRequest, public_id: UUID) -> Proof:
    proof = get_object_or_404(Proof.objects.select_related("artist"), public_id=public_id)
    if not request.user.has_perm(MAY_KEEP, proof.artist):
        raise Http404
    return proof
