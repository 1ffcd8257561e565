"""Whether a match with a work counts: how well the work is proved, and what speaks against it."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from matching.models import Grade, Proof, ProofState, Quarantine, QuarantineReason, Work


@dataclass(frozen=True)
class Standing:
    """``doubts``: why a match holds nothing; empty where it counts."""

    grade: Grade
    doubts: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        return not self.doubts


UNPROVED, NOBODYS = "self_claimed", "public_domain_listing"


def standing(work: Work) -> Standing:
    """Read at the moment it is asked: a proof accepted now counts for the next entry."""
    grade = grade_of(work)
    doubts = [UNPROVED] if grade == Grade.SELF_CLAIMED else []
    if work.artist.public_domain:
        doubts.append(NOBODYS)
    doubts += work.quarantines.filter(lifted_at=None).values_list("reason", flat=True)
    return Standing(grade, tuple(doubts))


def grade_of(work: Work) -> Grade:
    """The best that was accepted, for the work or for its artist's whole portfolio."""
    whole = Q(work=None, artist=work.artist_id)
    proofs = Proof.objects.filter(Q(work=work) | whole, state=ProofState.ACCEPTED)
    return max((proof.grade for proof in proofs), default=Grade.SELF_CLAIMED)


def quarantine(work: Work, reason: QuarantineReason, **data: object) -> Quarantine:
    """Let matches with ``work`` hold nothing. A doubt that was lifted once is not raised again by itself."""
    row, _added = Quarantine.objects.get_or_create(work=work, reason=reason, defaults={"data": data})
    return row


def lift(row: Quarantine, *, by: object, because: str) -> bool:
    """Whether it stood until now."""
    standing_row = Quarantine.objects.filter(pk=row.pk, lifted_at=None)
    return bool(standing_row.update(lifted_at=timezone.now(), lifted_by=by, lifted_because=because))
