"""What other rules would change: one entry that would go elsewhere, and how many there are of a kind."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from moderation.policy import SEVERITY
from moderation.verdicts import Finding, Lane, Route
from submissions.models import Disclosure

# Verdicts of before policy-2 do not say which lane spoke; the first part of a reason's name does.
_LANE_OF = {
    "declared": Lane.STATEMENT,
    "data": Lane.STATEMENT,
    "statement": Lane.STATEMENT,
    "provenance": Lane.PROVENANCE,
    "traces": Lane.PROVENANCE,
    "copy": Lane.COPY,
    "style": Lane.STYLE,
    "synthetic": Lane.SYNTHETIC,
}


@dataclass(frozen=True)
class Outcome:
    """Where rules bring an entry, and what they ask a person to consider."""

    route: Route
    proposal: Route | None = None


@dataclass(frozen=True)
class Flip:
    """An entry that other rules would treat otherwise."""

    entry: UUID
    title: str
    was: Outcome
    now: Outcome
    lane: Lane
    """Of what speaks under the more severe of the two."""
    medium: str
    """As stated, else as estimated; empty where neither is known."""
    rules: tuple[str, ...]
    """What speaks under the more severe of the two."""

    def as_json(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "entry": str(self.entry),
            "was": _as_json(self.was),
            "now": _as_json(self.now),
        }


def _as_json(outcome: Outcome) -> dict[str, str]:
    return {"route": str(outcome.route), "proposal": str(outcome.proposal or "")}


@dataclass(frozen=True)
class Report:
    """What was judged again, and what would differ."""

    judged: int
    flips: tuple[Flip, ...]

    @property
    def routes(self) -> list[tuple[Outcome, Outcome, int]]:
        """From, to, how many; the most frequent first."""
        return [(was, now, count) for (was, now), count in _counted((one.was, one.now) for one in self.flips)]

    @property
    def lanes(self) -> list[tuple[Lane, int]]:
        return _counted(one.lane for one in self.flips)

    @property
    def media(self) -> list[tuple[str, int]]:
        return _counted(one.medium for one in self.flips)

    def as_json(self) -> dict[str, Any]:
        return {
            "judged": self.judged,
            "flips": len(self.flips),
            "routes": [
                {"was": _as_json(was), "now": _as_json(now), "entries": count}
                for was, now, count in self.routes
            ],
            "lanes": {str(lane): count for lane, count in self.lanes},
            "media": dict(self.media),
            "entries": [one.as_json() for one in self.flips],
        }


def _counted(things: Iterable[Any]) -> list[tuple[Any, int]]:
    return sorted(Counter(things).items(), key=lambda pair: (-pair[1], str(pair[0])))


def speaking(reasons: Sequence[Mapping[str, Any]]) -> tuple[Lane, tuple[str, ...]]:
    """The lane of the first of a verdict's stored reasons, which is the most severe, and all their names."""
    named = tuple(dict.fromkeys(str(one["rule"]) for one in reasons))
    if not reasons:
        return Lane.STATEMENT, named
    first = reasons[0]
    return Lane(first.get("lane") or _LANE_OF.get(named[0].partition(".")[0], Lane.FILE)), named


def is_as_severe(one: Route, other: Route) -> bool:
    """Whether ``one`` is at least as severe as ``other``."""
    return SEVERITY.index(one) >= SEVERITY.index(other)


def medium_of(disclosure: Disclosure, findings: Sequence[Finding]) -> str:
    """What the work is: as stated, else as the first picture was estimated."""
    estimated = (str(one.data["medium"]) for one in findings if one.data.get("medium"))
    return disclosure.medium or next(estimated, "")
