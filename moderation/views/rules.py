"""A contest's rules: written, compared, tried out, and judged by again."""

import difflib
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from moderation import contests, drafts
from moderation.estimates.forms import BudgetForm
from moderation.forms.rules import ClockForm, RulesForm, RulesTextForm
from moderation.models import RulesDraft
from moderation.replay import replay
from moderation.views import doors
from moderation.wording.rules import PRESET_WORDS
from submissions.models import Contest, PolicyVersion
from submissions.people import signed_in
from submissions.reading import changes, reading
from submissions.rules import Clocks, Rules, as_toml

FLIPS_SHOWN = 200


@login_required
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """Two ways to write one document: as text, or by answering questions. Both can be read before they count,
    tried out beside the rules in force, or put in force."""
    contest = doors.contest(request, slug)
    in_force = contest.policy
    is_text = "text" in request.POST
    asked = None if is_text else request.POST or None
    form, budgets, clocks = _questions(in_force.rules, asked)
    text_form = RulesTextForm(request.POST if is_text else None, initial={"text": in_force.toml})
    written, text = None, ""
    if is_text:
        if text_form.is_valid():
            written, text = text_form.rules, text_form.cleaned_data["text"]
            form, budgets, clocks = _questions(written)
    elif asked and form.is_valid() and budgets.is_valid() and clocks.is_valid():
        written = replace(form.rules.with_budgets(budgets.held), clocks=clocks.clocks)
        text_form = RulesTextForm(initial={"text": as_toml(written)})
    if written is not None and request.POST.get("do") != "read":
        return _keep(request, contest, written, text)
    context = {
        "contest": contest,
        "form": form,
        "budgets": budgets,
        "clocks": clocks,
        "text_form": text_form,
        "is_text": is_text,
        "is_preview": written is not None,
        "chapters": reading(written or in_force.rules),
        "changes": changes(in_force.rules, written) if written else [],
        "in_force": in_force,
        "draft": RulesDraft.objects.running(contest),
        "versions": contest.policies.select_related("created_by").order_by("-number"),
    }
    return render(request, "moderation/rules.html", context)


def _questions(rules: Rules, sent: QueryDict | None = None) -> tuple[RulesForm, BudgetForm, ClockForm]:
    """The same rules as questions; a ready set is known by its answers alone."""
    answers = replace(rules, held_of_1000=(), clocks=Clocks())
    return (
        RulesForm(sent, rules=answers),
        BudgetForm(sent, rules=rules),
        ClockForm(sent, clocks=rules.clocks),
    )


def _keep(request: HttpRequest, contest: Contest, written: Rules, text: str) -> HttpResponseRedirect:
    person = signed_in(request)
    if request.POST.get("do") == "try":
        drafts.try_out(contest, written, by=person, text=text)
        messages.success(
            request, _("The draft judges every new entry from now on, beside the rules in force.")
        )
        return redirect("moderation:rules_draft", contest.slug)
    version = contests.set_rules(contest, written, by=person, text=text)
    _say(request, version)
    return redirect("moderation:contest", contest.slug)


def _say(request: HttpRequest, version: PolicyVersion | None) -> None:
    if version is None:
        messages.info(request, _("The rules are as they were; no new version was needed."))
    else:
        messages.success(
            request,
            _("Version %(number)s of the rules is in force for what arrives from now on.")
            % {"number": version.number},
        )


@login_required
@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """What two versions say differently, in words and as text; the last two where none are named."""
    contest = doors.contest(request, slug)
    versions = list(contest.policies.order_by("-number"))
    after = _version(versions, request.GET.get("to")) or versions[0]
    before = _version(versions, request.GET.get("from")) or next(
        (one for one in versions if one.number < after.number), after
    )
    context = {
        "contest": contest,
        "versions": versions,
        "before": before,
        "after": after,
        "changes": changes(before.rules, after.rules),
        "lines": _lines(before.toml, after.toml),
    }
    return render(request, "moderation/rules_compare.html", context)


def _lines(before: str, after: str) -> list[tuple[str, str]]:
    """Lines that went, came or stand around them, each with its sign."""
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return [(line[0], line[1:]) for line in found if not line.startswith(("---", "+++"))]


def _version(versions: list[PolicyVersion], number: str | None) -> PolicyVersion | None:
    return next((one for one in versions if str(one.number) == number), None)


@login_required
@require_safe
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft that runs beside the rules in force, and what would have gone elsewhere under it."""
    contest = doors.contest(request, slug)
    running = RulesDraft.objects.running(contest)
    context: dict[str, Any] = {"contest": contest, "draft": running}
    if running is not None:
        in_force = contest.policy
        report = drafts.difference(running, reader=signed_in(request))
        context |= {
            "in_force": in_force,
            "changes": changes(in_force.rules, running.rules),
            "report": report,
            "flips": report.flips[:FLIPS_SHOWN],
        }
    return render(request, "moderation/rules_draft.html", context)


@login_required
@require_POST
def turn_on(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    running = _draft(request, slug, pk)
    try:
        _say(request, drafts.turn_on(running, by=signed_in(request)))
    except drafts.DraftOver:
        messages.error(request, _("This draft has ended meanwhile. Look what is in force now."))
    return redirect("moderation:rules", slug)


@login_required
@require_POST
def discard(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    running = _draft(request, slug, pk)
    try:
        drafts.discard(running, by=signed_in(request))
        messages.success(request, _("The draft is discarded. The rules in force stay as they are."))
    except drafts.DraftOver:
        messages.error(request, _("This draft has ended meanwhile. Look what is in force now."))
    return redirect("moderation:rules", slug)


def _draft(request: HttpRequest, slug: str, pk: int) -> RulesDraft:
    return get_object_or_404(RulesDraft, contest=doors.contest(request, slug), pk=pk)


@login_required
@require_safe
def again(request: HttpRequest, slug: str) -> HttpResponse:
    """What other rules would have made of the entries so far. Nothing that is decided changes by it."""
    contest = doors.contest(request, slug)
    named = request.GET.get("rules", "")
    context: dict[str, Any] = {"contest": contest, "named": named, "choices": _choices(contest)}
    if named:
        if named not in [name for _group, choices in context["choices"] for name, _title in choices]:
            raise Http404
        report = replay(contest, contests.find_rules(named, contest), reader=signed_in(request))
        context |= {"report": report, "flips": report.flips[:FLIPS_SHOWN]}
    return render(request, "moderation/rules_again.html", context)


def _choices(contest: Contest) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whose rules can be tried, by kind: a draft, versions, the organization's other contests, presets."""
    own = [
        (str(number), _("Version %(number)s") % {"number": number})
        for number in contest.policies.order_by("-number").values_list("number", flat=True)
    ]
    if RulesDraft.objects.running(contest):
        own.insert(0, ("draft", _("The draft that is tried out")))
    others = Contest.objects.filter(organization=contest.organization).exclude(pk=contest.pk)
    return [
        (_("Of this contest"), own),
        (
            _("In force in your other contests"),
            [
                (f"{slug}:", title)
                for slug, title in others.order_by("-closes_at").values_list("slug", "title")
            ],
        ),
        (_("Ready sets"), [(name, str(words.title)) for name, words in PRESET_WORDS.items()]),
    ]
