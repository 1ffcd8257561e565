"""Closing a contest's categories, once it takes no entries."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation import closings
from moderation.appeals.forms import ClosingForm
from moderation.views import doors
from submissions.models import Category, Contest
from submissions.people import signed_in


@login_required
def page(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, doors.contest(request, slug))


def _page(
    request: HttpRequest, contest: Contest, bound: tuple[str, ClosingForm] | None = None
) -> HttpResponse:
    """``bound``: the form of one category as it was sent, with what is wrong in it."""
    rows = []
    for standing in closings.standings(contest):
        kind = standing.category.kind
        fresh = ClosingForm(needs_waiver=bool(standing.appeals), auto_id=f"{kind}_%s")
        rows.append((standing, bound[1] if bound and bound[0] == kind else fresh))
    is_over = timezone.now() >= contest.closes_at
    context = {"contest": contest, "rows": rows, "is_over": is_over, "bound": bound[1] if bound else None}
    return render(request, "moderation/closing.html", context)


@login_required
@require_POST
def close(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    contest = doors.contest(request, slug)
    category = get_object_or_404(Category, contest=contest, kind=kind)
    needs_waiver = closings.touching(category).exists()
    form = ClosingForm(request.POST, needs_waiver=needs_waiver, auto_id=f"{kind}_%s")
    if not form.is_valid():
        return _page(request, contest, (kind, form))
    try:
        closings.close(category, by=signed_in(request), **form.waiver)
    except closings.StillOpen:
        messages.warning(request, _("The contest still takes entries. Its categories are closed after that."))
    except closings.AlreadyClosed:
        messages.warning(request, _("This category is closed already."))
    except closings.NeedsWaiver:
        messages.warning(request, _("An appeal was filed in this moment. Look at it before you close."))
    else:
        messages.success(request, _("The category is closed. Its results stand."))
    return redirect("moderation:closing", slug)
