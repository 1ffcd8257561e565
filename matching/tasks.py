"""Fetch, call, nothing else. Every task may run twice."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from matching import live, registry
from matching.models import Work, WorkState

GRACE = timedelta(seconds=60)


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=3)
def embed(work_id: int) -> None:
    """Read a registered work and make it matchable."""
    registry.embed(Work.objects.get(pk=work_id))


@shared_task
def embed_missed() -> None:
    """Works that nobody was told of: the broker was down, or a worker died. Then the snapshot, if it is due."""
    waiting = Work.objects.filter(state=WorkState.PENDING, nudged_at__lt=timezone.now() - GRACE)
    for work in waiting.order_by("nudged_at")[:200]:
        if not registry.nudge(work):
            return


@shared_task
def snapshot() -> None:
    """Write a snapshot where the last one lacks much, or holds a work that was withdrawn."""
    index = live.index()
    if index.wants_saving:
        index.save()
