"""Fetch, call, nothing else. Every task may run twice."""

from datetime import timedelta

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from moderation import assigning, earlier, exercises, rechecks, taking_effect, trials
from moderation.appeals import ending as appeals
from moderation.claims import ending as claims
from moderation.credentials import copies
from moderation.estimates import silences
from moderation.models import Screening, SignedCopy
from moderation.people import erasing
from moderation.queueing import nudge, requeue_stopped
from moderation.record import heads
from moderation.screening import run_stage
from submissions import readings
from submissions.models import DryRun, FileReading
from submissions.nudging import nudge_stopped
from submissions.trials import unanswered

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


@shared_task(autoretry_for=PASSING, retry_backoff=True, max_retries=3)
def read_draft(reading_id: int) -> None:
    """What a draft's new picture says of itself. It may be gone meanwhile."""
    for row in FileReading.objects.filter(pk=reading_id).select_related(
        "artwork__entry__contest__organization"
    ):
        trials.read_file(row)


@shared_task(autoretry_for=PASSING, retry_backoff=True, max_retries=3)
def dry_run(trial_id: int) -> None:
    """The checks over a draft, for its entrant alone; queue ``vision``, for they need the encoder."""
    trials.run(
        DryRun.objects.select_related("entry__contest__organization", "entry__entrant").get(pk=trial_id)
    )


@shared_task
def requeue() -> None:
    """The sweeper: finds what a lost message or a dead worker left lying."""
    requeue_stopped()
    silences.tell_waiting()
    assigning.assign_all()
    exercises.ask_all()
    stopped = rechecks.waiting().filter(nudged_at__lt=timezone.now() - RECHECK_GRACE).first()
    if stopped is not None:
        rechecks.nudge(stopped)
    nudge_stopped(readings.unread(), trials.READ_TASK)
    nudge_stopped(unanswered(), trials.RUN_TASK)
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


@shared_task
def end_appeals() -> None:
    """Appeals that nobody decided in time end as their entrants asked."""
    appeals.lapse_all()


@shared_task
def lapse_claims() -> None:
    """Claims that nobody decided in time end in the entrants' favour."""
    claims.lapse_due()


@shared_task
def decisions_take_effect() -> None:
    """Decisions about appeals and claims that cannot be taken back any more."""
    taking_effect.all_due()
