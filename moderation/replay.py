"""Judge a contest's entries again on what was found of them, under other rules. Nothing changes by it.

Only what the policy reads is fetched, a batch of entries at a time: a handful of queries for a thousand
entries, whatever was found of them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import F, Q, QuerySet

from moderation import policy
from moderation.estimates.budgets import MEASURED, as_budgeted
from moderation.flips import Flip, Outcome, Report, is_as_severe, medium_of, speaking
from moderation.models import CheckResult, Verdict
from moderation.screening import statement_of
from moderation.verdicts import Finding, Lane, Route
from moderation.verdicts import Outcome as Found
from submissions import overrules
from submissions.catalogue import Catalogue
from submissions.models import Contest, Disclosure, User
from submissions.rules import Rules
from submissions.states import State

BATCH = 1000
Row = Mapping[str, Any]
_READ = {f"_{key}": F(f"data__{key}") for key in (*policy.READS, *MEASURED)}


def replay(contest: Contest, rules: Rules, *, reader: User | None = None) -> Report:
    """What ``rules`` would conclude of every entry that was judged, by its newest verdict.

    ``reader`` sees nothing of entries of their own.
    """
    judged, flips = 0, list[Flip]()
    facts = overrules.in_force(contest).catalogue
    for batch in _batches(contest, reader):
        judged += len(batch)
        flips.extend(_flipped(batch, rules, facts))
    return Report(judged, tuple(flips))


def _batches(contest: Contest, reader: User | None) -> Iterator[Sequence[Row]]:
    """The newest verdict on each entry, by the key of the entry; withdrawn ones are nobody's to judge."""
    newest = (
        Verdict.objects.filter(screening__entry__contest=contest)
        .exclude(screening__entry__state=State.WITHDRAWN)
        .exclude(screening__entry__entrant=reader)
        .order_by("screening__entry", "-screening__number")
        .distinct("screening__entry")
        .values(
            "pk",
            "route",
            "proposal",
            "screening",
            "screening__disclosure",
            "screening__entry",
            "screening__entry__public_id",
            "screening__entry__title",
        )
    )
    last = 0
    while batch := list(newest.filter(screening__entry__gt=last)[:BATCH]):
        yield batch
        last = batch[-1]["screening__entry"]


def _flipped(batch: Sequence[Row], rules: Rules, facts: Catalogue) -> Iterator[Flip]:
    findings = _findings([row["screening"] for row in batch])
    disclosures = Disclosure.objects.prefetch_related("tools").in_bulk(
        [row["screening__disclosure"] for row in batch]
    )
    flipped = []
    for row in batch:
        seen = [as_budgeted(finding, rules) for finding in findings[row["screening"]]]
        disclosure = disclosures[row["screening__disclosure"]]
        concluded = policy.route(seen, statement_of(disclosure, facts), rules)
        was, now = _outcome(row), Outcome(concluded.route, concluded.proposal)
        if was != now:
            flipped.append((row, was, now, concluded, medium_of(disclosure, seen)))
    reasons = Verdict.objects.filter(pk__in=[row["pk"] for row, *_ in flipped]).values_list("pk", "reasons")
    stored = dict(reasons)
    for row, was, now, concluded, medium in flipped:
        severe_now = is_as_severe(now.route, was.route)
        told = [one.as_json() for one in concluded.reasons] if severe_now else stored[row["pk"]]
        lane, rules_speaking = speaking(told)
        yield Flip(
            row["screening__entry__public_id"],
            row["screening__entry__title"],
            was,
            now,
            lane,
            medium,
            rules_speaking,
        )


def _findings(screenings: list[int]) -> Mapping[int, list[Finding]]:
    """By screening, in the order in which they were found: all that speaks, and every estimate, since another
    budget may make it speak."""
    found: dict[int, list[Finding]] = defaultdict(list)
    for row in _spoken(screenings).iterator(chunk_size=5000):
        data = {key: row[f"_{key}"] for key in (*policy.READS, *MEASURED) if row[f"_{key}"] is not None}
        found[row["screening"]].append(
            Finding(
                check=row["check_name"],
                lane=Lane(row["lane"]),
                outcome=Found(row["outcome"]),
                code=row["code"],
                data=data,
                score=row["score"],
                versions=row["versions"],
            )
        )
    return found


def _spoken(screenings: list[int]) -> QuerySet[CheckResult, Any]:
    estimates = Q(lane=Lane.SYNTHETIC, score__isnull=False)
    return (
        CheckResult.objects.filter(~Q(outcome=Found.CLEAR) | estimates, screening__in=screenings)
        .order_by("pk")
        .values("screening", "check_name", "lane", "outcome", "code", "score", "versions", **_READ)
    )


def _outcome(row: Row) -> Outcome:
    return Outcome(Route(row["route"]), Route(row["proposal"]) if row["proposal"] else None)
