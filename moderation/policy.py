"""Findings and statement in, verdict out. Pure: the same input is always the same verdict.

The order of thought: what may reject (a verified copy, a statement that breaks the contest's rules), what
needs a person (a check that could not look, statement against evidence, a detector's sign), and only then
what hangs. The most severe rule that speaks decides the route; every rule that speaks is a reason, and says
by which line of the rules, on which findings of which versions.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from moderation.verdicts import Finding, Lane, Outcome, Reason, Route, Verdict
from submissions.rules import QUESTIONS, Action, AILevel, OnFlag, Permission, Rules

VERSION = "policy-2"

# From mild to severe. More evidence against an entry can only move it down this list.
SEVERITY = (Route.HUMAN, Route.AI, Route.AI_APART, Route.PERSON, Route.REJECT)
ROUTE_OF = {
    Action.HUMAN: Route.HUMAN,
    Action.AI: Route.AI,
    Action.APART: Route.AI_APART,
    Action.PERSON: Route.PERSON,
    Action.REJECT: Route.REJECT,
}

# All that is read of a finding's data, so that a replay need not fetch the rest.
READS = ("on_match", "severity", "speaks_for")

# Contradictions that were found before they said themselves which category they speak for.
SPEAKS_OF_GENERATION = {
    "statement.none_but_credentials_say_ai",
    "statement.none_but_generator_trace",
}
SPEAKS_FOR = {"ai": Route.AI, "human": Route.HUMAN}

# By licence class: the question that it answers to, and what the reason is called. A class that is not here
# is not known.
LICENCES = {
    "licensed_or_consented": ("licensed_data", "data.licensed"),
    "mixed": ("mixed_data", "data.mixed"),
    "undisclosed": ("undisclosed_data", "data.undisclosed"),
    "unknown": ("unknown_data", "data.unknown"),
    "scraped_without_permission": ("unpermitted_data", "data.unpermitted"),
}
CLEAN = "public_domain"


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
    proposal: Route | None = None  # what it asks a person to consider


def route(findings: Sequence[Finding], statement: Statement, rules: Rules) -> Verdict:
    """The verdict on an entry whose checks found ``findings``, under ``rules``."""
    voices = list(_declared(statement, rules))
    for rule in (_copies, _contradictions, _broken_provenance, _unreadable, _synthetic, _duplicates):
        voices.extend(rule(findings, statement, rules))
    voices.extend(_kept_from_hanging(_worst(voices), rules))
    worst = _worst(voices)
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
        proposal=_proposal(voices, rules) if worst == Route.PERSON else None,
    )


def _worst(voices: Sequence[Voice]) -> Route:
    return max((voice.route for voice in voices), key=SEVERITY.index)


def _declared(statement: Statement, rules: Rules) -> Iterator[Voice]:
    """Where the statement alone would hang the work."""
    level = statement.level
    if level == AILevel.NONE:
        yield Voice(Route.HUMAN, Reason("declared.none", lane=Lane.STATEMENT))
        return
    yield _by_statement(str(level), f"declared.{level}", rules, level=str(level))
    if level == AILevel.ASSISTIVE:
        return  # nothing generated is in the picture, so no training data is either
    classes = {one if one in LICENCES or one == CLEAN else "unknown" for one in statement.licences}
    for licence, (question, code) in LICENCES.items():
        # Where no tool is named, nothing is known of its data.
        speaks = licence in classes or (licence == "unknown" and not classes)
        if speaks and getattr(rules, question) != Action.AI:
            yield _by_statement(question, code, rules)


def _by_statement(question: str, code: str, rules: Rules, **data: str) -> Voice:
    clause = QUESTIONS[question].path
    reason = Reason(code, data=data, clause=clause, lane=Lane.STATEMENT)
    asked = ROUTE_OF[getattr(rules, question)]
    if asked == Route.REJECT and rules.reject_breach == Permission.NEVER:
        return Voice(Route.PERSON, reason, proposal=Route.REJECT)
    return Voice(asked, reason, ground=Lane.STATEMENT)


def _flagged(finding: Finding, question: str, rules: Rules) -> Voice:
    """A flag that brings a person."""
    proposals = {OnFlag.PROPOSE_AI: Route.AI, OnFlag.PROPOSE_REJECT: Route.REJECT}
    proposal = proposals.get(getattr(rules, question), _speaks_for(finding))
    return Voice(Route.PERSON, _reason(finding, QUESTIONS[question].path), proposal=proposal)


def _reason(finding: Finding, clause: str = "") -> Reason:
    return Reason(finding.code, (finding.code,), finding.data, clause, finding.versions, finding.lane)


def _speaks_for(finding: Finding) -> Route | None:
    """The category that a contradiction itself speaks for."""
    if finding.lane != Lane.STATEMENT:
        return None
    if "speaks_for" not in finding.data and finding.code in SPEAKS_OF_GENERATION:
        return Route.AI
    return SPEAKS_FOR.get(str(finding.data.get("speaks_for")))


def _copies(findings: Sequence[Finding], _statement: Statement, rules: Rules) -> Iterator[Voice]:
    """A verified copy of a protected work, by what its artist asked for; an unverified likeness is only "
    "shown."""
    for finding in _flags(findings, Lane.COPY):
        if finding.code != "copy.verified":
            continue
        wish = finding.data.get("on_match", "block")
        if wish == "notify_only":
            continue
        reason = _reason(finding, QUESTIONS["verified_copy"].path)
        proposed = wish == "block" and rules.verified_copy == OnFlag.PROPOSE_REJECT
        if proposed and rules.reject_copy == Permission.ALLOWED:
            yield Voice(Route.REJECT, reason, ground=Lane.COPY)
        else:
            yield Voice(Route.PERSON, reason, ground=Lane.COPY, proposal=Route.REJECT if proposed else None)


def _contradictions(findings: Sequence[Finding], _statement: Statement, rules: Rules) -> Iterator[Voice]:
    """Statement and evidence disagree: a person looks. A mere note holds nothing by itself."""
    for finding in _flags(findings, Lane.STATEMENT):
        severity = finding.data.get("severity")
        if severity != "note":
            question = "statement_grave" if severity == "grave" else "statement_doubt"
            yield _flagged(finding, question, rules)


def _broken_provenance(findings: Sequence[Finding], _statement: Statement, rules: Rules) -> Iterator[Voice]:
    """What the file says of itself was tampered with."""
    if rules.provenance_flag != OnFlag.NOTE:
        for finding in _flags(findings, Lane.PROVENANCE):
            yield _flagged(finding, "provenance_flag", rules)


def _unreadable(findings: Sequence[Finding], _statement: Statement, _rules: Rules) -> Iterator[Voice]:
    """A check that could not look never counts as clear."""
    for finding in findings:
        if finding.outcome == Outcome.UNKNOWN and finding.lane != Lane.STYLE:
            yield Voice(Route.PERSON, _reason(finding))


def _synthetic(findings: Sequence[Finding], statement: Statement, rules: Rules) -> Iterator[Voice]:
    """Signs of generation speak only against a statement that nothing was generated, and never of a "
    "cloaked work."""
    if statement.cloaked:
        if statement.level in (AILevel.NONE, AILevel.ASSISTIVE):
            yield Voice(Route.PERSON, Reason("synthetic.cloaked", lane=Lane.SYNTHETIC))
        return
    if statement.level not in (AILevel.NONE, AILevel.ASSISTIVE) or rules.synthetic_signs == OnFlag.NOTE:
        return
    for finding in _flags(findings, Lane.SYNTHETIC):
        yield _flagged(finding, "synthetic_signs", rules)


def _duplicates(findings: Sequence[Finding], _statement: Statement, rules: Rules) -> Iterator[Voice]:
    if rules.file_flag != OnFlag.NOTE:
        for finding in _flags(findings, Lane.FILE):
            yield _flagged(finding, "file_flag", rules)


def _kept_from_hanging(worst: Route, rules: Rules) -> Iterator[Voice]:
    """Where the contest lets nothing hang by itself, a person hangs what nothing speaks against."""
    question = "hang_human" if worst == Route.HUMAN else "hang_ai"
    if worst in (Route.HUMAN, Route.AI, Route.AI_APART) and getattr(rules, question) == Permission.NEVER:
        clause = QUESTIONS[question].path
        yield Voice(Route.PERSON, Reason("declared.hung_by_a_person", clause=clause), proposal=worst)


def _flags(findings: Iterable[Finding], lane: Lane) -> Iterator[Finding]:
    return (finding for finding in findings if finding.lane == lane and finding.outcome == Outcome.FLAG)


def _proposal(voices: Sequence[Voice], rules: Rules) -> Route | None:
    """What a person is asked to consider: what the rules or the evidence speak for, else where the entry
    would hang without the doubt. Where they speak for several things, nothing is proposed."""
    proposed = {voice.proposal for voice in voices if voice.proposal is not None}
    if Route.REJECT in proposed:
        return Route.REJECT
    if any(voice.ground == Lane.COPY for voice in voices):
        return None  # a work that repeats another's has no place to be proposed for
    if proposed:
        only = next(iter(proposed)) if len(proposed) == 1 else None
        return only if only != Route.AI or rules.has_ai_category else None
    hanging = [voice.route for voice in voices if voice.route not in (Route.PERSON, Route.REJECT)]
    return max(hanging, key=SEVERITY.index) if hanging else None
