"""What those who judge see of process evidence without opening a stranger's file."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions.models.entries import ProcessFile


class EvidenceKind(models.TextChoices):
    """What a file is by its own bytes. The values are those of ``submissions.evidence.Kind``."""

    PSD = "psd", _("Photoshop document")
    KRA = "kra", _("Krita document")
    ORA = "ora", _("OpenRaster document")
    XCF = "xcf", _("GIMP document")
    PICTURE = "picture", _("Picture")
    RAW = "raw", _("Camera RAW")
    RECORDING = "recording", _("Recording")
    OTHER = "other", _("Of another kind: download it to look")


def preview_path(preview: "ProcessPreview", _name: str) -> str:
    return f"process-previews/{preview.file.public_id}.webp"


class ProcessPreview(models.Model):
    """Written empty with the file; a worker reads it within bounds, and ``finished_at`` says that it has."""

    file = models.OneToOneField(ProcessFile, on_delete=models.CASCADE, related_name="preview")
    kind = models.CharField(max_length=16, choices=EvidenceKind.choices, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    layers = models.JSONField(default=list)  # submissions.evidence.Layer.as_json(), from the top down
    layer_count = models.PositiveIntegerField(default=0)  # of all, also where the list breaks off
    seconds = models.FloatField(null=True, blank=True)  # how long a recording runs
    camera = models.CharField(max_length=120, blank=True)
    thumbnail = models.FileField(upload_to=preview_path, blank=True)
    is_damaged = models.BooleanField(default=False)  # of a known kind, but not readable as such
    attempts = models.PositiveSmallIntegerField(default=0)
    nudged_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"preview of {self.file}"

    @property
    def layers_left_out(self) -> int:
        return max(0, self.layer_count - len(self.layers))
