"""Read works and make them matchable. Costly, and over strangers' bytes: for workers and commands only."""

import uuid
from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from matching.encoding import encoder, identities, identity, vectors_of
from matching.engine.descriptors import pdq
from matching.engine.features import Features, TornFeatures, extract
from matching.engine.images import (
    Damaged,
    Limits,
    NotAPicture,
    Picture,
    PictureError,
    TooLarge,
    open_picture,
    to_webp,
)
from matching.models import Change, Failure, Work, WorkState, WorkVector
from matching.registry import changes

Vectors = dict[str, bytes]  # of one work, by identity: half floats, little-endian

MOST_ATTEMPTS = 2
SIDES = {"display": 1600, "thumbnail": 480}  # pixels on the long side
_FAILURES: dict[type[PictureError], Failure] = {
    NotAPicture: Failure.NOT_A_PICTURE,
    TooLarge: Failure.TOO_LARGE,
    Damaged: Failure.DAMAGED,
}


def limits() -> Limits:
    return Limits(bytes=settings.UPLOAD_MAX_BYTES, pixels=settings.UPLOAD_MAX_PIXELS)


def embed(work: Work) -> WorkState:
    """Read one work; see ``embed_all``."""
    return embed_all([work])[0]


def embed_all(works: Sequence[Work]) -> list[WorkState]:
    """Make pending works matchable, or ``FAILED`` with a reason, in one pass of the encoder; their states.

    Works that are matchable under another encoder, or by features of another version, get theirs under this
    one. Raises ``OSError`` where the storage is out of reach and ``WeightsError`` where there is no encoder:
    then nothing is said of the works.
    """
    if works:
        identity()  # no encoder, no attempt
    read = {at: picture for at, work in enumerate(works) if (picture := _read(work)) is not None}
    known = _known_vectors([works[at] for at in read])
    new = {works[at].sha256: picture for at, picture in read.items() if works[at].sha256 not in known}
    if new:
        made = vectors_of(encoder().encode(list(new.values())))
        for at, sha256 in enumerate(new):
            known[sha256] = {name: rows[at].astype("<f2").tobytes() for name, rows in made.items()}
    for at, picture in read.items():
        work = works[at]
        if work.state == WorkState.PENDING:
            _make_matchable(work, picture, known[work.sha256])
        else:
            _renew(work, picture, known[work.sha256])
    now = dict(Work.objects.filter(pk__in=[work.pk for work in works]).values_list("pk", "state"))
    return [WorkState(now[work.pk]) for work in works]


def _read(work: Work) -> Picture | None:
    """The decoded work, if it is to be read and can be.

    The attempt is counted before it is made: a file that ends the process twice is not tried a third time.
    """
    if work.state == WorkState.MATCHABLE and _is_outdated(work):
        return _decoded(work)
    if work.state != WorkState.PENDING:
        return None
    if work.attempts >= MOST_ATTEMPTS:
        _fail(work, Failure.ENDED_READER)
        return None
    _count_attempts(work, +1)
    return _decoded(work)


def _is_outdated(work: Work) -> bool:
    try:
        Features.from_bytes(bytes(work.features or b""))
    except TornFeatures:
        return True
    return work.vectors.filter(identity__in=identities()).count() < len(identities())


def _decoded(work: Work) -> Picture | None:
    """From the largest picture that is kept: an artist may have had the original deleted."""
    stored = work.original or work.display or work.thumbnail
    if not stored:
        _fail(work, Failure.MISSING)
        return None
    try:
        with stored.open("rb") as file:
            return open_picture(cast(BinaryIO, file), limits=limits())
    except PictureError as error:
        _fail(work, _FAILURES.get(type(error), Failure.DAMAGED))
    except FileNotFoundError:
        _fail(work, Failure.MISSING)
    except OSError:  # the storage's fault, not the file's
        _count_attempts(work, -1)
        raise
    return None


def _count_attempts(work: Work, more: int) -> None:
    Work.objects.filter(pk=work.pk, state=WorkState.PENDING).update(attempts=F("attempts") + more)


def _fail(work: Work, why: Failure) -> None:
    Work.objects.filter(pk=work.pk, state=WorkState.PENDING).update(state=WorkState.FAILED, failure=why)


def _known_vectors(works: Sequence[Work]) -> dict[str, Vectors]:
    """By sha256: identical bytes, whoever registered them, are embedded once."""
    hashes, wanted = {work.sha256 for work in works}, identities()
    rows = WorkVector.objects.filter(work__sha256__in=hashes, identity__in=wanted)
    found: dict[str, Vectors] = {}
    for sha256, name, vector in rows.values_list("work__sha256", "identity", "vector"):
        found.setdefault(sha256, {})[name] = bytes(vector)
    return {sha256: vectors for sha256, vectors in found.items() if len(vectors) == len(wanted)}


def _make_matchable(work: Work, picture: Picture, vectors: Vectors) -> None:
    hashed = pdq(picture)
    fields: dict[str, Any] = {
        "width": picture.width,
        "height": picture.height,
        "pdq": hashed.upright.tobytes(),
        "pdq_quality": hashed.quality,
        "features": extract(picture).to_bytes(),
        "state": WorkState.MATCHABLE,
        "matchable_since": timezone.now(),
        "failure": "",
    }
    stored = []
    for name, side in SIDES.items():
        file = getattr(work, name)
        # A name of its own: two workers on one work must not write, or take away, each other's files.
        own_name = f"{name}-{uuid.uuid4().hex[:8]}.webp"
        file.save(own_name, ContentFile(to_webp(picture, max_side=side)), save=False)
        fields[name] = file.name
        stored.append(file)
    with transaction.atomic():
        if Work.objects.filter(pk=work.pk, state=WorkState.PENDING).update(**fields):
            WorkVector.objects.bulk_create(
                WorkVector(work=work, identity=name, vector=vector) for name, vector in vectors.items()
            )
            changes.note(work, Change.Kind.ADDED)
            return
    # Withdrawn in the meantime, or read by another worker whose pictures these are not.
    for file in stored:
        file.storage.delete(file.name)


def _renew(work: Work, picture: Picture, vectors: Vectors) -> None:
    """Vectors and features under the present encoder and version."""
    features = extract(picture).to_bytes()
    with transaction.atomic():
        if not Work.objects.matchable().filter(pk=work.pk).update(features=features):
            return
        added = [
            WorkVector.objects.get_or_create(work=work, identity=name, defaults={"vector": vector})[1]
            for name, vector in vectors.items()
        ]
        if any(added):
            changes.note(work, Change.Kind.ADDED)
