"""The rules that no change may break, tried on findings nobody thought of."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.policy import READS, SEVERITY, Statement, route
from moderation.verdicts import Finding, Lane, Outcome, Route
from submissions.models import LicenceClass
from submissions.rules import PRESETS, QUESTIONS, AILevel, OnFlag, Permission, Rules
from tests.submissions.rules_drawn import valid_rules

CODES = {
    Lane.FILE: ["file.readable", "file.damaged", "duplicate.same_file", "duplicate.none"],
    Lane.STATEMENT: ["statement.consistent", "statement.none_but_credentials_say_ai"],
    Lane.PROVENANCE: [
        "provenance.none",
        "provenance.tampered",
        "provenance.ai_generated",
        "traces.generator",
    ],
    Lane.COPY: ["copy.verified", "copy.none", "copy.registry_unavailable"],
    Lane.STYLE: ["style.resembles"],
    Lane.SYNTHETIC: ["synthetic.signs_of_generation", "synthetic.no_sign", "synthetic.not_looked"],
}


said_of_contradictions = st.fixed_dictionaries(
    {},
    optional={
        "severity": st.sampled_from(["note", "doubt", "grave", "of a later version"]),
        "speaks_for": st.sampled_from(["ai", "human", "of a later version"]),
    },
)


@st.composite
def findings(draw: st.DrawFn, lanes: tuple[Lane, ...] = tuple(Lane)) -> Finding:
    lane = draw(st.sampled_from(lanes))
    data = {"on_match": draw(st.sampled_from(["block", "ai_category_only", "notify_only"]))}
    if lane == Lane.STATEMENT:
        data |= draw(said_of_contradictions)
    return Finding(
        check="any",
        lane=lane,
        outcome=draw(st.sampled_from(Outcome)),
        code=draw(st.sampled_from(CODES[lane])),
        data=data,
        score=draw(st.none() | st.floats(0, 1)),
    )


statements = st.builds(
    Statement,
    level=st.sampled_from(AILevel),
    licences=st.lists(st.sampled_from([*LicenceClass.values, "undisclosed"]), max_size=3).map(tuple),
    cloaked=st.booleans(),
)
rules = valid_rules()
UNDECLARED = Statement(AILevel.NONE)


@given(st.lists(findings(lanes=(Lane.STYLE, Lane.SYNTHETIC)), max_size=6), st.booleans(), rules)
def test_no_score_rejects(seen: list[Finding], cloaked: bool, chosen: Rules) -> None:
    verdict = route(seen, Statement(AILevel.NONE, cloaked=cloaked), chosen)

    assert verdict.route in (Route.HUMAN, Route.PERSON)


@given(
    st.lists(findings(), max_size=4),
    st.lists(findings(lanes=(Lane.STYLE, Lane.SYNTHETIC)), max_size=4),
    statements,
    rules,
)
def test_style_and_synthetic_findings_turn_nothing_into_a_rejection(
    seen: list[Finding], scores: list[Finding], said: Statement, chosen: Rules
) -> None:
    before, after = route(seen, said, chosen), route([*seen, *scores], said, chosen)

    assert (after.route == Route.REJECT) == (before.route == Route.REJECT)
    assert after.grounds == before.grounds
    if after.proposal == Route.REJECT:
        assert before.proposal == Route.REJECT


@given(st.lists(findings(), max_size=6), statements, rules)
def test_a_rejection_stands_on_copy_or_statement_alone(
    seen: list[Finding], said: Statement, chosen: Rules
) -> None:
    verdict = route(seen, said, chosen)

    grounds_fit = bool(verdict.grounds) and set(verdict.grounds) <= {Lane.COPY, Lane.STATEMENT}
    assert grounds_fit if verdict.route == Route.REJECT else verdict.grounds == ()


@given(
    st.lists(findings(), max_size=6),
    st.sampled_from([lane for lane in Lane if lane != Lane.STYLE]),
    statements,
    rules,
)
def test_an_unknown_never_hangs(seen: list[Finding], lane: Lane, said: Statement, chosen: Rules) -> None:
    blind = Finding("any", lane, Outcome.UNKNOWN, "check.gave_up")

    verdict = route([*seen, blind], said, chosen)

    assert verdict.route in (Route.PERSON, Route.REJECT)


@given(st.lists(findings(), max_size=5), findings(), statements, rules)
def test_more_evidence_is_never_milder(
    seen: list[Finding], more: Finding, said: Statement, chosen: Rules
) -> None:
    before, after = route(seen, said, chosen), route([*seen, more], said, chosen)

    assert SEVERITY.index(after.route) >= SEVERITY.index(before.route)


@given(st.lists(findings(), max_size=6), statements, rules)
def test_every_verdict_gives_reasons_and_repeats_itself(
    seen: list[Finding], said: Statement, chosen: Rules
) -> None:
    verdict = route(seen, said, chosen)

    assert verdict.reasons
    assert verdict == route(list(seen), said, chosen)
    paths = {question.path for question in QUESTIONS.values()}
    assert {reason.clause for reason in verdict.reasons} <= {*paths, ""}


@given(st.lists(findings(), max_size=6), statements, rules)
def test_what_the_policy_says_it_reads_is_all_it_reads(
    seen: list[Finding], said: Statement, chosen: Rules
) -> None:
    told = [replace(one, data=dict(one.data) | {"medium": "photograph", "score": 1.0}) for one in seen]
    read = [replace(one, data={key: one.data[key] for key in READS if key in one.data}) for one in told]

    whole, part = route(told, said, chosen), route(read, said, chosen)

    assert (whole.route, whole.proposal, whole.grounds) == (part.route, part.proposal, part.grounds)
    assert [one.rule for one in whole.reasons] == [one.rule for one in part.reasons]
    spoken = [one for one in read if one.outcome != Outcome.CLEAR]
    assert route(spoken, said, chosen) == part


def test_a_reason_names_its_line_of_the_rules_and_the_versions_of_its_findings() -> None:
    signs = Finding(
        "synthetic",
        Lane.SYNTHETIC,
        Outcome.FLAG,
        "synthetic.signs_of_generation",
        versions={"model": "head-1"},
    )

    reason = route([signs], UNDECLARED, Rules()).reasons[0]

    assert reason.as_json() == {
        "rule": "synthetic.signs_of_generation",
        "codes": ["synthetic.signs_of_generation"],
        "data": {},
        "clause": "lanes.synthetic",
        "versions": {"model": "head-1"},
        "lane": "synthetic",
    }


def contradiction(code: str = "statement.new", **data: str) -> Finding:
    return Finding("statement", Lane.STATEMENT, Outcome.FLAG, code, data)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"severity": "note"}, (Route.HUMAN, None)),
        ({"severity": "doubt"}, (Route.PERSON, Route.HUMAN)),
        ({}, (Route.PERSON, Route.HUMAN)),
        ({"severity": "of a later version"}, (Route.PERSON, Route.HUMAN)),
        ({"severity": "grave"}, (Route.PERSON, Route.REJECT)),
        ({"severity": "doubt", "speaks_for": "ai"}, (Route.PERSON, Route.AI)),
        ({"severity": "doubt", "speaks_for": "human"}, (Route.PERSON, Route.HUMAN)),
    ],
)
def test_a_contradiction_speaks_as_gravely_as_it_is(
    said: dict[str, str], expected: tuple[Route, Route | None]
) -> None:
    strict = Rules(statement_grave=OnFlag.PROPOSE_REJECT)

    verdict = route([contradiction(**said)], UNDECLARED, strict)

    assert (verdict.route, verdict.proposal) == expected


def test_where_evidence_speaks_for_both_categories_nothing_is_proposed() -> None:
    both = [contradiction(speaks_for="ai"), contradiction(speaks_for="human")]

    assert route(both, UNDECLARED, Rules()).proposal is None


def test_no_category_is_proposed_that_the_contest_does_not_have() -> None:
    assert route([contradiction(speaks_for="ai")], UNDECLARED, PRESETS["human_only"]).proposal is None


@pytest.mark.parametrize(
    ("level", "question", "hung"),
    [(AILevel.NONE, "hang_human", Route.HUMAN), (AILevel.GENERATED, "hang_ai", Route.AI)],
)
def test_where_nothing_may_hang_by_itself_a_person_hangs_it(
    level: AILevel, question: str, hung: Route
) -> None:
    said = Statement(level, ("public_domain",))
    never: dict[str, Any] = {question: Permission.NEVER}

    verdict = route([], said, Rules(**never))

    assert (verdict.route, verdict.proposal) == (Route.PERSON, hung)
    assert verdict.reasons[0].rule == "declared.hung_by_a_person"


def test_a_breach_is_only_proposed_for_rejection_where_the_desk_may_not_reject() -> None:
    said = Statement(AILevel.GENERATED, ("scraped_without_permission",))

    verdict = route([], said, Rules(reject_breach=Permission.NEVER))

    assert (verdict.route, verdict.proposal, verdict.grounds) == (Route.PERSON, Route.REJECT, ())


def test_style_changes_nothing() -> None:
    likeness = Finding("registry", Lane.STYLE, Outcome.FLAG, "style.resembles", score=1.0)

    assert route([likeness], UNDECLARED, Rules()) == route([], UNDECLARED, Rules())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (UNDECLARED, Route.HUMAN),
        (Statement(AILevel.ASSISTIVE), Route.HUMAN),
        (Statement(AILevel.GENERATED, ("public_domain",)), Route.AI),
        (Statement(AILevel.GENERATED, ("licensed_or_consented", "public_domain")), Route.AI),
        (Statement(AILevel.EDITED, ("licensed_or_consented",)), Route.AI),
        (Statement(AILevel.GENERATED, ("scraped_without_permission",)), Route.REJECT),
        (Statement(AILevel.GENERATED, ("public_domain", "scraped_without_permission")), Route.REJECT),
        (Statement(AILevel.GENERATED, ("unknown",)), Route.PERSON),
        (Statement(AILevel.GENERATED, ()), Route.PERSON),
    ],
)
def test_the_default_routes(said: Statement, expected: Route) -> None:
    assert route([], said, Rules()).route == expected


def test_scraped_data_is_shown_apart_where_the_contest_says_so() -> None:
    said = Statement(AILevel.GENERATED, ("scraped_without_permission",))

    assert route([], said, PRESETS["open"]).route == Route.AI_APART


def test_evidence_against_the_statement_brings_a_person_who_is_shown_the_ai_category() -> None:
    contradiction = Finding(
        "statement", Lane.STATEMENT, Outcome.FLAG, "statement.none_but_credentials_say_ai"
    )

    verdict = route([contradiction], UNDECLARED, Rules())

    assert (verdict.route, verdict.proposal) == (Route.PERSON, Route.AI)


def test_signs_of_generation_hold_a_work_declared_human_and_not_one_declared_generated() -> None:
    signs = Finding("synthetic", Lane.SYNTHETIC, Outcome.FLAG, "synthetic.signs_of_generation", score=0.99)

    declared_ai = Statement(AILevel.GENERATED, ("public_domain",))
    assert route([signs], UNDECLARED, Rules()).route == Route.PERSON
    assert route([signs], declared_ai, Rules()).route == Route.AI


def test_a_cloaked_work_goes_to_a_person_without_a_flag() -> None:
    signs = Finding("synthetic", Lane.SYNTHETIC, Outcome.FLAG, "synthetic.signs_of_generation", score=0.99)

    verdict = route([signs], Statement(AILevel.NONE, cloaked=True), Rules())

    assert verdict.route == Route.PERSON
    assert [reason.rule for reason in verdict.reasons] == ["synthetic.cloaked", "declared.none"]


def test_a_verified_copy_rejects_only_where_contest_and_artist_both_say_so() -> None:
    def copy(wish: str) -> Finding:
        return Finding("registry", Lane.COPY, Outcome.FLAG, "copy.verified", {"on_match": wish})

    strict = Rules(verified_copy=OnFlag.PROPOSE_REJECT, reject_copy=Permission.ALLOWED)
    routes = {wish: route([copy(wish)], UNDECLARED, strict).route for wish in ("block", "allow_with_credit")}
    assert routes == {"block": Route.REJECT, "allow_with_credit": Route.PERSON}
    assert route([copy("block")], UNDECLARED, Rules()).route == Route.PERSON
    assert route([copy("notify_only")], UNDECLARED, strict).route == Route.HUMAN
    assert route([copy("block")], UNDECLARED, Rules()).proposal is None
    asked = route([copy("block")], UNDECLARED, replace(strict, reject_copy=Permission.NEVER))
    assert (asked.route, asked.proposal) == (Route.PERSON, Route.REJECT)
