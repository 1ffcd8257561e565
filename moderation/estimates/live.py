"""How often the synthetic lane accused human works here, counted from what people decided.

Truth is what a person knows or decided: a golden case first; else, of works that signs of generation held,
the decision; else, of works that nothing held, that they hang in the human category. What was never looked at
by a person may be wrong, so the rate leans to the friendly side and is shown with what it rests on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from moderation import detector
from moderation.detector.evaluation.figures import Interval, share_interval
from moderation.models import CaseKind, CheckResult, Decision, Ground, KnownMaking, Making
from moderation.verdicts import Outcome, Route
from submissions.models import CategoryKind, Contest, Entry
from submissions.rules import Rules
from submissions.states import State

SIGNS = "synthetic.signs_of_generation"
FEWEST_OVERTURNED = 2
"""One mistake is no drift, however few works were judged."""


@dataclass(frozen=True)
class Judged:
    """An entry that the detector judged: whether it was held, and what is known of its making."""

    entry: int
    medium: str
    held: bool
    human: bool | None
    golden: bool


@dataclass(frozen=True)
class Tally:
    """Of one medium, or of all."""

    medium: str
    held: int
    overturned: int
    """Human works held: false accusations."""
    confirmed: int
    """Generated works held."""
    human: int
    """Human works judged."""
    golden: int
    allowed: float
    """The share of human works that the contest lets the lane hold, over these works."""

    @property
    def rate(self) -> Interval:
        """False accusations by human works judged, with Wilson's 95 % interval."""
        return share_interval(self.overturned, self.human)

    @property
    def is_beyond(self) -> bool:
        """Whether the budget is broken beyond doubt: the whole interval lies above it."""
        return self.overturned >= FEWEST_OVERTURNED and self.rate.low > self.allowed


def judged(contest: Contest, model: str) -> list[Judged]:
    """Entries of ``contest`` whose newest estimate is ``model``'s; an entry is held if any picture is."""
    results = CheckResult.objects.filter(
        screening__entry__contest=contest, check_name="synthetic", score__isnull=False, versions__model=model
    ).exclude(code="synthetic.second_opinion")
    newest: dict[int, tuple[int, str, bool]] = {}
    rows = results.order_by("screening__number", "pk").values_list(
        "screening__entry", "screening", "outcome", "data__medium"
    )
    for entry, screening, outcome, medium in rows:
        before = newest.get(entry)
        flagged = outcome == Outcome.FLAG
        if before is None or before[0] != screening or (flagged and not before[2]):
            newest[entry] = (screening, medium or "", flagged)
    golden = _golden(newest)
    making = _making(newest) | golden
    return [
        Judged(entry, medium, held, making.get(entry), entry in golden)
        for entry, (_screening, medium, held) in newest.items()
    ]


def _making(held: Mapping[int, tuple[int, str, bool]]) -> dict[int, bool | None]:
    """For each entry whether it is human, as far as people have said."""
    found: dict[int, bool | None] = {}
    hung = Entry.objects.filter(pk__in=held, state=State.HUNG, category__kind=CategoryKind.HUMAN)
    for entry in hung.values_list("pk", flat=True):
        if not held[entry][2]:
            found[entry] = True
    # Whether it repeats an artist's work says nothing of how it was made.
    decisions = Decision.objects.standing().exclude(case__kind=CaseKind.CLAIM)
    decisions = decisions.filter(case__entry__in=held).order_by("pk")
    for entry, route, grounds in decisions.values_list("case__entry", "route", "grounds"):
        if held[entry][2]:
            found[entry] = _decided(route, grounds)
    return found


def _golden(entries: Iterable[int]) -> dict[int, bool | None]:
    """Whether human, for each of ``entries`` whose making somebody knows; what was taken back is left out."""
    rows = KnownMaking.objects.filter(entry__in=list(entries)).order_by("pk")
    last = dict(rows.values_list("entry", "making"))
    return {entry: making == Making.HUMAN for entry, making in last.items() if making != Making.UNSURE}


def _decided(route: str, grounds: Iterable[str]) -> bool | None:
    """Whether a person took the held work for human; None where the decision does not say."""
    if route == Route.HUMAN:
        return True
    if route in (Route.AI, Route.AI_APART) or Ground.STATEMENT in grounds:
        return False
    return None


def tallies(contest: Contest, rules: Rules | None = None) -> list[Tally]:
    """All media together first (``medium`` is empty), then those that occur; of the installed model."""
    rules = rules or contest.policy.rules
    seen = judged(contest, detector.model_version())
    media = sorted({one.medium for one in seen if one.medium})
    return [_tally("", seen, rules)] + [
        _tally(medium, [one for one in seen if one.medium == medium], rules) for medium in media
    ]


def _tally(medium: str, seen: list[Judged], rules: Rules) -> Tally:
    human = [one for one in seen if one.human]
    allowed = sum(rules.budget(one.medium) for one in human) / 1000 / len(human) if human else 0.0
    return Tally(
        medium=medium,
        held=sum(one.held for one in seen),
        overturned=sum(one.held for one in human),
        confirmed=sum(one.held and one.human is False for one in seen),
        human=len(human),
        golden=sum(one.golden for one in seen),
        allowed=allowed,
    )
