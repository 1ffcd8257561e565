"""Pages and "next case" walk one way: whatever lies in a queue, whoever asks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation import queues
from moderation.due import ANSWERED, PUT_ASIDE, REVIEWED, Due
from moderation.models import Case, CaseKind, Decision
from moderation.verdicts import Route
from submissions.models import Contest, Role, User
from submissions.states import State
from tests.factories import make_contest, make_entry, make_member
from tests.moderation.rows import SIGNS, make_case, make_desk, titles

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]

DRAWN = st.lists(
    st.fixed_dictionaries(
        {
            "contest": st.integers(0, 1),
            "severity": st.integers(0, 3),
            "opened": st.integers(0, 2),
            "escalated": st.booleans(),
            "hold": st.sampled_from([None, -1, 1, 2]),
        }
    ),
    max_size=12,
)


@pytest.fixture
def desk() -> tuple[list[Contest], User, Case]:
    """Two contests that close one after the other, their owner, and a judged case to copy."""
    contest = make_contest()
    other = make_contest(organization=contest.organization, closes_at=contest.closes_at + timedelta(days=1))
    return [contest, other], make_member(contest.organization, Role.OWNER), make_case(SIGNS)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=DRAWN)
def test_pages_in_a_row_are_next_cases_in_a_row(
    desk: tuple[list[Contest], User, Case], drawn: list[dict[str, int]]
) -> None:
    contests, owner, judged = desk
    Case.objects.exclude(pk=judged.pk).delete()
    now = timezone.now()
    Case.objects.bulk_create(
        Case(
            entry=make_entry(contest=contests[one["contest"]], state=State.HELD, pictures=0),
            contest=contests[one["contest"]],
            verdict=judged.verdict,
            topics=["signs"],
            severity=one["severity"],
            opened_at=now - timedelta(hours=one["opened"]),
            due_at=now,
            escalated_at=now if one["escalated"] else None,
            on_hold_until=now + timedelta(hours=one["hold"]) if one["hold"] else None,
        )
        for one in drawn
    )

    for queue in queues.QUEUES.values():
        cases = queue.cases(owner)
        paged = [case for start in range(0, len(drawn), 5) for case in cases[start : start + 5]]
        walked = paged[:1]
        while len(walked) < len(paged) and (after := queues.following(cases, walked[-1])):
            walked.append(after)
        assert walked == paged
        if len(paged) > 1:
            assert queues.following(cases, paged[-1]) == paged[0]
    lying = [set(queues.QUEUES[name].cases(owner)) for name in ("all", "aside")]
    assert not lying[0] & lying[1]
    assert len(lying[0] | lying[1]) == len(drawn)


def test_next_goes_on_from_a_case_that_left_the_queue() -> None:
    contest, organizer = make_desk()
    first, second, third = (make_case(contest=contest) for _each in range(3))
    Case.objects.filter(pk=second.pk).update(closed_at=timezone.now())

    found = queues.following(queues.QUEUES["all"].cases(organizer), second)

    assert found == third
    assert first != third


def test_what_was_escalated_comes_first_and_to_owners_alone() -> None:
    contest, organizer = make_desk()
    owner = make_member(contest.organization, Role.OWNER)
    plain, escalated = make_case(contest=contest), make_case(SIGNS, contest=contest)
    Case.objects.filter(pk=escalated.pk).update(escalated_at=timezone.now())

    found = {
        person: [list(queues.QUEUES[name].cases(person)) for name in ("all", "escalated")]
        for person in (owner, organizer)
    }

    assert found == {owner: [[escalated, plain], [escalated]], organizer: [[plain], []]}


@pytest.mark.parametrize("act", ["decide", "check-again"])
def test_what_was_escalated_is_decided_by_owners_alone(as_person: SignIn, act: str) -> None:
    contest, organizer = make_desk()
    owner = make_member(contest.organization, Role.OWNER)
    case = make_case(contest=contest)
    Case.objects.filter(pk=case.pk).update(escalated_at=timezone.now())

    answers = [
        as_person(person).post(
            f"/organize/case/{case.pk}/{act}/", {"route": "human", "reason": "Made by hand."}
        )
        for person in (organizer, owner)
    ]

    assert [answer.status_code for answer in answers] == [404, 302]


def test_an_owner_elsewhere_works_no_escalated_case_here() -> None:
    contest, organizer = make_desk()
    elsewhere = make_contest()
    elsewhere.organization.memberships.create(user=organizer, role=Role.OWNER)
    escalated = make_case(contest=contest)
    Case.objects.filter(pk=escalated.pk).update(escalated_at=timezone.now())

    counted = {queue.name: number for queue, number in queues.counts(organizer, queues.workable(organizer))}

    assert (counted["escalated"], counted["all"]) == (0, 0)


def test_a_queue_of_others_does_not_exist(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    owner = make_member(contest.organization, Role.OWNER)

    answers = [
        as_person(person).get("/organize/queue/", {"queue": "escalated"}) for person in (organizer, owner)
    ]

    assert [answer.status_code for answer in answers] == [404, 200]
    assert "escalated" not in [queue.name for queue in queues.open_to(organizer)]


def test_what_is_put_aside_comes_back_on_its_day() -> None:
    contest, organizer = make_desk()
    away, back = make_case(contest=contest), make_case(contest=contest)
    now = timezone.now()
    Case.objects.filter(pk=away.pk).update(on_hold_until=now + timedelta(hours=1))
    Case.objects.filter(pk=back.pk).update(on_hold_until=now - timedelta(hours=1))

    found = [list(queues.QUEUES[name].cases(organizer)) for name in ("all", "aside")]

    assert found == [[back], [away]]


def test_mine_is_what_is_assigned_to_who_asks() -> None:
    contest, organizer = make_desk()
    mine, others, nobodys = (make_case(contest=contest) for _each in range(3))
    Case.objects.filter(pk=mine.pk).update(assigned_to=organizer)
    Case.objects.filter(pk=others.pk).update(assigned_to=make_member(contest.organization))

    found = list(queues.QUEUES["mine"].cases(organizer))

    assert found == [mine]
    assert nobodys in queues.QUEUES["all"].cases(organizer)


def test_a_second_look_is_not_for_who_had_the_first() -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    Decision.objects.create(case=case, by=organizer, route=Route.HUMAN, reason="Seen.")
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    appeal = Case.objects.create(
        kind=CaseKind.APPEAL,
        entry=case.entry,
        contest=contest,
        verdict=case.verdict,
        due_at=timezone.now(),
    )
    another = make_member(contest.organization)

    found = {person: list(queues.QUEUES["appeals"].cases(person)) for person in (organizer, another)}

    assert found == {organizer: [], another: [appeal]}


def test_each_queue_tells_by_its_own_rule_how_soon_a_case_is_due() -> None:
    now = timezone.now()
    case = make_case()
    case.due_at, case.on_hold_until = now + timedelta(days=2), now + timedelta(days=5)
    late = make_case()
    late.due_at = now - timedelta(minutes=1)

    states = [rule.state(case, now) for rule in (REVIEWED, ANSWERED, PUT_ASIDE)]

    assert states == [Due.IN_TIME, Due.SOON, Due.IN_TIME]
    assert PUT_ASIDE.at(case) == case.on_hold_until
    assert REVIEWED.state(late, now) == Due.OVERDUE


def test_the_number_of_an_estimate_stands_in_no_row(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    make_case(SIGNS, contest=contest, title="Harbour")

    page = as_person(organizer).get("/organize/queue/")

    assert titles([row.case for row in page.context["rows"]]) == ["Harbour"]
    assert "Signs of generation" in page.content.decode()
    assert "0.93" not in page.content.decode()
