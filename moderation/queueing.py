"""Telling the queue that a screening has work to do, and finding those of which it was never told."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from moderation.models import Screening
from moderation.stages import begin, is_worked_on, next_stage
from submissions.models import Entry
from submissions.states import State

log = structlog.get_logger(__name__)


def _asked_before() -> datetime:
    """Whoever was nudged before this moment may be asked after."""
    return timezone.now() - timedelta(seconds=settings.SWEEP_GRACE_SECONDS)


def nudge(screening: Screening, stage: str) -> bool:
    """Ask a worker to run ``stage``. A broker that is down loses nothing: the sweeper asks again."""
    Screening.objects.filter(pk=screening.pk).update(nudged_at=timezone.now())
    try:
        current_app.send_task(f"moderation.tasks.{stage}", args=[screening.pk])
    except OperationalError as error:
        log.warning(
            "broker out of reach, the sweeper will ask again", screening=screening.pk, error=str(error)
        )
        return False
    return True


def requeue_stopped() -> int:
    """Nudge every screening that stands still although no message for it can be waiting; return how many.

    A long queue is no standstill: while messages wait, screenings between two stages are left to them. One
    with a check begun, not finished and held by no process any more has lost its worker: it is nudged at
    once.
    """
    _begin_missing()
    quiet = Screening.objects.unfinished().filter(entry__state=State.RECEIVED, nudged_at__lt=_asked_before())
    if not quiet.exists():
        return 0
    queues_are_empty = _no_message_waits()
    nudged = 0
    for screening in quiet.order_by("pk")[:1000]:
        lost_its_worker = screening.runs.filter(attempts__gt=0, finished_at=None).exists()
        if is_worked_on(screening) or not (lost_its_worker or queues_are_empty):
            continue
        if not nudge(screening, next_stage(screening)):
            break  # no broker, no point in trying the rest
        nudged += 1
    return nudged


def _begin_missing() -> None:
    """Entries that were received while nobody listened: the process died between commit and signal."""
    forgotten = Entry.objects.filter(state=State.RECEIVED, submitted_at__lt=_asked_before()).exclude(
        pk__in=Screening.objects.unfinished().values("entry")
    )
    for entry in forgotten[:1000]:
        screening = begin(entry)
        nudge(screening, next_stage(screening))


def waiting_messages() -> dict[str, int]:
    """How many messages lie in each of our queues; raises ``OperationalError`` where the broker is away."""
    routed = {route["queue"] for route in current_app.conf.task_routes.values()}
    with current_app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        return {
            name: channel.queue_declare(name, durable=True, auto_delete=False).message_count
            for name in sorted({current_app.conf.task_default_queue, *routed})
        }


def _no_message_waits() -> bool:
    """Whether the queues of work are known to be empty; the sweeper's own messages are no work."""
    try:
        waiting = waiting_messages()
    except OperationalError:
        return False
    return not any(count for queue, count in waiting.items() if queue != settings.SWEEP_QUEUE)
