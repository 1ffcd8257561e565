"""How far a claimant's word reaches: their record, and what it lets their claims hold.

A claim takes a stranger's work off the wall before anybody has looked, so the right to that is earned and
spent: of the claims that people decided, how many were right, with a prior for who has filed none yet. The
tenth percentile of what that leaves likely, times ``CLAIM_HOLDS``, is how many may hold at once.
"""

from dataclasses import dataclass
from datetime import datetime
from math import comb

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from moderation.detector.evaluation.figures import Interval, share_interval
from moderation.models import Claim, ClaimEnd, ClaimOutcome, ClaimSuspension
from submissions.models import Notice, User

PRIOR_RIGHT, PRIOR_WRONG = 2, 1
"""Who is new counts as one who was right once more than wrong: a few of their claims may hold."""
CAUTION = 0.1
INVALID_WEIGHS = 3
"""A claim that was plainly unfounded speaks as loudly as so many that were dismissed."""


@dataclass(frozen=True)
class Record:
    """What became of a person's claims."""

    filed: int = 0
    open: int = 0
    upheld: int = 0
    dismissed: int = 0
    invalid: int = 0
    withdrawn: int = 0
    lapsed: int = 0

    @property
    def decided(self) -> int:
        return self.upheld + self.dismissed + self.invalid

    @property
    def precision(self) -> Interval | None:
        """Upheld of decided, with Wilson's 95 % interval; None where nothing was decided yet."""
        return share_interval(self.upheld, self.decided) if self.decided else None

    @property
    def may_hold(self) -> int:
        """How many of their claims may take an entry down at the same time."""
        wrong = self.dismissed + INVALID_WEIGHS * self.invalid
        return int(settings.CLAIM_HOLDS * credit(self.upheld, wrong))


def credit(right: int, wrong: int) -> float:
    """What share of a person's claims is right, said with caution: the tenth percentile of the beta
    distribution that the counts and the prior leave. Rises with ``right``, falls with ``wrong``."""
    a, b = right + PRIOR_RIGHT, wrong + PRIOR_WRONG
    low, high = 0.0, 1.0
    for _halving in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _beta_below(middle, a, b) < CAUTION else (low, middle)
    return low


def _beta_below(x: float, a: int, b: int) -> float:
    """The beta distribution's mass below ``x``, for whole parameters: a binomial's upper tail."""
    n = a + b - 1
    return sum(comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))


def record_of(person: User) -> Record:
    mine = Claim.objects.filter(by=person)
    ends = ClaimEnd.objects.filter(claim__by=person).values_list("outcome").annotate(Count("pk"))
    counted = dict(ends.order_by())
    return Record(
        filed=mine.count(),
        open=mine.open().count(),
        upheld=counted.get(ClaimOutcome.UPHELD, 0),
        dismissed=counted.get(ClaimOutcome.DISMISSED, 0),
        invalid=counted.get(ClaimOutcome.INVALID, 0),
        withdrawn=counted.get(ClaimOutcome.WITHDRAWN, 0),
        lapsed=counted.get(ClaimOutcome.LAPSED, 0),
    )


def holds_now(person: User) -> int:
    """How many of the person's claims keep an entry down."""
    return Claim.objects.filter(by=person, holds=True).open().count()


def may_hold_another(person: User) -> bool:
    return holds_now(person) < record_of(person).may_hold


def suspension(person: User) -> ClaimSuspension | None:
    """What keeps the person from filing now."""
    return ClaimSuspension.objects.in_force().filter(person=person).order_by("-until").first()


class AlreadySuspended(Exception):
    """The claim gave occasion to a suspension before."""


@transaction.atomic
def suspend(claim: Claim, *, by: User, reason: str, until: datetime) -> ClaimSuspension:
    """Suspend who filed ``claim`` from filing others, and tell them why; raises ``AlreadySuspended``.

    Their open claims go on, and they can read everything that they could.
    """
    Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    if ClaimSuspension.objects.filter(claim=claim).exists():
        raise AlreadySuspended(claim.pk)
    row = ClaimSuspension.objects.create(person=claim.by, claim=claim, by=by, reason=reason, until=until)
    Notice.objects.create(kind="claim_suspended", reader=claim.by, entry=claim.entry, about=row.pk)
    return row


@transaction.atomic
def lift(row: ClaimSuspension, *, by: User, because: str) -> bool:
    """Whether it was in force until now."""
    here = ClaimSuspension.objects.in_force().filter(pk=row.pk)
    lifted = here.update(lifted_at=timezone.now(), lifted_by=by, lifted_because=because)
    if lifted:
        Notice.objects.create(
            kind="claim_unsuspended", reader=row.person, entry=row.claim.entry, about=row.pk
        )
    return bool(lifted)
