"""What people know better than the detector, and where they have made it silent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from moderation.detector.mediums import Medium
from submissions.models import APPEND_ONLY, Artwork, Contest, Entry

# The catalogue of words has them too (``moderation.wording.labels``), but labels import models.
MEDIUM_CHOICES = [(medium.value, medium.value) for medium in Medium]


class MediumCorrection(models.Model):
    """A reviewer's word on how a picture was made. The newest row speaks, from the next look on."""

    artwork = models.ForeignKey(Artwork, on_delete=models.PROTECT, related_name="medium_corrections")
    medium = models.CharField(max_length=20, choices=MEDIUM_CHOICES)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.artwork}: {self.medium}"


class Making(models.TextChoices):
    HUMAN = "human", _("certainly made by a person")
    GENERATED = "generated", _("certainly generated, wholly or in part")
    UNSURE = "unsure", _("not known for certain")


class KnownMaking(models.Model):
    """A golden case: somebody knows for certain how an entry was made, and from what. The newest row speaks.

    It measures the detector; it decides nothing about the entry.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="known_makings")
    making = models.CharField(max_length=16, choices=Making.choices)
    source = models.CharField(_("how it is known"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        triggers = [APPEND_ONLY]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="known_making_says_whence"),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.making}"


class LaneSilence(models.Model):
    """The synthetic lane holds no work of a contest any more: people overturned more than the budget allows.

    For one medium, or for all of them where ``medium`` is empty. It binds the model that erred, and ends when
    another one is installed or an organizer ends it.
    """

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="lane_silences")
    medium = models.CharField(max_length=20, choices=MEDIUM_CHOICES, blank=True)
    model = models.CharField(max_length=120)
    overturned = models.PositiveIntegerField()  # human works held, when it began
    human = models.PositiveIntegerField()  # human works judged, when it began
    began_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True, blank=True)  # when the organizers' letters were claimed
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "medium", "model"],
                condition=Q(ended_at=None),
                name="one_silence_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contest}: {self.medium or 'all media'} since {self.began_at}"
