"""A case: everything the desk knows of an entry, and the decision about it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.middleware import HtmxDetails

from moderation import (
    canned,
    decisions,
    evidence,
    handling,
    history,
    impressions,
    locks,
    past,
    reasons,
    undoing,
)
from moderation.blind import Veil, veil_of
from moderation.claims import ending
from moderation.claims.forms import ClaimDecisionForm
from moderation.estimates import knowing
from moderation.estimates.forms import KnownMakingForm
from moderation.forms.cases import AsideForm, CommentForm, EscalateForm, ReassignForm
from moderation.forms.decisions import DecisionForm
from moderation.models import Case, CaseKind, CaseLock, Decision, Guess, Screening, review_settings
from moderation.panel import FILED, MayNotDecide
from moderation.queues import following, neighbours
from moderation.undoing import undoable_until
from moderation.views import doors, judging
from moderation.views.queues import asked_for
from submissions import overrules, previews, versions
from submissions.models import Entry, ProcessRole, User
from submissions.people import signed_in
from submissions.wording import dataset_names, tool_name


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails


@login_required
def case(request: HttpRequest, pk: int) -> HttpResponse:
    return shown(request, pk)


def shown(
    request: HttpRequest,
    pk: int,
    form: DecisionForm | None = None,
    *,
    status: int = 200,
    sent: Mapping[str, BaseForm] = MappingProxyType({}),
) -> HttpResponse:
    """The case's page, with forms as they were ``sent`` where something in them needs another look."""
    found = doors.case(request, pk)
    person = signed_in(request)
    handling.seen(found.entry, person)
    queue, cases = asked_for(request)
    veil = veil_of(found.entry)
    is_open = found.closed_at is None
    decision = Decision.objects.filter(case=found).select_related("by", "case", "undoing").first()
    if veil is not None and decision is not None:
        decision.reason = veil.over(decision.reason)
    pending = undoing.pending(found)
    if veil is not None and pending is not None:
        pending.reason = veil.over(pending.reason)
    names = _may_be_named(found.entry)
    previous_case, next_case = neighbours(cases, found)
    context = _entry_context(request, found.entry, found.verdict.screening, veil, names=names)
    veiled = context["veiled"]
    context |= {
        **judging.context(request, found, veil=veil, decision=decision),
        "case": found,
        "decision": decision,
        "decider": decision.by if decision and names else _("A person"),
        "undo_until": undoable_until(decision) if decision and decision.by == person else None,
        "pending": pending,
        "may_take_back": pending is not None and pending.by == person and undoable_until(pending),
        "reasons": reasons.for_case(found, veiled=veiled, veil=veil),
        "proposal": reasons.proposal(found.verdict, veiled=veiled),
        "form": form or _form(found, person),
        "texts": canned.texts(found.entry.contest) if is_open else [],
        "renew_seconds": max(5, settings.CASE_LOCK_SECONDS // 3),
        "lock": locks.running(found) if is_open else None,
        **_around(found, person, sent, veil),
        "queue": queue,
        "others": cases.exclude(pk=found.pk).count(),
        "previous_case": previous_case,
        "next_case": next_case,
        "query": request.GET.urlencode(),
    }
    if is_open and found.kind == CaseKind.EXERCISE:  # as it stood when it was first asked
        context |= {
            "history": judging.as_it_was(found, context["history"]),
            "known_making": None,
            "thread": [],
        }
    return render(request, "moderation/case.html", context, status=status)


def _around(found: Case, person: User, sent: Mapping[str, BaseForm], veil: Veil | None) -> dict[str, Any]:
    """The thread and what can be done beside deciding."""
    colleagues = handling.colleagues(found.entry, but=person)
    thread = list(handling.thread(found.entry))
    if veil is not None:
        for note in thread:
            note.text = veil.over(note.text)
    return {
        "thread": thread,
        "comment_form": sent.get("comment") or CommentForm(colleagues=colleagues),
        "aside_form": sent.get("aside") or AsideForm(),
        "escalate_form": sent.get("escalate") or EscalateForm(),
        "reassign_form": sent.get("reassign") or ReassignForm(colleagues=colleagues),
    }


@login_required
@require_POST
def decide(request: HtmxRequest, pk: int) -> HttpResponse:
    found = doors.case(request, pk, "moderation.decide")
    person = signed_in(request)
    if "insert" in request.POST:
        return _with_text(request, found)
    form = _form(found, person, request.POST)
    if not form.is_valid():
        return shown(request, pk, form)
    if "take_over" in request.POST:
        locks.take_over(found, by=person)
    try:
        outcome = decisions.answer(found, by=person, **form.decision)
    except decisions.HeldByAnother as held:
        said = _("Your decision was not used; what you wrote is still here.")
        form.add_error(None, f"{holds(held.lock)} {said}")
        return shown(request, pk, form, status=409)
    except decisions.AlreadyDecided:
        return _not_used(request, found, form)
    except MayNotDecide as refused:
        messages.warning(request, _refusal(found, refused))
        return to_next(request, found)
    messages.success(request, judging.said(judging.title(found.entry), outcome))
    return to_next(request, found)


def _refusal(found: Case, refused: MayNotDecide) -> str:
    if isinstance(refused, ending.NotNeutral):
        return str(refused)
    if isinstance(refused, ending.NotACopy):
        said = _("The claim on “%(entry)s” can be upheld on the ground of a copy alone.")
    elif isinstance(refused, ending.TooEarly):
        said = _("The entrant may still answer the claim on “%(entry)s”, so nothing is taken from them yet.")
    elif isinstance(refused, decisions.TooLate):
        said = _("The time to decide the appeal about “%(entry)s” has run out: it ends as the entrant asks.")
    elif isinstance(refused, decisions.HadPart):
        said = _("You decided about “%(entry)s” before, so somebody else decides now.")
    else:
        said = _("You have had your say on “%(entry)s”. Somebody else decides it.")
    return said % {"entry": judging.title(found.entry)}


def _form(found: Case, person: User, data: QueryDict | None = None, **options: Any) -> DecisionForm:
    """The form that decides a case of its kind."""
    # What is open to a decision; all of it where it is the first.
    routes = decisions.choices(found) if found.kind in FILED else ()
    if found.kind == CaseKind.CLAIM:
        return ClaimDecisionForm(data, case=found, by=person, routes=routes, **options)
    return DecisionForm(data, routes=routes, **options)


def _with_text(request: HtmxRequest, found: Case) -> HttpResponse:
    """The form as it was, with the chosen text in its reason, in the language of who will read it."""
    sent = request.POST.copy()
    sent["reason"] = canned.insert(
        found.entry.contest,
        sent.get("text", ""),
        into=sent.get("reason", ""),
        language=found.entry.entrant.language,
    )
    initial = {name: sent.get(name, "") for name in ("route", "reason")}
    form = _form(found, signed_in(request), initial=initial)
    form.initial["grounds"] = sent.getlist("grounds")
    if request.htmx:
        form.fields["reason"].widget.attrs["autofocus"] = True
        return render(request, "moderation/partials/reason.html", {"field": form["reason"]})
    return shown(request, found.pk, form)


def _not_used(request: HttpRequest, found: Case, form: DecisionForm) -> HttpResponse:
    """Somebody was quicker. What was written is shown back: it may be wanted elsewhere."""
    decision = Decision.objects.standing().filter(case=found).select_related("by").first()
    _queue, cases = asked_for(request)
    context = {
        "case": found,
        "decision": decision,
        "written": form.cleaned_data["reason"],
        "next_case": following(cases, found),
        "query": request.GET.urlencode(),
    }
    return render(request, "moderation/not_used.html", context, status=409)


@login_required
@require_POST
def check_again(request: HttpRequest, pk: int) -> HttpResponse:
    found = doors.case(request, pk, "moderation.decide")
    if found.kind in FILED:
        raise Http404
    title = judging.title(found.entry)
    try:
        decisions.check_again(found, by=signed_in(request))
    except decisions.HeldByAnother as held:
        messages.warning(request, holds(held.lock))
        return back_to(request, found)
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
    return to_next(request, found)


def holds(lock: CaseLock) -> str:
    """Who works on a case, and until when by the reader's clock."""
    until = date_format(timezone.localtime(lock.until), "TIME_FORMAT")
    return _("%(person)s holds this case until %(time)s.") % {"person": lock.holder, "time": until}


def to_next(request: HttpRequest, done: Case) -> HttpResponse:
    """The next case of the queue that the address names, or the queue itself once it is empty."""
    _queue, cases = asked_for(request)
    after = following(cases, done)
    where = reverse("moderation:case", args=[after.pk]) if after else reverse("moderation:queue")
    return redirect(_with_query(request, where))


def back_to(request: HttpRequest, found: Case, anchor: str = "") -> HttpResponse:
    """The page of a case, in the queue that the address names."""
    where = _with_query(request, reverse("moderation:case", args=[found.pk]))
    return redirect(f"{where}#{anchor}" if anchor else where)


def _with_query(request: HttpRequest, where: str) -> str:
    query = request.GET.urlencode()
    return f"{where}?{query}" if query else where


@login_required
def entry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """An entry that needs no decision, as those who run its contest see it."""
    found = doors.entry(request, public_id)
    screening = found.screenings.filter(abandoned_at=None).order_by("-number").first()
    context = {
        **_entry_context(request, found, screening, veil_of(found), names=_may_be_named(found)),
        "open_case": Case.objects.open().filter(entry=found).first(),
    }
    return render(request, "moderation/entry.html", context)


def _may_be_named(entry: Entry) -> bool:
    """Whether pages say who decided about ``entry``. Not while somebody else is to decide once more: what is
    weighed is what was said, not who said it."""
    return not Case.objects.open().filter(entry=entry).filter(kind__in=FILED).exists()


def _entry_context(
    request: HttpRequest, found: Entry, screening: Screening | None, veil: Veil | None, *, names: bool
) -> dict[str, Any]:
    person = signed_in(request)
    wanted = review_settings(found.contest)
    said = impressions.of(found, person)
    veiled = impressions.is_veiled(found, said, wanted)
    artworks = list(found.artworks.all())
    lanes = evidence.lanes(screening, artworks, person, veil) if screening else []
    if veiled:
        lanes = evidence.without_estimate(lanes)
    disclosure = screening.disclosure if screening else found.disclosure
    tools = list(disclosure.tools.all()) if disclosure else []
    process_files = previews.of(found.process_files.exclude(role=ProcessRole.APPEAL))
    earlier = found.screenings.select_related("verdict").order_by("-number")
    steps, signed, known = history.steps(found, names=names), versions.of(found), knowing.known_making(found)
    if veil is not None:
        disclosure = veil.disclosure(disclosure) if disclosure else None
        tools = [veil.tool(tool) for tool in tools]
        process_files, steps = veil.process_files(process_files), veil.steps(steps)
        signed, known = veil.versions(signed), veil.making(known)
    return {
        "veil": veil,
        "entry": veil.entry() if veil else found,
        "contest": found.contest,
        "veiled": veiled,
        "impression": said,
        "guesses": Guess.choices,
        "artworks": artworks,
        "screening": screening,
        "lanes": lanes,
        "contradictions": evidence.contradictions(lanes),
        "overruled": [(row, overrules.name(row)) for row in overrules.in_force(found.contest).rows],
        "disclosure": disclosure,
        "tools": [(tool, tool_name(tool), dataset_names(tool)) for tool in tools],
        "process_files": process_files,
        "versions": signed,
        "known_making": known,
        "making_form": KnownMakingForm(auto_id="making_%s"),
        "history": steps,
        "past": [] if veil else past.of_entrant(found, person),
        "earlier_screenings": [one for one in earlier if screening is None or one.pk != screening.pk],
    }
