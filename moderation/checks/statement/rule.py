"""What a rule of the contradiction engine is, and the list into which each one writes itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from moderation.checks.statement.seen import Seen
from moderation.verdicts import Finding, Lane, Outcome

NAME = "statement"
LANE = Lane.STATEMENT
VERSION = "2"


class Severity(StrEnum):
    """How much a contradiction weighs. None of them decides: the heaviest brings a person."""

    NOTE = "note"  # worth reading, holds nothing by itself
    DOUBT = "doubt"  # a person should ask
    GRAVE = "grave"  # statement and evidence can hardly both be true


class Category(StrEnum):
    """Which category the evidence speaks for."""

    AI = "ai"
    HUMAN = "human"


@dataclass(frozen=True)
class Said:
    """One time that a rule speaks: of which picture, and with which facts for its sentences."""

    artwork: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    unknown: str = ""  # the code that says it could not look, which is never the same as clear


@dataclass(frozen=True)
class Rule:
    """A named rule. Its sentences are those of its ``code`` in ``moderation.wording``."""

    name: str
    severity: Severity
    look: Callable[[Seen], Iterator[Said]]
    speaks_for: Category | None = None
    evidence: tuple[Lane, ...] = ()  # where a reviewer finds what it rests on, beside the statement itself

    @property
    def code(self) -> str:
        return f"statement.{self.name}"

    def findings(self, seen: Seen) -> Iterator[Finding]:
        for said in self.look(seen):
            data: dict[str, Any] = {**said.data, "severity": str(self.severity)}
            if self.speaks_for:
                data["speaks_for"] = str(self.speaks_for)
            data["evidence"] = [str(lane) for lane in self.evidence]
            outcome, code = (Outcome.UNKNOWN, said.unknown) if said.unknown else (Outcome.FLAG, self.code)
            yield Finding(
                NAME, LANE, outcome, code, data, artwork=said.artwork, versions=seen.versions(VERSION)
            )


RULES: dict[str, Rule] = {}


def rule(
    severity: Severity, *evidence: Lane, speaks_for: Category | None = None
) -> Callable[[Callable[[Seen], Iterator[Said]]], Callable[[Seen], Iterator[Said]]]:
    """Enter the function below into the registry, under its own name."""

    def enter(look: Callable[[Seen], Iterator[Said]]) -> Callable[[Seen], Iterator[Said]]:
        name = look.__name__
        RULES[name] = Rule(name, severity, look, speaks_for, evidence)
        return look

    return enter
