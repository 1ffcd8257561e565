"""How well reviewers agree: decided cases that are asked once more, and what was answered."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from moderation.models.cases import Case, Decision, Ground
from submissions.models import APPEND_ONLY, WORDS, only_erased


class GoldenCase(models.Model):
    """A decided case of which an organizer knows the right answer. It is asked of every other reviewer."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="golden")
    route = models.CharField(_("right answer"), max_length=16, choices=Decision.ROUTES)
    reason = models.TextField(_("how you know"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # it is asked of nobody any more

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case}: golden, {self.route}"


class Exercise(models.Model):
    """``case`` looks like any other and asks ``of`` once more, of the one person it was given to.

    It moves nothing and tells the entrant nothing. ``golden`` is empty where a second person reads what a
    first one has decided.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="exercise")
    of = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exercises")
    golden = models.ForeignKey(
        GoldenCase, on_delete=models.PROTECT, related_name="exercises", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["of"], condition=Q(golden=None), name="a_case_is_read_twice_at_most"
            )
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.of}, once more"


class Reading(models.Model):
    """What the person answered. It is about the reviewer, not the entry: no link of the record."""

    exercise = models.OneToOneField(Exercise, on_delete=models.PROTECT, related_name="reading")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="readings")
    route = models.CharField(max_length=16, choices=Decision.ROUTES)
    grounds = ArrayField(models.CharField(max_length=16, choices=Ground.choices), default=list, blank=True)
    reason = models.TextField(max_length=5000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [only_erased({"reason": WORDS})]

    def __str__(self) -> str:
        return f"{self.exercise}: {self.route}"
