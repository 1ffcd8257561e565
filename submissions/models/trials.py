"""What workers tell an entrant about a draft: what its files say of themselves, and how a dry run went."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions.models.entries import Artwork, Entry
from submissions.models.statements import Disclosure
from submissions.rules import AILevel


class Answer(models.TextChoices):
    ACCEPTED = "accepted", _("taken over")
    DECLINED = "declined", _("declined")


class FileReading(models.Model):
    """What a picture's own bytes say of its making, proposed to its entrant. Nothing is filled in silently.

    Written empty with the picture; a worker reads the file, and ``read_at`` says that it has.
    """

    artwork = models.OneToOneField(Artwork, on_delete=models.CASCADE, related_name="reading")
    signed = models.BooleanField(default=False)  # by Content Credentials; else by what a tool left behind
    level = models.CharField(max_length=16, choices=Disclosure.LEVELS, blank=True)
    tools = models.JSONField(default=list)  # [{"model", "model_words", "version"}], as ``DisclosedTool`` has
    prompts = models.TextField(blank=True)
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    nudged_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.artwork}: {self.get_level_display() or '–'}"

    @property
    def is_open(self) -> bool:
        """Whether there is something to answer."""
        return bool(self.speaks and not self.answer)

    @property
    def speaks(self) -> bool:
        """Whether the file was found to say anything."""
        return bool(self.read_at and (self.level or self.tools))

    @property
    def says_generated(self) -> bool:
        return self.level == AILevel.GENERATED


class TrialAnswer(models.TextChoices):
    """All that a dry run tells. Coarse on purpose: no score, no threshold, no name, no place in a picture."""

    NOTHING = "nothing", _("Nothing that was looked at speaks against your statement.")
    FILE_SAYS_AI = (
        "file_says_ai",
        _("Your file says that AI made it or a part of it; your statement does not."),
    )
    DIFFERS = (
        "differs",
        _("Something in your file, or published about a tool you name, differs from your statement."),
    )
    CHANGED_AFTER_SIGNING = (
        "changed_after_signing",
        _("Your file's Content Credentials no longer fit the file."),
    )
    LIKE_REGISTERED = "like_registered", _("It looks like a work that is registered for protection.")
    ENTERED_BEFORE = "entered_before", _("You have entered this picture before.")
    CLOAKED = "cloaked", _("You declared a protection. It never counts against you; a person will look.")
    COULD_NOT_LOOK = "could_not_look", _("A part of it could not be looked at; a person will look.")


class DryRun(models.Model):
    """An entrant asked what the desk would find. No case, no verdict, no finding comes of it.

    The row outlives its draft: the limit counts what a person asked for, not what they kept.
    """

    entrant = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="dry_runs")
    entry = models.ForeignKey(
        Entry, on_delete=models.SET_NULL, null=True, blank=True, related_name="dry_runs"
    )
    fingerprint = models.CharField(max_length=64)  # of the files and the statement that were asked about
    answers = ArrayField(
        models.CharField(max_length=24, choices=TrialAnswer.choices), default=list, blank=True
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(auto_now_add=True)
    nudged_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["entrant", "-asked_at"], name="dry_runs_of_a_person")]

    def __str__(self) -> str:
        return f"dry run of {self.entry}"

    @property
    def words(self) -> list[str]:
        return [str(TrialAnswer(answer).label) for answer in self.answers]
