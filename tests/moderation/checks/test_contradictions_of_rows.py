"""Rules that look at rows beside the findings: earlier statements, earlier entries, references."""

import pytest

from matching.models import Work
from matching.registry import proofs
from moderation.verdicts import Outcome
from submissions.models import ProcessRole
from submissions.rules import AILevel
from tests.factories import make_user
from tests.matching.factories import drawing, make_artist, make_matchable_work
from tests.moderation.checks.contradicted import OWN, Stated, add_reference, earlier, state_before
from tests.moderation.rows import CONTRADICTION, make_judged
from tests.pictures import as_file

pytestmark = pytest.mark.django_db


def registered() -> Work:
    """A work that matching knows, vouched for: what repeats it is more than a note."""
    work = make_matchable_work(make_artist(owner=make_user()), title="Harbour")
    proofs.vouch(work.artist, work=None, organization="salon", by=make_user())
    return work


def codes(stated: Stated, entry: object = None) -> list[str]:
    return [one.code.removeprefix("statement.") for one in stated.contradictions(entry)]  # type: ignore[arg-type]


def test_a_statement_amended_after_a_finding_was_shown() -> None:
    asked = make_judged(CONTRADICTION)

    assert "amended_after_finding" in codes(Stated(level=AILevel.GENERATED, tools=[OWN]), asked)
    assert "lowered_after_finding" not in codes(Stated(level=AILevel.GENERATED, tools=[OWN]), asked)


def test_a_statement_that_tells_of_less_after_a_finding_was_shown() -> None:
    asked = make_judged(CONTRADICTION, level=AILevel.GENERATED, tools=[OWN])

    assert "lowered_after_finding" in codes(Stated(), asked)
    assert "amended_after_finding" not in codes(Stated(), asked)


def test_a_statement_amended_before_anything_was_shown() -> None:
    entry = Stated().entry()
    state_before(entry, level=AILevel.GENERATED)

    assert codes(Stated(), entry) == []


def test_a_cloak_of_a_file_that_was_handed_in_without_one() -> None:
    entry = Stated().entry()
    state_before(entry)

    assert codes(Stated(said={"cloaks": ["glaze"]}), entry) == ["cloak_without_a_change"]


def test_a_cloak_of_the_same_file_in_an_earlier_entry() -> None:
    person, content = make_user(), as_file(drawing(4))
    first = Stated(entrant=person, content=content)
    before = first.entry()
    first.look(before)
    earlier(before)

    again = Stated(entrant=person, content=content, said={"cloaks": ["mist"]})

    assert codes(again) == ["cloak_without_a_change"]


def test_a_cloak_stated_from_the_first_on() -> None:
    assert codes(Stated(said={"cloaks": ["glaze"]})) == []


def test_a_reference_that_is_a_registered_work() -> None:
    work = registered()
    stated = Stated(level=AILevel.GENERATED, tools=[OWN])
    entry = stated.entry()
    with work.original.open("rb") as file:
        add_reference(entry, file.read())

    (found,) = stated.contradictions(entry)

    assert found.code == "statement.reference_is_registered"
    assert (found.outcome, found.data["reference"]) == (Outcome.FLAG, "Harbour")


def test_references_that_are_nobodys_or_no_references() -> None:
    work = registered()
    stated = Stated(level=AILevel.GENERATED, tools=[OWN])
    entry = stated.entry()
    add_reference(entry, as_file(drawing(99)))
    add_reference(entry, b"8BPS, layers of a painting")
    with work.original.open("rb") as file:
        add_reference(entry, file.read(), role=ProcessRole.PROCESS)

    assert stated.contradictions(entry) == []
