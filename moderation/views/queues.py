"""The queues: what waits, why, since when and until when."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

from moderation import reasons
from moderation.blind import blind_among
from moderation.filters import CaseFilter
from moderation.models import Case, CaseQuerySet
from moderation.queues import ORGANIZERS, QUEUES, Queue, counts, for_page, workable
from moderation.views import judging
from submissions.models import Membership, User
from submissions.people import signed_in

CASES_A_PAGE = 24


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails


@dataclass(frozen=True)
class Row:
    case: Case
    reasons: list[str]
    is_overdue: bool
    is_blind: bool = False


def asked_for(request: HttpRequest) -> tuple[Queue, CaseQuerySet]:
    """The queue and the cases that an address asks for; the case page reads it to find the next one."""
    queue = QUEUES.get(request.GET.get("queue", "all"))
    if queue is None:
        raise Http404
    return queue, narrowed(request, queue.cases(signed_in(request)))


def narrowed(request: HttpRequest, cases: CaseQuerySet) -> CaseQuerySet:
    """``cases`` as the filters of the address narrow them; a filter that makes no sense finds nothing."""
    filters = CaseFilter(request.GET, queryset=cases, request=request)
    found: CaseQuerySet = filters.qs if filters.is_valid() else cases.none()
    return found


@login_required
@vary_on_headers("HX-Request")  # the back button must not show rows without their page
def queue(request: HtmxRequest) -> HttpResponse:
    user = signed_in(request)
    if not _organizes_anything(user):
        raise Http404
    chosen, cases = asked_for(request)
    counted = counts(narrowed(request, workable(user)))
    page = Paginator(for_page(cases), CASES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "queue": chosen,
        "queues": [(one, counted[name]) for name, one in QUEUES.items()],
        "filter": CaseFilter(request.GET, queryset=cases, request=request),
        "page": page,
        "rows": _rows(list(page)),
        "query": _query(request),
    }
    template = "moderation/queue.html#rows" if request.htmx else "moderation/queue.html"
    return render(request, template, context)


def _rows(cases: list[Case]) -> list[Row]:
    """With what a blind reviewer may not know taken out, and days in place of times."""
    now, rows = timezone.now(), []
    blind = blind_among({case.entry.contest for case in cases})
    for case in cases:
        veil = judging.veil_of(case.entry) if case.entry.contest_id in blind else None
        if veil is not None:
            case.entry = veil.entry()
        row = Row(
            case, reasons.for_reviewer(case.verdict, veil), case.due_at < now, is_blind=veil is not None
        )
        rows.append(row)
    return rows


def _organizes_anything(user: User) -> bool:
    return Membership.objects.filter(user=user, role__in=ORGANIZERS).exists()


def _query(request: HttpRequest) -> str:
    """What a case's page must know to come back to this queue: everything but the page's number."""
    kept = request.GET.copy()
    kept.pop("page", None)
    for name in [name for name, value in kept.items() if not value]:
        del kept[name]
    return kept.urlencode()
