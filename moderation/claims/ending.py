"""How a claim ends: decided, withdrawn, lapsed, or because the entry left."""

from collections.abc import Collection

import structlog
from django.db import transaction
from django.utils import timezone

from moderation.claims.neutral import objection
from moderation.hanging import release, resting, standing
from moderation.models import (
    Case,
    CaseKind,
    CaseQuerySet,
    Claim,
    ClaimAnswer,
    ClaimEnd,
    ClaimOutcome,
    Decision,
    Ground,
)
from moderation.panel import MayNotDecide
from moderation.verdicts import Route
from submissions.models import Entry, Notice, User

log = structlog.get_logger(__name__)

UNFOUNDED, BAD_FAITH = "unfounded", "bad_faith"
"""What a person who decides a claim may remark: of the claim, and of the answer to it."""


class TooEarly(MayNotDecide):
    """Nothing is taken from an entrant who may still answer."""


class NotNeutral(MayNotDecide):
    """Who would decide belongs to a side; the text says it to them."""


class NotACopy(MayNotDecide):
    """A claim is upheld on the ground of a copy, and on no other alone."""


class HasEnded(Exception):
    """The claim ended before."""


def may_uphold(claim: Claim) -> bool:
    """Whether the entrant has had their say, or their time."""
    return timezone.now() > claim.answer_until or ClaimAnswer.objects.filter(claim=claim).exists()


def choices(claim: Claim, entry: Entry) -> tuple[Route, ...]:
    """What may be decided about ``claim``: dismissed, its ``entry`` keeps its place; upheld, it is rejected.

    Nothing between, and no other place: whoever decides was asked whether a work is in it, and nothing else.
    """
    here = standing(entry)
    place = resting(entry) if here in (None, Route.REJECT) else here
    return (place or Route(claim.stood), Route.REJECT)


def require(case: Case, user: User, route: Route, grounds: Collection[str]) -> None:
    """Raises ``NotNeutral``, ``TooEarly`` or ``NotACopy`` where ``user`` must not say ``route`` of a claim
    now on these ``grounds``. Forms say so before."""
    claim = case.claim
    if case.kind != CaseKind.CLAIM or claim is None:
        return
    if said := objection(case, user):
        raise NotNeutral(said)
    if route == Route.REJECT and not may_uphold(claim):
        raise TooEarly(claim.pk)
    if route == Route.REJECT and Ground.COPY not in grounds:
        raise NotACopy(claim.pk)


def conclude(case: Case, decision: Decision, *, remarks: frozenset[str]) -> ClaimEnd | None:
    """What a person's decision means for the claim, in the decision's transaction."""
    claim = case.claim
    if case.kind != CaseKind.CLAIM or claim is None:
        return None
    if decision.route == Route.REJECT:
        outcome = ClaimOutcome.UPHELD
    else:
        outcome = ClaimOutcome.INVALID if UNFOUNDED in remarks else ClaimOutcome.DISMISSED
    bad_faith = BAD_FAITH in remarks and ClaimAnswer.objects.filter(claim=claim).exists()
    return _end(claim, outcome, decision=decision, bad_faith=bad_faith)


@transaction.atomic
def withdraw(claim: Claim) -> ClaimEnd:
    """The artist takes the claim back; raises ``HasEnded``."""
    case = Case.objects.open().select_for_update(of=("self",)).filter(claim=claim).first()
    if case is None:
        raise HasEnded(claim.pk)
    return _close(case, claim, ClaimOutcome.WITHDRAWN)


def lapse_due() -> int:
    """End what nobody decided in time, in the entrants' favour; how many that were. Twice is once."""
    due = _undecided().order_by("due_at").values_list("pk", flat=True)
    return sum(_lapse(pk) for pk in list(due))


def _undecided() -> CaseQuerySet:
    """Claims whose time is over; what was said in time and takes effect soon was decided."""
    late = Case.objects.open().filter(kind=CaseKind.CLAIM, due_at__lte=timezone.now())
    return late.filter(claim__isnull=False, pending=None)


@transaction.atomic
def _lapse(pk: int) -> bool:
    waiting = _undecided().select_for_update(of=("self",), skip_locked=True).select_related("claim")
    case = waiting.filter(pk=pk).first()
    if case is None or case.claim is None:
        return False  # it was decided in this moment, or another worker has it
    _close(case, case.claim, ClaimOutcome.LAPSED)
    return True


def entry_left(entry: Entry) -> None:
    """``entry`` was withdrawn or rejected: what else was claimed of it has no object any more.

    A claim whose own decision moved the entry is concluded by that.
    """
    for claim in Claim.objects.filter(entry=entry).open():
        if not Decision.objects.filter(case__claim=claim).exists():
            Case.objects.open().filter(claim=claim).update(closed_at=timezone.now())
            _end(claim, ClaimOutcome.MOOT)


def _close(case: Case, claim: Claim, outcome: ClaimOutcome) -> ClaimEnd:
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    end = _end(claim, outcome)
    release(claim.entry, because=f"claim {claim.pk} ended")
    return end


def _end(
    claim: Claim, outcome: ClaimOutcome, *, decision: Decision | None = None, bad_faith: bool = False
) -> ClaimEnd:
    """Write the end down and tell both sides, but for what a side did itself."""
    end = ClaimEnd.objects.create(claim=claim, outcome=outcome, decision=decision, bad_faith=bad_faith)
    Notice.objects.create(kind="claim_closed", reader=claim.by, entry=claim.entry, about=end.pk)
    if outcome != ClaimOutcome.MOOT:  # the entrant withdrew, or another letter told them
        Notice.objects.create(kind="claim_over", reader=claim.entry.entrant, entry=claim.entry, about=end.pk)
    log.info("claim ended", claim=claim.pk, outcome=outcome)
    return end
