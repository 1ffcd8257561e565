"""Fetch, call, nothing else. Every task may run twice."""

from celery import shared_task

from submissions import notices


@shared_task
def post() -> None:
    """Send the letters that wait in the outbox."""
    notices.post_waiting()
