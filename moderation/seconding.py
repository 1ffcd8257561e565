"""Two people for a rejection, where the contest asks for them.

The first person's rejection is kept as an opinion and moves nothing; the case goes on to somebody else, who
reads it as any other. They are not told that anybody has read it before: who knows that a colleague would
reject looks for reasons to. Only once they have chosen do both learn what the other thought.
"""

from collections.abc import Sequence

from moderation.models import Case, CaseKind, Opinion, review_settings
from moderation.verdicts import Route
from submissions.models import User
from submissions.states import State


def asks_for_another(case: Case, route: Route) -> bool:
    """Whether this rejection would be the first of two. An appeal that upholds one rejects nothing anew."""
    if route != Route.REJECT or not review_settings(case.contest).two_for_rejection:
        return False
    upholds = case.kind == CaseKind.APPEAL and case.entry.state == State.REJECTED
    return not upholds and not Opinion.objects.filter(case=case).exists()


def propose(case: Case, *, by: User, reason: str, grounds: Sequence[str]) -> Opinion:
    """Keep the first person's rejection; the case waits for somebody else."""
    Case.objects.filter(pk=case.pk).update(assigned_to=None)
    return Opinion.objects.create(case=case, by=by, route=Route.REJECT, grounds=list(grounds), reason=reason)
