"""Two artists registered the same picture."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.models.artists import Artist
from matching.models.works import Work


class ConflictOutcome(models.TextChoices):
    BOTH_STAND = "both_stand", _("Both registrations stand")
    OLDER_STANDS = "older_stands", _("The earlier registration stands")
    NEWER_STANDS = "newer_stands", _("The later registration stands")
    RAN_OUT = "ran_out", _("The later registrant did not answer in time")
    WITHDRAWN = "withdrawn", _("One of the works was withdrawn")


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def open(self) -> "ConflictQuerySet":
        return self.filter(closed_at=None)


class Conflict(models.Model):
    """An overlap of two registrations. The clock is the newer one's: unanswered, it is quarantined."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    older = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="conflicts_as_older")
    newer = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="conflicts_as_newer")
    # What was found, as ``matching.registry.Match`` tells it: query is the newer work.
    data = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=ConflictOutcome.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.TextField(_("reason"), blank=True, max_length=5000)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["older", "newer"], name="one_conflict_a_pair"),
            models.CheckConstraint(condition=~Q(older=F("newer")), name="conflict_of_two"),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | Q(closed_at__isnull=False, outcome__in=ConflictOutcome.values),
                name="closed_conflict_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["both_stand", "older_stands", "newer_stands"])
                | (Q(decided_by__isnull=False) & ~Q(reason="")),
                name="conflict_is_decided_by_somebody_who_says_why",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(closed_at=None), name="conflict_open")]

    def __str__(self) -> str:
        return f"{self.older} / {self.newer}"

    @property
    def newer_answered(self) -> bool:
        return self.answers.filter(artist=self.newer.artist_id).exists()

    @property
    def ran_out(self) -> bool:
        return self.closed_at is None and self.due_at <= timezone.now()


class Answer(models.Model):
    """What one side says. Added, never edited."""

    conflict = models.ForeignKey(Conflict, on_delete=models.PROTECT, related_name="answers")
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("answer"), max_length=5000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.artist}: {self.conflict}"
