"""An entrant appeals a judgement, or takes the appeal back."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.appeals import ending, judgements
from moderation.appeals.judgements import Bar
from moderation.models import Appeal, AppealOutcome, CaseKind
from moderation.opening import open_case
from moderation.verdicts import Route
from submissions import intake
from submissions.models import Entry, Notice, ProcessRole, User
from submissions.uploads import Refused, Taken

FILED = "appeal_filed"  # the letter to the entrant


class NotAppealable(Exception):
    """There is no judgement to appeal, or not now; ``bar`` says why."""

    def __init__(self, entry: Entry, bar: Bar | None) -> None:
        super().__init__(f"entry {entry.pk}: {bar}")
        self.bar = bar


@transaction.atomic
def file(entry: Entry, *, by: User, asks: Route, words: str, files: Sequence[Taken] = ()) -> Appeal:
    """Appeal the judgement in force on ``entry``; raises ``NotAppealable`` or ``Refused``.

    Nothing moves: the entry stays where it stands until the appeal ends.
    """
    if entry.entrant_id != by.pk:
        raise PermissionError("only its entrant appeals a judgement")
    locked = Entry.objects.select_for_update(of=("self",)).select_related("contest", "category")
    entry = locked.get(pk=entry.pk)
    judgement = judgements.in_force(entry)
    if judgement is None or judgement.until is None or judgement.bar or asks not in judgement.asks:
        raise NotAppealable(entry, judgement.bar if judgement else None)
    now = timezone.now()
    decide_by = now + timedelta(days=judgement.rules.clocks.appeal_decision)
    case = open_case(entry, judgement.verdict, kind=CaseKind.APPEAL, due_at=decide_by, opened_at=now)
    appeal = Appeal.objects.create(
        entry=entry,
        verdict=judgement.verdict,
        decision=judgement.decision,
        case=case,
        by=by,
        stood=judgement.stood,
        asks=asks,
        words=words,
        evidence=_kept(entry, files),
        at=now,
        file_by=judgement.until,
        decide_by=decide_by,
    )
    Notice.objects.create(kind=FILED, reader=by, entry=entry, about=appeal.pk)
    return appeal


def _kept(entry: Entry, files: Sequence[Taken]) -> list[str]:
    """Store each file once, and give their hashes."""
    by_hash = {taken.sha256: taken for taken in files}
    for number, taken in enumerate(by_hash.values()):
        if number >= settings.UPLOAD_MAX_FILES:
            raise Refused(
                _("“%(name)s” was not added: %(most)d files are the most an appeal can have.")
                % {"name": taken.name, "most": settings.UPLOAD_MAX_FILES}
            )
        if not entry.process_files.filter(sha256=taken.sha256, role=ProcessRole.APPEAL).exists():
            intake.keep_evidence(entry, taken, role=ProcessRole.APPEAL)
    return list(by_hash)


def withdraw(appeal: Appeal, *, by: User) -> None:
    """Take an appeal back; raises ``AlreadyEnded``. The judgement stands, and is not appealed again: a letter
    confirms it, as all else that an entrant does."""
    if appeal.entry.entrant_id != by.pk:
        raise PermissionError("only its entrant takes an appeal back")
    ending.end(appeal, AppealOutcome.WITHDRAWN)
