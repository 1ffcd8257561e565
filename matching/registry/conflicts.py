"""Two registrations of one picture: found when the later one becomes matchable, answered, decided."""

from datetime import timedelta
from typing import Any

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from matching import live
from matching.encoding import identity
from matching.engine.descriptors import Pdq
from matching.engine.evidence import LIKE_BITS
from matching.engine.features import Features
from matching.models import (
    Answer,
    Artist,
    Conflict,
    ConflictOutcome,
    QuarantineReason,
    Work,
    WorkVector,
)
from matching.registry.guards import MASS
from matching.registry.lookup import MOST_OF_ONES_OWN, Match, compare
from matching.registry.standing import quarantine

TIME_TO_ANSWER = timedelta(days=30)
CANDIDATES = 10
MOST_OPENED = 3  # conflicts of one work: with the earliest registrations

Decided = (ConflictOutcome.BOTH_STAND, ConflictOutcome.OLDER_STANDS, ConflictOutcome.NEWER_STANDS)


class NotOpen(Exception):
    """The conflict was closed meanwhile."""


def look(work: Work) -> list[Conflict]:
    """Compare a matchable work with all others; open conflicts, raise doubts. Twice does no harm.

    Raises ``registry.RegistryUnavailable``.
    """
    found = overlaps(work)
    listed = [match for match in found if match.work.artist.public_domain]
    if listed and not work.artist.public_domain:
        quarantine(work, QuarantineReason.PUBLIC_DOMAIN, listing=str(listed[0].work))
    claimed = [match for match in found if not match.work.artist.public_domain]
    if work.artist.public_domain:
        for match in claimed:
            quarantine(match.work, QuarantineReason.PUBLIC_DOMAIN, listing=str(work))
        return []
    if len(claimed) >= MASS:
        quarantine(work, QuarantineReason.MASS_DUPLICATE, copies=len(claimed))
    claimed.sort(key=lambda match: match.work.pk)
    return [_open(work, match) for match in claimed[:MOST_OPENED]]


def overlaps(work: Work) -> list[Match]:
    """Other registrants' works that are proved to show what ``work`` shows, from what is stored of both."""
    vector = WorkVector.objects.filter(work=work, identity=identity()).first()
    if vector is None or work.pdq is None:
        return []
    row = np.frombuffer(bytes(vector.vector), "<f2").astype(np.float32).reshape(1, -1)
    hashed = _stored_hash(work)
    features = Features.from_bytes(bytes(work.features or b""))
    index = live.index()
    # Beyond its own and the artist's other works, which lie nearest of all.
    own = set(_not_others(work).values_list("pk", flat=True)[:MOST_OF_ONES_OWN])
    scores = {pk: score for pk, score in index.nearest(row, CANDIDATES + len(own)).items() if pk not in own}
    near = index.nearest_by_hash(hashed, CANDIDATES + len(own), within=LIKE_BITS)
    chosen = [*list(scores)[:CANDIDATES], *[pk for pk in near if pk not in own][:CANDIDATES]]
    works = Work.objects.matchable().filter(pk__in=set(chosen)).select_related("artist")
    looked = [compare(one, features, hashed, scores.get(one.pk, 0.0)) for one in works]
    return [match for match in looked if match.verified]


def _stored_hash(work: Work) -> Pdq:
    upright = np.frombuffer(bytes(work.pdq or b""), np.uint8)
    return Pdq(np.tile(upright, (8, 1)), work.pdq_quality or 0)


def _not_others(work: Work) -> QuerySet[Work]:
    """Works of the artist, of the same account, and of those who own this work too."""
    own = Q(artist=work.artist_id) | Q(artist__shared_works__work=work) | Q(co_owners__artist=work.artist_id)
    if work.artist.owner_id:
        own |= Q(artist__owner=work.artist.owner_id)
    return Work.objects.matchable().filter(own).distinct()


def _open(work: Work, match: Match) -> Conflict:
    """One a pair, whichever of the two was looked at first."""
    older, newer = sorted((work, match.work), key=lambda one: one.pk)
    told = match.as_json()
    region, work_region = told["region"], told["work_region"]
    data = {"by": told["by"], "inliers": told["inliers"], "pdq": told["pdq"], "mirrored": told["mirrored"]}
    if newer == work:
        data |= {"newer_region": region, "older_region": work_region}
    else:
        data |= {"newer_region": work_region, "older_region": region}
    due = timezone.now() + TIME_TO_ANSWER
    try:
        with transaction.atomic():
            row, _added = Conflict.objects.get_or_create(
                older=older, newer=newer, defaults={"data": data, "due_at": due}
            )
    except IntegrityError:  # another worker was quicker
        row = Conflict.objects.get(older=older, newer=newer)
    return row


@transaction.atomic
def answer(conflict: Conflict, *, artist: Artist, by: Any, text: str) -> Answer:
    """What one side says. The newer side's first answer in time stops the clock."""
    conflict = Conflict.objects.select_for_update().get(pk=conflict.pk)
    if conflict.closed_at is not None:
        raise NotOpen(conflict.pk)
    return Answer.objects.create(conflict=conflict, artist=artist, by=by, text=text)


@transaction.atomic
def decide(conflict: Conflict, *, by: Any, outcome: ConflictOutcome, reason: str) -> None:
    """A neutral person's word. Who does not stand is quarantined, not withdrawn: the work stays theirs."""
    if outcome not in Decided:
        raise ValueError(f"nobody decides {outcome}")
    conflict = _closed(conflict, outcome, decided_by=by, reason=reason)
    if outcome == ConflictOutcome.OLDER_STANDS:
        quarantine(conflict.newer, QuarantineReason.CONFLICT, conflict=str(conflict.public_id))
    elif outcome == ConflictOutcome.NEWER_STANDS:
        quarantine(conflict.older, QuarantineReason.CONFLICT, conflict=str(conflict.public_id))


def _closed(conflict: Conflict, outcome: ConflictOutcome, **fields: Any) -> Conflict:
    here = Conflict.objects.open().filter(pk=conflict.pk)
    if not here.update(outcome=outcome, closed_at=timezone.now(), **fields):
        raise NotOpen(conflict.pk)
    return Conflict.objects.select_related("older", "newer").get(pk=conflict.pk)


def run_out() -> int:
    """Quarantine later registrations whose artist did not answer within the time; how many."""
    due = Conflict.objects.open().filter(due_at__lte=timezone.now())
    said = Answer.objects.filter(conflict=OuterRef("pk"), artist=OuterRef("newer__artist"))
    silent = due.exclude(Exists(said))
    count = 0
    for conflict in silent:
        with transaction.atomic():
            try:
                closed = _closed(conflict, ConflictOutcome.RAN_OUT)
            except NotOpen:
                continue
            quarantine(closed.newer, QuarantineReason.CONFLICT, conflict=str(closed.public_id))
            count += 1
    return count


def of_artist(artist: Artist) -> QuerySet[Conflict]:
    mine = Q(older__artist=artist) | Q(newer__artist=artist)
    return Conflict.objects.filter(mine).select_related("older__artist", "newer__artist")


def of_work(work: Work) -> QuerySet[Conflict]:
    return Conflict.objects.filter(Q(older=work) | Q(newer=work)).order_by("-pk")
