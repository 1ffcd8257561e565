"""A work came later than the entries it may be in: compare it with what was kept of them.

Found is written down, told to the artist (the region only) and to the organizers; nothing is judged again by
itself. Several works that wait are compared in one passage over the entries' vectors. What a screening sees
is kept before it asks the registry, so a work and an entry that arrive at one moment find each other one way
or the other.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import structlog
from celery import current_app
from django.db.models import F, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError
from numpy.typing import NDArray

from matching.encoding import dimension, identity
from matching.engine.descriptors import HASH_BYTES, pdq_distance
from matching.models import Work, WorkState, WorkVector
from matching.registry import compare
from moderation import sightings
from moderation.checks import registry as check
from moderation.models import ArtworkLooks, Recheck, Sighting
from submissions.models import Artwork
from submissions.states import State

log = structlog.get_logger(__name__)

AT_ONCE = 64  # works in one passage
LOOKED_ANEW = 20  # pictures read again in one task, where nothing was kept of them
CANDIDATES = 20  # a work's nearest pictures, then verified
PDQ_BITS = 48
MOST_ATTEMPTS = 3

# Entries that lie before a contest, hang, or were turned down; not drafts, nor those taken back.
COMPARED = (State.RECEIVED, State.HELD, State.HUNG, State.REJECTED)


@dataclass
class Candidates:
    """The nearest pictures of one work, by any of their regions, and those with nearly its hash."""

    work: Work
    vector: NDArray[np.float32]
    nearest: list[tuple[float, int]] = field(default_factory=list)  # a heap: the worst of the best is first
    by_hash: dict[int, float] = field(default_factory=dict)

    def offer(self, score: float, row: int) -> None:
        if len(self.nearest) < CANDIDATES:
            heapq.heappush(self.nearest, (score, row))
        else:
            heapq.heappushpop(self.nearest, (score, row))

    @property
    def rows(self) -> dict[int, float]:
        return self.by_hash | {row: score for score, row in self.nearest}


def begin(work: Work) -> None:
    """Note that ``work`` is to be compared, once, and ask a worker to."""
    row, added = Recheck.objects.get_or_create(work=work)
    if added:
        nudge(row)


def nudge(row: Recheck) -> bool:
    """A broker that is down loses nothing: the sweep asks again."""
    Recheck.objects.filter(pk=row.pk).update(nudged_at=timezone.now())
    try:
        current_app.send_task("moderation.tasks.recheck", args=[row.pk], priority=6)  # entries first
    except OperationalError as error:
        log.warning("broker out of reach, the sweep asks again", recheck=row.pk, error=str(error))
        return False
    return True


def waiting() -> QuerySet[Recheck]:
    """Oldest first; works that were withdrawn meanwhile wait for nothing."""
    rows = Recheck.objects.filter(finished_at=None, attempts__lt=MOST_ATTEMPTS)
    return rows.filter(work__state=WorkState.MATCHABLE).order_by("pk")


def run() -> int:
    """Compare works that wait, up to ``AT_ONCE``; how many were finished.

    Raises ``RegistryUnavailable``, ``OSError`` and ``WeightsError``: nothing is said of the works then.
    """
    if not _refresh():
        return 0  # the task that comes next reads the rest, then compares
    rows = list(waiting().select_related("work__artist")[:AT_ONCE])
    if not rows:
        return 0
    # Counted before the try: what ends the process three times is not tried for ever.
    pks = [row.pk for row in rows]
    Recheck.objects.filter(pk__in=pks).update(attempts=F("attempts") + 1)
    try:
        candidates = _candidates([row.work for row in rows])
        compared = _offer_all(candidates)
        for found in candidates:
            _verify(found)
    except Exception:  # the database, the storage or the encoder: not the works' fault
        Recheck.objects.filter(pk__in=pks).update(attempts=F("attempts") - 1)
        raise
    return Recheck.objects.filter(pk__in=pks, finished_at=None).update(
        finished_at=timezone.now(), compared=compared
    )


def _looks() -> QuerySet[ArtworkLooks]:
    return ArtworkLooks.objects.filter(identity=identity(), artwork__entry__state__in=COMPARED)


def _refresh() -> bool:
    """Read pictures of which nothing is kept under this encoder; whether none is left."""
    lacking = Artwork.objects.filter(entry__state__in=COMPARED).exclude(looks__identity=identity())
    lacking = lacking.exclude(looks__identity="").order_by("pk")
    some = list(lacking[: LOOKED_ANEW + 1])
    for artwork in some[:LOOKED_ANEW]:
        sightings.look_anew(artwork)
    return len(some) <= LOOKED_ANEW


def _candidates(works: Sequence[Work]) -> list[Candidates]:
    vectors = dict(
        WorkVector.objects.filter(work__in=works, identity=identity()).values_list("work", "vector")
    )
    return [
        Candidates(work, np.frombuffer(bytes(vectors[work.pk]), "<f2").astype(np.float32))
        for work in works
        if work.pk in vectors
    ]


def _offer_all(candidates: Sequence[Candidates]) -> int:
    """Go once over what is kept of all entries; how many pictures that were."""
    if not candidates:
        return 0
    length, count = dimension(), 0
    matrix = np.stack([one.vector for one in candidates])
    hashes = np.frombuffer(b"".join(bytes(one.work.pdq or b"") for one in candidates), np.uint8)
    hashes = hashes.reshape(-1, HASH_BYTES)
    rows = _looks().defer("features").order_by("pk").iterator(chunk_size=sightings.A_CHUNK)
    for chunk in sightings.chunks(rows):
        regions = [sightings.vectors_of(row, length) for row in chunk]
        starts = np.cumsum([0, *(len(part) for part in regions[:-1])])
        best = np.maximum.reduceat(np.concatenate(regions) @ matrix.T, starts, axis=0)  # [pictures, works]
        for at, row in enumerate(chunk):
            bits = pdq_distance(sightings.hashed_of(row), hashes)
            for number, one in enumerate(candidates):
                one.offer(float(best[at, number]), row.pk)
                if bits[number] <= PDQ_BITS:
                    one.by_hash[row.pk] = float(best[at, number])
        count += len(chunk)
    return count


def _verify(found: Candidates) -> None:
    scores = found.rows
    rows = ArtworkLooks.objects.filter(pk__in=scores).select_related(
        "artwork__entry__entrant", "artwork__entry__contest"
    )
    for row in rows:
        entry = row.artwork.entry
        if found.work.artist.owner_id == entry.entrant_id:
            continue  # nobody copies themselves
        features = sightings.features_of(row)
        if features is None:
            continue  # of another version; it was read anew above, or its file is gone
        match = compare(found.work, features, sightings.hashed_of(row), scores[row.pk])
        if match.verified:
            versions = {"check": check.VERSION, "encoder": row.identity}
            said = check.finding(match, check.party_of(entry), row.artwork_id, versions)
            _write(found.work, row.artwork, said.code, dict(said.data))


def _write(work: Work, artwork: Artwork, code: str, data: dict[str, object]) -> None:
    """Unless the pair was seen already: at the screening, or by another worker."""
    Sighting.objects.get_or_create(
        work=work, artwork=artwork, defaults={"code": code, "data": data, "later": True}
    )
