"""``python -m tests.bench_policy``: how long a contest's entries take to be judged again on stored findings.

Entries, statements, findings and verdicts are seeded rows; what is measured is ``moderation.replay`` alone.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests import servers  # noqa: F401 -- starts PostgreSQL and Valkey before settings are read

if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation import policy
from moderation.models import CheckResult, Screening, Verdict
from moderation.replay import replay
from moderation.screening import recorded, statement_of
from moderation.verdicts import Finding, Lane, Outcome
from submissions.models import Contest, DisclosedTool, Disclosure, Entry, Medium
from submissions.rules import PRESETS, AILevel
from submissions.states import State

BATCH = 1000
LEVELS = [AILevel.NONE] * 6 + [AILevel.ASSISTIVE, AILevel.EDITED, AILevel.GENERATED, AILevel.GENERATED]
MODELS = ["Midjourney v6", "SDXL", "Adobe Firefly", "DALL-E 3", "a model of my own", "스테이블 디퓨전"]
LICENCES = ["unknown", "public_domain", "licensed_or_consented", "scraped_without_permission"]
CLEAR = [
    ("file", Lane.FILE, "file.readable"),
    ("provenance", Lane.PROVENANCE, "provenance.none"),
    ("traces", Lane.PROVENANCE, "traces.none"),
    ("duplicate", Lane.FILE, "duplicate.none"),
    ("registry", Lane.COPY, "copy.none"),
    ("style", Lane.STYLE, "style.resembles"),
]
FATTENING = [{"name": "c2pa.edited", "agent": "An editor 1.0"}] * 40  # a history, as findings carry them


def measure(entries: int) -> None:
    contest = seed(entries)
    with CaptureQueriesContext(connection) as queries:
        began = time.perf_counter()
        report = replay(contest, PRESETS["open"])
        took = time.perf_counter() - began
    findings = CheckResult.objects.filter(screening__entry__contest=contest).count()
    say(
        f"replay: {report.judged:,} entries with {findings:,} findings judged again in {took:.1f} s, "
        f"{len(queries)} queries, {len(report.flips):,} flips"
    )


def seed(count: int) -> Contest:
    from tests.factories import make_contest, make_user

    contest, entrant, draw = make_contest(), make_user(), random.Random(6)
    for first in range(0, count, BATCH):
        size = min(BATCH, count - first)
        entries = Entry.objects.bulk_create(
            Entry(
                contest=contest,
                entrant=entrant,
                title=f"Picture {first + at}",
                state=State.RECEIVED,
                submitted_at=timezone.now(),
            )
            for at in range(size)
        )
        said = Disclosure.objects.bulk_create(
            Disclosure(entry=entry, level=draw.choice(LEVELS), medium=draw.choice(["", *Medium.values]))
            for entry in entries
        )
        DisclosedTool.objects.bulk_create(
            DisclosedTool(
                disclosure=one, model_words=draw.choice(MODELS), licence_class=draw.choice(LICENCES)
            )
            for one in said
            if one.level != AILevel.NONE
        )
        screenings = Screening.objects.bulk_create(
            Screening(entry=one.entry, number=1, disclosure=one, policy=contest.policy) for one in said
        )
        CheckResult.objects.bulk_create(
            CheckResult(
                screening=screening,
                check_name=one.check,
                lane=one.lane,
                outcome=one.outcome,
                code=one.code,
                score=one.score,
                data=dict(one.data),
                versions=dict(one.versions),
            )
            for screening in screenings
            for one in _found(draw)
        )
        Verdict.objects.bulk_create(_verdicts(screenings))
    return contest


def _found(draw: random.Random) -> Iterator[Finding]:
    for check, lane, code in CLEAR:
        yield Finding(check, lane, Outcome.CLEAR, code, {"manifests": FATTENING}, versions={"check": "1"})
    held = draw.random() < 0.1
    data: dict[str, Any] = {
        "logit": draw.gauss(0, 2),
        "medium": draw.choice(Medium.values),
        "budget": 10,
        "map": FATTENING,
    }
    yield Finding(
        "synthetic",
        Lane.SYNTHETIC,
        Outcome.FLAG if held else Outcome.CLEAR,
        "synthetic.signs_of_generation" if held else "synthetic.no_sign",
        data,
        score=draw.random(),
        versions={"check": "2", "model": "head"},
    )
    if draw.random() < 0.1:
        yield Finding("statement", Lane.STATEMENT, Outcome.FLAG, "statement.none_but_generator_trace")
    if draw.random() < 0.03:
        yield Finding("registry", Lane.COPY, Outcome.UNKNOWN, "copy.registry_unavailable")


def _verdicts(screenings: list[Screening]) -> Iterator[Verdict]:
    for screening in screenings:
        rules = PRESETS["apart"]
        concluded = policy.route(recorded(screening), statement_of(screening.disclosure), rules)
        yield Verdict(
            screening=screening,
            route=concluded.route,
            proposal=concluded.proposal or "",
            reasons=[one.as_json() for one in concluded.reasons],
            grounds=[str(ground) for ground in concluded.grounds],
            policy_engine=policy.VERSION,
        )


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- this is a person's terminal


def alone(measured: Callable[[int], None], entries: int, about: str | None) -> None:
    """Run one measurement as a command, on a database made for it; ``entries`` where none are named."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--entries", type=int, default=entries)
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0)
    try:
        measured(options.entries)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    alone(measure, 10_000, __doc__)
