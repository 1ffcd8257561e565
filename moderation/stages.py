"""How a screening begins and how far it has come. Knows checks by name only: web processes stay light."""

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from moderation.models import CaseKind, Screening
from submissions.models import Entry
from submissions.states import State
from submissions.transitions import move

# Checks in order, cheapest first. Each stage is one task, so that machines with a GPU take only the second.
STAGES: dict[str, tuple[str, ...]] = {
    "screen": ("file", "provenance", "traces", "duplicate"),
    "see": ("registry", "style", "synthetic"),
    "conclude": ("statement",),
}
LAST_STAGE = list(STAGES)[-1]
LOCK_SPACE = 20_260  # the first key of our advisory locks; the second is the screening


def begin(entry: Entry) -> Screening:
    """Open a screening of ``entry`` as it is stated now; its checks run when a worker comes to it.

    An entry that waits for a person is taken back to the checks: its case closes without a decision, and the
    new verdict opens another if there is still reason to.
    """
    disclosure = entry.disclosure
    if disclosure is None:
        raise ValueError(f"entry {entry.pk} has no disclosure")
    with transaction.atomic():
        entry = Entry.objects.select_for_update().get(pk=entry.pk)
        entry.screenings.unfinished().update(abandoned_at=timezone.now())
        if entry.state == State.HELD:
            entry.cases.filter(closed_at=None, kind=CaseKind.REVIEW).update(closed_at=timezone.now())
            move(entry, State.RECEIVED, because="checked again", quietly=True)
        last = entry.screenings.aggregate(Max("number"))["number__max"] or 0
        return Screening.objects.create(
            entry=entry, number=last + 1, disclosure=disclosure, policy=entry.contest.policy
        )


def next_stage(screening: Screening) -> str:
    """The first stage with an unfinished check, or the last one, where only the verdict is missing."""
    finished = set(screening.runs.filter(finished_at__isnull=False).values_list("check_name", flat=True))
    for stage, checks in STAGES.items():
        if not finished.issuperset(checks):
            return stage
    return LAST_STAGE


def lock(screening: Screening) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, screening.pk])
        row = cursor.fetchone()
    return bool(row and row[0])


def unlock(screening: Screening) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock(%s, %s)", [LOCK_SPACE, screening.pk])


def is_worked_on(screening: Screening) -> bool:
    """Whether some process holds the screening now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists(select 1 from pg_locks where locktype = 'advisory' and classid = %s and objid = %s"
            " and database = (select oid from pg_database where datname = current_database()))",
            [LOCK_SPACE, screening.pk],
        )
        row = cursor.fetchone()
    return bool(row and row[0])
