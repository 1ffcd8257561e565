"""Two people for a rejection, where the contest asks for them.

The first person's rejection is kept as an opinion and moves nothing; the case goes on to somebody else, who
reads it as any other. They are not told that anybody has read it before: who knows that a colleague would
reject looks for reasons to. Only once they have chosen do both learn what the other thought. Where both came
to the same, what both said is what the rejection stands on; where they did not, the first words stay here.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from moderation.models import Case, CaseKind, Decision, Ground, Opinion, review_settings
from moderation.verdicts import Route
from submissions.models import User
from submissions.states import State


@dataclass(frozen=True)
class Said:
    """All that a decision stands on, whoever said it: what the sides are told names nobody."""

    reasons: tuple[str, ...]
    grounds: tuple[Ground, ...]
    by_two: bool = False


def asks_for_another(case: Case, route: Route) -> bool:
    """Whether this rejection would be the first of two. An appeal that upholds one rejects nothing anew."""
    if route != Route.REJECT or not review_settings(case.contest).two_for_rejection:
        return False
    upholds = case.kind == CaseKind.APPEAL and case.entry.state == State.REJECTED
    return not upholds and not Opinion.objects.filter(case=case).exists()


def propose(
    case: Case, *, by: User, reason: str, grounds: Sequence[str], remarks: Collection[str] = ()
) -> Opinion:
    """Keep the first person's rejection; the case waits for somebody else."""
    Case.objects.filter(pk=case.pk).update(assigned_to=None)
    return Opinion.objects.create(
        case=case,
        by=by,
        route=Route.REJECT,
        grounds=list(grounds),
        reason=reason,
        remarks=sorted(remarks),
    )


def agreed(decision: Decision) -> Opinion | None:
    """The first person's opinion, where ``decision`` came to the same."""
    return Opinion.objects.filter(case=decision.case_id, route=decision.route).first()


def said(decision: Decision | None) -> Said:
    """What ``decision`` stands on: the words and grounds of both where two people were needed for it."""
    if decision is None:
        return Said((), ())
    first = agreed(decision)
    both: list[Decision | Opinion] = [decision] if first is None else [first, decision]
    named = {ground for one in both for ground in one.grounds}
    return Said(
        reasons=tuple(dict.fromkeys(one.reason for one in both)),
        grounds=tuple(ground for ground in Ground if ground in named),
        by_two=first is not None,
    )


def remarks(decision: Decision, given: Iterable[str]) -> frozenset[str]:
    """``given`` with what the first person remarked, where ``decision`` came to the same."""
    first = agreed(decision)
    return frozenset(given) | frozenset(first.remarks if first else ())
