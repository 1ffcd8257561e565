"""Letters from the outbox, each sent at most once.

A row is claimed by compare-and-set, and the claim is committed before the letter leaves. A mail server that
says no, or can't be reached, releases the claim for a later try; where it is uncertain whether the letter
left, the claim stays, for no letter goes out twice.
"""

import smtplib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from submissions import reasons
from submissions.models import Notice, NoticeKind

log = structlog.get_logger(__name__)

A_ROUND = 100
MOST_FAILURES = 8
FIRST_WAIT = timedelta(minutes=1)  # doubled by each failure

WITH_REASONS = (NoticeKind.HUNG, NoticeKind.HELD, NoticeKind.REJECTED)

Told = Callable[[Notice], Mapping[str, Any]]

# What letters of a kind tell beside the entry, or in place of it (``link``), by kind. Those who know it live
# a floor above and add themselves when they start.
tellers: dict[str, Told] = {}


class Unsent(Exception):
    """A letter did not leave, or may not have."""


def post_waiting() -> int:
    """Send what waits, oldest first; returns how many letters left."""
    waiting = list(due().values_list("pk", flat=True)[:A_ROUND])
    if not waiting:
        return 0
    connection = get_connection()
    try:
        # Until the server has answered, no letter can have left: whatever fails here releases nothing.
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail server not reached", error=str(error), waiting=len(waiting))
        return 0
    sent = 0
    try:
        for pk in waiting:
            sent += _post(pk, connection)
    except Unsent:  # the server may have hung up; a fresh connection takes the rest in the next round
        pass
    finally:
        connection.close()
    return sent


def due() -> QuerySet[Notice]:
    """Notices nobody has claimed, whose wait after earlier failures is over."""
    now = timezone.now()
    ripe = Q()
    for failures in range(MOST_FAILURES):
        wait = FIRST_WAIT * (2**failures - 1)
        ripe |= Q(failures=failures, not_before__lte=now - wait)
    return Notice.objects.filter(ripe, claimed_at=None, sent_at=None).order_by("not_before", "pk")


def _post(pk: int, connection: BaseEmailBackend) -> bool:
    claimed = Notice.objects.filter(pk=pk, claimed_at=None, sent_at=None).update(claimed_at=timezone.now())
    if not claimed:
        return False  # another worker was quicker
    notice = Notice.objects.select_related("reader", "move", "entry__contest__organization").get(pk=pk)
    try:
        letter(notice, connection).send()
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        # The server said no to this letter, so it holds none: a later try can't make two of it.
        Notice.objects.filter(pk=pk).update(claimed_at=None, failures=F("failures") + 1)
        log.warning("letter refused", notice=pk, failures=notice.failures + 1, error=str(error))
        raise Unsent from error
    except (OSError, smtplib.SMTPException) as error:
        Notice.objects.filter(pk=pk).update(failures=F("failures") + 1)
        log.exception("letter may have left; not sent again", notice=pk, error=str(error))
        raise Unsent from error
    Notice.objects.filter(pk=pk).update(sent_at=timezone.now())
    return True


def letter(notice: Notice, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """The letter in its reader's language. The same notice always carries the same Message-ID."""
    entry, reader = notice.entry, notice.reader
    with translation.override(reader.language):
        context = {
            "entry": entry,
            "contest": entry.contest,
            "move": notice.move,
            "reasons": reasons.of(entry, reader) if notice.kind in WITH_REASONS else [],
            "statement": reasons.statement(entry) if notice.kind in WITH_REASONS else None,
            "link": settings.SITE_URL + reverse("submissions:entry", args=[entry.public_id]),
            "reader": reader,
            "SITE_NAME": settings.SITE_NAME,
            **(tellers[notice.kind](notice) if notice.kind in tellers else {}),
        }
        subject = render_to_string(f"emails/{notice.kind}_subject.txt", context)
        body = render_to_string(f"emails/{notice.kind}.txt", context)
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        to=[reader.email],
        headers={"Message-ID": f"<notice-{notice.pk}@{host}>"},
        connection=connection,
    )
