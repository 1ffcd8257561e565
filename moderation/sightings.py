"""Where registered works were seen, and what each screening saw, kept for works that are registered later."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import structlog
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from matching.encoding import encoder, identity, query_vectors
from matching.engine.descriptors import HASH_BYTES, Pdq, pdq
from matching.engine.encoder import Encoded
from matching.engine.features import Features, TornFeatures, extract
from matching.engine.images import Picture, PictureError, open_picture
from matching.models import Work
from matching.registry import limits
from moderation.models import ArtworkLooks, CheckResult, Sighting
from moderation.models.sightings import MATCH_CODES
from submissions.models import Artwork, User

log = structlog.get_logger(__name__)

A_CHUNK = 1000  # pictures' vectors in memory at once


@dataclass(frozen=True)
class Looks:
    """What matching needs of an entry's picture."""

    artwork: int
    vectors: NDArray[np.float32]
    """``[regions, dimension]``, unit length."""
    hashed: Pdq
    features: Features


def keep_looks(artwork: Artwork, picture: Picture, encoded: Encoded) -> ArtworkLooks:
    hashed = pdq(picture)
    row, _added = ArtworkLooks.objects.update_or_create(
        artwork=artwork,
        defaults={
            "identity": identity(),
            "vectors": query_vectors(encoded).astype("<f2").tobytes(),
            "hashes": hashed.hashes.tobytes(),
            "hash_quality": hashed.quality,
            "features": extract(picture).to_bytes(),
        },
    )
    return row


def look_anew(artwork: Artwork) -> ArtworkLooks | None:
    """For pictures screened before looks were kept, or under another encoder; nothing where unreadable."""
    stored = artwork.original or artwork.display
    try:
        with stored.open("rb") as file:
            picture = open_picture(file.read(limits().bytes + 1), limits=limits())
    except (PictureError, FileNotFoundError) as error:
        log.info("entry's picture not readable for a recheck", artwork=artwork.pk, problem=str(error))
        nothing = {"identity": "", "vectors": b"", "hashes": b"", "hash_quality": 0, "features": b""}
        ArtworkLooks.objects.update_or_create(artwork=artwork, defaults=nothing)
        return None
    return keep_looks(artwork, picture, encoder().encode([picture]))


def chunks(rows: Iterable[ArtworkLooks]) -> Iterator[list[ArtworkLooks]]:
    chunk: list[ArtworkLooks] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == A_CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def vectors_of(row: ArtworkLooks, dimension: int) -> NDArray[np.float32]:
    return np.frombuffer(bytes(row.vectors), "<f2").reshape(-1, dimension).astype(np.float32)


def hashed_of(row: ArtworkLooks) -> Pdq:
    hashes = np.frombuffer(bytes(row.hashes), np.uint8).reshape(-1, HASH_BYTES)
    return Pdq(hashes, row.hash_quality)


def features_of(row: ArtworkLooks) -> Features | None:
    try:
        return Features.from_bytes(bytes(row.features))
    except TornFeatures:
        return None


def note(results: Sequence[CheckResult]) -> None:
    """Write down what a screening matched, in its transaction. A pair is written once, as first seen."""
    found = [result for result in results if result.code in MATCH_CODES]
    if not found:
        return
    works = Work.objects.in_bulk([result.data["work"] for result in found], field_name="public_id")
    by_name = {str(public_id): work for public_id, work in works.items()}
    Sighting.objects.bulk_create(
        [
            Sighting(
                work=by_name[result.data["work"]],
                artwork_id=result.artwork_id,
                code=result.code,
                data=result.data,
            )
            for result in found
            if result.artwork_id and result.data["work"] in by_name
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def acknowledge(sighting: Sighting, *, by: User) -> bool:
    """An organizer has seen what a later match means. Nothing else happens."""
    here = Sighting.objects.filter(pk=sighting.pk, noted_at=None)
    return bool(here.update(noted_at=timezone.now(), noted_by=by))
