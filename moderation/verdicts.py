"""Plain values that pass between checks, policy and pages. Imports nothing of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Lane(StrEnum):
    """Kinds of evidence. They differ in weight and never mix."""

    FILE = "file"
    STATEMENT = "statement"
    PROVENANCE = "provenance"
    COPY = "copy"
    STYLE = "style"
    SYNTHETIC = "synthetic"


class Outcome(StrEnum):
    CLEAR = "clear"
    FLAG = "flag"
    UNKNOWN = "unknown"  # could not look; never the same as clear


class Route(StrEnum):
    HUMAN = "human"
    AI = "ai"
    AI_APART = "ai_apart"  # in the AI category, under a label: trained on works without permission
    REJECT = "reject"
    PERSON = "person"


@dataclass(frozen=True)
class Finding:
    """What one check saw.

    ``code`` names what was seen, so that policy, pages and translations can speak of it
    (``provenance.ai_generated``); ``data`` carries the facts a sentence needs and the evidence a page draws;
    ``versions`` names everything the finding depends on: check, weights, calibration, index snapshot.
    ``score`` only where the lane measures one, in [0, 1].
    """

    check: str
    lane: Lane
    outcome: Outcome
    code: str
    data: Mapping[str, Any] = field(default_factory=dict)
    score: float | None = None
    artwork: int | None = None  # primary key of the picture; None speaks of the whole entry
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reason:
    """Why a verdict is what it is: what spoke, the findings it spoke of, and the line of the rules."""

    rule: str
    codes: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    clause: str = ""
    """The line of the rules document that made it speak (``lanes.copy``); empty for what holds in every
    contest."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Those of the findings: check, weights, calibration, index."""
    lane: Lane | None = None

    def as_json(self) -> dict[str, Any]:
        """As a verdict keeps it."""
        return {
            "rule": self.rule,
            "codes": list(self.codes),
            "data": dict(self.data),
            "clause": self.clause,
            "versions": dict(self.versions),
            "lane": str(self.lane or ""),
        }


@dataclass(frozen=True)
class Verdict:
    """What the policy concludes: a route, its reasons, and the grounds a rejection would stand on."""

    route: Route
    reasons: tuple[Reason, ...]
    grounds: tuple[Lane, ...] = ()
    proposal: Route | None = None  # where a person is asked whether the entry should hang
