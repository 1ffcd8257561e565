"""What a reviewer has for themselves: what they decided lately, how the desk looks to them, its keys."""

from math import ceil

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from moderation import keys, undoing
from moderation.forms.cases import DeskViewForm
from moderation.models import Case, Decision, DeskView, PendingDecision, desk_view
from moderation.views import doors, judging
from moderation.views.cases import HtmxRequest, back_to
from submissions.models import User
from submissions.people import signed_in

SHOWN = 100


@login_required
@require_safe
def lately(request: HttpRequest) -> HttpResponse:
    """What this person decided in the last days, each with what is left of its time to be taken back."""
    person = signed_in(request)
    made: list[Decision | PendingDecision] = [*undoing.waiting(person), *undoing.lately(person)[:SHOWN]]
    context = {
        "decisions": [(one, undoing.undoable_until(one)) for one in made],
        "minutes": ceil(undoing.window().total_seconds() / 60),
    }
    return render(request, "moderation/lately.html", context)


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    found = doors.case(request, pk, "moderation.decide")
    try:
        again = _taken_back(found, signed_in(request))
    except undoing.TooLate:
        said = _(
            "The decision on “%(entry)s” stands: its time is over, or the letter has left. "
            "Only an appeal can change it now."
        )
    except undoing.NotUndone:
        said = _("The decision on “%(entry)s” cannot be taken back: the entry has gone on since.")
    else:
        said = _("The decision on “%(entry)s” is taken back. Nobody was told of it.")
        messages.success(request, said % {"entry": judging.title(found.entry)})
        return back_to(request, again)
    messages.warning(request, said % {"entry": judging.title(found.entry)})
    return back_to(request, found)


def _taken_back(found: Case, person: User) -> Case:
    """The case that waits again; raises ``undoing.NotUndone``."""
    said = PendingDecision.objects.filter(case=found, by=person).first()
    if said is not None:
        return undoing.take_back(said, by=person)
    return undoing.undo(get_object_or_404(Decision, case=found, by=person), by=person)


@login_required
def view(request: HtmxRequest) -> HttpResponse:
    """How the desk looks to this person, and what its keys do."""
    person = signed_in(request)
    if request.method == "POST":
        form = DeskViewForm(request.POST)
        if form.is_valid():
            _switch(desk_view(person), form.cleaned_data["switch"])
        if request.htmx:
            kept = {"next": request.POST.get("next", "")}
            return render(request, "moderation/partials/view_tools.html", kept)
        back = form.cleaned_data.get("next", "")
        if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
            return redirect(back)
        return redirect("moderation:view")
    context = {"view": desk_view(person), "on_cases": keys.on_cases(), "on_lists": keys.on_lists()}
    return render(request, "moderation/view.html", context)


def _switch(shown: DeskView, name: str) -> None:
    setattr(shown, name, not getattr(shown, name))
    shown.save()
