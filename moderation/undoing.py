"""Taking a decision back before anybody was told of it.

The letter about a first decision waits in the outbox as long as the decision can be undone. What was decided
stays on the record, with the row that takes it back; the entry waits again, in a case as old as the first.

The end of an appeal or a claim is for good, and told to several people. So there the decision itself waits;
``moderation.taking_effect`` makes it one.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from moderation import locks
from moderation.estimates import silences
from moderation.models import Case, CaseKind, Decision, PendingDecision, Undoing
from moderation.opening import open_case
from moderation.panel import FILED
from moderation.signals import taken_back
from moderation.verdicts import Route
from submissions.models import Entry, Notice, User
from submissions.states import State
from submissions.transitions import StaleState, move

SHOWN_LATELY = timedelta(days=7)
OUT_OF_QUEUES = timedelta(days=1)
"""So long after its time a decision that waits keeps its case out of the queues, should no sweep come."""


class NotUndone(Exception):
    """The decision stands: somebody else made it, it was told already, or the entry went on since."""


class TooLate(NotUndone):
    """The time is over, or the letter has left."""


def window() -> timedelta:
    return timedelta(seconds=settings.UNDO_SECONDS)


def undoable_until(decision: Decision | PendingDecision) -> datetime | None:
    """Until when ``decision`` may be taken back; None where the time is over. What has ended an appeal or a
    claim stands."""
    if isinstance(decision, PendingDecision):
        until = decision.effective_at
    elif decision.case.kind == CaseKind.REVIEW:
        until = decision.at + window()
    else:
        return None
    return until if timezone.now() < until else None


def lately(person: User) -> QuerySet[Decision]:
    """What ``person`` decided in the last days, newest first."""
    since = timezone.now() - SHOWN_LATELY
    made = Decision.objects.filter(by=person, at__gte=since)
    return made.select_related("case__entry__contest", "undoing").order_by("-pk")


def waiting(person: User) -> QuerySet[PendingDecision]:
    """What ``person`` decided and has not taken effect, newest first."""
    made = PendingDecision.objects.filter(by=person, case__closed_at=None)
    return made.select_related("case__entry__contest").order_by("-at")


def last_undoable(person: User) -> Decision | PendingDecision | None:
    """The decision that ``person`` would take back with one key: their last, if it can still be."""
    now = timezone.now()
    made = Decision.objects.standing().filter(by=person, case__kind=CaseKind.REVIEW, at__gt=now - window())
    last = [
        made.select_related("case__entry").order_by("-pk").first(),
        waiting(person).filter(effective_at__gt=now).first(),
    ]
    return max((one for one in last if one), key=lambda one: one.at, default=None)


def pending(case: Case) -> PendingDecision | None:
    """What was decided about ``case`` and has not taken effect; only appeals and claims wait so."""
    if case.kind not in FILED:
        return None
    return PendingDecision.objects.filter(case=case).select_related("by", "case").first()


def postpone(
    case: Case, *, by: User, route: Route, reason: str, grounds: Sequence[str], remarks: Collection[str]
) -> PendingDecision:
    """Let what ``by`` decided about ``case`` wait until it cannot be taken back any more. Meanwhile the case
    lies in no queue."""
    effective_at = timezone.now() + window()
    locks.let_go(case, by=by)
    Case.objects.filter(pk=case.pk).update(on_hold_until=effective_at + OUT_OF_QUEUES)
    return PendingDecision.objects.create(
        case=case,
        by=by,
        route=route,
        reason=reason,
        grounds=list(grounds) if route == Route.REJECT else [],
        remarks=sorted(remarks),
        effective_at=effective_at,
    )


@transaction.atomic
def take_back(said: PendingDecision, *, by: User) -> Case:
    """Nothing was decided: the case waits again. Raises ``NotUndone``."""
    found = PendingDecision.objects.select_for_update(of=("self",)).select_related("case").filter(by=by)
    mine = found.filter(pk=said.pk, effective_at__gt=timezone.now()).first()
    if mine is None:
        raise TooLate(said.case_id)
    if not Case.objects.filter(pk=mine.case_id, closed_at=None).update(on_hold_until=None):
        raise NotUndone(mine.case_id)
    mine.delete()
    return mine.case


@transaction.atomic
def undo(decision: Decision, *, by: User) -> Case:
    """Take ``decision`` back and open its question anew; raises ``NotUndone``."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=decision.case_id)
    decision = Decision.objects.select_related("case__verdict").get(pk=decision.pk)
    if decision.by_id != by.pk or Undoing.objects.filter(decision=decision).exists():
        raise NotUndone(decision.pk)
    if undoable_until(decision) is None:
        raise TooLate(decision.pk)
    entry = Entry.objects.select_for_update(of=("self",)).select_related("contest").get(pk=case.entry_id)
    _call_back(entry, decision)
    undoing = Undoing.objects.create(decision=decision)
    try:
        move(entry, State.HELD, because=f"undoing {undoing.pk}", quietly=True)
    except StaleState as error:
        raise NotUndone(decision.pk) from error
    again = open_case(
        entry,
        decision.case.verdict,
        kind=CaseKind(case.kind),
        due_at=case.due_at,
        opened_at=case.opened_at,
    )
    Case.objects.filter(pk=again.pk).update(
        assigned_to=case.assigned_to_id, on_hold_until=case.on_hold_until, escalated_at=case.escalated_at
    )
    taken_back.send(Case, case=again, decision=decision)
    silences.look_again(entry.contest, since=decision.at, by=by)
    return again


def _call_back(entry: Entry, decision: Decision) -> None:
    """Delete the letter that tells of ``decision``, unless a worker has taken it or the entry went on."""
    last = entry.moves.last()
    if last is None or last.because != f"decision {decision.pk}" or entry.cases.open().exists():
        raise NotUndone(decision.pk)
    # Locked first: a worker that claims it at this moment either was before us, or finds nothing.
    letter = Notice.objects.select_for_update(of=("self",)).filter(move=last).first()
    if letter is None:
        return
    if letter.claimed_at is not None or letter.sent_at is not None:
        raise TooLate(decision.pk)
    letter.delete()
