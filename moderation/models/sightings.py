"""Where registered works were seen: at the screening of an entry, or when a work came later."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from matching.models import Artist, Work
from submissions.models import APPEND_ONLY, Artwork, Entry

# What a finding is called that shows a registered work: it counts, it informs, or a licence permits it.
MATCH_CODES = ("copy.verified", "copy.quarantined", "copy.permitted")


class ArtworkLooks(models.Model):
    """What matching saw of an entry's picture, kept so that works registered later can be compared with it.

    Vectors of two identities are never compared; features of another version are made anew.
    """

    artwork = models.OneToOneField(Artwork, on_delete=models.CASCADE, related_name="looks")
    identity = models.CharField(max_length=120)  # empty where the file can't be decoded: nothing to compare
    vectors = models.BinaryField()  # [regions, dimension], half floats, little-endian
    hashes = models.BinaryField()  # PDQ in eight orientations, 32 bytes each
    hash_quality = models.PositiveSmallIntegerField()
    features = models.BinaryField()  # matching.engine.features.Features.to_bytes()
    made = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "artwork looks"
        indexes = [models.Index(fields=["identity", "id"], name="looks_by_identity")]

    def __str__(self) -> str:
        return f"{self.artwork} under {self.identity}"


class Recheck(models.Model):
    """How far the comparison of a newly matchable work with the entries of before has come."""

    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="recheck")
    created = models.DateTimeField(auto_now_add=True)
    nudged_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    compared = models.PositiveIntegerField(null=True, blank=True)  # pictures it was compared with

    class Meta:
        indexes = [models.Index(fields=["nudged_at"], condition=Q(finished_at=None), name="recheck_waiting")]

    def __str__(self) -> str:
        return f"{self.work} against earlier entries"


class Sighting(models.Model):
    """A registered work in an entry's picture, proved. Nothing follows from it by itself.

    ``later``: found when the work came after the entry was screened; whatever was decided then stands until a
    person takes it up.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="sightings")
    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="sightings")
    code = models.CharField(max_length=80)  # what the finding is called: whether it counts, or why not
    data = models.JSONField(default=dict)  # as of the finding
    later = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)
    noted_at = models.DateTimeField(null=True, blank=True)  # an organizer saw what it means
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["work", "artwork"], name="one_sighting_a_pair")]
        indexes = [
            models.Index(fields=["at"], condition=Q(later=True, noted_at=None), name="sighting_unnoted")
        ]

    def __str__(self) -> str:
        return f"{self.work} in {self.artwork}"


class LedgerLine(models.Model):
    """An entry hangs that repeats a work whose owners ask for a share of what it earns.

    ``ends`` points at the line that it ends: the entry hangs no more, or hangs anew under other terms.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="ledger_lines")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="ledger_lines")
    percent = models.PositiveSmallIntegerField()
    owners = models.ManyToManyField(Artist, related_name="ledger_lines")
    ends = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="ended_by", null=True, blank=True
    )
    because = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        triggers = [APPEND_ONLY]
        constraints = [
            models.CheckConstraint(condition=Q(percent__gte=1, percent__lte=100), name="ledger_share"),
        ]

    def __str__(self) -> str:
        return f"{self.percent} % of {self.entry} for {self.work}"
