"""The contradiction engine: the statement against the catalogue and against every other finding.

Each rule is a function that says what it saw; none of them decides. A rule speaks only where statement and
evidence cannot both be true, or where the statement leaves out what the evidence shows.

docs/contradictions.md lists them with the innocent explanations that each one must leave room for. To add
one, write it in the file of its family, give it words in ``moderation.wording.contradictions``, a row in that
page, and a test both ways.
"""

from moderation.checks.look import Look
from moderation.checks.statement import (  # noqa: F401 -- each enters its rules
    amending,
    capture,
    data,
    dates,
    origin,
    people,
    tools,
    works,
)
from moderation.checks.statement.data import known_licence
from moderation.checks.statement.rule import LANE, NAME, RULES, VERSION, Category, Rule, Severity
from moderation.checks.statement.seen import Seen
from moderation.verdicts import Finding, Outcome

__all__ = [
    "LANE",
    "NAME",
    "RULES",
    "VERSION",
    "Category",
    "Rule",
    "Seen",
    "Severity",
    "known_licence",
    "run",
]


def run(look: Look) -> list[Finding]:
    seen = Seen(look)
    found = [finding for rule in RULES.values() for finding in rule.findings(seen)]
    consistent = Finding(NAME, LANE, Outcome.CLEAR, "statement.consistent", versions=seen.versions(VERSION))
    return found or [consistent]
