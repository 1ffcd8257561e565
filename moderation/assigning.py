"""Giving cases to people: each to whoever has the fewest, of those who may decide it and are there.

The sweep does it, so a case that just came is given within seconds, and what is left by somebody who went
away, abstained or was removed is given anew. Others may work a case that was given to one of them.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Count

from moderation import panel
from moderation.models import Absence, Case, CaseKind, ReviewSettings
from submissions.models import Contest

LOCK = 20_265
"""Advisory lock: two sweeps at once would count the same people as free."""
A_ROUND = 500

Person = TypeVar("Person", int, str)
Item = TypeVar("Item", int, str)


def deal(
    items: Sequence[Item], may: Mapping[Person, Collection[Item]], loads: Mapping[Person, int]
) -> dict[Item, Person]:
    """Each of ``items``, in order, to whoever has the fewest of those who may have it; at equal load to the
    first of ``may``. Items that nobody may have are left out. Pure."""
    held = {person: loads.get(person, 0) for person in may}
    given: dict[Item, Person] = {}
    for item in items:
        fit = [person for person, allowed in may.items() if item in allowed]
        if fit:
            given[item] = chosen = min(fit, key=held.__getitem__)
            held[chosen] += 1
    return given


def assign_all() -> int:
    """The sweep: every contest that has its cases assigned; how many cases were given."""
    return sum(
        assign(row.contest) for row in ReviewSettings.objects.filter(assigned=True).select_related("contest")
    )


@transaction.atomic
def assign(contest: Contest) -> int:
    """Take back what its holder cannot work now, and give everything that nobody holds."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s, %s)", [LOCK, contest.pk])
        ((is_ours,),) = cursor.fetchall()
    if not is_ours:
        return 0
    may = _who_may(contest)
    _take_back(contest, may)
    unheld = Case.objects.open().filter(contest=contest, assigned_to=None).order_by("due_at", "pk")
    given = deal(list(unheld.values_list("pk", flat=True)[:A_ROUND]), may, _loads(may))
    for person in may:
        theirs = [case for case, holder in given.items() if holder == person]
        Case.objects.open().filter(pk__in=theirs, assigned_to=None).update(assigned_to=person)
    return len(given)


def _who_may(contest: Contest) -> dict[int, set[int]]:
    """The open cases that each organizer who is there may work."""
    people = panel.organizers(contest).exclude(pk__in=Absence.objects.filter(panel.away()).values("person"))
    return {
        person.pk: set(
            panel.workable(person)
            .filter(contest=contest)
            .exclude(kind=CaseKind.EXERCISE)
            .values_list("pk", flat=True)
        )
        for person in people
    }


def _take_back(contest: Contest, may: Mapping[int, Collection[int]]) -> None:
    held = Case.objects.open().filter(contest=contest, assigned_to__isnull=False)
    lost = [case for case, holder in held.values_list("pk", "assigned_to") if case not in may.get(holder, ())]
    Case.objects.filter(pk__in=lost).update(assigned_to=None)


def _loads(people: Collection[int]) -> dict[int, int]:
    """How many open cases each holds, of any contest."""
    held = Case.objects.open().filter(assigned_to__in=list(people)).order_by()
    return dict(held.values_list("assigned_to").annotate(Count("pk")))
