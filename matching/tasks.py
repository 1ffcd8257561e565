"""Fetch, call, nothing else. Every task may run twice."""

from datetime import timedelta

import structlog
from celery import shared_task
from django.utils import timezone

from matching import imports, live, registry, styles
from matching.compaction import compact
from matching.engine.style import NoStyleSpace
from matching.engine.weights import WeightsError
from matching.models import Import, ImportState, Proof, Work, WorkState
from matching.registry import conflicts, examining, proofs

log = structlog.get_logger(__name__)

GRACE = timedelta(seconds=60)
GRACE_IN_A_QUEUE = timedelta(minutes=10)  # while works are read one by one, waiting is no accident
MOST_NUDGES = 200
COMPACT_S = 20


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=3)
def embed(work_id: int) -> None:
    """Read a registered work, make it matchable, and see whether something speaks against it."""
    work = Work.objects.get(pk=work_id)
    registry.embed(work)
    registry.examine(work)


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=3)
def import_zip(import_id: int) -> None:
    """Take in a portfolio that came as a zip or a manifest, or some more of it."""
    imports.go_on(Import.objects.select_related("artist__owner").get(pk=import_id))


@shared_task
def look_at_page(proof_id: int) -> None:
    """Fetch the page that an artist named, and see whether it carries its code."""
    proofs.look_at_page(Proof.objects.get(pk=proof_id))


@shared_task
def tidy() -> None:
    """What a withdrawal or a change of mind left lying; conflicts whose time ran out."""
    for work in Work.objects.filter(state=WorkState.WITHDRAWN, erased_at=None).order_by("pk")[:MOST_NUDGES]:
        registry.erase(work)
    for work in examining.to_discard(MOST_NUDGES):
        examining.discard(work)
    conflicts.run_out()


@shared_task
def embed_missed() -> None:
    """Works and imports that nobody was told of: the broker was down, or a worker died."""
    now = timezone.now()
    busy = Work.objects.filter(matchable_since__gt=now - GRACE).exists()
    before = now - (GRACE_IN_A_QUEUE if busy else GRACE)
    waiting = Work.objects.filter(state=WorkState.PENDING, nudged_at__lt=before)
    for work in waiting.order_by("nudged_at")[:MOST_NUDGES]:
        if not registry.nudge(work):
            return
    for work in Work.objects.filter(pk__in=examining.to_examine(MOST_NUDGES)):
        if not registry.nudge(work):
            return
    for run in Import.objects.filter(state=ImportState.RUNNING, nudged_at__lt=now - GRACE):
        if not imports.nudge(run):
            return


@shared_task
def snapshot() -> None:
    """Bring the registry's snapshot up to date, as far as it gets within ``COMPACT_S``; the next run goes on.

    Works without a vector under this encoder are sent to be read: somebody changed the encoder.
    """
    of = live.feed()
    for work in Work.objects.filter(
        pk__in=of.lacking(), nudged_at__lt=timezone.now() - GRACE_IN_A_QUEUE
    ).order_by("nudged_at")[:MOST_NUDGES]:
        if not registry.nudge(work):
            break
    compact(of, live.store(of), seconds=COMPACT_S)


@shared_task
def portray() -> None:
    """Work out the style of portfolios that changed; send works to be read that lack what it needs."""
    try:
        styles.follow()
    except (NoStyleSpace, WeightsError) as error:
        log.info("styles are not compared", reason=str(error))
        return
    before = timezone.now() - GRACE_IN_A_QUEUE
    for work in styles.lacking(MOST_NUDGES):
        if work.nudged_at < before and not registry.nudge(work):
            return
