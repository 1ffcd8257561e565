"""The rows that other tests stand on are rows the database accepts."""

import pytest

from submissions.models import Role
from submissions.states import State
from tests.factories import ContestFactory, EntryFactory, member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", list(State))
def test_an_entry_can_stand_in_every_state(state: State) -> None:
    entry = EntryFactory(state=state)

    assert (entry.state, entry.artworks.count(), entry.disclosures.count()) == (state, 1, 1)


def test_a_contest_comes_with_rules_and_two_categories() -> None:
    contest = ContestFactory()

    assert contest.policy.number == 1
    assert contest.categories.count() == 2
    assert member(contest.organization, Role.JUROR).memberships.get().role == Role.JUROR
