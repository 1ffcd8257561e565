"""Decided cases asked once more: golden ones, whose answer is known, and second readings.

An exercise is a case of its own, given to one person, so that it stands in their queue, is opened, locked and
decided like any other; only its answer moves nothing and writes no letter. That it was one, they learn once
they have answered.
"""

import random
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation import interests, panel
from moderation.models import (
    Absence,
    Case,
    CaseKind,
    CaseQuerySet,
    Decision,
    Exercise,
    GoldenCase,
    Reading,
    review_settings,
)
from moderation.verdicts import Route
from submissions.models import Contest, User
from submissions.states import State

AT_A_TIME = 2
"""A person has at most so many exercises before them: the queue is for work."""
WITHIN = timedelta(days=30)
"""A second reading that nobody could be asked for within that time is not asked for any more."""


class NotDecided(Exception):
    """Only a decided case can be golden."""


@transaction.atomic
def answer(case: Case, *, by: User, route: Route, reason: str, grounds: Sequence[str]) -> Reading:
    """Close an exercise with what its person answered. Nothing else happens."""
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    return Reading.objects.create(
        exercise=Exercise.objects.get(case=case),
        by=by,
        route=route,
        grounds=list(grounds) if route == Route.REJECT else [],
        reason=reason,
    )


def make_golden(case: Case, *, route: Route, reason: str, by: User) -> GoldenCase:
    """From now on every other reviewer is asked ``case`` once; raises ``NotDecided``. Twice is once."""
    if not Decision.objects.standing().filter(case=case).exists():
        raise NotDecided(case.pk)
    golden, _is_new = GoldenCase.objects.get_or_create(
        case=case, defaults={"route": route, "reason": reason, "by": by}
    )
    return golden


def end_golden(golden: GoldenCase) -> None:
    """It is asked of nobody any more; what was answered stays."""
    with transaction.atomic():
        GoldenCase.objects.filter(pk=golden.pk, ended_at=None).update(ended_at=timezone.now())
        Case.objects.filter(exercise__golden=golden, closed_at=None).update(closed_at=timezone.now())


# Asking


def ask_all() -> int:
    """The sweep: give exercises to those who have room for one; how many were given."""
    return sum(_ask(contest) for contest in _with_exercises())


def _with_exercises() -> Iterable[Contest]:
    golden = Contest.objects.filter(cases__golden__ended_at=None, cases__golden__isnull=False)
    twice = Contest.objects.filter(review_settings__twice_of_100__gt=0)
    return (golden | twice).distinct()


def _ask(contest: Contest) -> int:
    given = 0
    people = panel.organizers(contest).exclude(pk__in=Absence.objects.filter(panel.away()).values("person"))
    for person in people:
        before = Case.objects.filter(kind=CaseKind.EXERCISE, assigned_to=person, closed_at=None).count()
        for of, golden in _askable(contest, person)[: max(0, AT_A_TIME - before)]:
            given += _give(of, golden, person)
    return given


def _askable(contest: Contest, person: User) -> list[tuple[Case, GoldenCase | None]]:
    """What ``person`` has not decided, marked or answered, and may decide; in an order of chance."""
    decided = Case.objects.filter(
        contest=contest,
        kind=CaseKind.REVIEW,
        decision__isnull=False,
        decision__undoing=None,
    )
    fit = (
        decided.exclude(decision__by=person)
        .exclude(opinion__by=person)
        .exclude(exercises__case__assigned_to=person)
        .exclude(interests.barred(person, "entry"))
        .exclude(entry__state=State.WITHDRAWN)
        .exclude(entry__erasure__isnull=False)
        .select_related("entry", "golden")
    )
    golden = [
        (case, case.golden)
        for case in fit.filter(golden__isnull=False, golden__ended_at=None).exclude(golden__by=person)
    ]
    twice = [(case, None) for case in _second_readings(contest, fit)]
    asked: list[tuple[Case, GoldenCase | None]] = [*golden, *twice]
    random.shuffle(asked)
    return asked


def _second_readings(contest: Contest, fit: CaseQuerySet) -> list[Case]:
    share = review_settings(contest).twice_of_100
    recent = fit.filter(golden=None, exercises=None, closed_at__gte=timezone.now() - WITHIN)
    return [case for case in recent if is_drawn(case.pk, share)]


def is_drawn(case: int, share: int) -> bool:
    """Whether a case is among the ``share`` of 100 that a second person reads: by chance, but always the same
    answer for the same case, so that a sweep which runs again draws no more."""
    return random.Random(f"second reading of {case}").randrange(100) < share  # noqa: S311 -- no secret


def _give(of: Case, golden: GoldenCase | None, person: User) -> int:
    """Open an exercise that looks like a case of today; 0 where another sweep was quicker."""
    now = timezone.now()
    try:
        with transaction.atomic():
            case = Case.objects.create(
                kind=CaseKind.EXERCISE,
                entry=of.entry,
                contest_id=of.contest_id,
                verdict_id=of.verdict_id,
                topics=of.topics,
                severity=of.severity,
                lanes=of.lanes,
                codes=of.codes,
                words=of.words,
                entrant_words=of.entrant_words,
                opened_at=now,
                due_at=now + (of.due_at - of.opened_at),
                assigned_to=person,
            )
            Exercise.objects.create(case=case, of=of, golden=golden)
    except IntegrityError:
        return 0
    return 1
