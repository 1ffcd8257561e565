"""Every code that the house can emit has its words, and no data makes them crash or leak."""

import ast
import re
from collections.abc import Iterator, Set
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from moderation import wording
from moderation.detector import Band
from moderation.provenance import Integrity, Origin
from submissions.rules import AILevel

MODERATION = Path(__file__).parents[2] / "moderation"
SOURCES = [
    *sorted((MODERATION / "checks").glob("**/*.py")),
    MODERATION / "policy.py",
    MODERATION / "screening.py",
]
FAMILIES = "file|provenance|traces|duplicate|copy|style|synthetic|statement|check|declared|data"
CODE = re.compile(rf"^({FAMILIES})\.[a-z_]+$")
PREFIX = re.compile(rf"^({FAMILIES})\.$")
# What the code's variable part can be, by the expression that stands in the f-string.
VARIABLE: dict[str, Set[str]] = {
    "said.integrity": set(Integrity) - {Integrity.INTACT},
    "said.origin": set(Origin),
    "judged.band": set(Band),
    "level": set(AILevel),
    "self.name": set(),  # a rule's own name, collected from the functions that are entered as rules
}


def emitted_codes() -> set[str]:
    found: set[str] = set()
    for source in SOURCES:
        found.update(_codes_in(ast.parse(source.read_text())))
    return found


def _codes_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.match(node.value):
            yield node.value
        elif isinstance(node, ast.JoinedStr) and _prefix(node):
            variable = ast.unparse(node.values[1].value)  # type: ignore[attr-defined]
            assert variable in VARIABLE, f"say what {variable!r} can be"
            yield from (f"{_prefix(node)}{value}" for value in VARIABLE[variable])
        elif isinstance(node, ast.FunctionDef) and any(
            isinstance(one, ast.Call) and ast.unparse(one.func) == "rule" for one in node.decorator_list
        ):
            yield f"statement.{node.name}"


def _prefix(node: ast.JoinedStr) -> str:
    first = node.values[0] if node.values else None
    is_code = isinstance(first, ast.Constant) and len(node.values) == 2 and PREFIX.match(str(first.value))
    return str(first.value) if is_code else ""  # type: ignore[union-attr]


def test_the_collector_finds_codes_of_every_kind() -> None:
    found = emitted_codes()

    assert {
        "file.damaged",
        "provenance.tampered",
        "provenance.ai_composite",
        "synthetic.signs_of_generation",
        "statement.another_model",
        "declared.generated",
        "check.gave_up",
    } <= found


def test_every_code_that_is_emitted_has_words() -> None:
    missing = emitted_codes() - set(wording.CODES)

    assert missing == set()


def test_no_words_are_kept_for_codes_that_nothing_emits() -> None:
    unused = set(wording.CODES) - emitted_codes()

    assert unused == set()


@pytest.mark.parametrize("code", sorted(wording.CODES))
def test_a_code_can_be_said_without_any_data(code: str) -> None:
    entrant, reviewer = wording.to_entrant(code, {}), wording.to_reviewer(code, {})

    assert wording.title(code)
    assert entrant.strip()
    assert reviewer.strip()
    assert "%(" not in entrant + reviewer


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
KNOWN = [
    "generator",
    "generators",
    "signer_name",
    "origin",
    "score",
    "stated",
    "known",
    "medium",
    "reason",
    "works",
    "mirrored",
    "same_entrant",
    "bits",
    "check",
    "reference",
]
NAMES = st.sampled_from(KNOWN) | st.text(max_size=6)


@given(code=st.sampled_from(sorted(wording.CODES)), data=st.dictionaries(NAMES, JSON, max_size=6))
def test_no_data_makes_a_sentence_crash(code: str, data: dict[str, object]) -> None:
    said = (wording.to_entrant(code, data), wording.to_reviewer(code, data))

    assert all(sentence.strip() for sentence in said)


def test_an_unknown_code_says_itself() -> None:
    said = wording.to_reviewer("later.check", {"x": 1})

    assert said == "later.check"


def test_the_entrant_reads_what_file_and_form_say() -> None:
    data = {
        "origin": "ai_generated",
        "generator": "Adobe Firefly",
        "signer_name": "Adobe Inc.",
        "signer": "trusted",
    }

    said = wording.to_entrant("statement.none_but_credentials_say_ai", data)

    assert said == (
        "The file's Content Credentials say that it was made with Adobe Firefly, and your form says that "
        "nothing "
        "in it was generated."
    )


SECRETS = {
    "score": 0.8765,
    "budget": 987_001,
    "no_sign_below": 0.1234,
    "signs_above": 0.7654,
    "bits": 13,
    "entry": 987_002,
    "artwork": 987_003,
    "work": 987_004,
    "artist": "Secret Artist",
    "inliers": 987_005,
    "prompts": ["secret prompt"],
    "problem": "secret problem",
    "works": 987_006,
    "on_match": "block",
    "same_entrant": False,
    "same_contest": False,
}


@pytest.mark.parametrize("code", sorted(wording.CODES))
def test_the_entrant_learns_no_threshold_and_nobody_else(code: str) -> None:
    facts = {**SECRETS, "generator": "G", "generators": ["G"], "reference": "R", "check": "registry"}

    said = wording.to_entrant(code, facts)

    told = [str(value) for value in SECRETS.values() if not isinstance(value, bool) and str(value) in said]
    told += [word for word in ("88 %", "987,", "Secret", "secret", "another person") if word in said]
    assert told == []


def test_the_reviewer_does_learn_them() -> None:
    said = wording.to_reviewer(
        "synthetic.signs_of_generation", {"score": 0.8765, "medium": "line_art", "budget": 10}
    )

    assert said == (
        "The detector's estimate is 88 %. Of 1,000 human works taken for line art, at most 10 are expected "
        "to score "
        "as high. It is no proof."
    )


@pytest.mark.parametrize(("score", "said"), [(0.0, "1 %"), (0.5, "50 %"), (0.9999, "99 %")])
def test_an_estimate_is_never_certain(score: float, said: str) -> None:
    assert wording.share(score) == said


def test_words_follow_the_language() -> None:
    with translation.override("en"):
        said = wording.to_entrant("declared.none", {})

    assert said == "Your form says that no generative AI was used."


def test_a_copy_proved_without_a_point_says_nothing_of_points_or_hash() -> None:
    data = {"reference": "Blue hills", "artist": "Mina Park", "pdq": 120, "by": "geometry", "inliers": 0}

    assert wording.to_reviewer("copy.verified", data) == (
        "The picture, or a part of it, repeats the registered work “Blue hills”."
    )
    assert "12 points" in wording.to_reviewer("copy.verified", data | {"inliers": 12})
