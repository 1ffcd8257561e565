"""A case: everything the desk knows of an entry, and the decision about it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation import decisions, evidence, history, reasons
from moderation.blind import Veil
from moderation.estimates import knowing
from moderation.estimates.forms import KnownMakingForm
from moderation.forms import DecisionForm
from moderation.models import Case, CaseKind, Decision, Screening
from moderation.panel import MayNotDecide
from moderation.queues import following
from moderation.views import doors, judging
from moderation.views.queues import asked_for
from moderation.wording import labels
from submissions import overrules, previews, versions
from submissions.models import Entry
from submissions.people import signed_in
from submissions.wording import dataset_names, tool_name


@login_required
def case(request: HttpRequest, pk: int, form: DecisionForm | None = None) -> HttpResponse:
    found = doors.case(request, pk)
    queue, cases = asked_for(request)
    veil = judging.veil_of(found.entry)
    decision = Decision.objects.filter(case=found).select_related("by", "case").first()
    if veil is not None and decision is not None:
        decision.reason = veil.over(decision.reason)
    context = {
        **_entry_context(request, found.entry, found.verdict.screening, veil),
        **judging.context(request, found, veil=veil, decision=decision),
        "case": found,
        "decision": decision,
        "reasons": reasons.for_reviewer(found.verdict, veil),
        "proposal": labels.label(labels.ROUTES, found.verdict.proposal),
        "form": form or DecisionForm(),
        "queue": queue,
        "others": cases.exclude(pk=found.pk).count(),
        "next_case": following(cases, found),
        "query": request.GET.urlencode(),
    }
    if context["is_open"] and found.kind == CaseKind.EXERCISE:
        context["history"] = judging.as_it_was(found, context["history"])
        context["known_making"] = None
    return render(request, "moderation/case.html", context)


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    found = doors.case(request, pk, "moderation.decide")
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return case(request, pk, form)
    title = _title(found)
    try:
        outcome = decisions.decide(found, by=signed_in(request), **form.decision)
    except decisions.AlreadyDecided:
        messages.warning(
            request,
            _("“%(entry)s” was decided by somebody else, or withdrawn. Your decision was not used.")
            % {"entry": title},
        )
    except MayNotDecide:
        messages.warning(
            request, _("You have had your say on “%(entry)s”. Somebody else decides it.") % {"entry": title}
        )
    else:
        messages.success(request, judging.said(title, outcome))
    return _to_next(request, found)


@login_required
@require_POST
def check_again(request: HttpRequest, pk: int) -> HttpResponse:
    found = doors.case(request, pk, "moderation.decide")
    title = _title(found)
    try:
        decisions.check_again(found, by=signed_in(request))
    except decisions.AlreadyDecided:
        messages.warning(request, _("“%(entry)s” no longer waits.") % {"entry": title})
    except MayNotDecide:
        messages.warning(request, _("“%(entry)s” cannot be checked again now.") % {"entry": title})
    else:
        messages.success(
            request,
            _("“%(entry)s” goes through all checks once more. It comes back if there is still a question.")
            % {"entry": title},
        )
    return _to_next(request, found)


def _title(found: Case) -> str:
    veil = judging.veil_of(found.entry)
    return veil.over(found.entry.title) if veil else found.entry.title


def _to_next(request: HttpRequest, done: Case) -> HttpResponse:
    """The next case of the queue that the address names, or the queue itself once it is empty."""
    _queue, cases = asked_for(request)
    after = following(cases, done)
    where = reverse("moderation:case", args=[after.pk]) if after else reverse("moderation:queue")
    query = request.GET.urlencode()
    return redirect(f"{where}?{query}" if query else where)


@login_required
def entry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """An entry that needs no decision, as those who run its contest see it."""
    found = doors.entry(request, public_id)
    screening = found.screenings.filter(abandoned_at=None).order_by("-number").first()
    context = {
        **_entry_context(request, found, screening, judging.veil_of(found)),
        "open_case": Case.objects.open().filter(entry=found).first(),
    }
    return render(request, "moderation/entry.html", context)


def _entry_context(
    request: HttpRequest, found: Entry, screening: Screening | None, veil: Veil | None
) -> dict[str, Any]:
    artworks = list(found.artworks.all())
    shown = evidence.lanes(screening, artworks, signed_in(request), veil) if screening else []
    disclosure = screening.disclosure if screening else found.disclosure
    tools = list(disclosure.tools.all()) if disclosure else []
    process_files = previews.of(found.process_files.all())
    earlier = found.screenings.select_related("verdict").order_by("-number")
    steps, signed, known = history.steps(found), versions.of(found), knowing.known_making(found)
    if veil is not None:
        disclosure = veil.disclosure(disclosure) if disclosure else None
        tools = [veil.tool(tool) for tool in tools]
        process_files, steps = veil.process_files(process_files), veil.steps(steps)
        signed, known = veil.versions(signed), veil.making(known)
    return {
        "veil": veil,
        "entry": veil.entry() if veil else found,
        "contest": found.contest,
        "artworks": artworks,
        "screening": screening,
        "lanes": shown,
        "contradictions": evidence.contradictions(shown),
        "overruled": [(row, overrules.name(row)) for row in overrules.in_force(found.contest).rows],
        "disclosure": disclosure,
        "tools": [(tool, tool_name(tool), dataset_names(tool)) for tool in tools],
        "process_files": process_files,
        "versions": signed,
        "known_making": known,
        "making_form": KnownMakingForm(auto_id="making_%s"),
        "history": steps,
        "earlier_screenings": [one for one in earlier if screening is None or one.pk != screening.pk],
    }
