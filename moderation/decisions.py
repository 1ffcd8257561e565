"""What a person does with a case."""

from collections.abc import Collection, Sequence

import structlog
from django.db import transaction
from django.utils import timezone

from moderation.estimates import silences
from moderation.hanging import bring
from moderation.models import Case, CaseKind, Decision, Screening
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
    case: Case,
    *,
    by: User,
    route: Route,
    reason: str,
    grounds: Sequence[str] = (),
    remarks: Collection[str] = (),
) -> Decision:
    """Close ``case``: hang or reject its entry, with words for the entrant, or raise ``AlreadyDecided``.

    ``remarks`` are passed on with the signal, to whoever concludes a case of that kind.
    """
    case = _waiting(case)
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
    decided.send(type(case), case=case, decision=decision, remarks=frozenset(remarks))
    silences.review(entry.contest)
    return decision


@transaction.atomic
def check_again(case: Case, *, by: User) -> Screening:
    """Send a waiting entry through all checks once more, or raise ``AlreadyDecided``.

    The case closes without a decision; the new verdict opens another if there is still reason to.
    """
    case = _waiting(case)
    try:
        screening = begin(case.entry)
    except StaleState as error:
        raise AlreadyDecided(case.pk) from error
    log.info("checked again", case=case.pk, by=by.pk, screening=screening.pk)
    transaction.on_commit(lambda: nudge(screening, next_stage(screening)))
    return screening


def _waiting(case: Case) -> Case:
    """``case`` if it still waits, locked to the end of the transaction: a second decider finds none."""
    waiting = Case.objects.open().select_for_update(of=("self",)).select_related("entry").filter(pk=case.pk)
    try:
        return waiting.get()
    except Case.DoesNotExist as error:
        raise AlreadyDecided(case.pk) from error
