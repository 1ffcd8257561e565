"""A portfolio arrives as a zip, or as a manifest of pictures elsewhere: stored by the web, taken in by a
worker, a few files at a time.

How far it came is written down after every few files, so that a worker may die at any of them; who goes on
knows what was registered before by its sha256. Two workers on one import do no harm: the slower one stops.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from matching import importing
from matching.models import Artist, Import, ImportKind, ImportState, OnMatch
from matching.registry.keeping import send

AT_ONCE = 10  # files between two notes of how far it came
SECONDS = 20  # then the next task goes on, so that no import keeps a worker from entries and others' works
MOST_ATTEMPTS = 3  # a zip that ends the process without getting any further is not tried for ever


def start(
    artist: Artist,
    archive: "File[bytes]",
    *,
    kind: ImportKind = ImportKind.ZIP,
    listed: "File[bytes] | None" = None,
    on_match: str = "",
    share_percent: int | None = None,
) -> Import:
    """Store the zip or the manifest and ask a worker to take it in."""
    name = "".join(letter for letter in archive.name or "" if letter.isprintable())
    run = Import(artist=artist, kind=kind, on_match=on_match, original_name=name[-255:])
    run.share_percent = share_percent if on_match == OnMatch.SHARE_REVENUE else None
    run.archive.save("archive", archive, save=False)
    if listed is not None:
        run.listed.save("listed", listed, save=False)
    run.save()
    transaction.on_commit(partial(nudge, run))
    return run


def nudge(run: Import) -> bool:
    """Ask a worker to go on with ``run``; a broker that is down loses nothing, the sweep asks again."""
    Import.objects.filter(pk=run.pk).update(nudged_at=timezone.now())
    return send("matching.tasks.import_zip", run.pk)


def go_on(run: Import, *, seconds: float = SECONDS) -> None:
    """Take in what is left, or what ``seconds`` allow; then another task goes on.

    Raises ``OSError`` where the storage is out of reach: nothing is said of the zip then.
    """
    if run.state != ImportState.RUNNING:
        return
    with override(_language(run.artist)):  # what is wrong with a file is said to the artist
        if run.attempts >= MOST_ATTEMPTS:
            _end(run, ImportState.REFUSED, refusal=_("It could not be read, though it was tried often."))
            return
        Import.objects.filter(pk=run.pk).update(attempts=F("attempts") + 1)
        try:
            with _opened(run) as items:
                finished = _take(run, items, time.monotonic() + seconds)
        except importing.ImportRefused as refused:
            _end(run, ImportState.REFUSED, refusal=str(refused)[:500])
            return
    if finished:
        _end(run, ImportState.DONE)


def stop(artist: Artist) -> None:
    """End what is under way; nothing more comes into the portfolio, and the files go."""
    for run in artist.imports.filter(state=ImportState.RUNNING):
        _end(run, ImportState.REFUSED, refusal=_("It was stopped."))


def _language(artist: Artist) -> str:
    return getattr(artist.owner, "language", None) or settings.LANGUAGE_CODE


@contextmanager
def _opened(run: Import) -> Iterator[list[importing.Item]]:
    with run.archive.open("rb") as file:
        if run.kind == ImportKind.IIIF:
            yield importing.opened_manifest(bytes(file.read(importing.MOST_MANIFEST_BYTES)))
            return
        with importing.opened_zip(cast(BinaryIO, file), _listed(run)) as items:
            yield items


def _listed(run: Import) -> bytes | None:
    if not run.listed:
        return None
    with run.listed.open("rb") as file:
        return bytes(file.read(importing.MOST_CSV_BYTES))


def _take(run: Import, items: list[importing.Item], until: float) -> bool:
    """Whether all are done now."""
    Import.objects.filter(pk=run.pk, total=None).update(total=len(items))
    left = iter(items[run.done :])
    at_once = 1 if run.kind == ImportKind.IIIF else AT_ONCE  # a slow server must not lose what was fetched
    while few := list(islice(left, at_once)):
        outcomes = importing.import_items(
            run.artist, few, on_match=run.on_match, share_percent=run.share_percent
        )
        problems = [{"file": one.name, "problem": one.error} for one in outcomes if one.error]
        if not _note(run, len(few), problems):
            return False
        if time.monotonic() > until and run.done < len(items):
            nudge(run)
            return False
    return True


def _note(run: Import, more: int, problems: list[dict[str, Any]]) -> bool:
    """Write down ``more`` files as done, or say that another worker is further."""
    before, run.done = run.done, run.done + more
    run.problems = [*run.problems, *problems]
    here = Import.objects.filter(pk=run.pk, state=ImportState.RUNNING, done=before)
    return bool(here.update(done=run.done, problems=run.problems, attempts=0, nudged_at=timezone.now()))


def _end(run: Import, state: ImportState, *, refusal: str = "") -> None:
    """Close the import and throw its files away; only the worker that closes it does."""
    names = [(field.storage, field.name) for field in (run.archive, run.listed) if field.name]
    ended = Import.objects.filter(pk=run.pk, state=ImportState.RUNNING).update(
        state=state, refusal=refusal, finished_at=timezone.now(), archive="", listed=""
    )
    if ended:
        for storage, name in names:
            storage.delete(name)
