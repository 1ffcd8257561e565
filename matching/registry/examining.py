"""What is done once with a work that became matchable, in the worker, after its vectors are committed.

Doubts, conflicts, whoever listens (proof in the file's own bytes, entries of before), and last, what the
artist does not want kept is deleted. Everything may run twice; ``examined_at`` says that it ran to its end.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from matching.models import Keeps, Work, WorkState
from matching.registry import conflicts, guards
from matching.signals import work_examined

GRACE = timedelta(seconds=60)
NOT_KEPT = ("original", "display")  # by an artist who keeps only what matching needs


def examine(work: Work) -> bool:
    """Whether the work was examined now. Raises ``RegistryUnavailable`` where nobody can look it up."""
    work = Work.objects.select_related("artist").get(pk=work.pk)
    if work.state != WorkState.MATCHABLE or work.examined_at is not None:
        return False
    guards.guard(work)
    conflicts.look(work)
    work_examined.send(sender=Work, work=work)
    discard(work)
    return bool(
        Work.objects.filter(pk=work.pk, state=WorkState.MATCHABLE, examined_at=None).update(
            examined_at=timezone.now()
        )
    )


def discard(work: Work) -> bool:
    """Delete the pictures that its artist does not want kept; whether there were any."""
    if work.artist.keeps != Keeps.MATCHING:
        return False
    with transaction.atomic():
        row = Work.objects.select_for_update().get(pk=work.pk)
        if row.state != WorkState.MATCHABLE:
            return False
        files = [getattr(row, name) for name in NOT_KEPT if getattr(row, name)]
        if not files:
            return False
        names = [(file.storage, file.name) for file in files]
        # Deleted while the row is held: where that fails, the row still names what is left to delete.
        for storage, name in names:
            storage.delete(name)
        Work.objects.filter(pk=work.pk).update(original="", display="")
    return True


def to_discard(most: int) -> list[Work]:
    """Works whose artist changed their mind about what is kept."""
    kept = Work.objects.matchable().filter(artist__keeps=Keeps.MATCHING, examined_at__isnull=False)
    return list(kept.exclude(original="", display="").select_related("artist")[:most])


def to_examine(most: int) -> list[int]:
    """Matchable works whose worker died before it came to this."""
    before = timezone.now() - GRACE
    waiting = Work.objects.matchable().filter(examined_at=None, matchable_since__lt=before)
    return list(waiting.order_by("nudged_at").values_list("pk", flat=True)[:most])
