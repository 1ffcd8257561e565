"""Was the same picture entered before, here or in an earlier contest?

Only entries handed in earlier count: whoever copies an entry must not bring the first one under suspicion.
"""

from django.db.models import QuerySet

from matching.engine.descriptors import Pdq, pdq
from matching.engine.images import PictureError
from matching.live import RegistryUnavailable
from moderation import earlier as entries
from moderation.checks.look import ArtworkLook, Look
from moderation.verdicts import Finding, Lane, Outcome
from submissions.models import Artwork
from submissions.states import State

NAME = "duplicate"
LANE = Lane.FILE
VERSION = "1"

SAME_PICTURE_BITS = 20  # of 256; PDQ's authors take 31 for "the same picture", we stay well inside
AT_FIRST = 50  # near pictures asked for at once
LOWEST_QUALITY = 50  # below, a picture is so plain that its hash is that of many others


def run(look: Look) -> list[Finding]:
    return [_compare(artwork) for artwork in look.artworks]


def _compare(look: ArtworkLook) -> Finding:
    earlier = _earlier(look)
    same_file = earlier.filter(sha256=look.artwork.sha256).order_by("pk").first()
    if same_file is not None:
        return _found("duplicate.same_file", look, same_file, bits=0)
    try:
        hashed = pdq(look.picture)
    except PictureError:
        return Finding(NAME, LANE, Outcome.UNKNOWN, "duplicate.not_compared", artwork=look.pk)
    if hashed.quality < LOWEST_QUALITY:
        return Finding(NAME, LANE, Outcome.CLEAR, "duplicate.too_plain", artwork=look.pk)
    try:
        nearest = _nearest(hashed, earlier)
    except RegistryUnavailable:
        return Finding(NAME, LANE, Outcome.UNKNOWN, "duplicate.not_compared", artwork=look.pk)
    if nearest is not None:
        return _found("duplicate.same_picture", look, nearest[0], bits=nearest[1])
    return Finding(NAME, LANE, Outcome.CLEAR, "duplicate.none", artwork=look.pk, versions={"check": VERSION})


def _earlier(look: ArtworkLook) -> QuerySet[Artwork]:
    entry = look.artwork.entry
    return (
        Artwork.objects.filter(entry__submitted_at__lt=entry.submitted_at)
        .exclude(entry=entry)
        .exclude(entry__state__in=[State.DRAFT, State.WITHDRAWN])
        .select_related("entry")
    )


def _found(code: str, look: ArtworkLook, other: Artwork, *, bits: int) -> Finding:
    data = {
        "entry": other.entry_id,
        "artwork": other.pk,
        "same_entrant": other.entry.entrant_id == look.artwork.entry.entrant_id,
        "same_contest": other.entry.contest_id == look.artwork.entry.contest_id,
        "bits": bits,
    }
    return Finding(NAME, LANE, Outcome.FLAG, code, data, artwork=look.pk, versions={"check": VERSION})


def _nearest(hashed: Pdq, earlier: QuerySet[Artwork]) -> tuple[Artwork, int] | None:
    """The earlier picture nearest to any orientation of this one, and in how many bits they differ."""
    index, most = entries.index(), AT_FIRST
    while True:
        near = index.nearest_by_hash(hashed, most, within=SAME_PICTURE_BITS)
        found = earlier.in_bulk(near)
        if found:
            nearest = min(found, key=lambda pk: (near[pk], pk))
            return found[nearest], near[nearest]
        if len(near) < most:
            return None
        most *= 8  # a crowd of later or withdrawn ones stands nearer
