"""Runs the checks over an entry, records what they find, asks the policy, and moves the entry.

The database is the truth, the queue only a nudge. Any step may run twice or die half-way: a check is recorded
in the transaction that marks it finished, a verdict exists once a screening by constraint, and the closing
move is compare-and-set.
"""

import time
from collections.abc import Sequence
from datetime import timedelta

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from moderation import drafts, policy, sightings
from moderation.checks import CHECKS, Check, Look
from moderation.checks.statement import known_licence
from moderation.hanging import hang
from moderation.models import CheckResult, CheckRun, Screening, Verdict
from moderation.opening import open_case
from moderation.stages import LAST_STAGE, STAGES, lock, next_stage, unlock
from moderation.verdicts import Finding, Outcome, Route
from moderation.verdicts import Verdict as Concluded
from submissions import overrules
from submissions.catalogue import Catalogue
from submissions.models import Disclosure, Entry, LicenceClass
from submissions.rules import AILevel, Rules
from submissions.states import State
from submissions.transitions import StaleState, move

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 2


def run_stage(screening: Screening, stage: str) -> str | None:
    """Run the checks of ``stage`` that are not finished yet; return the stage to nudge next, if any.

    Only one process works on a screening at a time; a second one leaves at once. The lock is the database
    connection's own, so it ends with the process, however that ends.
    """
    if not lock(screening):
        return None
    try:
        if _is_over(screening):
            return None
        due = next_stage(screening)
        if due != stage:
            return due
        look = Look(screening.entry, screening.disclosure, recorded(screening), screening.policy.rules)
        for name in STAGES[stage]:
            look.findings = (*look.findings, *_finish(screening, CHECKS[name], look))
        if stage == LAST_STAGE:
            conclude(screening)
            return None
    finally:
        unlock(screening)
    return next_stage(screening)


def _is_over(screening: Screening) -> bool:
    """Whether there is nothing left to do, because of a verdict, or because the entry has left."""
    screening.refresh_from_db()
    if screening.abandoned_at or Verdict.objects.filter(screening=screening).exists():
        return True
    amended = screening.entry.disclosure != screening.disclosure
    if amended or screening.entry.state != State.RECEIVED:
        # Amended, it is begun anew by whoever announced that, or by the sweeper.
        Screening.objects.filter(pk=screening.pk).update(abandoned_at=timezone.now())
        return True
    return False


def recorded(screening: Screening) -> tuple[Finding, ...]:
    return tuple(result.finding for result in screening.results.all())


def _finish(screening: Screening, check: Check, look: Look) -> Sequence[Finding]:
    """Run one check unless it is finished, and record what it found. Returns only new findings."""
    run, _ = CheckRun.objects.get_or_create(screening=screening, check_name=check.NAME)
    if run.finished_at:
        return ()
    started = time.monotonic()
    if run.attempts >= MOST_ATTEMPTS:
        findings = [_gave_up(check)]
    else:
        # Counted before the try and committed: if this file kills the process, the count survives it.
        CheckRun.objects.filter(pk=run.pk).update(attempts=F("attempts") + 1, last_attempt_at=timezone.now())
        findings = _try(check, look)
    with transaction.atomic():
        finished = CheckRun.objects.filter(pk=run.pk, finished_at=None).update(
            finished_at=timezone.now(), seconds=time.monotonic() - started
        )
        if not finished:
            return ()
        results = CheckResult.objects.bulk_create(_row(screening, finding) for finding in findings)
        sightings.note(results)
    return findings


def _try(check: Check, look: Look) -> list[Finding]:
    try:
        return check.run(look)
    except (OSError, DatabaseError, SoftTimeLimitExceeded):
        raise  # storage or database blinked, or time ran out: it is tried again, and was counted
    except Exception as error:  # whatever broke, a person must see the entry and the queue must go on
        log.exception("check failed", check=check.NAME, entry=look.entry.pk)
        data = {"problem": type(error).__name__}
        return [
            Finding(check.NAME, check.LANE, Outcome.UNKNOWN, "check.failed", data | {"check": check.NAME})
        ]


def _gave_up(check: Check) -> Finding:
    """The check twice ended with its process: too much memory, too much time, or a file that kills a "
    "decoder."""
    return Finding(check.NAME, check.LANE, Outcome.UNKNOWN, "check.gave_up", {"check": check.NAME})


def _row(screening: Screening, finding: Finding) -> CheckResult:
    return CheckResult(
        screening=screening,
        artwork_id=finding.artwork,
        check_name=finding.check,
        lane=finding.lane,
        outcome=finding.outcome,
        code=finding.code,
        score=finding.score,
        data=dict(finding.data),
        versions=dict(finding.versions),
    )


def statement_of(disclosure: Disclosure, facts: Catalogue | None = None) -> policy.Statement:
    """What the rules need of a disclosure. Where the entrant does not know a tool's data, the catalogue may.

    ``facts``: the catalogue as it stands in the contest, where the caller has it already.
    """
    licences = []
    facts = facts or overrules.in_force(disclosure.entry.contest).catalogue
    for tool in disclosure.tools.all():
        known = known_licence(tool, facts)
        unsure = tool.licence_class == LicenceClass.UNKNOWN
        licences.append(str(known.licence_class) if unsure and known else tool.licence_class)
        if tool.is_fine_tuned:
            licences.append(tool.fine_tune_licence_class or LicenceClass.UNKNOWN)
    return policy.Statement(AILevel(disclosure.level), tuple(licences), cloaked=bool(disclosure.cloaks))


def conclude(screening: Screening) -> Verdict | None:
    """Ask the policy and let the entry follow its verdict. ``None`` if another run was quicker."""
    rules, findings = screening.policy.rules, recorded(screening)
    statement = statement_of(screening.disclosure)
    concluded = policy.route(findings, statement, rules)
    try:
        with transaction.atomic():
            verdict = Verdict.objects.create(
                screening=screening,
                route=concluded.route,
                proposal=concluded.proposal or "",
                reasons=[reason.as_json() for reason in concluded.reasons],
                grounds=[str(ground) for ground in concluded.grounds],
                policy_engine=policy.VERSION,
            )
            _follow(screening.entry, verdict, concluded, rules)
            drafts.note(verdict, findings, statement)
    except (IntegrityError, StaleState):
        log.info("another run concluded first", screening=screening.pk)
        return None
    return verdict


def _follow(entry: Entry, verdict: Verdict, concluded: Concluded, rules: Rules) -> None:
    because = f"verdict {verdict.pk}"
    if concluded.route == Route.PERSON:
        move(entry, State.HELD, because=because)
        due_at = timezone.now() + timedelta(days=rules.clocks.review)
        open_case(entry, verdict, due_at=due_at)
    elif concluded.route == Route.REJECT:
        move(entry, State.REJECTED, because=because)
    else:
        hang(entry, concluded.route, because=because)
