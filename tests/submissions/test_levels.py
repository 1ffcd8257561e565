"""Steps that adapt: each level asks what belongs to it, and what it does not ask is not signed."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from submissions import intake, levels
from submissions.completeness import statement_lacks
from submissions.forms import Statement
from submissions.models import Disclosure, Purpose
from submissions.rules import AILevel
from tests.factories import make_artwork, make_disclosure, make_draft, make_tool

pytestmark = pytest.mark.django_db

FULL: dict[str, Any] = {
    "purposes": [Purpose.IDEAS],
    "parts": "The sky",
    "explanation": "I drew the rest.",
    "prompts": "stars over a harbour",
}


@pytest.mark.parametrize("level", AILevel)
def test_what_a_level_does_not_ask_is_not_signed(level: AILevel) -> None:
    draft = make_draft()
    make_artwork(draft)
    make_tool(make_disclosure(draft, attested=False, level=level, **FULL))

    intake.hand_in(draft, by=draft.entrant, signed="Mina Park")

    signed = Disclosure.objects.get(entry=draft)
    kept = {name for name in FULL if getattr(signed, name)} | ({"tools"} if signed.tools.exists() else set())
    assert kept == levels.ASKED[level]


@pytest.mark.parametrize("level", AILevel)
def test_a_draft_keeps_what_its_level_does_not_ask(level: AILevel) -> None:
    draft = make_draft()

    intake.keep(draft, work={}, statement={"level": level, **FULL}, tools=None)

    kept = Disclosure.objects.get(entry=draft)
    assert {name: getattr(kept, name) for name in FULL} == FULL


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    level=st.sampled_from(AILevel),
    said=st.fixed_dictionaries(
        {name: st.sampled_from([value, levels.EMPTY[name]]) for name, value in FULL.items()}
    ),
    named=st.booleans(),
)
def test_a_level_never_asks_for_what_it_leaves_out(level: AILevel, said: dict[str, Any], named: bool) -> None:
    statement = Disclosure(level=level, **said)
    places = {
        "purposes": "purposes",
        "id_statement-parts": "parts",
        "id_statement-prompts": "prompts",
        "id_statement-explanation": "explanation",
        "tools": "tools",
    }
    tools = [make_tool_row()] if named else []

    asked = {places[lack.place] for lack in statement_lacks(statement, tools)}

    assert asked <= levels.ASKED[level]
    if level == AILevel.NONE:
        assert not asked


def make_tool_row() -> Any:
    from submissions.models import DisclosedTool

    return DisclosedTool(model_words="A model of my own")


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ({"level": AILevel.ASSISTIVE}, ["purposes"]),
        ({"level": AILevel.ASSISTIVE, "purposes": [Purpose.DENOISE]}, []),
        ({"level": AILevel.ASSISTIVE, "explanation": "Denoised."}, []),
        ({"level": AILevel.ASSISTIVE, "purposes": [Purpose.OTHER]}, ["id_statement-explanation"]),
        ({"level": AILevel.EDITED}, ["id_statement-parts"]),
        ({"level": AILevel.EDITED, "parts": "The sky"}, []),
        ({"level": AILevel.GENERATED}, ["id_statement-prompts"]),
        ({"level": AILevel.GENERATED, "prompts": "none: from a sketch"}, []),
    ],
)
def test_what_each_level_asks(said: dict[str, Any], places: list[str]) -> None:
    lacks = statement_lacks(Disclosure(**said), [make_tool_row()])

    assert [lack.place for lack in lacks] == places


def form(**sent: Any) -> Statement:
    data = {"tools-TOTAL_FORMS": 1, "tools-INITIAL_FORMS": 0, **sent}
    return Statement(None, data)


def test_the_day_a_work_was_finished_is_not_to_come() -> None:
    future = timezone.localdate() + timedelta(days=3)

    statement = form(**{"statement-made_on": f"{future:%Y-%m-%d}", "statement-medium": "photograph"})

    assert statement.facts == {**statement.facts, "medium": "photograph"}
    assert "made_on" not in statement.facts
    assert [list(part.errors) for part in statement.wrong] == [["made_on"]]


def test_the_sheet_of_a_self_trained_model_is_kept_and_shown_again() -> None:
    draft = make_draft()
    statement = form(
        **{
            "tools-0-model_words": "Kitchen LoRA",
            "tools-0-is_self_trained": "on",
            "tools-0-training_amount": "41 drawings",
            "tools-0-training_synthetic": "no",
        }
    )

    intake.keep(draft, work={}, statement={}, tools=statement.tool_facts)

    tool = Disclosure.objects.get(entry=draft).tools.get()
    assert (tool.is_self_trained, tool.training) == (True, {"amount": "41 drawings", "synthetic": "no"})
    (row,) = Statement(draft.disclosure).tools.forms
    assert (row["training_amount"].value(), row["training_sources"].value()) == ("41 drawings", "")
