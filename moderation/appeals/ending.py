"""How an appeal ends: by a decision, by its entrant, by another judgement, or because nobody decided in time.

Each way ends it once: they meet at the lock of the appeal's case, and whoever comes second finds it closed.
"""

from collections.abc import Iterable

import structlog
from django.db import transaction
from django.utils import timezone

from moderation.appeals import ladder
from moderation.hanging import bring, judged
from moderation.models import Appeal, AppealEnd, AppealOutcome, Case, CaseKind, Decision
from moderation.verdicts import Route
from submissions.models import Entry, Notice

log = structlog.get_logger(__name__)

ENDED = "appeal_ended"  # the letter to the entrant


class AlreadyEnded(Exception):
    """The appeal ended before."""


@transaction.atomic
def end(appeal: Appeal, outcome: AppealOutcome) -> AppealEnd:
    """End an open appeal without a decision; raises ``AlreadyEnded``."""
    if not Case.objects.open().select_for_update().filter(pk=appeal.case_id).exists():
        raise AlreadyEnded(appeal.pk)
    return _close(appeal, outcome)


def _close(appeal: Appeal, outcome: AppealOutcome) -> AppealEnd:
    Case.objects.filter(pk=appeal.case_id).update(closed_at=timezone.now())
    return _note(appeal, outcome)


def _note(
    appeal: Appeal, outcome: AppealOutcome, decision: Decision | None = None, *, quietly: bool = False
) -> AppealEnd:
    ended = AppealEnd.objects.create(appeal=appeal, outcome=outcome, decision=decision)
    if not quietly:
        Notice.objects.create(
            kind=ENDED, reader_id=appeal.entry.entrant_id, entry_id=appeal.entry_id, about=appeal.pk
        )
    return ended


def conclude(case: Case, decision: Decision) -> None:
    """In the transaction of ``decision``: an appeal ends with its own, and with any that moved its entry."""
    if case.kind == CaseKind.APPEAL:
        for appeal in Appeal.objects.open().filter(case=case):
            outcome = ladder.outcome(Route(appeal.stood), Route(appeal.asks), Route(decision.route))
            _note(appeal, outcome, decision)
        return
    entry = Entry.objects.select_related("category").get(pk=case.entry_id)
    for appeal in Appeal.objects.open().filter(entry=entry):
        if judged(entry) != appeal.stood:
            end(appeal, AppealOutcome.OVERTAKEN)


def leave(entry: Entry) -> None:
    """In the transaction in which ``entry`` leaves its contest: its open appeal goes with it.

    Its case may be closed already, for all cases of the entry close then, and the letter about the entry's
    leaving tells enough.
    """
    entry.cases.open().filter(kind=CaseKind.APPEAL).update(closed_at=timezone.now())
    for appeal in Appeal.objects.open().filter(entry=entry):
        _note(appeal, AppealOutcome.WITHDRAWN, quietly=True)


def overdue() -> Iterable[int]:
    """Keys of appeals that nobody decided in time, the oldest first; what takes effect soon was decided."""
    late = Appeal.objects.open().filter(decide_by__lt=timezone.now(), case__pending=None)
    return late.order_by("decide_by", "pk").values_list("pk", flat=True)


def lapse_all() -> int:
    """The sweep: end every overdue appeal, each in a transaction of its own; returns how many ended."""
    return sum(_try_to_lapse(pk) for pk in list(overdue()))


def _try_to_lapse(pk: int) -> bool:
    try:
        return lapse(pk)
    except Exception:  # whatever is wrong with one, the others' time has run out too
        log.exception("an appeal could not be ended", appeal=pk)
        return False


@transaction.atomic
def lapse(pk: int) -> bool:
    """Nobody decided in time: the entry goes where its entrant asked, deadline or not. Twice is once.

    Where a claim holds the entry, it hangs there once that lets go of it; where the entry was judged anew,
    that judgement came before. Whoever is at work on the case or the entry in this moment is not waited for:
    the next sweep looks again.
    """
    appeal = Appeal.objects.get(pk=pk)
    waiting = Case.objects.open().select_for_update(of=("self",), skip_locked=True)
    if waiting.filter(pk=appeal.case_id, pending=None).first() is None:
        return False
    entries = Entry.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    entry = entries.select_related("contest", "category", "entrant").filter(pk=appeal.entry_id).first()
    if entry is None:
        return False
    if judged(entry) != appeal.stood:
        _close(appeal, AppealOutcome.OVERTAKEN)
        return True
    _close(appeal, AppealOutcome.LAPSED)
    bring(entry, Route(appeal.asks), because=f"appeal {appeal.pk}", quietly=True)
    return True
