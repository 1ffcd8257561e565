"""What a person tells the detector: the medium of a picture, and how a work was certainly made."""

from collections.abc import Iterable

from django.db import transaction

from moderation.detector import Medium
from moderation.estimates import silences
from moderation.models import KnownMaking, Making, MediumCorrection
from submissions.models import Artwork, Entry, User


def correct_medium(artwork: Artwork, medium: Medium, *, by: User) -> MediumCorrection:
    """From the next look on, ``artwork`` is judged as ``medium``; what was judged stays as it is."""
    return MediumCorrection.objects.create(artwork=artwork, medium=medium, by=by)


def corrected(artworks: Iterable[int]) -> dict[int, Medium]:
    """The media that reviewers named, by the pictures' keys."""
    rows = MediumCorrection.objects.filter(artwork__in=list(artworks)).order_by("pk")
    return {artwork: Medium(medium) for artwork, medium in rows.values_list("artwork", "medium")}


@transaction.atomic
def know_making(entry: Entry, making: Making, *, source: str, by: User) -> KnownMaking:
    """Make ``entry`` a golden case, or take that back; it measures the detector and decides nothing."""
    known = KnownMaking.objects.create(entry=entry, making=making, source=source, by=by)
    silences.review(entry.contest)
    return known


def known_making(entry: Entry) -> KnownMaking | None:
    """What was said last, unless it was taken back."""
    last = entry.known_makings.select_related("by").order_by("-pk").first()
    return last if last is not None and last.making != Making.UNSURE else None
