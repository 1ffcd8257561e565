"""How well a contest is reviewed: answers to golden cases, second readings, and how both change with time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from moderation.agreement import Month, Share, by_month, kappa_interval
from moderation.detector.evaluation.figures import Interval
from moderation.models import GoldenCase, Reading
from submissions.models import Contest, User


@dataclass(frozen=True)
class Reviewer:
    """One person's answers: to golden cases as known, and to others' decisions as decided."""

    person: User
    golden: Share
    twice: Share


@dataclass(frozen=True)
class Figures:
    reviewers: Sequence[Reviewer]
    golden: Share
    twice: Share
    kappa: Interval | None
    """Cohen's, of all second readings against the decisions that stand."""
    golden_months: Sequence[Month]
    twice_months: Sequence[Month]


def figures(contest: Contest) -> Figures:
    readings = list(
        Reading.objects.filter(exercise__of__contest=contest, exercise__of__decision__undoing=None)
        .select_related("by", "exercise__golden", "exercise__of__decision")
        .order_by("at", "pk")
    )
    golden = [one for one in readings if one.exercise.golden is not None]
    twice = [one for one in readings if one.exercise.golden is None]
    return Figures(
        reviewers=_reviewers(golden, twice),
        golden=_share(golden),
        twice=_share(twice),
        kappa=kappa_interval([(one.exercise.of.decision.route, one.route) for one in twice]),
        golden_months=_months(golden),
        twice_months=_months(twice),
    )


def is_right(reading: Reading) -> bool:
    """Whether it is the known answer; of a second reading, whether it is what the first person decided."""
    golden: GoldenCase | None = reading.exercise.golden
    return reading.route == (golden.route if golden else reading.exercise.of.decision.route)


def _share(readings: Sequence[Reading]) -> Share:
    return Share(sum(map(is_right, readings)), len(readings))


def _months(readings: Sequence[Reading]) -> list[Month]:
    return by_month((timezone.localdate(one.at), is_right(one)) for one in readings)


def _reviewers(golden: Sequence[Reading], twice: Sequence[Reading]) -> list[Reviewer]:
    people = {one.by_id: one.by for one in (*golden, *twice)}
    answers: dict[int, tuple[list[Reading], list[Reading]]] = defaultdict(lambda: ([], []))
    for kind, readings in enumerate((golden, twice)):
        for one in readings:
            answers[one.by_id][kind].append(one)
    found = [Reviewer(people[pk], _share(answers[pk][0]), _share(answers[pk][1])) for pk in people]
    return sorted(found, key=lambda one: (str(one.person), one.person.pk))
