"""Many cases at once: chosen in a queue, looked at in a preview, done one by one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation import bulk, saving
from moderation.forms.decisions import DecisionForm
from moderation.forms.queues import ChosenForm
from moderation.models import Case
from moderation.queues import open_to
from moderation.views.queues import asked_for
from submissions.people import signed_in


@login_required
@require_POST
def chosen(request: HttpRequest) -> HttpResponse:
    """What to do with the cases that were chosen in a queue."""
    user, form = signed_in(request), _form(request)
    what, keys = form.act, form.keys
    if what == "decide_first":
        _queue, found = asked_for(request)
        keys = list(found.values_list("pk", flat=True)[: bulk.MOST_CASES])
    cases = bulk.chosen(user, keys)
    if what == "check_again":
        return _report(request, bulk.check_again(user, cases), _("Checked again"))
    if what in ("take", "release"):
        return _report(request, bulk.assign(user, cases, user if what == "take" else None), _("Assigned"))
    return _ask(request, cases, DecisionForm())


@login_required
@require_POST
def decide_chosen(request: HttpRequest) -> HttpResponse:
    """Preview one decision about the chosen cases, or make it; nothing is decided that was not shown."""
    user, form = signed_in(request), _form(request)
    cases, decision = bulk.chosen(user, form.keys), DecisionForm(request.POST)
    if form.act == "change" or not decision.is_valid():
        return _ask(request, cases, decision)
    wish = bulk.Wish(**decision.decision)
    if form.act == "confirm":
        return _report(request, bulk.decide(user, cases, wish), _("Decided"))
    lines = bulk.plan(user, cases, wish)
    context = {"wish": wish, "given": _given(request.POST), "form": decision}
    return _page(request, "bulk_preview", lines, context)


def _form(request: HttpRequest) -> ChosenForm:
    """What was chosen: nothing where the form makes no sense. Who works no queue finds no page here."""
    if not open_to(signed_in(request)):
        raise Http404
    form = ChosenForm(request.POST)
    if form.is_valid() and len(form.keys) > bulk.MOST_CASES:
        messages.warning(request, _("Only the first %(number)s were taken.") % {"number": bulk.MOST_CASES})
    return form


def _ask(request: HttpRequest, cases: Sequence[Case], form: DecisionForm) -> HttpResponse:
    return _page(request, "bulk_decide", bulk.plan(signed_in(request), cases), {"form": form})


def _report(request: HttpRequest, lines: Sequence[bulk.Line], title: str) -> HttpResponse:
    return _page(request, "bulk_done", lines, {"title": title})


def _page(
    request: HttpRequest, name: str, lines: Sequence[bulk.Line], context: dict[str, Any]
) -> HttpResponse:
    context |= {
        "able": [line for line in lines if not line.obstacle],
        "unable": [line for line in lines if line.obstacle],
        "query": saving.as_query(request.GET),
    }
    return render(request, f"moderation/{name}.html", context)


def _given(sent: QueryDict) -> list[tuple[str, str]]:
    """The decision as it was sent, for the next form to carry along unseen."""
    return [(name, value) for name in DecisionForm.base_fields for value in sent.getlist(name)]
