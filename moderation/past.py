"""What an entrant handed in before, in contests of the same organization, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from moderation.models import Decision, Verdict
from moderation.verdicts import Route
from submissions.models import Entry, User
from submissions.states import State

SHOWN = 20


@dataclass(frozen=True)
class Past:
    entry: Entry
    at: datetime | None
    held: bool
    overturned: bool
    """The checks had asked for a person, and the person hung it among the works made by hand."""


def of_entrant(entry: Entry, reader: User) -> list[Past]:
    """The newest first; only what ``reader`` may look at."""
    found = (
        Entry.objects.filter(
            entrant=entry.entrant_id, contest__organization=entry.contest.organization, erasure=None
        )
        .exclude(pk=entry.pk)
        .exclude(state=State.DRAFT)
        .select_related("contest", "category")
        .order_by("-submitted_at", "-pk")[:SHOWN]
    )
    earlier = [one for one in found if one.entrant_id != reader.pk]
    held = set(
        Verdict.objects.filter(screening__entry__in=earlier, route=Route.PERSON).values_list(
            "screening__entry", flat=True
        )
    )
    cleared = set(
        Decision.objects.standing()
        .filter(case__entry__in=earlier, route=Route.HUMAN)
        .values_list("case__entry", flat=True)
    )
    return [
        Past(one, one.submitted_at, one.pk in held, one.pk in held & cleared and one.state == State.HUNG)
        for one in earlier
    ]
