"""A contest behind its public page: numbers, dates, rules."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from moderation import contests, interests, queues
from moderation.blind import drawn, is_blind
from moderation.estimates import live, silences
from moderation.forms.contests import ContestForm
from moderation.forms.rules import RulesForm
from moderation.models import Verdict
from moderation.verdicts import Route
from moderation.views import doors
from moderation.wording import labels
from submissions.models import Artwork, Contest, Entry
from submissions.people import signed_in
from submissions.reading import reading
from submissions.states import State

ENTRIES_A_PAGE = 24
SHOWN_STATES = [state for state in State if state != State.DRAFT]


@login_required
def dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    contest = doors.contest(request, slug)
    user = signed_in(request)
    context = {
        "contest": contest,
        "states": _by_state(contest),
        "routes": _by_route(contest),
        "queues": queues.counts(user, queues.workable(user).filter(contest=contest)),
        "own_cases": queues.own(user).filter(contest=contest).count(),
        "policy": contest.policy,
        "chapters": reading(contest.policy.rules),
        "truth": live.tallies(contest),
        "media": labels.MEDIUMS,
        "silences": list(silences.in_force(contest).values()),
    }
    return render(request, "moderation/contest.html", context)


def _by_state(contest: Contest) -> list[tuple[State, int]]:
    rows = contest.entries.values("state").annotate(number=Count("pk")).values_list("state", "number")
    found = dict(rows.order_by())
    return [(state, found.get(state.value, 0)) for state in SHOWN_STATES]


def _by_route(contest: Contest) -> list[tuple[str, int]]:
    """How many verdicts took each route. An entry that was checked twice counts twice."""
    verdicts = Verdict.objects.filter(screening__entry__contest=contest)
    found = dict(
        verdicts.values("route").annotate(number=Count("pk")).values_list("route", "number").order_by()
    )
    return [(labels.label(labels.ROUTES, route), found.get(route.value, 0)) for route in Route]


@login_required
def create(request: HttpRequest, slug: str) -> HttpResponse:
    organization = doors.organization(request, slug)
    user = signed_in(request)
    form = ContestForm(request.POST or None, initial={"time_zone": user.time_zone})
    rules_form = RulesForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and rules_form.is_valid():
        fields: dict[str, Any] = {name: form.cleaned_data[name] for name in ContestForm.Meta.fields}
        made = contests.create_contest(
            organization, **fields, category_names=form.category_names, rules=rules_form.rules, by=user
        )
        messages.success(request, _("The contest is made."))
        return redirect("moderation:contest", made.slug)
    context = {"organization": organization, "form": form, "rules_form": rules_form}
    return render(request, "moderation/contest_new.html", context)


@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    contest = doors.contest(request, slug)
    form = ContestForm(request.POST or None, instance=contest)
    if request.method == "POST" and form.is_valid():
        contests.edit_contest(form.save(commit=False), category_names=form.category_names)
        messages.success(request, _("Saved."))
        return redirect("moderation:contest", slug)
    title = Contest.objects.values_list("title", flat=True).get(pk=contest.pk)
    return render(request, "moderation/contest_edit.html", {"contest": contest, "title": title, "form": form})


@login_required
def entries(request: HttpRequest, slug: str) -> HttpResponse:
    """Every entry of the contest, for those who run it; one's own entries are not among them."""
    contest = doors.contest(request, slug)
    state = request.GET.get("state", "")
    first = Artwork.objects.filter(entry=OuterRef("pk")).exclude(thumbnail="").order_by("position", "pk")
    found = (
        Entry.objects.filter(
            contest=contest, state__in=[one for one in SHOWN_STATES if one != State.WITHDRAWN]
        )
        .exclude(interests.barred(signed_in(request)))
        .select_related("category")
        .annotate(cover=Subquery(first.values("public_id")[:1]))
        .order_by("-submitted_at", "-pk")
    )
    if state in State.values:
        found = found.filter(state=state)
    blind = is_blind(contest)
    if blind:
        found = found.order_by("public_id")  # of chance: when a work came may tell whose it is
    page = Paginator(found, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    states = [one for one in SHOWN_STATES if one != State.WITHDRAWN]
    veils = drawn(page) if blind else {}
    for entry in page if blind else ():
        entry.title = veils[entry.pk].over(entry.title)
    context = {"contest": contest, "page": page, "states": states, "state": state, "blind": blind}
    return render(request, "moderation/entries.html", context)
