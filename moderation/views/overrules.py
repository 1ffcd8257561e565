"""Facts of the catalogue that a contest's organizers overrule."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation.overruling import OverruleForm, TakeBackForm, shown
from moderation.views import doors
from submissions import overrules
from submissions.people import signed_in


@login_required
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """What holds in this contest in place of the catalogue's facts, with the form to add to it."""
    contest = doors.contest(request, slug)
    form = OverruleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        overrules.overrule(contest, **form.facts, by=signed_in(request))
        messages.success(
            request, _("It holds for what arrives from now on, and stands on the contest's page.")
        )
        return redirect("moderation:overrules", slug)
    context = {
        "contest": contest,
        "form": form,
        "in_force": shown(overrules.in_force(contest).rows),
        "history": shown(overrules.history(contest)),
        "take_back": TakeBackForm(),
    }
    return render(request, "moderation/overrules.html", context)


@login_required
@require_POST
def take_back(request: HttpRequest, slug: str) -> HttpResponse:
    contest = doors.contest(request, slug)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, so that entrants can read it."))
        return redirect("moderation:overrules", slug)
    try:
        overrules.take_back(contest, **form.cleaned_data, by=signed_in(request))
    except overrules.NothingOverruled:
        messages.info(request, _("The catalogue's fact holds already."))
    else:
        messages.success(request, _("The catalogue's fact holds again for what arrives from now on."))
    return redirect("moderation:overrules", slug)
