"""What waits for a person, and what a person decided."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from moderation import verdicts
from moderation.models.screenings import Verdict
from submissions.models import WORDS, Chained, Entry, only_erased
from submissions.states import State


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        """Cases that wait. An entry that was withdrawn meanwhile waits for nobody."""
        return self.filter(closed_at=None, entry__state=State.HELD)


class Case(models.Model):
    """An entry that waits for a person, and why."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="cases")
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="cases")
    opened_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(closed_at=None), name="case_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(closed_at=None), name="one_open_case_an_entry"
            )
        ]

    def __str__(self) -> str:
        return f"case {self.pk}: {self.entry}"


class Ground(models.TextChoices):
    """What a person's rejection may stand on. Likeness of style and a detector's score are not among them."""

    COPY = "copy", _("It repeats a protected work")
    STATEMENT = "statement", _("The statement is untrue or breaks the contest's rules on AI")
    RULES = "rules", _("It breaks another rule of the contest")


_ERASABLE = {"reason": WORDS}


class Decision(models.Model):
    """What a person decided, and their words for the entrant."""

    ROUTES: ClassVar = [
        (verdicts.Route.HUMAN, _("Hang in the human category")),
        (verdicts.Route.AI, _("Hang in the AI category")),
        (verdicts.Route.AI_APART, _("Hang in the AI category, labelled “training data not cleared”")),
        (verdicts.Route.REJECT, _("Reject")),
    ]

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="decision")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    route = models.CharField(_("decision"), max_length=16, choices=ROUTES)
    grounds = ArrayField(models.CharField(max_length=16, choices=Ground.choices), default=list, blank=True)
    reason = models.TextField(_("reason"), max_length=5000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [
            only_erased(_ERASABLE),
            Chained(
                "decision",
                entry="(select entry_id from moderation_case where id = {row}.case_id)",
                facts=["case_id", "route", "grounds", "at"],
                sealed=["by_id"],
                erasable=_ERASABLE,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(route=verdicts.Route.REJECT)
                | Q(grounds__overlap=Ground.values) & Q(grounds__contained_by=Ground.values),
                name="rejection_names_its_grounds",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_gives_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.route}"
