"""Giving cases to people, by load, among those who may have them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from moderation import assigning, decisions, interests, panel, tasks
from moderation.assigning import deal
from moderation.models import Absence, Case, InterestSource, ReviewSettings
from moderation.verdicts import Route
from submissions.models import Contest, Membership, User
from tests.factories import make_member
from tests.moderation.rows import make_case, make_desk

SignIn = Callable[[User], Client]


@st.composite
def desks(draw: st.DrawFn) -> tuple[list[int], dict[str, set[int]], dict[str, int]]:
    """Cases, who may have which, and what each holds already."""
    items = list(range(draw(st.integers(0, 25))))
    people = draw(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6, unique=True))
    some = st.sets(st.sampled_from(items)) if items else st.just(set())
    return items, {one: draw(some) for one in people}, {one: draw(st.integers(0, 9)) for one in people}


@given(desks())
def test_whoever_gets_a_case_may_have_it_and_had_the_fewest(
    desk: tuple[list[int], dict[str, set[int]], dict[str, int]],
) -> None:
    items, may, loads = desk

    given_ = deal(items, may, loads)

    held = dict(loads)
    for item in items:
        fit = [person for person in may if item in may[person]]
        assert (item in given_) is bool(fit)
        if fit:
            assert given_[item] in fit
            assert held[given_[item]] == min(held[person] for person in fit)
            held[given_[item]] += 1


@given(st.integers(0, 60), st.lists(st.integers(0, 8), min_size=1, max_size=7))
def test_where_all_may_have_all_nobody_is_given_more_while_another_has_less(
    number: int, loads: list[int]
) -> None:
    items = list(range(number))
    before = dict(enumerate(loads))

    given_ = deal(items, {person: set(items) for person in before}, before)

    after = {person: before[person] + list(given_.values()).count(person) for person in before}
    got = [after[person] for person in before if after[person] > before[person]]
    assert sum(after.values()) == sum(loads) + number
    assert not got or max(got) - min(after.values()) <= 1


def desk(people: int = 2) -> tuple[Contest, list[User]]:
    contest, first = make_desk()
    ReviewSettings.objects.create(contest=contest, assigned=True)
    return contest, [first, *(make_member(contest.organization) for _ in range(people - 1))]


def holders(contest: Contest) -> list[int | None]:
    return list(
        Case.objects.open().filter(contest=contest).order_by("pk").values_list("assigned_to", flat=True)
    )


@pytest.mark.django_db
def test_the_sweep_gives_what_is_new_evenly_and_once() -> None:
    contest, (first, second) = desk()
    for _ in range(4):
        make_case(contest=contest)

    given_ = assigning.assign_all(), assigning.assign_all()

    assert given_ == (4, 0)
    assert sorted(holders(contest), key=str) == sorted([first.pk, second.pk] * 2, key=str)


@pytest.mark.django_db
def test_the_sweepers_task_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    contest, (only,) = desk(1)
    make_case(contest=contest)
    monkeypatch.setattr(tasks, "requeue_stopped", lambda: None)  # asks the broker, which is not there

    tasks.requeue()

    assert holders(contest) == [only.pk]


@pytest.mark.django_db
def test_a_contest_that_did_not_ask_for_it_gives_nothing() -> None:
    contest, _organizer = make_desk()
    make_case(contest=contest)

    assert assigning.assign_all() == 0
    assert holders(contest) == [None]


@pytest.mark.django_db
def test_nobody_is_given_what_they_may_not_decide() -> None:
    contest, (first, second) = desk()
    case = make_case(contest=contest, entrant=first)
    other = make_case(contest=contest)
    interests.declare(other.entry, source=InterestSource.DECLARED, reason="Mine.", by=second)
    Membership.objects.filter(user=first).update(role="organizer")

    assigning.assign_all()

    case.refresh_from_db()
    other.refresh_from_db()
    assert case.assigned_to is None  # the second belongs to the first one's house
    assert other.assigned_to == first


@pytest.mark.django_db
def test_what_somebody_leaves_is_given_to_another(as_person: SignIn) -> None:
    contest, (first, second) = desk()
    case = make_case(contest=contest)
    assigning.assign_all()
    case.refresh_from_db()
    holder, other = (first, second) if case.assigned_to == first else (second, first)

    as_person(holder).post("/organize/reviewer/", {"do": "away"})
    assigning.assign_all()
    case.refresh_from_db()
    while_away = case.assigned_to
    interests.declare(case.entry, source=InterestSource.ABSTAINED, reason="Not me.", by=other)
    assigning.assign_all()
    nobody = holders(contest)
    as_person(holder).post("/organize/reviewer/", {"do": "back"})
    assigning.assign_all()

    assert while_away == other
    assert nobody == [None]
    assert holders(contest) == [holder.pk]


@pytest.mark.django_db
def test_one_who_was_removed_holds_nothing() -> None:
    contest, (first, second) = desk()
    make_case(contest=contest)
    assigning.assign_all()
    held = holders(contest)

    Membership.objects.filter(user__in=held).delete()
    assigning.assign_all()

    assert holders(contest) == [({first.pk, second.pk} - set(held)).pop()]


@pytest.mark.django_db
def test_an_absence_ends_on_its_day_by_itself() -> None:
    contest, (only,) = desk(1)
    make_case(contest=contest)
    Absence.objects.create(person=only, until=timezone.localdate() + timedelta(days=1))
    assigning.assign_all()
    while_away, stuck = holders(contest), panel.stuck(contest)

    Absence.objects.update(until=timezone.localdate())
    assigning.assign_all()

    assert while_away == [None]
    assert [one.left for one in stuck] == [panel.Left.ONLY_AWAY]
    assert holders(contest) == [only.pk]


@pytest.mark.django_db
def test_others_may_work_what_was_given_to_one() -> None:
    contest, (first, second) = desk()
    case = make_case(contest=contest)
    assigning.assign_all()
    case.refresh_from_db()
    other = second if case.assigned_to == first else first

    decisions.answer(case, by=other, route=Route.HUMAN, reason="Fine.")

    assert Case.objects.open().count() == 0


@pytest.mark.django_db
def test_a_first_opinion_sends_the_case_on() -> None:
    contest, (first, second) = desk()
    ReviewSettings.objects.update(two_for_rejection=True)
    case = make_case(contest=contest)
    assigning.assign_all()
    case.refresh_from_db()
    holder, other = (first, second) if case.assigned_to == first else (second, first)

    decisions.answer(case, by=holder, route=Route.REJECT, grounds=["rules"], reason="No.")
    assigning.assign_all()

    assert holders(contest) == [other.pk]
