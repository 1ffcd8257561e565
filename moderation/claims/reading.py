"""What those who judge are shown about claims: the one before them, and what happened before."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from moderation import regions
from moderation.blind import Veil
from moderation.claims import trust, words
from moderation.claims.ending import may_uphold
from moderation.claims.neutral import objection
from moderation.models import (
    Case,
    CheckResult,
    Claim,
    ClaimAnswer,
    ClaimEnd,
    ClaimOutcome,
    ClaimSuspension,
)
from moderation.wording import proving
from submissions.models import Entry, User

DUPLICATES = ("duplicate.same_file", "duplicate.same_picture")


@dataclass(frozen=True)
class Panel:
    """A claim beside its case."""

    claim: Claim
    words: str
    state: str
    outline: str
    answer: ClaimAnswer | None
    end: ClaimEnd | None
    record: trust.Record
    suspension: ClaimSuspension | None
    objection: str
    may_uphold: bool
    way: proving.Way | None
    """How a machine verified the match behind the claim; none where the artist drew the region."""


def panel(case: Case, user: User, veil: Veil | None) -> Panel | None:
    """What ``user`` is shown of the claim that ``case`` is about; under a ``veil`` nobody's name."""
    claim = case.claim
    if claim is None:
        return None
    end, answer = claim.end, ClaimAnswer.objects.filter(claim=claim).first()
    return Panel(
        claim=claim,
        words=veil.over(claim.words) if veil else claim.words,
        state=words.state(claim, end),
        outline=regions.points([(x, y) for x, y in claim.region]),
        answer=veil.answer(answer) if veil and answer else answer,
        end=end,
        record=trust.record_of(claim.by),
        suspension=trust.suspension(claim.by),
        objection=objection(case, user),
        may_uphold=may_uphold(claim),
        way=proving.way(claim.sighting.data) if claim.sighting else None,
    )


@dataclass(frozen=True)
class Earlier:
    """What is known of an entry and its entrant from claims; nobody is named."""

    here: Sequence[ClaimEnd]
    """Claims on this entry that ended."""
    repeats: Sequence[ClaimEnd]
    """Claims that were upheld on the entries whose picture this one repeats."""
    upheld: int
    """Claims upheld against other entries of the entrant."""
    bad_faith: int
    """Of the entrant's answers, those that were noted as in bad faith."""

    @property
    def says_something(self) -> bool:
        return bool(self.here or self.repeats or self.upheld or self.bad_faith)


def earlier(entry: Entry) -> Earlier:
    repeated = CheckResult.objects.filter(screening__entry=entry, code__in=DUPLICATES)
    named = [one for one in repeated.values_list("data__entry", flat=True) if isinstance(one, int)]
    ends = ClaimEnd.objects.select_related("claim__work", "claim__artist").order_by("pk")
    theirs = ClaimEnd.objects.filter(claim__entry__entrant=entry.entrant_id).exclude(claim__entry=entry)
    counted = theirs.aggregate(
        upheld=Count("pk", filter=Q(outcome=ClaimOutcome.UPHELD)),
        bad_faith=Count("pk", filter=Q(bad_faith=True)),
    )
    return Earlier(
        here=list(ends.filter(claim__entry=entry)),
        repeats=list(ends.filter(claim__entry__in=named, outcome=ClaimOutcome.UPHELD)),
        **counted,
    )


def to_answer(person: User) -> Sequence[Claim]:
    """Open claims on the person's entries that wait for their answer."""
    rows = Claim.objects.open().filter(entry__entrant=person, answer=None)
    return [claim for claim in rows.select_related("entry") if not may_uphold(claim)]
