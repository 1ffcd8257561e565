"""An entry's way: who or what moved it, in words."""

import pytest
from django.utils import translation

from moderation.history import steps
from submissions.models import Move
from submissions.states import State
from submissions.transitions import move
from tests.factories import make_entry

pytestmark = pytest.mark.django_db


def test_a_move_that_nobody_judged_is_said_in_the_readers_language() -> None:
    entry = make_entry(state=State.RECEIVED)
    Move.objects.create(entry=entry, old=State.DRAFT, new=State.RECEIVED, because="handed in")
    move(entry, State.WITHDRAWN, because="withdrawn by the entrant")

    in_english = [one.why for one in steps(entry)]
    with translation.override("ko"):
        in_korean = [one.why for one in steps(entry)]

    assert in_english == ["Handed in by the entrant.", "Withdrawn by the entrant."]
    assert in_korean == ["출품자가 제출했습니다.", "출품자가 철회했습니다."]


def test_a_cause_newer_than_the_words_is_shown_as_it_stands() -> None:
    entry = make_entry(state=State.RECEIVED)
    move(entry, State.WITHDRAWN, because="some later cause")

    assert [one.why for one in steps(entry)] == ["some later cause"]
