"""Exercises: they look like cases, change nothing, and tell how far people agree."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from moderation import decisions, exercises, handling, panel, quality, queues
from moderation.interests import declare
from moderation.models import (
    Case,
    CaseKind,
    Decision,
    Exercise,
    GoldenCase,
    InterestSource,
    Reading,
    ReviewSettings,
)
from moderation.transparency import figures
from moderation.verdicts import Route
from submissions.models import Contest, Move, Notice, Role, User
from submissions.states import State
from submissions.transitions import move
from tests.factories import make_member
from tests.moderation.rows import make_case, make_desk

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def decided(contest: Contest, by: User, route: Route = Route.HUMAN, **fields: str) -> Case:
    case = make_case(contest=contest, **fields)
    grounds = ["rules"] if route == Route.REJECT else []
    decisions.answer(case, by=by, route=route, grounds=grounds, reason="Words of the first.")
    case.refresh_from_db()
    return case


def golden_desk() -> tuple[Contest, User, GoldenCase, Case]:
    """A golden case, and the exercise that one reviewer was given of it."""
    contest, marker = make_desk()
    decider, reviewer = make_member(contest.organization), make_member(contest.organization)
    case = decided(contest, decider, title="Harbour")
    golden = exercises.make_golden(case, route=Route.AI, reason="The maker told me.", by=marker)
    assert exercises.ask_all() == 1
    return contest, reviewer, golden, Case.objects.get(kind=CaseKind.EXERCISE)


def test_a_golden_case_comes_to_those_who_do_not_know_it(as_person: SignIn) -> None:
    contest, reviewer, golden, case = golden_desk()

    assert case.assigned_to == reviewer  # neither who marked nor who decided
    assert exercises.ask_all() == 0
    assert list(queues.QUEUES["all"].cases(reviewer)) == [case]
    for other in (golden.by, Decision.objects.get().by):
        assert not panel.workable(other).exists()
        assert as_person(other).get(f"/organize/case/{case.pk}/").status_code == 404
    assert not Case.objects.open().exists()
    assert contest.entries.get().state == State.HUNG


def test_an_exercise_looks_like_a_case(as_person: SignIn) -> None:
    contest, reviewer, golden, case = golden_desk()
    client = as_person(reviewer)
    ordinary = make_case(contest=contest)

    page, usual = (client.get(f"/organize/case/{one.pk}/") for one in (case, ordinary))

    text, like = page.content.decode(), usual.content.decode()
    assert "Words of the first." not in text
    assert "The maker told me." not in text
    assert "xercise" not in text
    assert "golden" not in text.lower()
    assert "decided:" not in text
    for sentence in ("Why it waits", "Decide and go on", "Check again", "Not me: abstain"):
        assert sentence in text
        assert sentence in like
    assert b"Harbour" in client.get("/organize/queue/").content
    assert golden.case.closed_at is not None
    assert case.due_at - case.opened_at == golden.case.due_at - golden.case.opened_at


def everything(contest: Contest) -> tuple[object, ...]:
    """What an answer must leave alone."""
    return Move.objects.count(), Notice.objects.count(), Decision.objects.count(), figures(contest)


def test_answering_changes_nothing_for_the_entry_and_then_tells(as_person: SignIn) -> None:
    contest, reviewer, _golden, case = golden_desk()
    before = everything(contest)
    client = as_person(reviewer)

    told = client.post(
        f"/organize/case/{case.pk}/decide/", {"route": "human", "reason": "Looks painted."}, follow=True
    ).content.decode()
    after = client.get(f"/organize/case/{case.pk}/").content.decode()

    assert "was asked once more; nothing changes for it" in told
    assert "Its answer is known: AI category" in told
    assert "Looks painted." in after
    assert everything(contest) == before
    reading = Reading.objects.get()
    assert (reading.by, reading.route, quality.is_right(reading)) == (reviewer, "human", False)
    assert exercises.ask_all() == 0


def test_only_its_person_answers_and_nobody_decides_it() -> None:
    contest, reviewer, _golden, case = golden_desk()
    other = make_member(contest.organization)

    assert case not in panel.workable(other)
    with pytest.raises(panel.MayNotDecide):
        decisions.answer(case, by=other, route=Route.HUMAN, reason="Fine.")
    with pytest.raises(panel.MayNotDecide):
        decisions.check_again(case, by=reviewer)
    with pytest.raises(IntegrityError, match="an exercise decides nothing"), transaction.atomic():
        Decision.objects.create(case=case, by=reviewer, route="human", reason="Past the verbs.")


def test_an_exercise_stands_beside_an_open_question_about_its_entry() -> None:
    _contest, reviewer, golden, case = golden_desk()

    move(golden.case.entry, State.WITHDRAWN, because="withdrawn by the entrant")

    case.refresh_from_db()
    assert case.closed_at is not None
    assert not panel.workable(reviewer).exists()


def test_an_ended_golden_case_is_asked_no_more(as_person: SignIn) -> None:
    contest, reviewer, golden, case = golden_desk()
    room = f"/organize/contest/{contest.slug}/quality/golden/{golden.pk}/end/"

    by_another = as_person(reviewer).post(room)
    as_person(golden.by).post(room)

    case.refresh_from_db()
    assert by_another.status_code == 404
    assert case.closed_at is not None
    assert exercises.ask_all() == 0


def test_only_what_was_decided_is_golden() -> None:
    contest, organizer = make_desk()

    with pytest.raises(exercises.NotDecided):
        exercises.make_golden(make_case(contest=contest), route=Route.AI, reason="So.", by=organizer)


def test_second_readings_are_of_other_people_once_and_as_many_as_asked() -> None:
    contest, first = make_desk()
    ReviewSettings.objects.create(contest=contest, twice_of_100=100)
    second, third = make_member(contest.organization), make_member(contest.organization)
    cases = [decided(contest, first) for _ in range(3)]
    declare(cases[0].entry, source=InterestSource.DECLARED, reason="Mine.", by=second)

    for _ in range(3):
        exercises.ask_all()

    asked = Exercise.objects.filter(golden=None)
    assert {one.of for one in asked} == set(cases)
    assert {one.case.assigned_to for one in asked} <= {second, third}
    assert asked.get(of=cases[0]).case.assigned_to == third
    assert max(Case.objects.before(who).filter(kind="exercise").count() for who in (second, third)) <= 2


def test_nothing_is_read_twice_unless_asked_or_long_after() -> None:
    contest, first = make_desk()
    make_member(contest.organization)
    case = decided(contest, first)
    none = exercises.ask_all()
    ReviewSettings.objects.create(contest=contest, twice_of_100=100)
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now() - exercises.WITHIN - timedelta(days=1))

    assert (none, exercises.ask_all()) == (0, 0)


def test_the_draw_is_of_chance_but_the_same_each_time() -> None:
    drawn = [case for case in range(20_000) if exercises.is_drawn(case, 15)]

    assert drawn == [case for case in range(20_000) if exercises.is_drawn(case, 15)]
    assert 0.14 < len(drawn) / 20_000 < 0.16
    assert not any(exercises.is_drawn(case, 0) for case in range(500))
    assert all(exercises.is_drawn(case, 100) for case in range(500))


def test_the_page_tells_owners_of_all_and_others_of_themselves(as_person: SignIn) -> None:
    contest, first = make_desk()
    second = make_member(contest.organization)
    owner = make_member(contest.organization, Role.OWNER)
    ReviewSettings.objects.create(contest=contest, twice_of_100=100)
    for route in (Route.HUMAN, Route.HUMAN, Route.REJECT):
        decided(contest, first, route)
    exercises.ask_all()
    exercises.ask_all()
    for case in Case.objects.filter(kind=CaseKind.EXERCISE):
        assert case.assigned_to is not None
        decisions.answer(case, by=case.assigned_to, route=Route.HUMAN, reason="Fine.")
    address = f"/organize/contest/{contest.slug}/quality/"

    pages = {who: as_person(who).get(address) for who in (owner, first, second)}

    found = quality.figures(contest)
    assert (found.twice.right, found.twice.total) == (2, 3)
    assert found.kappa is None  # the second readings all say the same
    assert {one.person for one in pages[owner].context["reviewers"]} == {owner, second} & {
        reading.by for reading in Reading.objects.all()
    }
    assert {one.person for one in pages[first].context["reviewers"]} == set()
    assert "2 of 3 agree with the decision" in pages[second].content.decode()
    assert "<svg" in pages[owner].content.decode()


def test_a_decision_that_was_taken_back_is_no_measure() -> None:
    contest, first = make_desk()
    ReviewSettings.objects.create(contest=contest, twice_of_100=100)
    make_member(contest.organization)
    case = decided(contest, first)
    from moderation.models import Undoing

    Undoing.objects.create(decision=case.decision)

    assert exercises.ask_all() == 0


@pytest.mark.parametrize("how", ["escalate", "reassign", "comment"])
def test_an_exercise_concerns_one_person_alone(how: str) -> None:
    contest, reviewer, _golden, case = golden_desk()
    colleague = make_member(contest.organization, Role.OWNER)
    letters = Notice.objects.count()

    if how == "escalate":
        handling.escalate(case, by=reviewer, text="What do you say?")
    elif how == "reassign":
        handling.reassign(case, by=reviewer, to=colleague)
    else:
        handling.comment(case, by=reviewer, text="Look at this.", to=[colleague])

    case.refresh_from_db()
    assert (case.closed_at is None) == (how == "comment")
    assert not Reading.objects.exists()
    assert Notice.objects.count() == letters
    assert not panel.workable(colleague).filter(pk=case.pk).exists()
