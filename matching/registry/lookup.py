"""Which registered works are in a picture: candidates from the index, proof from geometry."""

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from django.db import DatabaseError

from matching import live
from matching.encoding import encoder, identity, query_vectors
from matching.engine.descriptors import HASH_BYTES, Pdq, pdq, pdq_distance
from matching.engine.encoder import Encoded
from matching.engine.evidence import LIKE_BITS, Hashes, score
from matching.engine.features import Features, TornFeatures, extract
from matching.engine.images import Picture
from matching.engine.verify import LIKELIEST, Polygon, Verification, verify
from matching.engine.weights import WeightsError
from matching.live import RegistryUnavailable
from matching.models import Work

CANDIDATES = 20  # by descriptor, then verified
PDQ_CANDIDATES = 5
MOST_OF_ONES_OWN = 1000  # candidates looked past, so that one's own works don't crowd out the others

Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Match:
    """A work that a picture resembles, and whether it is proved to be in it."""

    work: Work
    likeness: float
    """The descriptors' best cosine over the picture's regions: how the work came to be looked at."""
    hashes: Hashes
    verification: Verification

    @property
    def by(self) -> str:
        """What proved it: "geometry", or empty. Findings of earlier versions may say "hash"."""
        return "geometry" if self.verified else ""

    @property
    def verified(self) -> bool:
        return self.verification.verified

    @property
    def score(self) -> float:
        """How strong the evidence is, 0 to 1, for pictures of every kind; from one half on it is proof."""
        return score(self.verification, self.likeness)

    @property
    def reference(self) -> dict[str, str]:
        """How a person would cite the work."""
        work = self.work
        return {
            "title": str(work),
            "artist": work.artist.name,
            "year": work.year,
            "source": work.source,
        }

    def as_json(self) -> dict[str, Any]:
        found = self.verification
        return {
            "work": str(self.work.public_id),
            "reference": self.work.title or f"work {str(self.work.public_id)[:8]}",  # never the file name
            "artist": self.work.artist.name,
            "year": self.work.year,
            "source": self.work.source,
            "on_match": self.work.on_match or self.work.artist.on_match,
            "score": round(self.score, 4),
            "likeness": round(min(max(self.likeness, 0.0), 1.0), 4),
            "pdq": self.hashes.bits,
            "verified": self.verified,
            "by": self.by,
            "inliers": found.inliers,
            "agreement": round(found.agreement, 4),
            "mirrored": found.mirrored,
            "region": _rounded(found.query_region),
            "work_region": _rounded(found.work_region),
            "view": [[round(value, 6) for value in row] for row in found.view] if found.verified else [],
        }


def _rounded(outline: Polygon) -> list[list[float]]:
    """Corners from 0 to 1 of the picture's width and height."""
    return [[round(x, 4), round(y, 4)] for x, y in outline]


@dataclass(frozen=True)
class Matches:
    """What one look into the registry found, proved ones first, and which registry it was."""

    matches: tuple[Match, ...]
    size: int
    index: str
    encoder: str


def match(
    picture: Picture, encoded: Encoded | None = None, *, exclude_owner: Any = None, most: int = 10
) -> Matches:
    """Which registered works are in ``picture``. Raises ``RegistryUnavailable`` rather than say "none".

    ``encoded`` is the picture's one pass through the encoder, if it was made already. Works of artists whom
    ``exclude_owner`` owns are left out: nobody copies themselves.
    """
    try:
        encoded = encoded if encoded is not None else encoder().encode([picture])
        index = live.index()
        return _match(picture, encoded, index, exclude_owner, most)
    except WeightsError as error:
        raise RegistryUnavailable(str(error)) from error
    except DatabaseError as error:
        raise RegistryUnavailable(f"The registry could not be read: {error}") from error


def _match(picture: Picture, encoded: Encoded, index: live.LiveIndex, owner: Any, most: int) -> Matches:
    own = set(_works_of(owner)) if owner is not None else set()
    hashed = pdq(picture)
    scores = _first(index.nearest(query_vectors(encoded), CANDIDATES + len(own)), own, CANDIDATES)
    bits = index.nearest_by_hash(hashed, PDQ_CANDIDATES + len(own), within=LIKE_BITS)
    near = set(_first(bits, own, PDQ_CANDIDATES))
    works = Work.objects.matchable().filter(pk__in={*scores, *near}).select_related("artist")
    if owner is not None:
        works = works.exclude(artist__owner=owner)
    features = extract(picture)
    closely = {*list(scores)[:LIKELIEST], *near}
    found = [
        compare(work, features, hashed, scores.get(work.pk, 0.0), closely=work.pk in closely)
        for work in works
    ]
    found.sort(key=lambda one: (one.score, one.likeness), reverse=True)
    return Matches(tuple(found[:most]), index.size, index.version, identity())


def _works_of(owner: Any) -> list[int]:
    own = Work.objects.matchable().filter(artist__owner=owner)
    return list(own.values_list("pk", flat=True)[:MOST_OF_ONES_OWN])


def _first(found: dict[int, Number], without: set[int], most: int) -> dict[int, Number]:
    """The first ``most`` of ``found``, in its order, that are not in ``without``."""
    left = [(pk, value) for pk, value in found.items() if pk not in without]
    return dict(left[:most])


def compare(work: Work, features: Features, hashed: Pdq, likeness: float, *, closely: bool = True) -> Match:
    """How ``work`` resembles the picture of these features and hashes, and whether it is proved to be in it.

    ``likeness`` is passed on, ``closely`` to ``verify``. Raises ``RegistryUnavailable`` where the work's
    features can't be read.
    """
    stored = np.frombuffer(bytes(work.pdq or bytes(HASH_BYTES)), np.uint8)
    bits = int(pdq_distance(hashed, stored.reshape(1, -1))[0])
    hashes = Hashes(bits, min(hashed.quality, work.pdq_quality or 0))
    try:
        geometry = verify(
            features,
            Features.from_bytes(bytes(work.features or b"")),
            closely=closely,
            like_hashes=hashes.alike,
        )
    except TornFeatures as error:
        raise RegistryUnavailable(f"The features of work {work.public_id} can't be read: {error}.") from error
    return Match(work, likeness, hashes, geometry)
