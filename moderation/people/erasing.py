"""Erasing an entry's words and files, and a person. What happened stays as links and hashes.

First the rows, in one transaction with the erasure that stands on the record; then the files. A worker that
dies between the two, or one that was still looking at the entry, leaves something behind: the sweep finishes
what has no ``finished_at``, and looks once more after the time a check may take.
"""

from collections.abc import Iterator
from datetime import timedelta

import pgtrigger
import structlog
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from moderation.appeals import ending
from moderation.models import (
    Appeal,
    ArtworkLooks,
    Case,
    CaseKind,
    CaseNote,
    CategoryClosing,
    Claim,
    ClaimErasure,
    GoldenCase,
    KnownMaking,
    NameConsent,
    Reading,
    Sighting,
    SignedCopy,
)
from moderation.record.kinds import Kind, kinds
from submissions import intake
from submissions.models import (
    ERASED,
    Artwork,
    DisclosedTool,
    Disclosure,
    Entry,
    ErasedBy,
    Erasure,
    FileReading,
    ProcessFile,
    ProcessPreview,
)
from submissions.states import State
from submissions.transitions import move

log = structlog.get_logger(__name__)

# Kept though they are not erased by themselves; the trigger that keeps them gives way to an erasure alone.
KEPT_ROWS = (
    "submissions.Disclosure:attested_is_kept",
    "moderation.NameConsent:append_only",
    "moderation.KnownMaking:append_only",
)
FOLDERS = ("originals", "pictures", "credentials", "signed", "answers")
LOOKS_ARE_OVER = timedelta(seconds=2 * settings.CELERY_TASK_TIME_LIMIT)


class StillJudged(Exception):
    """The entry lies before a contest, or its entrant has appealed; that is withdrawn first."""


def may_erase(entry: Entry) -> bool:
    """Whether nothing more is to happen to the entry, and its words are still there."""
    return not _is_judged(entry) and not is_erased(entry)


def _is_judged(entry: Entry) -> bool:
    is_over = entry.state in (State.WITHDRAWN, State.REJECTED)
    return not is_over or Appeal.objects.open().filter(entry=entry).exists()


def is_erased(entry: Entry) -> bool:
    return Erasure.objects.filter(entry=entry).exists()


@transaction.atomic
def erase_entry(entry: Entry, *, by: ErasedBy) -> Erasure:
    """Erase what was handed in and what was said of it; raises ``StillJudged``. Twice is once."""
    locked = Entry.objects.select_for_update().get(pk=entry.pk)
    if _is_judged(locked):
        raise StillJudged(entry.pk)
    erasure, _is_new = Erasure.objects.get_or_create(entry=locked, defaults={"by": by})
    _erase_words(locked)
    transaction.on_commit(lambda: _try_to_finish(erasure))
    return erasure


def withdraw_and_erase(entry: Entry, *, by: ErasedBy) -> None:
    """Take an entry out of wherever it is, and erase it. A draft goes as if it had never been."""
    if entry.state == State.DRAFT:
        intake.discard(entry)
        return
    with transaction.atomic():
        if entry.state not in (State.WITHDRAWN, State.REJECTED):
            move(entry, State.WITHDRAWN, because="withdrawn by the entrant", quietly=True)
        ending.leave(entry)
        erase_entry(entry, by=by)


def _erase_words(entry: Entry) -> None:
    with pgtrigger.ignore(*KEPT_ROWS):
        Entry.objects.filter(pk=entry.pk).update(title="", statement="")
        signed = Disclosure.objects.filter(entry=entry)
        signed.update(explanation="", prompts="", parts="")
        signed.exclude(attested_name="").update(attested_name=ERASED)
        DisclosedTool.objects.filter(disclosure__entry=entry).update(
            model_words="", dataset_words="", fine_tune_words="", training={}
        )
        NameConsent.objects.filter(entry=entry).update(name="")
        KnownMaking.objects.filter(entry=entry).update(source=ERASED)
    CaseNote.objects.filter(case__entry=entry).exclude(text="").update(text=ERASED)
    Case.objects.filter(entry=entry).update(words="", entrant_words="")
    # A waiver gives one reason for all appeals that it passes over, and it may speak of this one.
    waived = CategoryClosing.objects.filter(waivers__appeal__entry=entry)
    waived.exclude(reason="").update(reason=ERASED)
    Reading.objects.filter(exercise__of__entry=entry).update(reason=ERASED)
    GoldenCase.objects.filter(case__entry=entry).update(
        reason=ERASED, ended_at=Coalesce("ended_at", timezone.now())
    )
    entry.cases.filter(kind=CaseKind.EXERCISE, closed_at=None).update(closed_at=timezone.now())
    SignedCopy.objects.filter(artwork__entry=entry).update(name="", signer_name="")
    Sighting.objects.filter(artwork__entry=entry).update(data={})
    ArtworkLooks.objects.filter(artwork__entry=entry).delete()
    FileReading.objects.filter(artwork__entry=entry).delete()
    ProcessFile.objects.filter(entry=entry).update(original_name="")
    ProcessPreview.objects.filter(file__entry=entry).update(
        layers=[], layer_count=0, camera="", width=None, height=None, seconds=None, finished_at=timezone.now()
    )
    Artwork.objects.filter(entry=entry).update(
        original_name="", pdq=None, width=None, height=None, credential_label="", may_calibrate=False
    )
    for name, kind in kinds().items():
        if kind.chained.erasable:
            _erase_chained(name, kind, entry)


class StillOpen(Exception):
    """A claim keeps its words until it has ended."""


@transaction.atomic
def erase_claim(claim: Claim) -> None:
    """Erase what an artist wrote in a claim that ended; raises ``StillOpen``. Twice is once."""
    if claim.end is None:
        raise StillOpen(claim.pk)
    _row, is_new = ClaimErasure.objects.get_or_create(claim=claim)
    if is_new:
        _erase_chained("claim", kinds()["claim"], claim.entry, row=claim.pk)


def _erase_chained(name: str, kind: Kind, entry: Entry, *, row: int | None = None) -> None:
    """Words first, then their keys: the link's hashes stay, and nobody can tell what they were of.

    Of all rows of the entry, or of one.
    """
    words = ", ".join(
        f"{column} = {blank.format(column=column)}" for column, blank in kind.chained.erasable.items()
    )
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")  # what is not in the chain yet is linked first
        cursor.execute(
            f"update {kind.table} set {words} where id in "  # noqa: S608 -- names come from our models
            '(select "row" from submissions_link where entry_id = %s and kind = %s) '
            "and id = coalesce(%s, id)",
            [entry.pk, name, row],
        )
        cursor.execute(
            "update submissions_link set keys = keys - %s::text[] where entry_id = %s and kind = %s "
            'and "row" = coalesce(%s, "row")',
            [list(kind.chained.erasable), entry.pk, name, row],
        )
        cursor.execute("set constraints all deferred")


def _try_to_finish(erasure: Erasure) -> None:
    try:
        finish(erasure)
    except OSError as error:  # the sweep comes back to it; the erasure itself stands
        log.warning("files of an erased entry are still there", entry=erasure.entry_id, error=str(error))


def finish(erasure: Erasure) -> None:
    """Delete the entry's files, the whole folders: a worker may have left one that no row names.

    Raises ``OSError``. It counts as finished once no check that had begun before can still be running.
    """
    entry = erasure.entry
    for name in _evidence(entry):
        default_storage.delete(name)
    for folder in FOLDERS:
        _empty(f"{folder}/{entry.public_id}")
    with transaction.atomic():
        _erase_words(entry)
        Artwork.objects.filter(entry=entry).update(original="", display="", thumbnail="")
        SignedCopy.objects.filter(artwork__entry=entry, finished_at__isnull=False).exclude(file="").update(
            file="", problem="no_longer_hung"
        )
        ProcessFile.objects.filter(entry=entry).update(original="")
        ProcessPreview.objects.filter(file__entry=entry).update(thumbnail="")
        if erasure.at < timezone.now() - LOOKS_ARE_OVER:
            Erasure.objects.filter(pk=erasure.pk, finished_at=None).update(finished_at=timezone.now())


def _evidence(entry: Entry) -> Iterator[str]:
    yield from entry.process_files.exclude(original="").values_list("original", flat=True)
    previews = ProcessPreview.objects.filter(file__entry=entry).exclude(thumbnail="")
    yield from previews.values_list("thumbnail", flat=True)


def _empty(folder: str) -> None:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        default_storage.delete(f"{folder}/{name}")
    for name in folders:
        _empty(f"{folder}/{name}")
    default_storage.delete(folder)


def finish_waiting() -> None:
    """The sweep: every erasure that is not finished."""
    for erasure in Erasure.objects.filter(finished_at=None).select_related("entry").order_by("pk"):
        _try_to_finish(erasure)
