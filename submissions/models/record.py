"""What happened to an entry, and the letters about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions.models.append_only import APPEND_ONLY
from submissions.models.chain import Chained
from submissions.models.entries import Entry
from submissions.states import State


class Move(models.Model):
    """A change of an entry's state and why. Rows are added, never edited."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="moves")
    old = models.CharField(max_length=16, choices=State.choices)
    new = models.CharField(max_length=16, choices=State.choices)
    because = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        triggers = [
            APPEND_ONLY,
            Chained("move", entry="{row}.entry_id", facts=["entry_id", "old", "new", "because", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}: {self.because}"


class NoticeKind(models.TextChoices):
    RECEIVED = "received", _("received")
    HUNG = "hung", _("accepted")
    HELD = "held", _("with a person")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Notice(models.Model):
    """A letter waiting in the outbox. Written with what it tells of, sent by a worker at most once.

    Those of a move go to the entrant; others may go to anybody whom an entry concerns.
    """

    kind = models.CharField(max_length=24)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="notices")
    move = models.OneToOneField(Move, on_delete=models.PROTECT, related_name="notice", null=True, blank=True)
    # The key of what else the letter is about, in the table that its kind belongs to.
    about = models.BigIntegerField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField(default=timezone.now)  # until then it can still be called back
    claimed_at = models.DateTimeField(null=True, blank=True)  # a worker took it, and may have died with it
    sent_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["not_before"], condition=Q(claimed_at=None), name="notice_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.reader}"
