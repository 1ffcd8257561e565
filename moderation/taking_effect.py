"""What was decided about appeals and claims takes effect once it cannot be taken back any more."""

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation import decisions
from moderation.models import Case, CaseLock, PendingDecision
from moderation.panel import MayNotDecide
from moderation.verdicts import Route

log = structlog.get_logger(__name__)


def all_due() -> int:
    """The sweep: every decision whose time is over takes effect, each by itself; returns how many did."""
    due = PendingDecision.objects.filter(effective_at__lte=timezone.now()).order_by("effective_at")
    return sum(_try(pk) for pk in list(due.values_list("pk", flat=True)))


def _try(pk: int) -> bool:
    try:
        return take_effect(pk)
    except Exception:  # whatever is wrong with one, the others' time is over too
        log.exception("a decision could not take effect", pending=pk)
        return False


@transaction.atomic
def take_effect(pk: int) -> bool:
    """Decide as was said. Twice is once; what another worker has, or was taken back, is passed over.

    Where something speaks against it by now (an interest came to light, another decision moved the entry),
    nothing is decided, and the case waits for somebody again.
    """
    rows = PendingDecision.objects.select_for_update(of=("self",), skip_locked=True)
    said = rows.select_related("case", "by").filter(pk=pk, effective_at__lte=timezone.now()).first()
    if said is None:
        return False
    CaseLock.objects.filter(case=said.case_id).delete()  # a page that stayed open keeps nothing any more
    is_decided = _decide(said)
    said.delete()
    return is_decided


def _decide(said: PendingDecision) -> bool:
    try:
        with transaction.atomic():
            decisions.decide(
                said.case,
                by=said.by,
                route=Route(said.route),
                reason=said.reason,
                grounds=said.grounds,
                remarks=said.remarks,
            )
    except decisions.AlreadyDecided:
        return False  # the entry left, the claim was withdrawn: there is no question any more
    except (MayNotDecide, IntegrityError) as refused:
        log.warning("decided, but not allowed any more", case=said.case_id, because=repr(refused))
        Case.objects.filter(pk=said.case_id).update(on_hold_until=None)
        return False
    return True
