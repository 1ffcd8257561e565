"""Who may decide a case: the contest's organizers but for those whom something keeps from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from moderation import interests
from moderation.models import Absence, Case, CaseKind, CaseQuerySet, Decision, Opinion
from submissions.models import Contest, Entry, Role, User
from submissions.states import State

ORGANIZERS = (Role.OWNER, Role.ORGANIZER)
# What somebody files; everything else is, or looks like, a first decision.
FILED = (CaseKind.APPEAL, CaseKind.CLAIM)
ANYBODY = -1  # stands for a person's key in a statement that is put together once


class MayNotDecide(Exception):
    """The person has an interest in the entry, or has given the first opinion of the case."""


def require(case: Case, user: User) -> None:
    """Raises ``MayNotDecide`` where ``user`` may not decide ``case``, which is open, whatever their role."""
    is_anothers = case.kind == CaseKind.EXERCISE and case.assigned_to_id != user.pk
    if is_anothers or case.pk in _kept(user):
        raise MayNotDecide(case.pk)


def decided_before(user: User) -> Q:
    """Appeals and claims about entries of which ``user`` said before what should become of them."""
    said = Q(entry__in=Decision.objects.filter(by=user).values("case__entry"))
    return Q(kind__in=FILED) & (said | Q(entry__in=Opinion.objects.filter(by=user).values("case__entry")))


def contests_of(user: User, roles: Iterable[Role] = ORGANIZERS) -> QuerySet[Contest]:
    return Contest.objects.filter(
        organization__memberships__user=user, organization__memberships__role__in=roles
    )


def workable(user: User) -> CaseQuerySet:
    """Cases before ``user``: open ones of contests they organize, and exercises given to them, but for those
    from which something keeps them.

    These are few and asked for first, so that whatever is then counted and ordered of many thousands reads
    the cases' own table alone.
    """
    mine = Case.objects.before(user).filter(contest__in=contests_of(user))
    return mine.exclude(pk__in=_kept(user))


def _kept(user: User) -> list[int]:
    """The keys of open cases that ``user`` may not decide, whatever their role.

    They have an interest in the entry, gave the case's first opinion, or decided what it was filed about.
    """
    statement, parameters = _kept_statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, [user.pk if one == ANYBODY else one for one in parameters])
        return [key for (key,) in cursor.fetchall()]


@cache
def _kept_statement() -> tuple[str, tuple[Any, ...]]:
    """The same for everybody but for their key, and put together once: that costs more than the answer."""
    anybody = User(pk=ANYBODY)
    waiting = Case.objects.filter(closed_at=None).values("pk")
    kept = waiting.filter(interests.barred(anybody, "entry")).union(
        waiting.filter(decided_before(anybody)),
        Opinion.objects.filter(by=anybody, case__closed_at=None).values("case"),
    )
    statement, parameters = kept.query.sql_with_params()
    return str(statement), tuple(parameters)


def awaits_somebody(entry: Entry) -> bool:
    """Whether a person is to decide about ``entry``, now or after the checks: then a side may still say who
    should not."""
    return entry.state in (State.RECEIVED, State.HELD) or entry.cases.open().exists()


def organizers(contest: Contest) -> QuerySet[User]:
    return User.objects.filter(
        memberships__organization=contest.organization_id, memberships__role__in=ORGANIZERS, is_active=True
    ).order_by("pk")


def is_away(user: User) -> bool:
    return Absence.objects.filter(away(), person=user).exists()


def away() -> Q:
    """Absences that have not ended by themselves."""
    return Q(until=None) | Q(until__gt=timezone.localdate())


class Left(StrEnum):
    """Who is left for a case."""

    SOMEBODY = "somebody"
    ONLY_AWAY = "only_away"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Stuck:
    """An open case that nobody can work now."""

    case: Case
    left: Left


def stuck(contest: Contest) -> list[Stuck]:
    """Open cases of ``contest`` that nobody may decide, or only people who are away."""
    people = list(organizers(contest))
    absent = set(Absence.objects.filter(away(), person__in=people).values_list("person", flat=True))
    workers = {person.pk: _workable_in(contest, person) for person in people}
    found = []
    for case in Case.objects.open().filter(contest=contest).select_related("entry").order_by("due_at", "pk"):
        may = {pk for pk, cases in workers.items() if case.pk in cases}
        if not may - absent:
            found.append(Stuck(case, Left.ONLY_AWAY if may else Left.NOBODY))
    return found


def _workable_in(contest: Contest, person: User) -> set[int]:
    cases = workable(person).filter(contest=contest).exclude(kind=CaseKind.EXERCISE)
    return set(cases.values_list("pk", flat=True))
