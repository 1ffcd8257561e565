"""What a person does with a case."""

from collections.abc import Collection, Sequence
from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from moderation import exercises, locks, panel, seconding, undoing
from moderation.appeals import ladder
from moderation.claims import ending
from moderation.estimates import silences
from moderation.hanging import bring, release
from moderation.models import (
    Appeal,
    Case,
    CaseKind,
    CaseLock,
    Decision,
    Opinion,
    PendingDecision,
    Reading,
    Screening,
)
from moderation.panel import FILED, MayNotDecide
from moderation.queueing import nudge
from moderation.signals import decided
from moderation.stages import begin, next_stage
from moderation.verdicts import Route
from submissions.models import Entry, User
from submissions.transitions import StaleState

log = structlog.get_logger(__name__)


class AlreadyDecided(Exception):
    """Somebody else decided the case first, or the entry was withdrawn."""


class HadPart(MayNotDecide):
    """Who decided about the entry before does not decide its appeal or a claim on it."""


class NotOpen(MayNotDecide):
    """An appeal is decided between where the entry stood and what its entrant asks for, a claim upheld or
    dismissed."""


class TooLate(MayNotDecide):
    """The time to decide an appeal has run out: it ends as its entrant asks."""


def had_part(user: User, case: Case) -> bool:
    """Whether ``user`` has no say in ``case`` for what they said before; the database sees to it too."""
    return Case.objects.filter(panel.decided_before(user), pk=case.pk).exists()


def choices(case: Case) -> tuple[Route, ...]:
    """Where a decision on ``case`` may send its entry. Pages, bulk and verbs read it here."""
    if case.kind == CaseKind.CLAIM and case.claim is not None:
        return ending.choices(case.claim, case.entry)
    appeal = Appeal.objects.filter(case=case).first()
    if appeal is None:
        return tuple(Route(route) for route, _words in Decision.ROUTES)
    return ladder.between(Route(appeal.stood), Route(appeal.asks))


class HeldByAnother(AlreadyDecided):
    """Somebody else works on the case now. Who decides many at once passes over both alike."""

    def __init__(self, lock: CaseLock) -> None:
        super().__init__(lock.case_id)
        self.lock = lock


@transaction.atomic
def answer(
    case: Case,
    *,
    by: User,
    route: Route,
    reason: str,
    grounds: Sequence[str] = (),
    remarks: Collection[str] = (),
) -> Decision | PendingDecision | Opinion | Reading:
    """What a person says of ``case``, whatever it then is: mostly the decision.

    The first of two rejections is an opinion and leaves the case open; what is said of an exercise is a
    reading; what is decided about an appeal or a claim takes effect when it cannot be taken back any more.
    Raises as ``decide`` does.
    """
    case = _for(by, case, route, grounds)
    if undoing.pending(case):
        raise AlreadyDecided(case.pk)
    if case.kind == CaseKind.EXERCISE:
        return exercises.answer(case, by=by, route=route, reason=reason, grounds=grounds)
    if seconding.asks_for_another(case, route):
        return seconding.propose(case, by=by, reason=reason, grounds=grounds, remarks=remarks)
    if case.kind in FILED and undoing.window():
        return undoing.postpone(case, by=by, route=route, reason=reason, grounds=grounds, remarks=remarks)
    return decide(case, by=by, route=route, reason=reason, grounds=grounds, remarks=remarks)


@transaction.atomic
def decide(
    case: Case,
    *,
    by: User,
    route: Route,
    reason: str,
    grounds: Sequence[str] = (),
    remarks: Collection[str] = (),
) -> Decision:
    """Close ``case``: hang or reject its entry, with words for the entrant.

    The letter about a first decision waits as long as the decision can be taken back. ``remarks``, and those
    of who first came to the same, are passed on with the signal, to whoever concludes a case of that kind.
    Raises ``AlreadyDecided`` or ``MayNotDecide``; where two people are needed and only one has spoken, the
    database refuses it.
    """
    case = _for(by, case, route, grounds)
    locks.let_go(case, by=by)
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    decision = Decision.objects.create(
        case=case, by=by, route=route, reason=reason, grounds=list(grounds) if route == Route.REJECT else []
    )
    entry = Entry.objects.select_related("contest", "category", "entrant").get(pk=case.entry_id)
    try:
        _carry_out(decision, case, entry)
    except StaleState as error:
        raise AlreadyDecided(case.pk) from error
    decided.send(type(case), case=case, decision=decision, remarks=seconding.remarks(decision, remarks))
    silences.review(entry.contest)
    return decision


def _carry_out(decision: Decision, case: Case, entry: Entry) -> None:
    """Bring ``entry`` to where ``decision`` says. What became of an appeal or a claim is told by letters of
    their own; a claim that is dismissed moves nothing but what claims had taken down."""
    route, because = Route(decision.route), f"decision {decision.pk}"
    if case.kind == CaseKind.CLAIM and route != Route.REJECT:
        release(entry, because=because)
    else:
        if case.kind == CaseKind.CLAIM:  # where it should hang is no question any more
            reviews = Case.objects.open().filter(entry=entry, kind=CaseKind.REVIEW)
            reviews.update(closed_at=timezone.now())
        quietly = case.kind != CaseKind.REVIEW
        bring(entry, route, because=because, quietly=quietly, letter_waits=undoing.window())


@transaction.atomic
def check_again(case: Case, *, by: User) -> Screening:
    """Send a waiting entry through all checks once more, or raise ``AlreadyDecided``.

    The case closes without a decision; the new verdict opens another if there is still reason to. Raises
    ``panel.MayNotDecide`` as ``decide`` does.
    """
    case = _waiting(case)
    panel.require(case, by)
    if case.kind != CaseKind.REVIEW:
        raise MayNotDecide(case.pk)
    try:
        screening = begin(case.entry)
    except StaleState as error:
        raise AlreadyDecided(case.pk) from error
    log.info("checked again", case=case.pk, by=by.pk, screening=screening.pk)
    transaction.on_commit(lambda: nudge(screening, next_stage(screening)))
    return screening


def _for(user: User, case: Case, route: Route, grounds: Collection[str]) -> Case:
    """``case``, locked, where nothing keeps ``user`` from saying ``route`` of it on these ``grounds``."""
    case = _waiting(case)
    if had_part(user, case):
        raise HadPart(case.pk)
    ending.require(case, user, route, grounds)
    panel.require(case, user)
    if route not in choices(case):
        raise NotOpen(case.pk)
    if Appeal.objects.filter(case=case, decide_by__lt=_said_at(case)).exists():
        raise TooLate(case.pk)
    if (lock := locks.held_by_another(case, user)) is not None:
        raise HeldByAnother(lock)
    return case


def _said_at(case: Case) -> datetime:
    """When what is decided about ``case`` was said: now, unless it waited to take effect."""
    said = undoing.pending(case)
    return said.at if said else timezone.now()


def _waiting(case: Case) -> Case:
    """``case`` if it still waits, locked to the end of the transaction: a second decider finds none."""
    waiting = Case.objects.select_for_update(of=("self",)).select_related("entry", "contest")
    try:
        return waiting.get(pk=case.pk, closed_at=None)
    except Case.DoesNotExist as error:
        raise AlreadyDecided(case.pk) from error
