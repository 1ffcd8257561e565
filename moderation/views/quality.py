"""How well a contest is reviewed, as a page; and golden cases."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation import exercises, quality
from moderation.agreement import Month, Share
from moderation.forms.panel import GoldenForm
from moderation.models import GoldenCase, review_settings
from moderation.verdicts import Route
from moderation.views import doors, judging
from submissions.people import signed_in

HEIGHT, STEP = 100, 24  # of the drawing; one month takes a step


@dataclass(frozen=True)
class Dot:
    """One month in the drawing: the share, its interval as a line, in the drawing's units from the top."""

    x: int
    y: str
    top: str
    bottom: str


@dataclass(frozen=True)
class Drift:
    """Agreement by month, as a table and as a drawing of the same."""

    about: str
    months: Sequence[Month]

    @property
    def width(self) -> int:
        return STEP * max(len(self.months), 1)

    @property
    def line(self) -> str:
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)

    @property
    def dots(self) -> list[Dot]:
        return [_dot(at, month.share) for at, month in enumerate(self.months)]


def _dot(at: int, share: Share) -> Dot:
    found = share.interval
    y, top, bottom = (f"{HEIGHT * (1 - one):.1f}" for one in (found.value, found.high, found.low))
    return Dot(at * STEP + STEP // 2, y, top, bottom)


@login_required
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Owners see everybody's figures; an organizer the sums and their own."""
    contest = doors.contest(request, slug)
    user = signed_in(request)
    found = quality.figures(contest)
    sees_all = user.has_perm("moderation.own_contest", contest)
    golden = GoldenCase.objects.filter(case__contest=contest, ended_at=None).select_related(
        "case__entry", "by"
    )
    context = {
        "contest": contest,
        "figures": found,
        "reviewers": [one for one in found.reviewers if sees_all or one.person == user],
        "sees_all": sees_all,
        "settings": review_settings(contest),
        # Who marked it knows the answer already; to anybody else it may still come as an exercise.
        "golden": [(one, judging.title(one.case.entry)) for one in golden.filter(by=user)],
        "golden_in_all": golden.count(),
        "drifts": [
            Drift(_("Second readings that agree with the decision"), found.twice_months),
            Drift(_("Golden cases answered as known"), found.golden_months),
        ],
    }
    return render(request, "moderation/quality.html", context)


@login_required
@require_POST
def make_golden(request: HttpRequest, pk: int) -> HttpResponse:
    found = doors.case(request, pk)
    form = GoldenForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Name the right answer, and how you know it."))
        return redirect("moderation:case", pk)
    try:
        exercises.make_golden(
            found,
            route=Route(form.cleaned_data["route"]),
            reason=form.cleaned_data["reason"],
            by=signed_in(request),
        )
    except exercises.NotDecided:
        messages.error(request, _("Only a case that a person has decided can be golden."))
    else:
        messages.success(
            request,
            _("Your colleagues are asked it once more, as if it were new. Nothing changes for the entry."),
        )
    return redirect("moderation:case", pk)


@login_required
@require_POST
def end_golden(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    contest = doors.contest(request, slug)
    golden = get_object_or_404(GoldenCase, case__contest=contest, by=signed_in(request), pk=pk)
    exercises.end_golden(golden)
    messages.success(request, _("It is asked of nobody any more. What was answered stays."))
    return redirect("moderation:quality", slug)
