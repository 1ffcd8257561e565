"""Starts screening when an entry arrives."""

from typing import Any

from django.dispatch import receiver

from moderation.queueing import nudge
from moderation.stages import begin, next_stage
from submissions.models import Entry
from submissions.signals import entry_received


@receiver(entry_received)
def start_screening(entry: Entry, **_kwargs: Any) -> None:
    screening = begin(entry)
    nudge(screening, next_stage(screening))
