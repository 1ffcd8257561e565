"""What a reviewer does with a case beside deciding it: hold it, put it aside, ask, give, say."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation import handling, impressions, locks, undoing
from moderation.forms.cases import AsideForm, CommentForm, EscalateForm, ImpressionForm, ReassignForm
from moderation.models import Case, Decision
from moderation.views import doors, judging
from moderation.views.cases import HtmxRequest, back_to, holds, shown, to_next
from submissions.people import signed_in


@login_required
@require_POST
def lock(request: HtmxRequest, pk: int) -> HttpResponse:
    """Take the case, or renew what is taken; an open page asks for it again and again."""
    found = doors.case(request, pk)
    person = signed_in(request)
    waits = undoing.pending(found) is not None
    is_open = found.closed_at is None and not waits
    held = locks.hold(found, by=person) if is_open else None
    if request.htmx:
        decided = Decision.objects.standing().filter(case=found).select_related("by").first()
        context = {"case": found, "lock": held, "is_open": is_open, "decision": decided, "waits": waits}
        return render(request, "moderation/partials/lock.html", context)
    if held is None:
        _no_longer(request, found)
    elif held.holder != person:
        messages.warning(request, holds(held))
    return back_to(request, found, "decision")


@login_required
@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    found = doors.case(request, pk, "moderation.decide")
    if found.closed_at is not None or undoing.pending(found):
        _no_longer(request, found)
    else:
        locks.take_over(found, by=signed_in(request))
        messages.success(request, _("You hold the case now. Its thread says that you took it over."))
    return back_to(request, found, "decision")


@login_required
@require_POST
def put_aside(request: HttpRequest, pk: int) -> HttpResponse:
    found = doors.case(request, pk)
    said = _("“%(entry)s” is put aside.")
    return _let_go(request, found, AsideForm(request.POST), handling.put_aside, said, shown_as="aside")


@login_required
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    found = doors.case(request, pk)
    try:
        handling.resume(found, by=signed_in(request))
    except handling.NoLongerOpen:
        _no_longer(request, found)
    return back_to(request, found)


@login_required
@require_POST
def escalate(request: HttpRequest, pk: int) -> HttpResponse:
    found = doors.case(request, pk)
    said = _("The owners are asked about “%(entry)s”.")
    return _let_go(request, found, EscalateForm(request.POST), handling.escalate, said, shown_as="escalate")


@login_required
@require_POST
def reassign(request: HttpRequest, pk: int) -> HttpResponse:
    found = doors.case(request, pk)
    colleagues = handling.colleagues(found.entry, but=signed_in(request))
    form = ReassignForm(request.POST, colleagues=colleagues)
    said = _("“%(entry)s” is given to %(to)s.")
    return _let_go(request, found, form, handling.reassign, said, shown_as="reassign")


def _let_go(
    request: HttpRequest, found: Case, form: Form, verb: Callable[..., object], said: str, *, shown_as: str
) -> HttpResponse:
    """Do ``verb`` to the case and go on to the next; ``said`` may speak of the entry and of what was sent."""
    if not form.is_valid():
        return shown(request, found.pk, sent={shown_as: form})
    person = signed_in(request)
    try:
        verb(found, by=person, **form.cleaned_data)
    except handling.NoLongerOpen:
        _no_longer(request, found)
        return to_next(request, found)
    locks.let_go(found, by=person)
    messages.success(request, said % {"entry": judging.title(found.entry), **form.cleaned_data})
    return to_next(request, found)


@login_required
@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    found = doors.case(request, pk)
    person = signed_in(request)
    form = CommentForm(request.POST, colleagues=handling.colleagues(found.entry, but=person))
    if not form.is_valid():
        return shown(request, pk, sent={"comment": form})
    handling.comment(found, by=person, **form.cleaned_data)
    return back_to(request, found, "thread")


@login_required
@require_POST
def impression(request: HttpRequest, pk: int) -> HttpResponse:
    found = doors.case(request, pk)
    form = ImpressionForm(request.POST)
    if form.is_valid():
        impressions.say(found.entry, form.said, by=signed_in(request))
    else:
        messages.error(request, _("Choose one of the three."))
    return back_to(request, found)


def _no_longer(request: HttpRequest, found: Case) -> None:
    messages.warning(request, _("“%(entry)s” no longer waits.") % {"entry": judging.title(found.entry)})
