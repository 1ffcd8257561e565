"""Many works on their way into a portfolio."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.models.artists import Artist
from matching.models.terms import OnMatch, share_has_a_percentage


class ImportState(models.TextChoices):
    RUNNING = "running", _("Being taken in")
    DONE = "done", _("Finished")
    REFUSED = "refused", _("Could not be read")


class ImportKind(models.TextChoices):
    ZIP = "zip", _("Zip of pictures")
    IIIF = "iiif", _("IIIF manifest")


def import_path(run: "Import", name: str) -> str:
    return f"imports/{run.public_id}/{name}"


class Import(models.Model):
    """A zip, or a manifest that names pictures elsewhere, on its way into a portfolio.

    Its files go when it ends; what was not taken stays.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="imports")
    kind = models.CharField(max_length=8, choices=ImportKind.choices, default=ImportKind.ZIP)
    archive = models.FileField(upload_to=import_path, blank=True)
    listed = models.FileField(upload_to=import_path, blank=True)  # a CSV beside the zip
    original_name = models.CharField(max_length=255, blank=True)
    on_match = models.CharField(max_length=24, choices=OnMatch.choices, blank=True, default="")
    share_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=ImportState.choices, default=ImportState.RUNNING)
    refusal = models.CharField(max_length=500, blank=True)  # why nothing of it could be read
    total = models.PositiveIntegerField(null=True, blank=True)  # null until the zip was opened
    done = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, blank=True)  # [{"file": …, "problem": …}], one a file not taken
    attempts = models.PositiveSmallIntegerField(default=0)  # begun without getting any further
    created = models.DateTimeField(auto_now_add=True)
    nudged_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["nudged_at"], condition=Q(state=ImportState.RUNNING), name="import_under_way"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ImportKind.values), name="import_kind_known"),
            share_has_a_percentage("import_share_has_a_percentage"),
            models.CheckConstraint(
                condition=Q(done=0) | Q(done__lte=models.F("total")), name="import_done_of_total"
            ),
            models.CheckConstraint(
                condition=Q(state=ImportState.RUNNING, finished_at=None)
                | (~Q(state=ImportState.RUNNING) & Q(finished_at__isnull=False, archive="", listed="")),
                name="ended_import_keeps_no_file",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name or str(self.public_id)

    @property
    def taken(self) -> int:
        """How many of its files are works now, by this import or from before."""
        return self.done - len(self.problems)
