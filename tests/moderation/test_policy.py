"""The rules that no change may break, tried on findings nobody thought of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.policy import SEVERITY, Statement, route
from moderation.verdicts import Finding, Lane, Outcome, Route
from submissions.models import LicenceClass
from submissions.rules import CHOICES, PRESETS, Action, AILevel, InvalidRules, Rules

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


@st.composite
def findings(draw: st.DrawFn, lanes: tuple[Lane, ...] = tuple(Lane)) -> Finding:
    lane = draw(st.sampled_from(lanes))
    data = {"on_match": draw(st.sampled_from(["block", "ai_category_only", "notify_only"]))}
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
rules = st.builds(Rules, **{name: st.sampled_from(allowed) for name, allowed in CHOICES.items()})
UNDECLARED = Statement(AILevel.NONE)


@given(st.lists(findings(lanes=(Lane.STYLE, Lane.SYNTHETIC)), max_size=6), st.booleans(), rules)
def test_no_score_rejects(seen: list[Finding], cloaked: bool, chosen: Rules) -> None:
    verdict = route(seen, Statement(AILevel.NONE, cloaked=cloaked), chosen)

    assert verdict.route in (Route.HUMAN, Route.PERSON)


@given(st.lists(findings(), max_size=6), statements, rules)
def test_a_rejection_stands_on_copy_or_statement_alone(
    seen: list[Finding], said: Statement, chosen: Rules
) -> None:
    verdict = route(seen, said, chosen)

    grounds_fit = bool(verdict.grounds) and set(verdict.grounds) <= {Lane.COPY, Lane.STATEMENT}
    assert grounds_fit if verdict.route == Route.REJECT else verdict.grounds == ()


@given(st.lists(findings(), max_size=6), statements, rules)
def test_an_unknown_never_hangs(seen: list[Finding], said: Statement, chosen: Rules) -> None:
    blind = Finding("any", Lane.COPY, Outcome.UNKNOWN, "copy.registry_unavailable")

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

    strict = Rules(verified_copy=Action.REJECT)
    routes = {wish: route([copy(wish)], UNDECLARED, strict).route for wish in ("block", "allow_with_credit")}
    assert routes == {"block": Route.REJECT, "allow_with_credit": Route.PERSON}
    assert route([copy("block")], UNDECLARED, Rules()).route == Route.PERSON
    assert route([copy("notify_only")], UNDECLARED, strict).route == Route.HUMAN
    assert route([copy("block")], UNDECLARED, Rules()).proposal is None


def test_no_contest_can_let_a_score_reject() -> None:
    with pytest.raises(InvalidRules, match="synthetic_signs"):
        Rules(synthetic_signs=Action.REJECT)


def test_rules_survive_being_stored() -> None:
    for preset in PRESETS.values():
        assert Rules.from_json(preset.as_json()) == preset


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(InvalidRules, match="vibes"):
        Rules.from_json({"vibes": "reject"})
