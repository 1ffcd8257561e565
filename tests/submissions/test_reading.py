"""Rules in plain words, in both languages."""

from dataclasses import replace

import pytest
from django.utils import translation
from hypothesis import given

from submissions.reading import ABOUT, CLOCK_WORDS, TITLES, Change, changes, choice_words, reading
from submissions.rules import CHOICES, CLOCKS, PRESETS, SECTIONS, Action, Clocks, OnFlag, Permission, Rules
from tests.submissions.rules_drawn import valid_rules


def then(rules: Rules, about: str) -> str:
    said = {str(clause.about): str(clause.then) for chapter in reading(rules) for clause in chapter.clauses}
    return said[about]


def test_every_choice_a_contest_has_is_said_in_words() -> None:
    assert set(ABOUT) == set(CHOICES)
    assert set(CLOCK_WORDS) == set(CLOCKS)
    assert set(TITLES) == set(SECTIONS) - {"data"}
    for name, allowed in CHOICES.items():
        said = [str(choice_words(name, choice)) for choice in allowed]
        assert len(set(said)) == len(allowed)


@pytest.mark.parametrize("language", ["en", "ko"])
@given(rules=valid_rules())
def test_any_rules_can_be_read(language: str, rules: Rules) -> None:
    with translation.override(language):
        clauses = [clause for chapter in reading(rules) for clause in chapter.clauses]

        assert all(str(one.about) and str(one.then).endswith(".") for one in clauses)


def test_a_changed_rule_changes_its_sentence_alone() -> None:
    assert changes(Rules(), Rules(unpermitted_data=Action.APART)) == [
        Change(
            "Where works hang",
            "A model trained on works without their makers' permission",
            "is not accepted.",
            "hangs with the works made with AI, under a label that says so.",
        )
    ]
    assert changes(Rules(), Rules()) == []


def test_what_no_longer_matters_is_said_to_have_gone() -> None:
    gone = {one.about for one in changes(Rules(), PRESETS["human_only"]) if not one.after}

    assert "A model trained on works in the public domain" in gone


def test_a_refusal_that_needs_a_person_is_not_said_to_be_automatic() -> None:
    about = "A model trained on works without their makers' permission"

    assert then(Rules(), about) == "is not accepted."
    assert "a person decides" in then(Rules(reject_breach=Permission.NEVER), about)


def test_copies_are_said_to_be_refused_at_once_only_where_both_rules_say_so() -> None:
    copy = "A verified copy whose artist asks that copies be stopped"
    proposed = Rules(verified_copy=OnFlag.PROPOSE_REJECT)

    assert then(Rules(reject_copy=Permission.ALLOWED), copy) == "is refused by a person or not at all."
    assert then(proposed, copy) == "is refused by a person or not at all."
    assert "at once" in then(replace(proposed, reject_copy=Permission.ALLOWED), copy)


def test_a_category_that_nothing_hangs_in_is_not_spoken_of() -> None:
    said = [
        f"{clause.about} {clause.then}"
        for chapter in reading(PRESETS["human_only"])
        for clause in chapter.clauses
    ]

    assert not [one for one in said if "category for works made with AI" in one or "AI category" in one]


def test_budgets_and_clocks_are_numbers_in_words() -> None:
    rules = Rules(clocks=Clocks(review=1)).with_budgets({"line_art": 0})

    assert then(rules, "Line art or vector drawing") == "none."
    assert then(rules, "Photograph") == "at most 10."
    assert then(rules, "A case that waits is decided") == "within 1 day."
    assert then(Rules(), "Works of every kind") == "at most 10."
