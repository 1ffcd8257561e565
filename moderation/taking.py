"""Who works a case, by their own word."""

import structlog

from moderation.decisions import AlreadyDecided
from moderation.models import Case
from submissions.models import User

log = structlog.get_logger(__name__)


def assign(case: Case, *, to: User | None, by: User) -> None:
    """Say that ``to`` works ``case``, or nobody in particular; raises ``AlreadyDecided``."""
    if not Case.objects.open().filter(pk=case.pk).update(assigned_to=to):
        raise AlreadyDecided(case.pk)
    log.info("assigned", case=case.pk, to=to.pk if to else None, by=by.pk)
