"""Fetch, call, nothing else. Every task may run twice."""

from celery import shared_task

from submissions import notices, nudging, previews
from submissions.models import ProcessPreview


@shared_task
def post() -> None:
    """Send the letters that wait in the outbox."""
    notices.post_waiting()


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=3)
def preview(preview_id: int) -> None:
    """Look at one file of process evidence. Its draft may be gone meanwhile."""
    for row in ProcessPreview.objects.filter(pk=preview_id).select_related("file"):
        previews.make(row)


@shared_task
def preview_missed() -> None:
    previews.begin_missing()
    nudging.nudge_stopped(previews.waiting(), previews.TASK)
