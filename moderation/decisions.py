"""What a person does with a case."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from moderation.models import Case, Decision
from moderation.screening import hang
from moderation.verdicts import Route
from submissions.models import Entry, User
from submissions.states import State
from submissions.transitions import StaleState, move


class AlreadyDecided(Exception):
    """Somebody else closed the case first, or the entry was withdrawn."""


@transaction.atomic
def decide(case: Case, *, by: User, route: Route, reason: str, grounds: Sequence[str] = ()) -> Decision:
    """Close ``case``: hang the entry or reject it, with words for the entrant, or raise ``AlreadyDecided``."""
    closed = Case.objects.open().filter(pk=case.pk).update(closed_at=timezone.now())
    if not closed:
        raise AlreadyDecided(case.pk)
    decision = Decision.objects.create(
        case=case, by=by, route=route, reason=reason, grounds=list(grounds) if route == Route.REJECT else []
    )
    entry = Entry.objects.select_related("contest").get(pk=case.entry_id)
    because = f"decision {decision.pk}"
    try:
        if route == Route.REJECT:
            move(entry, State.REJECTED, because=because)
        else:
            hang(entry, route, because=because)
    except StaleState as error:
        raise AlreadyDecided(case.pk) from error
    return decision
