"""The Celery app and what beat does when."""

import os
from importlib import import_module
from typing import Any

from celery import Celery
from celery.apps.worker import Worker
from celery.schedules import crontab
from celery.signals import worker_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class App(Celery):
    """How long a task may run is for the machine that runs it to say, not for the one that asks."""

    def send_task(  # type: ignore[override]  # the options are passed on as they come
        self, name: str, args: Any = None, kwargs: Any = None, **options: Any
    ) -> Any:
        """Left out, the limits would be those of the settings here, and travel with the message."""
        limits = {"time_limit": None, "soft_time_limit": None}
        return super().send_task(name, args, kwargs, **(limits | options))


app = App("vernissage")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

REMEMBERED = 20  # while no worker is there, beat's messages pile up; older ones than so many are dropped


def every(seconds: int, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": seconds, "options": {"expires": REMEMBERED * seconds}}


app.conf.beat_schedule = {
    "requeue": every(settings.SWEEP_SECONDS, "moderation.tasks.requeue"),
    "post": every(settings.SWEEP_SECONDS, "submissions.tasks.post"),
    "preview-missed": every(60, "submissions.tasks.preview_missed"),
    "embed-missed": every(settings.SWEEP_SECONDS, "matching.tasks.embed_missed"),
    "tidy": every(settings.SWEEP_SECONDS, "matching.tasks.tidy"),
    "snapshot": every(30, "matching.tasks.snapshot"),
    "snapshot-entries": every(60, "moderation.tasks.snapshot_entries"),
    "portray": every(30, "matching.tasks.portray"),
    "publish-heads": {"task": "moderation.tasks.publish_heads", "schedule": crontab(hour=3, minute=7)},
    "erase-left": every(60, "moderation.tasks.erase_left"),
    "decisions-take-effect": every(settings.SWEEP_SECONDS, "moderation.tasks.decisions_take_effect"),
    "end-appeals": every(60, "moderation.tasks.end_appeals"),
    "lapse-claims": every(60, "moderation.tasks.lapse_claims"),
}
app.conf.beat_schedule_filename = str(settings.VAR_DIR / "run" / "beat")


@worker_init.connect
def see_before_forking(sender: Worker, **_kwargs: Any) -> None:
    """Where the encoder is used, import what it needs before processes are forked.

    They share it then, and one that takes the place of another, killed for its time or its memory, is at
    work at once: its first task does not spend its time on it. Nothing may be computed here, for threads do
    not survive a fork.
    """
    if "vision" in sender.app.amqp.queues.consume_from:
        import_module("matching.engine.encoder")
