"""Starts screening when an entry arrives, reads drafts for their entrants, looks back when a work does, keeps
the ledger with the moves, and what open cases are found by with the names."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from matching.models import Artist, Work
from matching.signals import work_examined
from moderation import ledger, searching
from moderation.appeals import ending
from moderation.models import Case, Decision, Sighting
from moderation.queueing import nudge
from moderation.signals import decided
from moderation.stages import begin, next_stage
from submissions import nudging
from submissions.models import DryRun, Entry, FileReading, Move, User
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


@receiver(post_save, sender=Move)
def appeal_no_more(instance: Move, created: bool, **_kwargs: Any) -> None:
    if created and instance.new == State.WITHDRAWN:
        ending.leave(instance.entry)


@receiver(decided, sender=Case)
def conclude_appeals(case: Case, decision: Decision, **_kwargs: Any) -> None:
    ending.conclude(case, decision)


@receiver(post_save, sender=Sighting)
def find_by_artist(instance: Sighting, created: bool, **_kwargs: Any) -> None:
    """A work that came later was seen in an entry that waits: its case is found by the artist."""
    if created:
        searching.renew(Case.objects.open().filter(entry=instance.artwork.entry_id))


@receiver(post_save, sender=Artist)
def find_by_new_name_of_artist(instance: Artist, created: bool, **_kwargs: Any) -> None:
    if not created:
        searching.renew(searching.cases_with(instance).open())


@receiver(post_save, sender=User)
def find_by_name(instance: User, created: bool, update_fields: frozenset[str] | None, **_kwargs: Any) -> None:
    """Signing in saves a person too, and changes no name."""
    if not created and (update_fields is None or {"display_name", "email"} & set(update_fields)):
        searching.rename(instance)
