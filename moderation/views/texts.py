"""What a contest keeps of its reviewing: texts for reasons, and how first impressions fared."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from moderation import canned, impressions
from moderation.forms.cases import CannedForm
from moderation.models import Impression, review_settings
from moderation.views import doors
from moderation.wording import labels
from submissions.people import signed_in


@login_required
def texts(request: HttpRequest, slug: str) -> HttpResponse:
    """The texts in use, with the form to add one or to change the one that the address names."""
    contest = doors.contest(request, slug)
    key = request.GET.get("text", "")
    chosen = canned.text(contest, key) if key else None
    if key and chosen is None:
        raise Http404
    initial = vars(chosen) if chosen else {}
    form = CannedForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        canned.keep(contest, form.cleaned_data, by=signed_in(request), key=key)
        messages.success(request, _("The text is kept."))
        return redirect("moderation:texts", slug)
    context = {
        "contest": contest,
        "texts": canned.texts(contest),
        "retired": canned.retired(contest),
        "chosen": chosen,
        "form": form,
    }
    return render(request, "moderation/texts.html", context)


@login_required
@require_POST
def retire(request: HttpRequest, slug: str) -> HttpResponse:
    contest = doors.contest(request, slug)
    if canned.retire(contest, request.POST.get("text", ""), by=signed_in(request)):
        messages.success(request, _("The text is no longer offered. Decisions that used it keep its words."))
    return redirect("moderation:texts", slug)


@login_required
@require_POST
def bring_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    contest = doors.contest(request, slug)
    if canned.bring_back(contest, pk, by=signed_in(request)):
        messages.success(request, _("The text is offered again."))
    return redirect("moderation:texts", slug)


@login_required
@require_safe
def first_impressions(request: HttpRequest, slug: str) -> HttpResponse:
    """How often people changed their mind once they saw the estimate, and in which direction."""
    contest = doors.contest(request, slug)
    rows = [(_band(row.band), row) for row in impressions.swayed(contest)]
    context = {
        "contest": contest,
        "rows": rows,
        "is_on": review_settings(contest).impression_first,
        "said": Impression.objects.filter(entry__contest=contest).count(),
    }
    return render(request, "moderation/impressions.html", context)


def _band(band: str) -> str:
    if not band:
        return _("All")
    return _("No estimate") if band == impressions.NO_BAND else labels.label(labels.BANDS, band)
