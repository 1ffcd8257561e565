"""What pages show of appeals and closed categories."""

from typing import Any

from django import template
from django.db.models import Count, Min

from moderation import closings, decisions, queues
from moderation.appeals import reading
from moderation.appeals.reading import OwnAppeals, Shown
from moderation.models import Case, CaseQuerySet, CategoryClosing
from submissions.models import Category, Contest, Entry, User

register = template.Library()


@register.simple_tag
def own_appeals(entry: Entry) -> OwnAppeals:
    """For the entrant: whether the judgement may be appealed, and the appeals so far."""
    return reading.own(entry)


@register.simple_tag
def appeal_of(case: Case) -> Shown | None:
    """The appeal that a case is about."""
    return reading.of_case(case)


@register.simple_tag
def appeals_of(entry: Entry) -> list[Shown]:
    return reading.of(entry)


@register.simple_tag
def had_part(user: User, case: Case) -> bool:
    """Whether somebody else than ``user`` must decide ``case``."""
    return decisions.had_part(user, case)


@register.simple_tag
def waits_for_others(user: User) -> dict[str, Any]:
    """How many appeals and claims ``user`` may not decide, and the first one's last day."""
    return _number_and_first(queues.for_others(user))


@register.simple_tag
def appeals_waiting(user: User) -> dict[str, Any]:
    """How many appeals ``user`` may decide, and the first one's last day."""
    return _number_and_first(queues.QUEUES["appeals"].cases(user))


def _number_and_first(cases: CaseQuerySet) -> dict[str, Any]:
    return cases.aggregate(number=Count("pk"), first=Min("due_at"))


@register.simple_tag
def closing_of(category: Category) -> CategoryClosing | None:
    return closings.of(category)


@register.simple_tag
def closings_in(contest: Contest) -> list[CategoryClosing]:
    return closings.in_contest(contest)


@register.filter
def hung_after_closing(entry: Entry) -> bool:
    """Whether a hung entry came to hang after its category was closed."""
    return closings.hung_after(entry)
