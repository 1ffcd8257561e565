"""Where a contest's organizers hold another fact to be true than the catalogue."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.models.append_only import APPEND_ONLY
from submissions.models.contests import Contest
from submissions.models.statements import LicenceClass


class Overruled(models.TextChoices):
    MODEL = "model", _("model")
    DATASET = "dataset", _("dataset")


class Overrule(models.Model):
    """What holds for one model or dataset in one contest, from this row on. The last row counts; without a
    class it gives the word back to the catalogue. Rows are added, never edited."""

    CLASSES = [choice for choice in LicenceClass.choices if choice[0] != LicenceClass.UNKNOWN]

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="overrules")
    kind = models.CharField(max_length=8, choices=Overruled.choices)
    subject = models.CharField(max_length=80)  # a catalogue id
    licence_class = models.CharField(_("rights in the data"), max_length=40, choices=CLASSES, blank=True)
    reason = models.TextField(_("why"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["contest", "-id"], name="overrule_of_contest")]
        triggers = [APPEND_ONLY]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="overrule_gives_a_reason"),
            models.CheckConstraint(condition=Q(kind__in=Overruled.values), name="overrule_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.contest}: {self.subject}"
