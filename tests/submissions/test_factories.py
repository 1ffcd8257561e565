"""The rows that other tests stand on are rows the database accepts."""

import pytest

from submissions.models import Membership, Role
from submissions.states import State
from tests.factories import make_contest, make_entry, make_member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", list(State))
def test_an_entry_can_stand_in_every_state(state: State) -> None:
    entry = make_entry(state=state)

    assert (entry.state, entry.artworks.count(), entry.disclosures.count()) == (state, 1, 1)


def test_a_contest_comes_with_rules_and_two_categories() -> None:
    contest = make_contest()

    assert contest.policy.number == 1
    assert contest.categories.count() == 2


def test_a_member_has_the_role_asked_for() -> None:
    contest = make_contest()

    juror = make_member(contest.organization, Role.JUROR)

    assert Membership.objects.get(user=juror).role == Role.JUROR
