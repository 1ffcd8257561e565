"""The queues: what waits, why, since when and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

from moderation import impressions, reasons, saving
from moderation.blind import Veil, veils
from moderation.bulk import MOST_CASES
from moderation.due import Due
from moderation.filters import CaseFilter
from moderation.forms.queues import SavedFilterForm
from moderation.models import Case, CaseQuerySet, SavedFilter, known_settings
from moderation.queues import Queue, counts, open_to, shown, workable
from submissions.models import User
from submissions.people import signed_in

CASES_A_PAGE = 24


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails


@dataclass(frozen=True)
class Row:
    """A case as a queue lists it."""

    case: Case
    reasons: list[str]
    due: Due
    due_at: datetime
    due_words: Promise
    is_blind: bool = False


def asked_for(request: HttpRequest) -> tuple[Queue, CaseQuerySet]:
    """The queue and the cases that an address asks for; the case page reads it to find the next one."""
    user = signed_in(request)
    queue = _named(request, open_to(user))
    return queue, queue.among(user, _filtered(request).qs)


def _named(request: HttpRequest, queues: Sequence[Queue]) -> Queue:
    """The queue that the address names; one that is not open to this person does not exist for them."""
    asked = request.GET.get("queue", "all")
    for queue in queues:
        if queue.name == asked:
            return queue
    raise Http404


def _filtered(request: HttpRequest) -> CaseFilter:
    """What this person may work, as the filters narrow it; a filter that makes no sense finds nothing."""
    filters = CaseFilter(request.GET, queryset=workable(signed_in(request)), request=request)
    if not filters.is_valid():
        filters.queryset = filters.queryset.none()
    return filters


@login_required
@vary_on_headers("HX-Request")  # the back button must not show rows without their page
def queue(request: HtmxRequest) -> HttpResponse:
    user, filters = signed_in(request), _filtered(request)
    counted = counts(user, filters.qs)
    chosen = _named(request, [one for one, _number in counted])
    paginator = _Counted(chosen.among(user, filters.qs).values_list("pk", flat=True), CASES_A_PAGE)
    paginator.count = next(number for one, number in counted if one.name == chosen.name)
    page = paginator.get_page(request.GET.get("page"))
    query = saving.as_query(request.GET)
    context = {
        "queue": chosen,
        "queues": counted,
        "filter": filters,
        "is_filtered": query not in ("", f"queue={chosen.name}"),
        "page": page,
        "rows": rows(chosen, shown(page.object_list), user),
        "query": query,
        "saved": SavedFilter.objects.filter(person=user).order_by("name"),
        "form": SavedFilterForm(),
        "most": MOST_CASES,
    }
    template = "moderation/queue.html#rows" if request.htmx else "moderation/queue.html"
    return render(request, template, context)


class _Counted(Paginator):  # type: ignore[type-arg]  # generic to the type checker only
    """Pages of what was counted already, beside all other queues."""

    count = 0


def rows(queue: Queue, cases: Sequence[Case], reader: User) -> list[Row]:
    """What ``reader`` may know of each: nothing of an estimate before their first impression, and where they
    review blindly no name, and days in place of times."""
    now, veiled = timezone.now(), impressions.veiled(cases, reader)
    nameless = veils(case.entry for case in cases if known_settings(case.contest).blind)
    return [
        _row(queue, case, now, veiled=case.pk in veiled, veil=nameless.get(case.entry_id)) for case in cases
    ]


def _row(queue: Queue, case: Case, now: datetime, *, veiled: bool, veil: Veil | None) -> Row:
    if veil is not None:
        case.entry = veil.entry()
    due = queue.due.state(case, now)
    return Row(
        case=case,
        reasons=reasons.in_a_row(case, veiled=veiled),
        due=due,
        due_at=queue.due.at(case),
        due_words=queue.due.words[due],
        is_blind=veil is not None,
    )


@login_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the queue that the address shows under a name."""
    user, back = signed_in(request), f"{reverse('moderation:queue')}?{saving.as_query(request.GET)}"
    _named(request, open_to(user))
    form = SavedFilterForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Give the filter a name of up to 60 characters."))
        return redirect(back)
    try:
        kept = saving.keep(user, name=form.cleaned_data["name"], asked=request.GET)
    except saving.TooMany:
        messages.warning(
            request,
            _("You keep %(number)s filters already. Remove one first.") % {"number": saving.MOST_FILTERS},
        )
    else:
        messages.success(request, _("“%(name)s” is kept.") % {"name": kept})
    return redirect(back)


@login_required
@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a filter of one's own."""
    kept = get_object_or_404(SavedFilter, pk=pk, person=signed_in(request))
    kept.delete()
    messages.success(request, _("“%(name)s” is removed.") % {"name": kept})
    return redirect("moderation:queue")
