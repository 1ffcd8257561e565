"""Who works on a case now: one person at a time, seen by all, for as long as their page is open."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from moderation.models import Case, CaseLock, CaseNote, NoteKind
from submissions.models import User


def hold(case: Case, *, by: User) -> CaseLock:
    """Take or renew ``case`` for ``by`` where nobody else holds it; returns the lock as it stands then."""
    now = timezone.now()
    mine_or_over = Q(holder=by) | Q(until__lte=now)
    if not CaseLock.objects.filter(mine_or_over, case=case).update(holder=by, until=_until(now)):
        # The row of whoever is there first stays; of two that come at once, one is there first.
        CaseLock.objects.bulk_create(
            [CaseLock(case=case, holder=by, until=_until(now))], ignore_conflicts=True
        )
    return CaseLock.objects.select_related("holder").get(case=case)


@transaction.atomic
def take_over(case: Case, *, by: User) -> CaseLock:
    """Take ``case`` although somebody holds it. That is written into its thread for all to read."""
    lock = CaseLock.objects.select_for_update(of=("self",)).select_related("holder").filter(case=case).first()
    if lock is None or lock.holder == by or not lock.runs:
        return hold(case, by=by)
    CaseNote.objects.create(case=case, kind=NoteKind.TAKEN_OVER, by=by, other=lock.holder)
    lock.holder, lock.until = by, _until(timezone.now())
    lock.save()
    return lock


def let_go(case: Case, *, by: User) -> bool:
    """Leave ``case`` to others before the time is over; false where it is not held by ``by``."""
    deleted, _of_each = CaseLock.objects.filter(case=case, holder=by).delete()
    return bool(deleted)


def running(case: Case) -> CaseLock | None:
    """The lock on ``case``, unless it ran out."""
    locks = CaseLock.objects.filter(case=case, until__gt=timezone.now())
    return locks.select_related("holder").first()


def held_by_another(case: Case, person: User) -> CaseLock | None:
    """The lock that keeps ``person`` from deciding ``case``, if there is one."""
    lock = running(case)
    return lock if lock and lock.holder != person else None


def of_others(cases: Sequence[int], person: User) -> dict[int, CaseLock]:
    """The locks of other people, by the key of the case."""
    locks = CaseLock.objects.filter(case__in=cases, until__gt=timezone.now()).exclude(holder=person)
    return {lock.case_id: lock for lock in locks.select_related("holder")}


def _until(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.CASE_LOCK_SECONDS)
