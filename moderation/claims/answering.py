"""The entrant's answer to a claim."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation.models import AnswerKind, Claim, ClaimAnswer
from submissions.models import Notice, User
from submissions.uploads import Taken


class NotAnswerable(Exception):
    """The claim was answered, has ended, or the time to answer is over."""


def may_answer(claim: Claim) -> bool:
    answered = ClaimAnswer.objects.filter(claim=claim).exists()
    return not answered and claim.end is None and timezone.now() <= claim.answer_until


@transaction.atomic
def answer(claim: Claim, *, by: User, kind: AnswerKind, words: str, file: Taken | None = None) -> ClaimAnswer:
    """What the entrant says, once; raises ``NotAnswerable``. The artist is told what, not by whom."""
    if by.pk != claim.entry.entrant_id:
        raise PermissionError("only its entrant answers for an entry")
    if not may_answer(claim):
        raise NotAnswerable(claim.pk)
    row = ClaimAnswer(claim=claim, by=by, kind=kind, words=words)
    if file is not None:
        row.file_name, row.file_sha256 = file.name, file.sha256
        row.file.save(file.name, file.file, save=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # another tab was quicker
        raise NotAnswerable(claim.pk) from error
    Notice.objects.create(kind="claim_answered", reader=claim.by, entry=claim.entry, about=claim.pk)
    return row
