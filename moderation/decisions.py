"""What a person does with a case."""

from collections.abc import Sequence

import structlog
from django.db import transaction
from django.utils import timezone

from moderation import exercises, panel, seconding
from moderation.estimates import silences
from moderation.hanging import bring
from moderation.models import Case, CaseKind, Decision, Opinion, Reading, Screening
from moderation.queueing import nudge
from moderation.signals import decided
from moderation.stages import begin, next_stage
from moderation.verdicts import Route
from submissions.models import Entry, User
from submissions.transitions import StaleState

log = structlog.get_logger(__name__)


class AlreadyDecided(Exception):
    """Somebody else closed the case first, or the entry was withdrawn."""


@transaction.atomic
def decide(
    case: Case, *, by: User, route: Route, reason: str, grounds: Sequence[str] = ()
) -> Decision | Opinion | Reading:
    """Close ``case``: hang or reject its entry, with words for the entrant.

    Raises ``AlreadyDecided``, and ``panel.MayNotDecide`` where something keeps ``by`` from it. The first of
    two rejections is an opinion and leaves the case open; what is said of an exercise is a reading.
    """
    case = _waiting(case)
    panel.require(case, by)
    if case.kind == CaseKind.EXERCISE:
        return exercises.answer(case, by=by, route=route, reason=reason, grounds=grounds)
    if seconding.asks_for_another(case, route):
        return seconding.propose(case, by=by, reason=reason, grounds=grounds)
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    decision = Decision.objects.create(
        case=case, by=by, route=route, reason=reason, grounds=list(grounds) if route == Route.REJECT else []
    )
    entry = Entry.objects.select_related("contest", "category", "entrant").get(pk=case.entry_id)
    try:
        # What became of an appeal or a claim is told by letters of their own.
        bring(entry, route, because=f"decision {decision.pk}", quietly=case.kind != CaseKind.REVIEW)
    except StaleState as error:
        raise AlreadyDecided(case.pk) from error
    decided.send(type(case), case=case, decision=decision)
    silences.review(entry.contest)
    return decision


@transaction.atomic
def check_again(case: Case, *, by: User) -> Screening:
    """Send a waiting entry through all checks once more, or raise ``AlreadyDecided``.

    The case closes without a decision; the new verdict opens another if there is still reason to. Raises
    ``panel.MayNotDecide`` as ``decide`` does.
    """
    case = _waiting(case)
    panel.require(case, by)
    if case.kind == CaseKind.EXERCISE:
        raise panel.MayNotDecide(case.pk)
    try:
        screening = begin(case.entry)
    except StaleState as error:
        raise AlreadyDecided(case.pk) from error
    log.info("checked again", case=case.pk, by=by.pk, screening=screening.pk)
    transaction.on_commit(lambda: nudge(screening, next_stage(screening)))
    return screening


def _waiting(case: Case) -> Case:
    """``case`` if it still waits, locked to the end of the transaction: a second decider finds none."""
    waiting = Case.objects.select_for_update(of=("self",)).select_related("entry", "contest")
    waiting = waiting.filter(pk=case.pk, closed_at=None)
    try:
        return waiting.get()
    except Case.DoesNotExist as error:
        raise AlreadyDecided(case.pk) from error
