"""Starts screening when an entry arrives, reads drafts for their entrants, looks back when a work does, keeps
the ledger with the moves."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from matching.models import Work
from matching.signals import work_examined
from moderation import ledger
from moderation.queueing import nudge
from moderation.stages import begin, next_stage
from submissions import nudging
from submissions.models import DryRun, Entry, FileReading, Move
from submissions.signals import dry_run_asked, entry_received, picture_added
from submissions.states import State


@receiver(entry_received)
def start_screening(entry: Entry, **_kwargs: Any) -> None:
    screening = begin(entry)
    nudge(screening, next_stage(screening))


@receiver(picture_added)
def read_draft(reading: FileReading, **_kwargs: Any) -> None:
    nudging.nudge(reading, "moderation.tasks.read_draft")


@receiver(dry_run_asked)
def try_draft(run: DryRun, **_kwargs: Any) -> None:
    nudging.nudge(run, "moderation.tasks.dry_run")


@receiver(work_examined)
def look_back(work: Work, **_kwargs: Any) -> None:
    """In the worker, while the work's original is still there."""
    from moderation import originals, rechecks  # noqa: PLC0415 -- encoder and C2PA: for workers only

    originals.look(work)
    rechecks.begin(work)


@receiver(post_save, sender=Move)
def keep_the_ledger(instance: Move, created: bool, **_kwargs: Any) -> None:
    """In the transaction of the move: an entry never hangs without its line."""
    if created:
        ledger.follow(instance.entry, State(instance.new), because=instance.because)


@receiver(post_save, sender=Move)
def wait_for_nobody(instance: Move, created: bool, **_kwargs: Any) -> None:
    """What was taken back waits for nobody."""
    if created and instance.new == State.WITHDRAWN:
        instance.entry.cases.filter(closed_at=None).update(closed_at=timezone.now())
