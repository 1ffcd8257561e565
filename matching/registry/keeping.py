"""Take works in and out. Nothing is decoded here: a worker does that."""

import hashlib
import io
from functools import partial
from typing import Any, BinaryIO

import structlog
from celery import current_app
from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from matching.engine.images import sniff
from matching.models import Artist, Change, Conflict, ConflictOutcome, OnMatch, Work, WorkState, folder_of
from matching.registry import changes

log = structlog.get_logger(__name__)

AFTER_ENTRIES = 9  # the last of Redis' priorities: a portfolio of thousands lets entries pass


class Refused(Exception):
    """The file is not taken into the registry; the text is one sentence for the person who sent it."""


def too_large() -> Refused:
    most = settings.UPLOAD_MAX_BYTES // 1_000_000
    return Refused(_("The file is larger than %(most)d MB.") % {"most": most})


def register(
    artist: Artist,
    file: BinaryIO,
    *,
    title: str = "",
    year: str = "",
    source: str = "",
    rights: str = "",
    on_match: str = "",
    share_percent: int | None = None,
    name: str = "",
    announce: bool = True,
) -> Work:
    """Store a work's bytes and ask a worker to read them; the same file twice is one work.

    Without ``on_match`` a match does what the portfolio says. Raises ``Refused``.
    Without ``announce`` no worker is asked: the caller goes on to ``embed`` it.
    """
    if file.seek(0, io.SEEK_END) > settings.UPLOAD_MAX_BYTES:
        raise too_large()
    media_type = sniff(_head(file))
    if media_type is None:
        raise Refused(_("This is not a JPEG, PNG, WebP, TIFF, AVIF, HEIC or GIF picture."))
    sha256 = _digest(file)
    if same := artist.works.kept().filter(sha256=sha256).first():
        return same
    work = Work(artist=artist, on_match=on_match, sha256=sha256, media_type=media_type)
    work.share_percent = share_percent if on_match == OnMatch.SHARE_REVENUE else None
    work.rights = _storable(rights)[:300]
    work.title, work.year, work.source = _storable(title)[:300], _storable(year)[:20], _storable(source)[:500]
    work.original_name = _storable(name)[-255:]
    work.original.save("original", File(file), save=False)
    try:
        with transaction.atomic():
            work.save()
    except IntegrityError:  # another upload of the same file was quicker
        work.original.delete(save=False)
        return artist.works.kept().get(sha256=sha256)
    if announce:
        transaction.on_commit(partial(nudge, work))
    return work


def amend(work: Work, *, title: str, year: str, source: str, **terms: Any) -> None:
    """Change what is said of a work, and by ``terms`` what a match with it should do from now on."""
    Work.objects.kept().filter(pk=work.pk).update(
        title=_storable(title), year=_storable(year), source=_storable(source), **terms
    )


def nudge(work: Work) -> bool:
    """Ask a worker to read ``work``; a broker that is down loses nothing, ``embed_missed`` asks again."""
    Work.objects.filter(pk=work.pk).update(nudged_at=timezone.now())
    return send("matching.tasks.embed", work.pk)


def send(task: str, pk: int) -> bool:
    """Whether the broker took ``task`` for the row ``pk``."""
    try:
        current_app.send_task(task, args=[pk], priority=AFTER_ENTRIES)
    except OperationalError as error:
        log.warning("broker out of reach, a sweep asks again", task=task, pk=pk, error=str(error))
        return False
    return True


def retry(work: Work) -> bool:
    """Ask for a failed work to be read anew; whether it was one."""
    failed = Work.objects.filter(pk=work.pk, state=WorkState.FAILED)
    if not failed.update(state=WorkState.PENDING, attempts=0, failure=""):
        return False
    transaction.on_commit(partial(nudge, work))
    return True


@transaction.atomic
def withdraw(work: Work) -> None:
    """Take a work out of the registry: vectors, hashes, features, bytes and pictures go; the record stays."""
    work = Work.objects.select_for_update().get(pk=work.pk)
    if work.state == WorkState.WITHDRAWN:
        return
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
    changes.note(work, Change.Kind.WITHDRAWN)
    close_conflicts_of(work)
    transaction.on_commit(partial(_try_to_erase, work))


def close_conflicts_of(work: Work) -> None:
    """A withdrawn work has no conflict any more."""
    mine = Conflict.objects.open().filter(Q(older=work) | Q(newer=work))
    mine.update(outcome=ConflictOutcome.WITHDRAWN, closed_at=timezone.now())


def _try_to_erase(work: Work) -> None:
    try:
        erase(work)
    except OSError as error:  # the sweep comes back to it; the withdrawal itself stands
        log.warning("files of a withdrawn work are still there", work=work.pk, error=str(error))


def erase(work: Work) -> None:
    """Delete the files of a withdrawn work, and write down when the last was gone. Raises ``OSError``.

    The whole folder: a worker that died may have left a picture there that no row names.
    """
    storage, folder = work.original.storage, folder_of(work)
    try:
        _folders, files = storage.listdir(folder)
    except FileNotFoundError:
        files = []
    for name in files:
        storage.delete(f"{folder}/{name}")
    Work.objects.filter(pk=work.pk, state=WorkState.WITHDRAWN, erased_at=None).update(
        erased_at=timezone.now()
    )


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    head = file.read(64)
    file.seek(0)
    return head


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(1 << 20):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def _storable(text: str) -> str:
    """PostgreSQL takes no NUL and no half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", errors="replace").decode("utf-8").strip()
