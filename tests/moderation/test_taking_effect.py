"""Decisions about appeals and claims wait until they cannot be taken back any more."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config.celery import app
from moderation import decisions, interests, locks, queues, taking_effect, undoing
from moderation.appeals import filing, judgements
from moderation.appeals.ending import lapse_all
from moderation.claims import answering, ending
from moderation.claims.ending import lapse_due
from moderation.models import (
    AnswerKind,
    Appeal,
    Case,
    Claim,
    ClaimEnd,
    Decision,
    InterestSource,
    Opinion,
    PendingDecision,
    ReviewSettings,
)
from moderation.record.verifying import walk
from moderation.tasks import decisions_take_effect
from moderation.verdicts import Route
from submissions.models import Entry, Notice, User
from submissions.states import State
from tests.factories import make_member
from tests.moderation.appeals.rows import appealed, decided
from tests.moderation.claims.rows import end_of, make_claim, make_claimant
from tests.moderation.rows import make_case

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
WORDS = "Seen the layers."


def told_of(entry: Entry) -> list[str]:
    return list(Notice.objects.filter(entry=entry).order_by("pk").values_list("kind", flat=True))


def after(**time: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**time))


def an_appeal(settings: Settings) -> tuple[Appeal, User]:
    """An appeal against a rejection whose letter has left, and somebody who may decide it."""
    wait, settings.UNDO_SECONDS = settings.UNDO_SECONDS, 0
    appeal = appealed()
    settings.UNDO_SECONDS = wait
    return appeal, make_member(appeal.entry.contest.organization)


def a_claim() -> tuple[Claim, User]:
    """A claim that was answered, and somebody who may decide it."""
    claim = make_claim()
    answering.answer(claim, by=claim.entry.entrant, kind=AnswerKind.OWN_WORK, words="I made it.")
    return claim, make_member(claim.entry.contest.organization)


def overturn(appeal: Appeal, by: User) -> PendingDecision:
    said = decisions.answer(appeal.case, by=by, route=Route.HUMAN, reason=WORDS)
    assert isinstance(said, PendingDecision)
    return said


def uphold(claim: Claim, by: User) -> PendingDecision:
    said = decisions.answer(claim.case, by=by, route=Route.REJECT, reason=WORDS, grounds=["copy"])
    assert isinstance(said, PendingDecision)
    return said


def state_of(entry: Entry) -> str:
    return Entry.objects.get(pk=entry.pk).state


def test_until_then_nothing_moves_and_nobody_is_told(settings: Settings) -> None:
    appeal, by = an_appeal(settings)
    before = told_of(appeal.entry)

    overturn(appeal, by)
    early = taking_effect.all_due()

    assert (early, Decision.objects.filter(case=appeal.case).exists()) == (0, False)
    assert (state_of(appeal.entry), told_of(appeal.entry)) == (State.REJECTED, before)
    with after(minutes=11):
        decisions_take_effect()
        assert taking_effect.all_due() == 0
    decision = Decision.objects.get(case=appeal.case)
    assert (decision.by, decision.reason, appeal.end.outcome) == (by, WORDS, "overturned")
    assert (state_of(appeal.entry), told_of(appeal.entry)) == (State.HUNG, [*before, "appeal_ended"])
    assert not PendingDecision.objects.exists()


def test_an_upheld_claim_takes_effect_with_its_remarks(settings: Settings) -> None:
    claim, by = a_claim()
    decisions.answer(
        claim.case, by=by, route=Route.REJECT, reason=WORDS, grounds=["copy"], remarks=[ending.BAD_FAITH]
    )
    assert not ClaimEnd.objects.exists()

    with after(minutes=11):
        assert taking_effect.all_due() == 1

    assert (end_of(claim).outcome, end_of(claim).bad_faith) == ("upheld", True)
    assert state_of(claim.entry) == State.REJECTED
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    assert walk(claim.entry.contest).broken is None


def test_taken_back_it_was_never_decided(as_person: SignIn, settings: Settings) -> None:
    appeal, by = an_appeal(settings)
    overturn(appeal, by)
    queue = queues.QUEUES["appeals"]
    assert not any(one.cases(by).exists() for one in queues.QUEUES.values())

    done = as_person(by).post(f"/organize/case/{appeal.case_id}/undo/", follow=True)

    assert "Nobody was told of it." in done.content.decode()
    assert list(queue.cases(by)) == [appeal.case]
    with after(minutes=11):
        assert taking_effect.all_due() == 0
    assert Appeal.objects.open().get() == appeal
    answered = decisions.answer(appeal.case, by=by, route=Route.REJECT, reason="No.", grounds=["statement"])
    assert isinstance(answered, PendingDecision)


def test_who_decided_reads_until_when_and_others_what_it_is(as_person: SignIn, settings: Settings) -> None:
    appeal, by = an_appeal(settings)
    other = make_member(appeal.entry.contest.organization)
    page = f"/organize/case/{appeal.case_id}/"
    client = as_person(by)

    following = client.post(f"{page}decide/", {"route": "human", "reason": WORDS}, follow=True)
    seen = client.get(page).content.decode()
    lately = client.get("/organize/lately/").content.decode()
    others = as_person(other).get(page).content.decode()

    assert "It takes effect at" in following.content.decode()
    assert "For 10 minutes you can take it back." in following.content.decode()
    assert WORDS in seen
    assert f'action="{page}undo/"' in lately
    assert "has not taken effect yet" in lately
    assert "This case is decided" in others
    assert WORDS not in others
    assert 'name="route"' not in others
    assert f'action="{page}undo/"' not in others


def test_a_second_answer_is_not_used_and_a_page_that_stayed_open_stops_nothing(
    as_person: SignIn, settings: Settings
) -> None:
    appeal, by = an_appeal(settings)
    other = make_member(appeal.entry.contest.organization)
    User.objects.filter(pk=by.pk).update(display_name="Quartz Vellum")
    by.refresh_from_db()
    overturn(appeal, by)
    page, client = f"/organize/case/{appeal.case_id}/", as_person(other)

    refused = client.post(f"{page}decide/", {"route": "human", "reason": "Mine."})
    renewed = client.post(f"{page}lock/", headers={"HX-Request": "true"}).content.decode()
    client.post(f"{page}take-over/")

    assert refused.status_code == 409
    assert "Mine." in refused.content.decode()
    assert "Somebody has decided this case meanwhile." in renewed
    for told in (refused.content.decode(), renewed):  # it may be taken back: then it was never said
        assert by.display_name not in told
        assert WORDS not in told
        assert " decided: " not in told
    assert locks.running(appeal.case) is None
    with after(minutes=11):
        locks.hold(appeal.case, by=other)  # as if it was held by whatever came between
        assert taking_effect.all_due() == 1
    assert Decision.objects.get(case=appeal.case).by == by


def test_only_who_decided_takes_back_and_in_time(as_person: SignIn, settings: Settings) -> None:
    appeal, by = an_appeal(settings)
    said = overturn(appeal, by)
    other = make_member(appeal.entry.contest.organization)

    with pytest.raises(undoing.NotUndone):
        undoing.take_back(said, by=other)
    assert as_person(other).post(f"/organize/case/{appeal.case_id}/undo/").status_code == 404
    with after(minutes=11), pytest.raises(undoing.TooLate):
        undoing.take_back(said, by=by)

    assert undoing.last_undoable(by) == said
    assert undoing.last_undoable(other) is None


def test_the_last_of_both_kinds_is_taken_back_by_the_key(settings: Settings) -> None:
    appeal, by = an_appeal(settings)
    review = make_case(contest=appeal.entry.contest)
    said = overturn(appeal, by)
    decision = decisions.decide(review, by=by, route=Route.HUMAN, reason=WORDS)

    assert undoing.last_undoable(by) == decision
    undoing.undo(decision, by=by)
    assert undoing.last_undoable(by) == said


def test_said_on_the_last_day_it_was_said_in_time(settings: Settings) -> None:
    """The time to decide runs out between a decision and its effect."""
    appeal, by = an_appeal(settings)
    claim, judge = a_claim()
    with time_machine.travel(appeal.decide_by - timedelta(minutes=3)):
        decisions.answer(appeal.case, by=by, route=Route.REJECT, reason="No.", grounds=["statement"])
    with time_machine.travel(claim.case.due_at - timedelta(minutes=3)):
        uphold(claim, judge)

    late = max(appeal.decide_by, claim.case.due_at) + timedelta(days=1)
    with time_machine.travel(late):
        assert (lapse_all(), lapse_due()) == (0, 0)
        assert taking_effect.all_due() == 2

    assert appeal.end.outcome == "upheld"
    assert end_of(claim).outcome == "upheld"


def test_what_is_not_allowed_any_more_is_not_decided(settings: Settings) -> None:
    appeal, by = an_appeal(settings)
    overturn(appeal, by)
    interests.declare(appeal.entry, source=InterestSource.DECLARED, reason="I taught the entrant.", by=by)

    with after(minutes=11):
        assert taking_effect.all_due() == 0
        other = make_member(appeal.entry.contest.organization)
        assert list(queues.QUEUES["appeals"].cases(other)) == [appeal.case]

    assert not Decision.objects.filter(case=appeal.case).exists()
    assert not PendingDecision.objects.exists()


def test_an_appeal_taken_back_meanwhile_ends_as_that(settings: Settings) -> None:
    appeal, by = an_appeal(settings)
    overturn(appeal, by)
    filing.withdraw(appeal, by=appeal.entry.entrant)

    with after(minutes=11):
        assert taking_effect.all_due() == 0

    assert Appeal.objects.get().end.outcome == "withdrawn"
    assert not Decision.objects.filter(case=appeal.case).exists()
    assert not PendingDecision.objects.exists()


def test_one_that_breaks_stops_no_other(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    broken, by = an_appeal(settings)
    overturn(broken, by)
    claim, judge = a_claim()
    uphold(claim, judge)
    decide = decisions.decide

    def fail(case: Case, **said: object) -> Decision:
        if case == broken.case:
            raise RuntimeError("the storage is away")
        return decide(case, **said)  # type: ignore[arg-type]

    with after(minutes=11):
        with monkeypatch.context() as patch:
            patch.setattr(decisions, "decide", fail)
            assert taking_effect.all_due() == 1
        assert PendingDecision.objects.get().case == broken.case
        assert taking_effect.all_due() == 1


def test_the_sweep_is_on_the_clock() -> None:
    assert "moderation.tasks.decisions_take_effect" in {
        row["task"] for row in app.conf.beat_schedule.values()
    }


def test_what_was_said_is_changed_by_nobody(settings: Settings) -> None:
    appeal, by = an_appeal(settings)
    overturn(appeal, by)

    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        PendingDecision.objects.update(at=timezone.now() - timedelta(days=30))


def test_the_second_of_two_may_take_back_and_the_first_words_stay() -> None:
    claim, second = a_claim()
    ReviewSettings.objects.create(contest=claim.entry.contest, two_for_rejection=True)
    first = make_member(claim.entry.contest.organization)
    decisions.answer(claim.case, by=first, route=Route.REJECT, reason="First.", grounds=["copy"])

    said = uphold(claim, second)
    undoing.take_back(said, by=second)

    assert claim.end is None
    assert Opinion.objects.get(case=claim.case).reason == "First."
    uphold(claim, second)
    with after(minutes=11):
        assert taking_effect.all_due() == 1


def test_a_claim_is_upheld_on_the_ground_of_a_copy_alone() -> None:
    claim, by = a_claim()

    for verb in (decisions.answer, decisions.decide):
        with pytest.raises(ending.NotACopy):
            verb(claim.case, by=by, route=Route.REJECT, reason="Rude.", grounds=["rules"])
    with pytest.raises(IntegrityError, match="ground of a copy"), transaction.atomic():
        Decision.objects.create(case=claim.case, by=by, route=Route.REJECT, reason="Rude.", grounds=["rules"])

    assert claim.end is None


def test_an_appeal_that_nobody_decides_under_a_claim_ends_as_was_asked(settings: Settings) -> None:
    """The claim holds the entry down; let go, it hangs where the appeal has brought it."""
    settings.UNDO_SECONDS = 0
    entry = decided(Route.AI)
    appeal = appealed(entry)
    claim = make_claim(entry, make_claimant(proved=True))
    assert (claim.holds, state_of(entry)) == (True, State.HELD)

    with after(days=60):
        assert lapse_all() == 1
        assert (appeal.end.outcome, state_of(entry)) == ("lapsed", State.HELD)
        assert decisions.choices(claim.case) == (Route.HUMAN, Route.REJECT)
        decisions.decide(
            claim.case, by=make_member(entry.contest.organization), route=Route.HUMAN, reason="Other lines."
        )

    entry.refresh_from_db()
    assert (entry.state, entry.category and entry.category.kind) == (State.HUNG, "human")


def test_a_claim_that_is_let_go_leaves_an_appeal_under_another_claim_open(settings: Settings) -> None:
    settings.UNDO_SECONDS = 0
    entry = decided(Route.AI)
    appeal = appealed(entry)
    claims = [make_claim(entry, make_claimant(proved=True)) for _number in range(2)]
    by = make_member(entry.contest.organization)

    decisions.decide(claims[0].case, by=by, route=Route.AI, reason="Other lines.")

    assert state_of(entry) == State.HELD
    assert Appeal.objects.open().get() == appeal


def test_what_was_judged_before_a_claim_can_be_appealed_after_it(settings: Settings) -> None:
    settings.UNDO_SECONDS = 0
    entry = decided(Route.AI)
    before = judgements.in_force(entry)
    claim = make_claim(entry, make_claimant(proved=True))
    ending.withdraw(claim)
    entry.refresh_from_db()
    withdrawn = judgements.in_force(entry)
    dismissed_claim = make_claim(entry, make_claimant(proved=True))
    by = make_member(entry.contest.organization)
    decisions.decide(dismissed_claim.case, by=by, route=Route.AI, reason="Other lines.")
    entry.refresh_from_db()

    assert before is not None
    assert withdrawn == before
    assert judgements.in_force(entry) == before
    assert before.bar is None
    assert appealed(entry).stood == Route.AI
