"""What people tell the detector, and what the detector says of itself."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from moderation.estimates import card, knowing, silences
from moderation.estimates.forms import KnownMakingForm, MediumForm
from moderation.models import Case, LaneSilence, Making
from moderation.views import doors
from submissions.models import Artwork, Entry
from submissions.people import signed_in


@login_required
@require_POST
def correct_medium(request: HttpRequest, public_id: UUID, artwork: UUID) -> HttpResponse:
    entry = doors.entry(request, public_id)
    picture = get_object_or_404(Artwork, entry=entry, public_id=artwork)
    form = MediumForm(request.POST)
    if form.is_valid():
        knowing.correct_medium(picture, form.chosen, by=signed_in(request))
        messages.success(request, _("The medium is corrected. It counts from the next check on."))
    else:
        messages.error(request, _("Choose one of the media."))
    return _back(entry)


@login_required
@require_POST
def know_making(request: HttpRequest, public_id: UUID) -> HttpResponse:
    entry = doors.entry(request, public_id)
    form = KnownMakingForm(request.POST)
    if form.is_valid():
        read = form.cleaned_data
        knowing.know_making(entry, Making(read["making"]), source=read["source"], by=signed_in(request))
        messages.success(request, _("Noted. It measures the detector and decides nothing about the entry."))
    else:
        messages.error(request, _("Say how the work was made, and how you know."))
    return _back(entry)


def _back(entry: Entry) -> HttpResponseRedirect:
    waiting = Case.objects.open().filter(entry=entry).first()
    if waiting is not None:
        return redirect("moderation:case", waiting.pk)
    return redirect("moderation:entry", entry.public_id)


@login_required
@require_POST
def end_silence(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    contest = doors.contest(request, slug)
    silence = get_object_or_404(LaneSilence, contest=contest, pk=pk)
    if silences.end(silence, by=signed_in(request)):
        messages.success(request, _("Signs of generation count again for what is checked from now on."))
    return redirect("moderation:contest", slug)


@require_safe
def model_card(request: HttpRequest) -> HttpResponse:
    """For everybody: whoever may be accused by a machine may know how often it errs."""
    return render(request, "moderation/detector.html", {"card": card.read()})
