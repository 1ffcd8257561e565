"""Findings and statement in, verdict out. Pure: the same input is always the same verdict.

The order of thought: what may reject (a verified copy, a statement that breaks the contest's rules), what
needs a person (a check that could not look, statement against evidence, a detector's sign), and only then
what hangs. The most severe rule that speaks decides the route; every rule that speaks is a reason.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from moderation.verdicts import Finding, Lane, Outcome, Reason, Route, Verdict
from submissions.rules import Action, AILevel, Rules

VERSION = "policy-1"

# From mild to severe. More evidence against an entry can only move it down this list.
SEVERITY = (Route.HUMAN, Route.AI, Route.AI_APART, Route.PERSON, Route.REJECT)
ROUTE_OF = {
    Action.HUMAN: Route.HUMAN,
    Action.AI: Route.AI,
    Action.APART: Route.AI_APART,
    Action.PERSON: Route.PERSON,
    Action.REJECT: Route.REJECT,
}

# Evidence after which a person is asked to consider the AI category.
SPEAKS_OF_GENERATION = {
    "statement.none_but_credentials_say_ai",
    "statement.none_but_generator_trace",
    "synthetic.signs_of_generation",
}


@dataclass(frozen=True)
class Statement:
    """What the rules need to know of a disclosure.

    ``licences``: the licence classes of all data behind the tools named, as stated or, where the entrant does
    not know, as the catalogue has them; the strings of ``submissions.models.LicenceClass``.
    """

    level: AILevel
    licences: tuple[str, ...] = ()
    cloaked: bool = False


@dataclass(frozen=True)
class Voice:
    """One rule that spoke: where it would send the entry, and why."""

    route: Route
    reason: Reason
    ground: Lane | None = None  # what a rejection by this rule stands on


def route(findings: Sequence[Finding], statement: Statement, rules: Rules) -> Verdict:
    """The verdict on an entry whose checks found ``findings``, under ``rules``."""
    voices = list(_declared(statement, rules))
    for rule in (_copies, _contradictions, _unreadable, _synthetic, _duplicates):
        voices.extend(rule(findings, statement, rules))
    worst = max((voice.route for voice in voices), key=SEVERITY.index)
    loudest = [voice for voice in voices if voice.route == worst]
    reasons = tuple(
        voice.reason for voice in sorted(voices, key=lambda v: SEVERITY.index(v.route), reverse=True)
    )
    return Verdict(
        route=worst,
        reasons=reasons,
        grounds=tuple(dict.fromkeys(v.ground for v in loudest if v.ground is not None))
        if worst == Route.REJECT
        else (),
        proposal=_proposal(voices) if worst == Route.PERSON else None,
    )


def _declared(statement: Statement, rules: Rules) -> Iterator[Voice]:
    """Where the statement alone would hang the work."""
    level = statement.level
    if level == AILevel.NONE:
        yield Voice(Route.HUMAN, Reason("declared.none"))
        return
    action = {
        AILevel.ASSISTIVE: rules.assistive,
        AILevel.EDITED: rules.edited,
        AILevel.GENERATED: rules.generated,
    }[level]
    yield _by_statement(action, f"declared.{level}", level=str(level))
    if level == AILevel.ASSISTIVE:
        return  # nothing generated is in the picture, so no training data is either
    if "scraped_without_permission" in statement.licences:
        yield _by_statement(rules.unpermitted_data, "data.unpermitted")
    if not statement.licences or {"unknown", "undisclosed"} & set(statement.licences):
        yield _by_statement(rules.unknown_data, "data.unknown")
    if "mixed" in statement.licences:
        yield _by_statement(rules.unknown_data, "data.mixed")


def _by_statement(action: Action, rule: str, **data: str) -> Voice:
    return Voice(ROUTE_OF[action], Reason(rule, data=data), ground=Lane.STATEMENT)


def _copies(findings: Sequence[Finding], _statement: Statement, rules: Rules) -> Iterator[Voice]:
    """A verified copy of a protected work, by what its artist asked for; an unverified likeness is only "
    "shown."""
    for finding in _flags(findings, Lane.COPY):
        if finding.code != "copy.verified":
            continue
        wish = finding.data.get("on_match", "block")
        if wish == "notify_only":
            continue
        action = rules.verified_copy if wish == "block" else Action.PERSON
        yield Voice(
            ROUTE_OF[action], Reason("copy.verified", (finding.code,), finding.data), ground=Lane.COPY
        )


def _contradictions(findings: Sequence[Finding], _statement: Statement, _rules: Rules) -> Iterator[Voice]:
    """Statement and evidence disagree, or the file was tampered with: a person looks."""
    for finding in findings:
        if finding.outcome == Outcome.FLAG and finding.lane in (Lane.STATEMENT, Lane.PROVENANCE):
            yield Voice(Route.PERSON, Reason(finding.code, (finding.code,), finding.data))


def _unreadable(findings: Sequence[Finding], _statement: Statement, _rules: Rules) -> Iterator[Voice]:
    """A check that could not look never counts as clear."""
    for finding in findings:
        if finding.outcome == Outcome.UNKNOWN and finding.lane != Lane.STYLE:
            yield Voice(Route.PERSON, Reason(finding.code, (finding.code,), finding.data))


def _synthetic(findings: Sequence[Finding], statement: Statement, rules: Rules) -> Iterator[Voice]:
    """Signs of generation speak only against a statement that nothing was generated, and never of a "
    "cloaked work."""
    if statement.cloaked:
        if statement.level in (AILevel.NONE, AILevel.ASSISTIVE):
            yield Voice(Route.PERSON, Reason("synthetic.cloaked"))
        return
    if statement.level not in (AILevel.NONE, AILevel.ASSISTIVE) or rules.synthetic_signs == Action.NOTE:
        return
    for finding in _flags(findings, Lane.SYNTHETIC):
        yield Voice(Route.PERSON, Reason(finding.code, (finding.code,), finding.data))


def _duplicates(findings: Sequence[Finding], _statement: Statement, _rules: Rules) -> Iterator[Voice]:
    for finding in _flags(findings, Lane.FILE):
        yield Voice(Route.PERSON, Reason(finding.code, (finding.code,), finding.data))


def _flags(findings: Iterable[Finding], lane: Lane) -> Iterator[Finding]:
    return (finding for finding in findings if finding.lane == lane and finding.outcome == Outcome.FLAG)


def _proposal(voices: Sequence[Voice]) -> Route | None:
    """What a person is asked to consider: the AI category where the evidence speaks of generation, else where
    the entry would hang without the doubt."""
    if any(voice.ground == Lane.COPY for voice in voices):
        return None  # a work that repeats another's has no place to be proposed for
    if any(voice.reason.rule in SPEAKS_OF_GENERATION for voice in voices):
        return Route.AI
    hanging = [voice.route for voice in voices if voice.route not in (Route.PERSON, Route.REJECT)]
    return max(hanging, key=SEVERITY.index) if hanging else None
