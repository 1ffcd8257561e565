"""Rules documents: what can be written, what is refused and where, and what was stored before."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.detector import Medium as DetectorsMedium
from submissions.models import LicenceClass, Medium
from submissions.rules import (
    MEDIA,
    PRESET_TEXTS,
    PRESETS,
    QUESTIONS,
    Action,
    Clocks,
    InvalidRules,
    OnFlag,
    Permission,
    Rules,
    Wrong,
    as_toml,
    parse,
)
from tests.submissions.rules_drawn import valid_rules


def problems(text: str) -> list[tuple[Wrong, str, int | None]]:
    with pytest.raises(InvalidRules) as caught:
        parse(text)
    return [(one.wrong, one.key, one.line) for one in caught.value.problems]


@given(valid_rules())
def test_rules_survive_being_stored_and_being_written(rules: Rules) -> None:
    assert Rules.from_json(rules.as_json()) == rules
    assert parse(as_toml(rules)) == rules
    assert hash(parse(as_toml(rules))) == hash(rules)


def test_the_default_is_the_first_ready_set() -> None:
    assert PRESETS["apart"] == Rules()
    assert parse("") == Rules()


@pytest.mark.parametrize("name", PRESETS)
def test_a_ready_set_is_a_file_that_says_what_it_does(name: str) -> None:
    assert PRESET_TEXTS[name].startswith("# ")
    assert parse(PRESET_TEXTS[name]) == PRESETS[name]


def test_everything_wrong_is_said_at_once_with_its_line() -> None:
    text = """
[levels]
edited = "human"
[lanes]
synthetic = "propose reject"
vibes = "hold"
[clocks]
review = 0
appeal = true
[mood]
x = 1
"""

    assert problems(text) == [
        (Wrong.CHOICE, "levels.edited", 3),
        (Wrong.CHOICE, "lanes.synthetic", 5),
        (Wrong.UNKNOWN, "lanes.vibes", 6),
        (Wrong.NUMBER, "clocks.review", 8),
        (Wrong.NUMBER, "clocks.appeal", 9),
        (Wrong.UNKNOWN, "mood", 10),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a =\nb = 1", (Wrong.SYNTAX, "", 1)),
        ("[lanes]\ncopy = 'hold'\ncopy = 'hold'", (Wrong.SYNTAX, "", 3)),
        ("x = " + "[" * 5000, (Wrong.SYNTAX, "", None)),
        ("#" * 30_000, (Wrong.TOO_LONG, "", None)),
        ("format = 3", (Wrong.FORMAT, "format", 1)),
        ("levels = 1", (Wrong.NO_SECTION, "levels", 1)),
        ("[held_of_1000]\noil = 3", (Wrong.UNKNOWN, "held_of_1000.oil", 2)),
        ("[held_of_1000]\nline_art = 101", (Wrong.NUMBER, "held_of_1000.line_art", 2)),
        ("lanes.style = 'hold'", (Wrong.CHOICE, "lanes.style", 1)),
    ],
)
def test_what_is_wrong_is_named(text: str, expected: tuple[Wrong, str, int | None]) -> None:
    assert problems(text) == [expected]


def refused_or_read(read: Callable[[], Rules]) -> bool:
    """Whether ``read`` answers by rules or by what is wrong, and by nothing else."""
    try:
        return isinstance(read(), Rules)
    except InvalidRules as invalid:
        return bool(invalid.problems)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert refused_or_read(lambda: parse(text))


keys = st.sampled_from(["levels", "edited", "lanes", "copy", "clocks", "review", "held_of_1000", "line_art"])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=3),
)


@given(st.sampled_from(["levels", "lanes", "clocks", "held_of_1000", "format"]), anything)
def test_no_stored_value_breaks_the_reader(section: str, value: Any) -> None:
    assert refused_or_read(lambda: Rules.from_json({"format": 2, section: value}))


@pytest.mark.parametrize("lane", ["synthetic", "style"])
@pytest.mark.parametrize("choice", ["reject", "propose reject"])
def test_no_contest_can_let_a_score_reject(lane: str, choice: str) -> None:
    assert problems(f'[lanes]\n{lane} = "{choice}"') == [(Wrong.CHOICE, f"lanes.{lane}", 2)]


def test_no_contest_can_let_a_contradiction_or_a_copy_pass_as_a_note() -> None:
    for lane in ("statement", "statement_grave", "copy"):
        assert problems(f'[lanes]\n{lane} = "note"') == [(Wrong.CHOICE, f"lanes.{lane}", 2)]


def test_rules_that_are_made_in_code_meet_the_same_schema() -> None:
    with pytest.raises(InvalidRules, match="synthetic"):
        Rules(synthetic_signs=OnFlag.PROPOSE_REJECT)
    with pytest.raises(InvalidRules, match="review"):
        Rules(clocks=Clocks(review=0))


OLD: dict[str, Any] = {
    "assistive": "person",
    "edited": "reject",
    "generated": "ai",
    "unpermitted_data": "apart",
    "unknown_data": "reject",
    "verified_copy": "reject",
    "synthetic_signs": "person",
    "held_of_1000": {"photograph": 3},
}


def test_rules_stored_as_seven_answers_say_what_they_said() -> None:
    assert Rules.from_json(OLD) == Rules(
        assistive=Action.PERSON,
        edited=Action.REJECT,
        unpermitted_data=Action.APART,
        mixed_data=Action.REJECT,
        undisclosed_data=Action.REJECT,
        unknown_data=Action.REJECT,
        verified_copy=OnFlag.PROPOSE_REJECT,
        reject_copy=Permission.ALLOWED,
        synthetic_signs=OnFlag.PROPOSE_AI,
        held_of_1000=(("photograph", 3),),
    )
    assert Rules.from_json({"held_of_1000": {"photograph": 3}}).budget("photograph") == 3


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"vibes": "reject"}, "vibes"),
        ({"synthetic_signs": "reject"}, "lanes.synthetic"),
        ({"verified_copy": "hang"}, "lanes.copy"),
        ({"edited": "human"}, "levels.edited"),
    ],
)
def test_what_was_never_possible_is_refused_in_old_rows_too(change: dict[str, Any], key: str) -> None:
    with pytest.raises(InvalidRules, match=key):
        Rules.from_json(OLD | change)


def test_media_and_licences_are_those_of_the_statement() -> None:
    assert set(MEDIA) == set(Medium.values) == set(DetectorsMedium)
    keys = {question.key for question in QUESTIONS.values() if question.section == "data"}
    assert keys >= set(LicenceClass.values) - {"public_domain"}
