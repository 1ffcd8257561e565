"""Rules tried out beside those in force: begun, compared, turned on or discarded. They move no entry."""

from collections.abc import Sequence

import structlog
from django.db import transaction

from moderation import contests, policy
from moderation.estimates.budgets import as_budgeted
from moderation.flips import Flip, Outcome, Report, is_as_severe, medium_of, speaking
from moderation.models import DraftEnd, RulesDraft, ShadowVerdict, Verdict
from moderation.policy import Statement
from moderation.verdicts import Finding, Route
from submissions.models import Contest, PolicyVersion, User
from submissions.rules import Rules
from submissions.states import State

log = structlog.get_logger(__name__)


class DraftOver(Exception):
    """Somebody has turned the draft on, discarded it, or begun another."""


@transaction.atomic
def try_out(contest: Contest, rules: Rules, *, by: User, text: str = "") -> RulesDraft:
    """Let ``rules`` judge every new entry beside those in force. A draft that runs already is discarded,
    unless it says the same."""
    Contest.objects.select_for_update().get(pk=contest.pk)
    running = RulesDraft.objects.running(contest)
    if running is not None:
        if running.rules == rules and text in ("", running.toml):
            return running
        DraftEnd.objects.create(draft=running, by=by)
    return RulesDraft.objects.create(contest=contest, document=rules.as_json(), text=text, created_by=by)


@transaction.atomic
def turn_on(draft: RulesDraft, *, by: User) -> PolicyVersion:
    """Put the draft in force for what arrives from now on; raises ``DraftOver``."""
    _lock(draft)
    made = contests.set_rules(draft.contest, draft.rules, by=by, text=draft.text)
    version = made or draft.contest.policy
    DraftEnd.objects.create(draft=draft, policy=version, by=by)
    return version


@transaction.atomic
def discard(draft: RulesDraft, *, by: User) -> None:
    """Stop trying the draft out; what it would have concluded is kept. Raises ``DraftOver``."""
    _lock(draft)
    DraftEnd.objects.create(draft=draft, by=by)


def _lock(draft: RulesDraft) -> None:
    Contest.objects.select_for_update().get(pk=draft.contest_id)
    if DraftEnd.objects.filter(draft=draft).exists():
        raise DraftOver(draft.pk)


def note(verdict: Verdict, findings: Sequence[Finding], statement: Statement) -> ShadowVerdict | None:
    """Write down what the contest's draft would have concluded where ``verdict`` was. Whatever goes wrong
    with it, the verdict stands."""
    screening = verdict.screening
    draft = RulesDraft.objects.running(screening.entry.contest)
    if draft is None:
        return None
    try:
        with transaction.atomic():
            rules = draft.rules
            seen = [as_budgeted(finding, rules) for finding in findings]
            concluded = policy.route(seen, statement, rules)
            return ShadowVerdict.objects.create(
                draft=draft,
                verdict=verdict,
                route=concluded.route,
                proposal=concluded.proposal or "",
                reasons=[reason.as_json() for reason in concluded.reasons],
                medium=medium_of(screening.disclosure, seen),
                policy_engine=policy.VERSION,
            )
    except Exception:  # a draft is without effect, also where it cannot be read
        log.exception("a draft concluded nothing", draft=draft.pk, verdict=verdict.pk)
        return None


def difference(draft: RulesDraft, *, reader: User) -> Report:
    """What would have gone elsewhere since the draft began, each entry by its newest verdict.

    ``reader`` sees nothing of entries of their own.
    """
    newest = (
        draft.verdicts.exclude(verdict__screening__entry__state=State.WITHDRAWN)
        .exclude(verdict__screening__entry__entrant=reader)
        .order_by("verdict__screening__entry", "-verdict__screening__number")
        .distinct("verdict__screening__entry")
        .select_related("verdict__screening__entry")
    )
    judged, flips = 0, []
    for shadow in newest.iterator(chunk_size=1000):
        judged += 1
        was, now = _outcome(shadow.verdict), _outcome(shadow)
        if was != now:
            severe = shadow if is_as_severe(now.route, was.route) else shadow.verdict
            entry = shadow.verdict.screening.entry
            lane, rules = speaking(severe.reasons)
            flips.append(Flip(entry.public_id, entry.title, was, now, lane, shadow.medium, rules))
    return Report(judged, tuple(flips))


def _outcome(concluded: Verdict | ShadowVerdict) -> Outcome:
    return Outcome(Route(concluded.route), Route(concluded.proposal) if concluded.proposal else None)
