"""A claimant's record, what it lets their claims hold, and suspension with notice."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from moderation import decisions
from moderation.claims import answering, ending, filing, trust
from moderation.claims.filing import CannotClaim
from moderation.claims.trust import Record
from moderation.models import AnswerKind, Case, CaseQuerySet, Claim, ClaimOutcome
from moderation.stages import begin
from moderation.verdicts import Route
from submissions.models import Entry, Notice
from submissions.states import State
from tests.factories import make_member
from tests.moderation.claims.rows import REGION, make_claim, make_claimant, make_hung, owner_of
from tests.moderation.rows import CONTRADICTION, NO_CREDENTIALS, make_judged

counts = st.integers(0, 60)


@given(counts, counts, counts)
def test_what_may_hold_rises_with_each_right_claim_and_falls_with_each_wrong_one(
    upheld: int, dismissed: int, invalid: int
) -> None:
    record = Record(upheld=upheld, dismissed=dismissed, invalid=invalid)

    better = Record(upheld=upheld + 1, dismissed=dismissed, invalid=invalid)
    worse = Record(upheld=upheld, dismissed=dismissed + 1, invalid=invalid)
    worst = Record(upheld=upheld, dismissed=dismissed, invalid=invalid + 1)
    assert 0 <= worst.may_hold <= worse.may_hold <= record.may_hold <= better.may_hold <= 10


def test_who_is_new_may_hold_a_few_and_who_is_often_wrong_none() -> None:
    held = [
        Record().may_hold,
        Record(upheld=20).may_hold,
        Record(upheld=3, dismissed=3).may_hold,
        Record(dismissed=2).may_hold,
        Record(invalid=2).may_hold,
    ]

    assert held == [3, 9, 3, 1, 0]


@pytest.mark.parametrize(("right", "wrong"), [(0, 0), (5, 0), (2, 7), (40, 3)])
def test_the_credit_is_the_tenth_percentile_of_the_beta_distribution(right: int, wrong: int) -> None:
    from scipy.stats import beta

    assert trust.credit(right, wrong) == pytest.approx(beta.ppf(0.1, right + 2, wrong + 1), abs=1e-9)


@pytest.mark.django_db
def test_a_fourth_claim_of_somebody_new_holds_nothing() -> None:
    artist = make_claimant()
    claims = [make_claim(make_hung(), artist) for _ in range(4)]

    assert [claim.holds for claim in claims] == [True, True, True, False]
    assert [claim.entry.state for claim in claims][3] == State.HUNG
    ending.withdraw(claims[0])
    assert make_claim(make_hung(), artist).holds


@pytest.mark.django_db
def test_a_record_counts_what_became_of_a_persons_claims() -> None:
    artist = make_claimant()
    claims = [make_claim(make_hung(), artist) for _ in range(4)]
    for claim, remarks in zip(claims, [(), (ending.UNFOUNDED,)], strict=False):
        by = make_member(claim.entry.contest.organization)
        decisions.decide(claim.case, by=by, route=Route.HUMAN, reason="No.", remarks=remarks)
    ending.withdraw(claims[2])

    record = trust.record_of(owner_of(artist))

    assert record == Record(filed=4, open=1, dismissed=1, invalid=1, withdrawn=1)
    assert record.precision is not None
    assert (record.decided, record.precision.value) == (2, 0.0)
    assert trust.record_of(owner_of(make_claimant())) == Record()


@pytest.mark.django_db
def test_a_suspended_person_files_nothing_until_it_is_over_or_lifted() -> None:
    claim = make_claim()
    staff = make_member()
    until = timezone.now() + timedelta(days=5)
    row = trust.suspend(claim, by=staff, reason="Ten claims on one day, none of them yours.", until=until)

    entry = make_hung()
    given: dict[str, Any] = {"by": claim.by, "artist": claim.artist, "region": REGION, "words": "Mine."}
    with pytest.raises(CannotClaim, match="suspended"):
        filing.file_claim(claim.work, entry.artworks.get(), **given)
    with pytest.raises(trust.AlreadySuspended):
        trust.suspend(claim, by=staff, reason="Again.", until=until)
    with time_machine.travel(until + timedelta(minutes=1)):
        assert trust.suspension(claim.by) is None
    assert claim.end is None
    assert [trust.lift(row, by=staff, because="A mistake of ours.") for _ in range(2)] == [True, False]

    assert filing.file_claim(claim.work, entry.artworks.get(), **given).entry == entry
    kinds = Notice.objects.filter(reader=claim.by).values_list("kind", flat=True)
    assert list(kinds.order_by("pk")) == ["claim_suspended", "claim_unsuspended"]


ACTS = ("file", "answer", "dismiss", "uphold", "withdraw", "lapse", "again", "doubt", "review")


class EveryWay(TestCase):
    @settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.lists(st.sampled_from(ACTS), min_size=1, max_size=9))
    def test_no_sequence_leaves_an_entry_held_without_an_open_case_or_hung_under_a_hold(
        self, acts: list[str]
    ) -> None:
        entry = make_hung()
        for act in ("file", *acts):
            _perform(act, entry)

            entry.refresh_from_db()
            open_cases = Case.objects.open().filter(entry=entry)
            assert (entry.state == State.HELD) == (open_cases.exists() and not _only_loose(open_cases))
            if entry.state == State.HUNG:
                assert not Claim.objects.holding(entry).exists()
            for claim in entry.claims.all():
                assert (claim.end is None) == (claim.case.closed_at is None)
            if entry.state == State.REJECTED:
                assert entry.claims.filter(ending__outcome=ClaimOutcome.UPHELD).exists() or "review" in acts


def _only_loose(cases: CaseQuerySet) -> bool:
    """Whether only claims that hold nothing are open."""
    return all(case.claim is not None and not case.claim.holds for case in cases)


def _perform(act: str, entry: Entry) -> None:
    """One act of somebody, where it is possible."""
    claim = Claim.objects.filter(entry=entry).open().order_by("pk").first()
    organization = entry.contest.organization
    if act == "file" and entry.claims.count() < 3 and not filing.why_not(make_member(), entry):
        make_claim(entry, make_claimant(proved=entry.claims.count() != 1))
    elif act in ("again", "doubt") and entry.state == State.HELD:
        begin(entry)
        entry.refresh_from_db()
        make_judged(NO_CREDENTIALS if act == "again" else CONTRADICTION, entry=entry)
    elif act == "review" and (case := Case.objects.open().filter(entry=entry, kind="review").first()):
        decisions.decide(case, by=make_member(organization), route=Route.AI, reason="AI.")
    elif claim is None:
        return
    elif act == "answer" and answering.may_answer(claim):
        answering.answer(claim, by=entry.entrant, kind=AnswerKind.OWN_WORK, words="I made it.")
    elif act == "dismiss":
        place, _rejected = decisions.choices(claim.case)
        decisions.decide(claim.case, by=make_member(organization), route=place, reason="No.")
    elif act == "uphold" and ending.may_uphold(claim):
        by = make_member(organization)
        decisions.decide(claim.case, by=by, route=Route.REJECT, reason="Yes.", grounds=["copy"])
    elif act == "withdraw":
        ending.withdraw(claim)
    elif act == "lapse":
        Case.objects.filter(pk=claim.case.pk).update(due_at=timezone.now() - timedelta(seconds=1))
        ending.lapse_due()
