"""What a case's page shows of who may decide it, and what it keeps from them."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from moderation.blind import Veil, veil_of
from moderation.forms.panel import AbstainForm, GoldenForm, WhyForm
from moderation.history import Step
from moderation.models import (
    Case,
    CaseKind,
    Decision,
    Exercise,
    GoldenCase,
    Opinion,
    PendingDecision,
    Reading,
    Unveiling,
    review_settings,
)
from moderation.quality import is_right
from moderation.wording import labels
from submissions.models import Entry
from submissions.people import signed_in


def title(entry: Entry) -> str:
    """The entry's title, as those who review it may read it."""
    veil = veil_of(entry)
    return veil.over(entry.title) if veil else entry.title


def context(
    request: HttpRequest, case: Case, *, veil: Veil | None, decision: Decision | None
) -> dict[str, Any]:
    """Beside the evidence: whether this reader may decide, abstain, lift the veil or mark it as golden."""
    user = signed_in(request)
    is_open = case.closed_at is None
    settings = review_settings(case.contest)
    opinion = Opinion.objects.filter(case=case).select_related("by").first()
    if veil is not None and opinion is not None:
        opinion.reason = veil.over(opinion.reason)
    is_own = opinion is not None and opinion.by_id == user.pk
    unveilings = Unveiling.objects.filter(case__entry=case.entry_id).select_related("by")
    return {
        "is_open": is_open,
        # Nobody learns what another thinks before they have chosen themselves.
        "opinion": opinion if is_own or not is_open else None,
        "has_spoken": is_open and is_own,
        "needs_two": settings.two_for_rejection,
        "abstain_form": AbstainForm(auto_id="abstain_%s"),
        "unveil_form": WhyForm(auto_id="unveil_%s"),
        "may_unveil": veil is not None and user.has_perm("moderation.own_contest", case.contest),
        "unveilings": unveilings if settings.blind else (),
        "golden_form": GoldenForm(auto_id="golden_%s") if _may_be_golden(decision) else None,
        "exercise": _exercise(case) if case.kind == CaseKind.EXERCISE and not is_open else None,
    }


def _may_be_golden(decision: Decision | None) -> bool:
    if decision is None or decision.case.kind != CaseKind.REVIEW:
        return False
    return not GoldenCase.objects.filter(case=decision.case_id).exists()


def _exercise(case: Case) -> dict[str, Any] | None:
    """What an answered exercise was, for who answered it."""
    reading = Reading.objects.filter(exercise__case=case).select_related("exercise__golden").first()
    if reading is None:
        return None
    return {"reading": reading, "said": said_of(reading)}


def as_it_was(case: Case, steps: list[Step]) -> list[Step]:
    """The entry's way up to the question that an open exercise asks once more."""
    exercise = Exercise.objects.filter(case=case).select_related("of__decision").first()
    if exercise is None:
        return steps
    return [step for step in steps if step.at < exercise.of.decision.at]


def said(title: str, outcome: Decision | PendingDecision | Opinion | Reading) -> str:
    """What a person is told once they have chosen."""
    if isinstance(outcome, PendingDecision):
        until = date_format(timezone.localtime(outcome.effective_at), "TIME_FORMAT")
        return _(
            "“%(entry)s” is decided. It takes effect at %(time)s, and nobody is told before; until then you "
            "can take it back."
        ) % {"entry": title, "time": until}
    if isinstance(outcome, Reading):
        return (
            _("“%(entry)s” was asked once more; nothing changes for it.") % {"entry": title}
            + " "
            + said_of(outcome)
        )
    if isinstance(outcome, Opinion):
        return _(
            "“%(entry)s” is not rejected yet: this contest asks two people. Your words are kept, and "
            "somebody else reads it now without knowing of them."
        ) % {"entry": title}
    first = Opinion.objects.filter(case=outcome.case).first()
    if first is None:
        return _("“%(entry)s” is decided.") % {"entry": title}
    if first.route == outcome.route:
        return _(
            "“%(entry)s” is rejected. Another person had come to the same; the entrant reads what both of "
            "you wrote, and neither name."
        ) % {"entry": title}
    return _("“%(entry)s” is decided. Another person would have rejected it; two would have been needed.") % {
        "entry": title
    }


def said_of(reading: Reading) -> str:
    golden = reading.exercise.golden
    expected = golden.route if golden else reading.exercise.of.decision.route
    route = labels.label(labels.ROUTES, expected)
    if golden:
        if is_right(reading):
            return _("Its answer is known, and yours is the same: %(route)s.") % {"route": route}
        return _("Its answer is known: %(route)s.") % {"route": route}
    if is_right(reading):
        return _("Another person had decided it, as you would: %(route)s.") % {"route": route}
    return _("Another person had decided it otherwise: %(route)s. It stays so.") % {"route": route}
