"""Pictures that entrants lend to measure and improve the detector. Nothing is lent that was not offered.

A file that asks not to be trained on cannot be lent, whatever its entrant ticks: the database refuses it
(``opted_out_is_never_trained_on``), and so does every list made from here.
"""

from django.db import transaction
from django.db.models import QuerySet

from submissions.models import Artwork, Entry, User
from submissions.states import State


def may_be_lent(entry: Entry) -> bool:
    """Whether the files were read and at least one of them leaves it open."""
    return entry.artworks.filter(training_opt_out=False).exists()


def is_lent(entry: Entry) -> bool:
    return entry.artworks.filter(may_calibrate=True).exists()


@transaction.atomic
def lend(entry: Entry, *, by: User, lent: bool) -> int:
    """Lend every picture of ``entry`` that may be, or take them back; returns how many changed."""
    if by.pk != entry.entrant_id:
        raise PermissionError("only the entrant lends a picture")
    if lent:
        return entry.artworks.filter(training_opt_out=False, may_calibrate=False).update(may_calibrate=True)
    return entry.artworks.filter(may_calibrate=True).update(may_calibrate=False)


def lent_pictures() -> QuerySet[Artwork]:
    """What the detector may learn from or be measured on: lent, readable, and hung: its kind is known."""
    return (
        Artwork.objects.filter(may_calibrate=True, training_opt_out=False, entry__state=State.HUNG)
        .exclude(display="")
        .select_related("entry__category", "entry__contest")
        .order_by("pk")
    )
