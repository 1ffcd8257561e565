"""What a contest tells everybody of its judging: how many, where to, how often a person said otherwise.

While a contest is judged, exact small counts would unmask what jurors must not know: who watches the page
sees a count rise on the day a work appears in their room. So until then every count is told by the five,
nothing by the day, and the rate as an interval alone. Afterwards all of it is exact.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import TruncDate
from django.utils import timezone

from moderation import detector
from moderation.detector import HeadError
from moderation.detector.evaluation.figures import share_interval
from moderation.estimates import live
from moderation.models import (
    Appeal,
    AppealEnd,
    AppealOutcome,
    CheckResult,
    ClaimEnd,
    ClaimOutcome,
    Decision,
    Verdict,
)
from moderation.verdicts import Lane, Route
from submissions.models import Contest, Move
from submissions.states import State

JURY_DAYS = timedelta(days=30)
"""How long after its closing a contest still counts as judged: no page says when the jury is done."""
STEP = 5
FEWEST_TIMES = 10
"""A median of fewer decisions is not told while the contest is judged."""
HUNG = (Route.HUMAN, Route.AI, Route.AI_APART)
FILED = "filed"
ENDS = (AppealOutcome.UPHELD, AppealOutcome.PARTLY, AppealOutcome.OVERTURNED, AppealOutcome.LAPSED)
CLAIMS_TOLD = (ClaimOutcome.UPHELD, ClaimOutcome.DISMISSED, ClaimOutcome.INVALID, ClaimOutcome.LAPSED)
COLUMNS = ("day", "figure", "group", "number", "at_most")


@dataclass(frozen=True)
class Count:
    """A number, or the five in which it lies: ``low`` to ``high``."""

    low: int
    high: int

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True)
class Rate:
    """The live share of human works that signs of generation held, with its 95 % interval."""

    overturned: Count
    human: Count
    share: float | None
    low: float
    high: float


@dataclass(frozen=True)
class Figures:
    is_judged: bool
    """Still under judgement: counts are told by the five."""
    entries: Count
    routes: Mapping[str, Count]
    """Where the rules sent entries, by the last verdict of each."""
    holds: Mapping[str, Count]
    """Entries that a person was asked about, by the lane that asked; one may be in several."""
    held: Count
    overturned: Mapping[str, Count]
    """Of these, what a person then hung."""
    decided: Count
    hours: float | None
    """Median from the opening of a case to its decision."""
    claims: Mapping[str, Count]
    """How artists' claims on entries ended."""
    rate: Rate | None
    appeals: Mapping[str, Count]
    """How many were filed (``FILED``), and how they ended; who withdrew or was overtaken is filed alone."""


def is_judged(contest: Contest) -> bool:
    """Whether somebody may still have to judge blindly."""
    waits = contest.entries.filter(state__in=[State.RECEIVED, State.HELD]).exists()
    waits = waits or Appeal.objects.open().filter(entry__contest=contest).exists()
    return waits or timezone.now() < contest.closes_at + JURY_DAYS


def figures(contest: Contest) -> Figures:
    veiled = is_judged(contest)

    def told(number: int) -> Count:
        low = number - number % STEP if veiled else number
        return Count(low, low + STEP - 1 if veiled else low)

    routes = Counter(_last_routes(contest).values())
    lanes, overturned = _holds(contest)
    held = {verdict for found in lanes.values() for verdict in found} | set(_held(contest))
    times = _times(contest)
    return Figures(
        is_judged=veiled,
        entries=told(_handed_in(contest)),
        routes={route.value: told(routes[route.value]) for route in Route},
        holds={lane: told(len(found)) for lane, found in lanes.items()},
        held=told(len(held)),
        overturned={lane: told(len(found & overturned)) for lane, found in lanes.items()},
        decided=told(len(times)),
        hours=median(times) if times and (not veiled or len(times) >= FEWEST_TIMES) else None,
        claims={outcome.value: told(number) for outcome, number in _claims(contest).items()},
        rate=_rate(contest, veiled=veiled),
        appeals={name: told(number) for name, number in _appeals(contest).items()},
    )


def _claims(contest: Contest) -> dict[ClaimOutcome, int]:
    """What people decided, and what nobody did in time; what a side ended itself is nobody's judgement."""
    ends = ClaimEnd.objects.filter(claim__entry__contest=contest)
    counted = Counter(ends.values_list("outcome", flat=True))
    return {outcome: counted[outcome] for outcome in CLAIMS_TOLD}


def _handed_in(contest: Contest) -> int:
    return Move.objects.filter(entry__contest=contest, old=State.DRAFT, new=State.RECEIVED).count()


def _last_routes(contest: Contest) -> dict[int, str]:
    rows = Verdict.objects.filter(screening__entry__contest=contest).order_by("screening__number")
    return dict(rows.values_list("screening__entry", "route"))


def _held(contest: Contest) -> list[int]:
    rows = Verdict.objects.filter(screening__entry__contest=contest, route=Route.PERSON)
    return list(rows.values_list("pk", flat=True))


def _holds(contest: Contest) -> tuple[dict[str, set[int]], set[int]]:
    """Verdicts that asked for a person, by lane; and those of them after which a person hung the entry."""
    held = Verdict.objects.filter(screening__entry__contest=contest, route=Route.PERSON)
    asked = {
        (screening, code): verdict
        for verdict, screening, reasons in held.values_list("pk", "screening", "reasons").iterator()
        for reason in reasons
        for code in reason["codes"]
    }
    lanes: dict[str, set[int]] = {lane.value: set() for lane in Lane if lane != Lane.STYLE}
    findings = CheckResult.objects.filter(screening__verdict__in=held).values_list(
        "screening", "code", "lane"
    )
    for screening, code, lane in findings.iterator():
        if (screening, code) in asked and lane in lanes:
            lanes[lane].add(asked[screening, code])
    hung = Decision.objects.standing().filter(case__verdict__in=held, route__in=HUNG)
    return lanes, set(hung.values_list("case__verdict", flat=True))


def _times(contest: Contest) -> list[float]:
    """Hours from the opening of each case to its decision."""
    rows = (
        Decision.objects.standing().filter(case__entry__contest=contest).values_list("case__opened_at", "at")
    )
    return [(at - opened).total_seconds() / 3600 for opened, at in rows.iterator()]


def _appeals(contest: Contest) -> dict[str, int]:
    found = Appeal.objects.filter(entry__contest=contest)
    ended = Counter(found.exclude(end=None).values_list("end__outcome", flat=True))
    return {FILED: found.count(), **{outcome.value: ended[outcome.value] for outcome in ENDS}}


def _rate(contest: Contest, *, veiled: bool) -> Rate | None:
    try:
        model = detector.model_version()
    except HeadError:
        return None  # no detector is installed: nothing is accused
    human = [one for one in live.judged(contest, model) if one.human]
    overturned = sum(one.held for one in human)
    if not veiled:
        if not human:
            return None
        interval = share_interval(overturned, len(human))
        exact = Count(overturned, overturned), Count(len(human), len(human))
        return Rate(*exact, share=overturned / len(human), low=interval.low, high=interval.high)
    works = len(human) - len(human) % STEP
    if works < STEP:
        return None
    low = overturned - overturned % STEP
    high = min(low + STEP - 1, works)
    return Rate(
        Count(low, low + STEP - 1),
        Count(works, works + STEP - 1),
        share=None,
        low=share_interval(min(low, works), works + STEP - 1).low,
        high=share_interval(high, works).high,
    )


def rows(contest: Contest) -> Iterator[dict[str, Any]]:
    """The figures as rows of ``COLUMNS``: the sums, and once it is no longer judged, every day. No row is
    left out, however many there are."""
    found = figures(contest)
    yield _row("", "entries", "", found.entries)
    yield _row("", "held", "", found.held)
    yield _row("", "decided", "", found.decided)
    for name, counts in (
        ("route", found.routes),
        ("hold", found.holds),
        ("overturned", found.overturned),
        ("appeal", found.appeals),
        ("claim", found.claims),
    ):
        for group, count in counts.items():
            yield _row("", name, group, count)
    if found.hours is not None:
        yield {
            "day": "",
            "figure": "hours",
            "group": "median",
            "number": round(found.hours, 1),
            "at_most": "",
        }
    if found.rate is not None:
        yield _row("", "rate", "overturned", found.rate.overturned)
        yield _row("", "rate", "human", found.rate.human)
        yield {
            "day": "",
            "figure": "rate",
            "group": "interval",
            "number": round(found.rate.low, 4),
            "at_most": round(found.rate.high, 4),
        }
    if not found.is_judged:
        yield from _days(contest)


def _row(day: str, figure: str, group: str, count: Count) -> dict[str, Any]:
    return {"day": day, "figure": figure, "group": group, "number": count.low, "at_most": count.high}


def _days(contest: Contest) -> Iterator[dict[str, Any]]:
    """By day (UTC): every move, verdict and decision, every appeal and its end, and how claims ended."""
    ended = ClaimEnd.objects.filter(claim__entry__contest=contest, outcome__in=CLAIMS_TOLD)
    sources = (
        ("move", Move.objects.filter(entry__contest=contest), F("new")),
        ("verdict", Verdict.objects.filter(screening__entry__contest=contest), F("route")),
        ("decision", Decision.objects.standing().filter(case__entry__contest=contest), F("route")),
        ("appeal", Appeal.objects.filter(entry__contest=contest), Value(FILED)),
        ("appeal", AppealEnd.objects.filter(appeal__entry__contest=contest), F("outcome")),
        ("claim", ended, F("outcome")),
    )
    for figure, found, group in sources:
        counted: Counter[tuple[date, str]] = Counter()
        pairs = found.annotate(day=TruncDate("at"), group=group).order_by().values_list("day", "group")
        counted.update(pairs.iterator())
        for (day, name), number in sorted(counted.items()):
            yield _row(day.isoformat(), figure, name, Count(number, number))
