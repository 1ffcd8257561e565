"""How an entry comes in: a draft that keeps everything, files as they are, a signed statement, the hand-in.

Every verb settles who was first in the database. Only the entrant calls them; the views see to that.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext as _

from submissions import attestation, levels, nudging, previews
from submissions.completeness import Lack, lacks, statement_lacks
from submissions.models import (
    Artwork,
    Contest,
    DisclosedTool,
    Disclosure,
    Entry,
    FileReading,
    ProcessFile,
    ProcessPreview,
    ProcessRole,
    User,
)
from submissions.signals import entry_received, picture_added
from submissions.states import State
from submissions.transitions import StaleState, move
from submissions.uploads import Refused, Taken

AMENDABLE = (State.RECEIVED, State.HELD)


class ContestClosed(Exception):
    """The contest takes no entries now: not open yet, over, or not published."""


class NotADraft(Exception):
    """The entry was handed in or withdrawn meanwhile; a draft's doors are shut."""


class Incomplete(Exception):
    """The entry can't be handed in yet; ``lacks`` says why."""

    def __init__(self, missing: Sequence[Lack]) -> None:
        super().__init__("; ".join(str(lack.sentence) for lack in missing))
        self.lacks = list(missing)


def start(contest: Contest, *, by: User) -> Entry:
    """A draft, or the untouched one that an earlier press of the button left. Raises ``ContestClosed``."""
    with transaction.atomic():
        # Two presses of the button wait for each other here, so that they find one draft, not two.
        User.objects.select_for_update().get(pk=by.pk)
        if not contest.is_open or not contest.policies.exists():
            raise ContestClosed
        untouched = Entry.objects.filter(
            contest=contest, entrant=by, state=State.DRAFT, title="", artworks=None, disclosures=None
        ).first()
        return untouched or Entry.objects.create(contest=contest, entrant=by)


def _locked_draft(entry: Entry) -> Entry:
    """The entry's row, ours until the transaction ends; raises ``NotADraft``."""
    locked = Entry.objects.select_for_update(of=("self",)).select_related("contest").get(pk=entry.pk)
    if locked.state != State.DRAFT:
        raise NotADraft(entry.pk)
    return locked


@transaction.atomic
def keep(
    entry: Entry,
    *,
    work: Mapping[str, Any],
    statement: Mapping[str, Any],
    tools: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """Store what a draft holds so far. What is not named keeps what it had; so do tools where None."""
    _locked_draft(entry)
    if work:
        Entry.objects.filter(pk=entry.pk).update(**work)
    _write_statement(_draft_disclosure(entry), statement, tools)
    entry.refresh_from_db()


def _draft_disclosure(entry: Entry) -> Disclosure:
    found = entry.disclosure
    return found if found is not None else Disclosure.objects.create(entry=entry)


def _write_statement(
    disclosure: Disclosure, statement: Mapping[str, Any], tools: Sequence[Mapping[str, Any]] | None
) -> None:
    if statement:
        Disclosure.objects.filter(pk=disclosure.pk).update(**statement)
        disclosure.refresh_from_db()
    if tools is not None:
        disclosure.tools.all().delete()
        DisclosedTool.objects.bulk_create([DisclosedTool(disclosure=disclosure, **tool) for tool in tools])


@transaction.atomic
def add_file(entry: Entry, taken: Taken) -> Artwork:
    """Keep a picture's bytes untouched; the same bytes twice are one file. Raises ``Refused``."""
    _locked_draft(entry)
    if same := entry.artworks.filter(sha256=taken.sha256).first():
        return same
    _require_room(entry.artworks.count(), taken)
    last = entry.artworks.aggregate(models.Max("position"))["position__max"]
    artwork = Artwork(
        entry=entry,
        position=0 if last is None else last + 1,
        original_name=taken.name,
        size=taken.size,
        sha256=taken.sha256,
        media_type=taken.media_type,
    )
    artwork.original.save("original", File(taken.file.file), save=False)
    artwork.save()
    reading = FileReading.objects.create(artwork=artwork)
    transaction.on_commit(partial(picture_added.send_robust, sender=FileReading, reading=reading))
    return artwork


@transaction.atomic
def add_process_file(entry: Entry, taken: Taken, *, role: ProcessRole = ProcessRole.PROCESS) -> ProcessFile:
    """Keep evidence of how the work came to be, or a reference that it used, for those who judge."""
    _locked_draft(entry)
    if same := entry.process_files.filter(sha256=taken.sha256, role=role).first():
        return same
    _require_room(entry.process_files.filter(role=role).count(), taken)
    return keep_evidence(entry, taken, role=role)


def keep_evidence(entry: Entry, taken: Taken, *, role: ProcessRole) -> ProcessFile:
    """Store a private file of ``entry`` untouched; a worker previews it. The caller has the entry's lock."""
    kept = ProcessFile(entry=entry, role=role, original_name=taken.name, size=taken.size, sha256=taken.sha256)
    kept.original.save(str(kept.public_id), File(taken.file.file), save=False)
    kept.save()
    preview = ProcessPreview.objects.create(file=kept)
    transaction.on_commit(partial(nudging.nudge, preview, previews.TASK))
    return kept


def _require_room(already: int, taken: Taken) -> None:
    if already >= settings.UPLOAD_MAX_FILES:
        raise Refused(
            _("“%(name)s” was not added: %(most)d files are the most an entry can have.")
            % {"name": taken.name, "most": settings.UPLOAD_MAX_FILES}
        )


@transaction.atomic
def remove_file(file: Artwork | ProcessFile) -> None:
    """Take a file out of a draft; its bytes go once that is certain."""
    _locked_draft(file.entry)
    stored = _stored(file)
    file.delete()
    for one in stored:
        transaction.on_commit(partial(_delete_bytes, one))


def _stored(file: Artwork | ProcessFile) -> list[FieldFile]:
    """Everything that lies in the storage for a file: its bytes, and what workers derived of them."""
    if isinstance(file, Artwork):
        return [file.original, file.display, file.thumbnail]
    return [file.original, *(preview.thumbnail for preview in ProcessPreview.objects.filter(file=file))]


def _delete_bytes(stored: FieldFile) -> None:
    if stored.name:
        stored.storage.delete(stored.name)


@transaction.atomic
def shift_file(artwork: Artwork, by: int) -> None:
    """Move a picture ``by`` places in its entry's order: -1 is one earlier."""
    entry = _locked_draft(artwork.entry)
    order = list(entry.artworks.all())
    at = order.index(artwork)
    order.insert(max(0, at + by), order.pop(at))
    for position, one in enumerate(order):
        if one.position != position:
            Artwork.objects.filter(pk=one.pk).update(position=position)


@transaction.atomic
def discard(entry: Entry) -> None:
    """Delete a draft and its bytes. What was once handed in is withdrawn instead, and stays on record."""
    locked = _locked_draft(entry)
    files: list[Artwork | ProcessFile] = [*locked.artworks.all(), *locked.process_files.all()]
    for file in files:
        for one in _stored(file):
            transaction.on_commit(partial(_delete_bytes, one))
    locked.delete()


@transaction.atomic
def hand_in(entry: Entry, *, by: User, signed: str) -> None:
    """Sign the statement as ``signed`` and hand the entry in; raises ``Incomplete`` or ``ContestClosed``."""
    locked = _locked_draft(entry)
    disclosure = locked.disclosure
    missing = lacks(locked)
    if not signed.strip():
        missing.append(Lack("sign", _("Sign the statement with your name.")))
    if missing or disclosure is None:
        raise Incomplete(missing)
    levels.fit(disclosure)
    sign(disclosure, signed)
    receive(entry, by=by)


def sign(disclosure: Disclosure, name: str) -> None:
    """Sign the current attestation in the page's language. From now on the database keeps it as it is."""
    disclosure.attested_name = name.strip()
    disclosure.attested_at = timezone.now()
    disclosure.attestation_sha256 = attestation.current().sha256
    disclosure.save(update_fields=["attested_name", "attested_at", "attestation_sha256"])


@transaction.atomic
def receive(entry: Entry, *, by: User) -> None:
    """Hand in a complete, signed draft and tell whoever listens, once that is certain.

    Raises ``Incomplete``, ``ContestClosed``, ``NotADraft``. The deadline is read under the entry's lock: what
    commits was in time.
    """
    if entry.entrant_id != by.pk:
        raise PermissionError("only its entrant hands an entry in")
    locked = _locked_draft(entry)
    missing = lacks(locked)
    disclosure = locked.disclosure
    if not missing and (disclosure is None or disclosure.attested_at is None):
        missing = [Lack("sign", _("Sign the statement."))]
    if missing:
        raise Incomplete(missing)
    contest = Contest.objects.get(pk=locked.contest_id)
    if not contest.is_open:
        raise ContestClosed
    Entry.objects.filter(pk=entry.pk).update(submitted_at=timezone.now())
    entry.refresh_from_db()
    move(entry, State.RECEIVED, because="handed in")
    _announce(entry)


@transaction.atomic
def amend(
    entry: Entry, *, by: User, statement: Mapping[str, Any], tools: Sequence[Mapping[str, Any]], signed: str
) -> Disclosure:
    """State anew how a work was made, as a further version; all versions are kept.

    Raises ``Incomplete``, or ``StaleState`` where the entry has left the desk meanwhile.
    """
    if entry.entrant_id != by.pk:
        raise PermissionError("only its entrant amends a statement")
    locked = Entry.objects.select_for_update().get(pk=entry.pk)
    if locked.state not in AMENDABLE:
        raise StaleState(entry.pk)
    last = locked.disclosures.aggregate(models.Max("version"))["version__max"] or 0
    disclosure = Disclosure.objects.create(entry=locked, version=last + 1)
    _write_statement(disclosure, statement, tools)
    missing = statement_lacks(disclosure, list(disclosure.tools.all())) if disclosure.level else []
    if not disclosure.level:
        missing.append(Lack("level", _("Say how far AI was used.")))
    if not signed.strip():
        missing.append(Lack("sign", _("Sign the statement with your name.")))
    if missing:
        raise Incomplete(missing)
    levels.fit(disclosure)
    sign(disclosure, signed)
    _announce(entry)
    return disclosure


@transaction.atomic
def withdraw(entry: Entry, *, by: User) -> None:
    """Take an entry back; raises ``StaleState`` where it moved meanwhile."""
    if entry.entrant_id != by.pk:
        raise PermissionError("only its entrant withdraws an entry")
    move(entry, State.WITHDRAWN, because="withdrawn by the entrant")


def _announce(entry: Entry) -> None:
    # A listener that fails must not take the entry with it: the sweeper finds what nobody was told of.
    transaction.on_commit(lambda: entry_received.send_robust(sender=Entry, entry=entry))
