"""Fetch, call, nothing else. Every task may run twice."""

from datetime import timedelta

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from moderation import earlier, rechecks
from moderation.credentials import copies
from moderation.estimates import silences
from moderation.models import Screening, SignedCopy
from moderation.people import erasing
from moderation.queueing import nudge, requeue_stopped
from moderation.record import heads
from moderation.screening import run_stage

COMPACT_S = 20
RECHECK_GRACE = timedelta(seconds=60)
PASSING = (OSError, OperationalError)  # storage or database blinked


def _advance(screening_id: int, stage: str) -> None:
    screening = Screening.objects.select_related("entry__contest", "disclosure", "policy").get(
        pk=screening_id
    )
    following = run_stage(screening, stage)
    if following is not None:
        nudge(screening, following)


@shared_task(autoretry_for=PASSING, retry_backoff=True, max_retries=3)
def screen(screening_id: int) -> None:
    """The checks that need no encoder."""
    _advance(screening_id, "screen")


@shared_task(autoretry_for=PASSING, retry_backoff=True, max_retries=3)
def see(screening_id: int) -> None:
    """The checks that look at the picture through the encoder; queue ``vision``, for machines with a GPU."""
    _advance(screening_id, "see")


@shared_task(autoretry_for=PASSING, retry_backoff=True, max_retries=3)
def conclude(screening_id: int) -> None:
    """Statement against evidence, then the verdict."""
    _advance(screening_id, "conclude")


@shared_task(autoretry_for=PASSING, retry_backoff=True, max_retries=3)
def sign_copy(copy_id: int) -> None:
    """Sign a copy of a hung picture."""
    copies.fulfil(SignedCopy.objects.select_related("artwork__entry").get(pk=copy_id))


@shared_task(autoretry_for=PASSING, retry_backoff=True, max_retries=3)
def recheck(_recheck_id: int) -> None:
    """Works that came later, against the entries of before; one passage for all that wait."""
    rechecks.run()
    for row in rechecks.waiting()[:1]:
        rechecks.nudge(row)


@shared_task
def requeue() -> None:
    """The sweeper: finds what a lost message or a dead worker left lying."""
    requeue_stopped()
    silences.tell_waiting()
    stopped = rechecks.waiting().filter(nudged_at__lt=timezone.now() - RECHECK_GRACE).first()
    if stopped is not None:
        rechecks.nudge(stopped)
    for copy in copies.left_lying():
        sign_copy.delay(copy)


@shared_task
def snapshot_entries() -> None:
    """Bring the snapshot of the entries' hashes up to date."""
    earlier.bring_up_to_date(COMPACT_S)


@shared_task
def publish_heads() -> None:
    """How far each contest's record has come, for everybody to read from now on."""
    heads.publish_all()


@shared_task
def erase_left() -> None:
    """Files and words of erased entries that a worker or the storage left lying."""
    erasing.finish_waiting()
