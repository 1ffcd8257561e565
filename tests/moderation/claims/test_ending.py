"""How claims end, where the entry then stands, and who may not decide."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from moderation import decisions
from moderation.claims import answering, ending
from moderation.models import AnswerKind, Case, Claim, ClaimEnd, Decision, Opinion, ReviewSettings
from moderation.record import verifying
from moderation.stages import begin
from moderation.tasks import lapse_claims
from moderation.verdicts import Route
from submissions import intake
from submissions.models import Contest, Entry, Notice, Role
from submissions.states import State
from tests.factories import make_member
from tests.moderation.claims.rows import end_of, make_claim, make_claimant, make_hung, owner_of
from tests.moderation.rows import CONTRADICTION, NO_CREDENTIALS, make_case, make_judged

pytestmark = pytest.mark.django_db


def decide(claim: Claim, route: Route = Route.HUMAN, *remarks: str) -> Decision:
    by = make_member(claim.entry.contest.organization)
    grounds = ["copy"] if route == Route.REJECT else []
    return decisions.decide(
        claim.case, by=by, route=route, reason="I compared them.", grounds=grounds, remarks=remarks
    )


def answered(claim: Claim) -> Claim:
    answering.answer(claim, by=claim.entry.entrant, kind=AnswerKind.LICENCE, words="I bought it.")
    return claim


def outcome(claim: Claim) -> str | None:
    end = claim.end
    return end.outcome if end else None


def state(claim: Claim) -> str:
    claim.entry.refresh_from_db()
    return claim.entry.state


def kind(claim: Claim) -> str:
    """The category in which its entry hangs."""
    category = claim.entry.category
    assert category is not None
    return category.kind


def letters(claim: Claim) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(kind__startswith="claim_").order_by("pk")
    return [(one.kind, "artist" if one.reader == claim.by else "entrant") for one in rows]


def test_a_dismissed_claim_puts_the_entry_back_after_the_deadline() -> None:
    claim = make_claim()
    long_ago = timezone.now() - timedelta(days=3)
    Contest.objects.filter(pk=claim.entry.contest_id).update(
        opens_at=long_ago - timedelta(days=9), closes_at=long_ago
    )

    decide(claim)

    assert (state(claim), kind(claim), outcome(claim)) == (State.HUNG, "human", "dismissed")
    assert letters(claim) == [
        ("claim_filed", "entrant"),
        ("claim_closed", "artist"),
        ("claim_over", "entrant"),
    ]


def test_an_upheld_claim_rejects_the_entry_and_says_so_once() -> None:
    claim = answered(make_claim())

    decision = decide(claim, Route.REJECT)

    assert (state(claim), outcome(claim)) == (State.REJECTED, "upheld")
    assert end_of(claim).decision == decision
    assert not Notice.objects.filter(kind="rejected").exists()
    assert [kind for kind, _reader in letters(claim)] == [
        "claim_filed",
        "claim_answered",
        "claim_closed",
        "claim_over",
    ]


def test_nothing_is_taken_from_who_may_still_answer() -> None:
    claim = make_claim()

    with pytest.raises(ending.TooEarly):
        decide(claim, Route.REJECT)
    assert (state(claim), outcome(claim)) == (State.HELD, None)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        decide(claim, Route.REJECT)

    assert (state(claim), outcome(claim)) == (State.REJECTED, "upheld")


def test_a_remark_makes_a_dismissed_claim_invalid_and_an_answer_false() -> None:
    unfounded, false = make_claim(), answered(make_claim())

    decide(unfounded, Route.HUMAN, ending.UNFOUNDED)
    decide(false, Route.REJECT, ending.BAD_FAITH)

    assert (outcome(unfounded), outcome(false)) == ("invalid", "upheld")
    assert (end_of(unfounded).bad_faith, end_of(false).bad_faith) == (False, True)


def test_who_decided_before_or_belongs_to_a_side_does_not_decide() -> None:
    case = make_case()
    contest = case.entry.contest
    before = make_member(contest.organization)
    decisions.decide(case, by=before, route=Route.HUMAN, reason="Fine.")
    artist = make_claimant()
    contest.organization.memberships.create(user=owner_of(artist), role=Role.ORGANIZER)
    claim = make_claim(case.entry, artist)
    as_before: dict[str, Any] = {"by": before, "route": Route.HUMAN, "reason": "Fine again."}

    with pytest.raises(decisions.HadPart):
        decisions.decide(claim.case, **as_before)
    with pytest.raises(IntegrityError, match="does not decide"), transaction.atomic():
        Decision.objects.create(case=claim.case, **as_before)
    for verb in (decisions.answer, decisions.decide):
        with pytest.raises(ending.NotNeutral, match="You belong to a side"):
            verb(claim.case, **{**as_before, "by": owner_of(artist)})

    assert (outcome(claim), Decision.objects.filter(case=claim.case).exists()) == (None, False)


def test_a_first_opinion_takes_nothing_from_who_may_still_answer_either() -> None:
    claim = make_claim()
    ReviewSettings.objects.create(contest=claim.entry.contest, two_for_rejection=True)
    by = make_member(claim.entry.contest.organization)
    uphold: dict[str, Any] = {"by": by, "route": Route.REJECT, "reason": "Line on line.", "grounds": ["copy"]}

    with pytest.raises(ending.TooEarly):
        decisions.answer(claim.case, **uphold)
    early = Opinion.objects.exists()
    said = decisions.answer(answered(claim).case, **uphold)

    assert not early
    assert isinstance(said, Opinion)
    assert outcome(claim) is None


def test_nobody_in_time_is_in_the_entrants_favour_once() -> None:
    claim, quiet = make_claim(), make_claim(make_hung(), make_claimant(proved=False))
    with time_machine.travel(timezone.now() + timedelta(days=16)):
        assert ending.lapse_due() == 0
    with time_machine.travel(timezone.now() + timedelta(days=18)):
        lapse_claims()
        assert ending.lapse_due() == 0

    assert (state(claim), outcome(claim)) == (State.HUNG, "lapsed")
    assert (state(quiet), outcome(quiet)) == (State.HUNG, "lapsed")
    assert Notice.objects.filter(kind="claim_over").count() == 2
    with pytest.raises(ending.HasEnded):
        ending.withdraw(claim)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_end_a_claim_once() -> None:
    claim = make_claim()
    Case.objects.filter(pk=claim.case.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    together = threading.Barrier(2)
    counts: list[int] = []

    def sweep() -> None:
        together.wait()
        counts.append(ending.lapse_due())
        connection.close()

    workers = [threading.Thread(target=sweep) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(counts) == ClaimEnd.objects.count() == 1
    assert state(claim) == State.HUNG


def test_another_claim_keeps_the_entry_down() -> None:
    entry = make_hung()
    first, second = make_claim(entry), make_claim(entry)

    decide(first)
    assert (state(first), outcome(first), outcome(second)) == (State.HELD, "dismissed", None)
    ending.withdraw(second)

    assert state(second) == State.HUNG


def test_a_rejection_leaves_other_claims_without_an_object() -> None:
    entry = make_hung()
    first, second = answered(make_claim(entry)), make_claim(entry)

    decide(first, Route.REJECT)

    assert (outcome(first), outcome(second)) == ("upheld", "moot")
    assert not Case.objects.open().filter(entry=entry).exists()


def test_an_entry_that_is_withdrawn_ends_its_claims() -> None:
    claim = make_claim()

    intake.withdraw(claim.entry, by=claim.entry.entrant)

    assert outcome(claim) == "moot"
    assert ("claim_over", "entrant") not in letters(claim)


def test_a_claim_holds_against_a_new_verdict_and_the_entry_hangs_when_it_ends() -> None:
    claim = make_claim()
    begin(claim.entry)
    assert state(claim) == State.RECEIVED
    again = Entry.objects.get(pk=claim.entry.pk)

    make_judged(NO_CREDENTIALS, entry=again)
    assert state(claim) == State.HELD
    ending.withdraw(claim)

    assert state(claim) == State.HUNG


def test_a_question_that_a_new_verdict_leaves_outlasts_the_claim() -> None:
    claim = make_claim()
    begin(claim.entry)
    make_judged(CONTRADICTION, entry=Entry.objects.get(pk=claim.entry.pk))
    review = Case.objects.open().get(kind="review")

    decide(claim)
    assert (state(claim), outcome(claim)) == (State.HELD, "dismissed")
    by = make_member(claim.entry.contest.organization)
    decisions.decide(review, by=by, route=Route.AI, reason="Made with AI.")

    assert (state(claim), kind(claim)) == (State.HUNG, "ai")


def test_a_review_that_is_decided_meanwhile_says_where_it_hangs_afterwards() -> None:
    claim = make_claim()
    begin(claim.entry)
    make_judged(CONTRADICTION, entry=Entry.objects.get(pk=claim.entry.pk))
    by = make_member(claim.entry.contest.organization)

    decisions.decide(Case.objects.open().get(kind="review"), by=by, route=Route.AI, reason="Made with AI.")
    assert state(claim) == State.HELD
    ending.withdraw(claim)

    assert (state(claim), kind(claim)) == (State.HUNG, "ai")


def test_the_record_holds() -> None:
    claim = answered(make_claim())
    decide(claim, Route.REJECT)
    ending.withdraw(make_claim(make_hung(contest=claim.entry.contest)))
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")

    found = verifying.walk(claim.entry.contest)

    kinds = set(claim.entry.links.values_list("kind", flat=True))
    assert {"claim", "claim_answer", "claim_end", "decision"} <= kinds
    assert found.broken is None
    assert found.links == claim.entry.contest.links.count()
