"""The Celery app and what beat does when."""

import os

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("vernissage")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "requeue": {"task": "moderation.tasks.requeue", "schedule": settings.SWEEP_SECONDS},
    "post": {"task": "submissions.tasks.post", "schedule": settings.SWEEP_SECONDS},
    "embed-missed": {"task": "matching.tasks.embed_missed", "schedule": settings.SWEEP_SECONDS},
    "tidy": {"task": "matching.tasks.tidy", "schedule": settings.SWEEP_SECONDS},
    "snapshot": {"task": "matching.tasks.snapshot", "schedule": 30},
    "snapshot-entries": {"task": "moderation.tasks.snapshot_entries", "schedule": 60},
    "portray": {"task": "matching.tasks.portray", "schedule": 30},
    "publish-heads": {"task": "moderation.tasks.publish_heads", "schedule": crontab(hour=3, minute=7)},
    "erase-left": {"task": "moderation.tasks.erase_left", "schedule": 60},
}
app.conf.beat_schedule_filename = str(settings.VAR_DIR / "run" / "beat")
