"""Register, embed, withdraw, match: the verbs of the registry."""

import hashlib
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import structlog
from celery import current_app
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from matching import live
from matching.encoding import descriptor, encoder, identity
from matching.engine.descriptors import HASH_BYTES, Pdq, pdq, pdq_distance
from matching.engine.encoder import Encoded
from matching.engine.features import Features, TornFeatures, extract
from matching.engine.images import Limits, Picture, PictureError, open_picture, sniff, to_webp
from matching.engine.verify import Verification, verify
from matching.live import RegistryUnavailable
from matching.models import Artist, Change, OnMatch, Work, WorkState, WorkVector

__all__ = ["Match", "Matches", "Refused", "RegistryUnavailable", "embed", "match", "register", "withdraw"]

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 2
DISPLAY_SIDE, THUMBNAIL_SIDE = 1600, 480
CANDIDATES = 20  # by descriptor, then verified
PDQ_CANDIDATES = 5
PDQ_CANDIDATE_BITS = 48  # a far likeness is worth a geometric look
# The same picture beyond doubt: half of the 31 bits that PDQ's authors take for it, of a picture with enough in it.
PDQ_SAME_BITS, PDQ_LOWEST_QUALITY = 16, 50
CHANGE_LOCK = 20_261


class Refused(Exception):
    """The file is not taken into the registry; the text is one sentence for the person who sent it."""


@dataclass(frozen=True)
class Match:
    """A work that a picture resembles, and whether it is proved to be in it.

    ``region`` and ``work_region`` outline the matched part, corners from 0 to 1 of each picture; empty unless
    geometry was verified. ``score`` is the descriptors' cosine, ``pdq`` the least distance in bits.
    """

    work: Work
    score: float
    pdq: int
    verified: bool
    by: str  # "geometry" or "hash" where verified, else empty
    verification: Verification

    def as_json(self) -> dict[str, Any]:
        found = self.verification
        return {
            "work": str(self.work.public_id),
            "reference": str(self.work),
            "artist": self.work.artist.name,
            "year": self.work.year,
            "source": self.work.source,
            "on_match": self.work.on_match,
            "score": round(min(max(self.score, 0.0), 1.0), 4),
            "pdq": self.pdq,
            "verified": self.verified,
            "by": self.by,
            "inliers": found.inliers,
            "mirrored": found.mirrored,
            "region": [[round(x, 4), round(y, 4)] for x, y in found.query_region],
            "work_region": [[round(x, 4), round(y, 4)] for x, y in found.work_region],
        }


@dataclass(frozen=True)
class Matches:
    """What one look into the registry found, proved ones first, and which registry it was."""

    matches: tuple[Match, ...]
    size: int
    index: str
    encoder: str


def register(
    artist: Artist,
    file: BinaryIO,
    *,
    title: str = "",
    year: str = "",
    source: str = "",
    on_match: str = OnMatch.BLOCK,
    name: str = "",
) -> Work:
    """Store a work's bytes and ask a worker to read them; the same file twice is one work. Raises ``Refused``."""
    media_type = sniff(_head(file))
    if media_type is None:
        raise Refused("This is not a JPEG, PNG, WebP, TIFF, AVIF, HEIC or GIF picture.")
    sha256, size = _digest(file)
    if size > settings.UPLOAD_MAX_BYTES:
        raise Refused(f"The file is larger than {settings.UPLOAD_MAX_BYTES // 1_000_000} MB.")
    if same := artist.works.kept().filter(sha256=sha256).first():
        return same
    work = Work(artist=artist, title=title[:300], year=year[:20], source=source[:500], on_match=on_match)
    work.original_name, work.sha256, work.media_type = name[-255:], sha256, media_type
    work.original.save("original", File(file), save=False)
    try:
        with transaction.atomic():
            work.save()
    except IntegrityError:  # another upload of the same file was quicker
        work.original.delete(save=False)
        return artist.works.kept().get(sha256=sha256)
    transaction.on_commit(lambda: nudge(work))
    return work


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    head = file.read(64)
    file.seek(0)
    return head


def _digest(file: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := file.read(1 << 20):
        digest.update(piece)
        size += len(piece)
    file.seek(0)
    return digest.hexdigest(), size


def nudge(work: Work) -> bool:
    """Ask a worker to read ``work``; a broker that is down loses nothing, ``embed_missed`` asks again."""
    Work.objects.filter(pk=work.pk).update(nudged_at=timezone.now())
    try:
        current_app.send_task("matching.tasks.embed", args=[work.pk])
    except OperationalError as error:
        log.warning("broker out of reach, the work is read later", work=work.pk, error=str(error))
        return False
    return True


def embed(work: Work) -> WorkState:
    """Read a pending work and make it matchable; ``FAILED`` with a sentence where that cannot be.

    The attempt is counted before it is made: a file that ends the process twice is not tried a third time.
    """
    if work.state != WorkState.PENDING:
        return WorkState(work.state)
    if work.attempts >= MOST_ATTEMPTS:
        return _fail(work, "The file could not be read: reading it ended the reader twice.")
    Work.objects.filter(pk=work.pk).update(attempts=F("attempts") + 1)
    try:
        with work.original.open("rb") as file:
            picture = open_picture(file, limits=limits())
    except PictureError as error:
        return _fail(work, str(error))
    return _make_matchable(work, picture, _vector(work, picture))


def limits() -> Limits:
    return Limits(bytes=settings.UPLOAD_MAX_BYTES, pixels=settings.UPLOAD_MAX_PIXELS)


def _fail(work: Work, sentence: str) -> WorkState:
    Work.objects.filter(pk=work.pk, state=WorkState.PENDING).update(
        state=WorkState.FAILED, failure=sentence[:300]
    )
    return WorkState.FAILED


def _vector(work: Work, picture: Picture) -> bytes:
    """The work's vector; identical bytes, whoever registered them, are embedded once."""
    known = WorkVector.objects.filter(work__sha256=work.sha256, identity=identity()).first()
    if known is not None:
        return bytes(known.vector)
    row = descriptor(encoder().encode([picture]))[0]
    return row.astype("<f2").tobytes()


def _make_matchable(work: Work, picture: Picture, vector: bytes) -> WorkState:
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
    for name, side in (("display", DISPLAY_SIDE), ("thumbnail", THUMBNAIL_SIDE)):
        stored = getattr(work, name)
        stored.save(f"{name}.webp", ContentFile(to_webp(picture, max_side=side)), save=False)
        fields[name] = stored.name
    with transaction.atomic():
        if not Work.objects.filter(pk=work.pk, state=WorkState.PENDING).update(**fields):
            return WorkState(Work.objects.values_list("state", flat=True).get(pk=work.pk))
        WorkVector.objects.create(work=work, identity=identity(), vector=vector)
        note_change(work, Change.Kind.ADDED)
    return WorkState.MATCHABLE


def note_change(work: Work, kind: Change.Kind) -> None:
    """Number a change of the registry, in a transaction. Numbers are given in the order of commits."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [CHANGE_LOCK])
    Change.objects.create(work=work, kind=kind)


def retry(work: Work) -> None:
    """Read a work anew that could not be read."""
    changed = Work.objects.filter(pk=work.pk, state=WorkState.FAILED).update(
        state=WorkState.PENDING, attempts=0, failure=""
    )
    if changed:
        nudge(work)


def withdraw(work: Work) -> None:
    """Take a work out of the registry: vectors, hashes, features, bytes and pictures go; the record stays."""
    with transaction.atomic():
        work = Work.objects.select_for_update().get(pk=work.pk)
        if work.state == WorkState.WITHDRAWN:
            return
        stored = [field for field in (work.original, work.display, work.thumbnail) if field]
        names = [(field.storage, field.name) for field in stored]
        work.vectors.all().delete()
        Work.objects.filter(pk=work.pk).update(
            state=WorkState.WITHDRAWN,
            withdrawn_at=timezone.now(),
            pdq=None,
            pdq_quality=None,
            features=None,
            original="",
            display="",
            thumbnail="",
        )
        note_change(work, Change.Kind.WITHDRAWN)
        for storage, name in names:
            transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))


def match(
    picture: Picture, encoded: Encoded | None = None, *, exclude_owner: Any = None, most: int = 10
) -> Matches:
    """Which registered works are in ``picture``. Raises ``RegistryUnavailable`` rather than say "none".

    ``encoded`` is the picture's one pass through the encoder, if it was made already. Works of artists whom
    ``exclude_owner`` owns are left out: nobody copies themselves.
    """
    encoded = encoded if encoded is not None else encoder().encode([picture])
    index = live.index()
    hashed = pdq(picture)
    scores = index.nearest(descriptor(encoded), CANDIDATES)
    bits = index.nearest_by_hash(hashed, PDQ_CANDIDATES, within=PDQ_CANDIDATE_BITS)
    works = Work.objects.matchable().filter(pk__in={*scores, *bits}).select_related("artist")
    if exclude_owner is not None:
        works = works.exclude(artist__owner=exclude_owner)
    features = extract(picture)
    found = [_look(work, features, hashed, scores.get(work.pk, 0.0)) for work in works]
    found.sort(key=lambda one: (one.verified, one.verification.inliers, one.score), reverse=True)
    return Matches(tuple(found[:most]), index.size, index.version, identity())


def _look(work: Work, features: Features, hashed: Pdq, score: float) -> Match:
    stored = np.frombuffer(bytes(work.pdq or bytes(HASH_BYTES)), np.uint8)
    bits = int(pdq_distance(hashed, stored.reshape(1, -1))[0])
    try:
        geometry = verify(features, Features.from_bytes(bytes(work.features or b"")))
    except TornFeatures:
        log.error("stored features are torn", work=work.pk)
        geometry = Verification(verified=False)
    good_hashes = min(hashed.quality, work.pdq_quality or 0) >= PDQ_LOWEST_QUALITY
    by_hash = bits <= PDQ_SAME_BITS and good_hashes
    by = "geometry" if geometry.verified else "hash" if by_hash else ""
    return Match(work, score, bits, bool(by), by, geometry)
