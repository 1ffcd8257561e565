"""Telling a worker of a row that waits. A broker that is down loses nothing: the sweep asks again."""

from datetime import timedelta

import structlog
from celery import current_app
from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 2


def nudge(row: models.Model, task: str) -> bool:
    """Ask for ``task`` with the row's key, and note when; the row has ``nudged_at``."""
    type(row)._default_manager.filter(pk=row.pk).update(nudged_at=timezone.now())
    try:
        current_app.send_task(task, args=[row.pk])
    except OperationalError as error:
        log.warning("broker out of reach, the sweep asks again", task=task, row=row.pk, error=str(error))
        return False
    return True


def count_attempt(row: models.Model) -> bool:
    """Note that a worker tries now; False where others died over this row before, and it is given up.

    Committed before the try: if the file kills the process, the count survives it.
    """
    rows = type(row)._default_manager.filter(pk=row.pk, attempts__lt=MOST_ATTEMPTS)
    return bool(rows.update(attempts=F("attempts") + 1))


def nudge_stopped(waiting: "models.QuerySet[models.Model]", task: str, *, after: int = 2) -> None:
    """Ask again for rows of which a message was sent long ago: ``after`` times the longest a task may run."""
    patience = timedelta(seconds=after * settings.CELERY_TASK_TIME_LIMIT)
    for row in waiting.filter(nudged_at__lt=timezone.now() - patience).order_by("pk")[:200]:
        if not nudge(row, task):
            break
