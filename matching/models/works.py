"""Protected works, what is kept of them, and the list of changes that every index follows."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.models.artists import Artist
from matching.models.terms import OnMatch, Terms, share_has_a_percentage, wish_is_known


class WorkState(models.TextChoices):
    PENDING = "pending", _("Being read")
    MATCHABLE = "matchable", _("Matchable")
    FAILED = "failed", _("Could not be read")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Failure(models.TextChoices):
    """Why a work could not be read. Stored by its name, told in the reader's language."""

    NOT_A_PICTURE = "not_a_picture", _("This is not a JPEG, PNG, WebP, TIFF, AVIF, HEIC or GIF picture.")
    TOO_LARGE = "too_large", _("The picture asks for more bytes, pixels or passes than are taken.")
    DAMAGED = "damaged", _("The picture is damaged or cut off: it cannot be decoded to its end.")
    ENDED_READER = "ended_reader", _("The file could not be read: reading it ended the reader twice.")
    MISSING = "missing", _("The stored file is missing.")


class WorkQuerySet(models.QuerySet["Work"]):
    def kept(self) -> "WorkQuerySet":
        return self.exclude(state=WorkState.WITHDRAWN)

    def matchable(self) -> "WorkQuerySet":
        return self.filter(state=WorkState.MATCHABLE)


def folder_of(work: "Work") -> str:
    """Where everything of a work lies; a person's file name goes into no path."""
    return f"works/{work.public_id}"


def original_path(work: "Work", _name: str) -> str:
    return f"{folder_of(work)}/original"


def picture_path(work: "Work", name: str) -> str:
    return f"{folder_of(work)}/{name}"


class Work(Terms):
    """A protected work. Withdrawn, it stays as a record without any picture data."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="works")
    title = models.CharField(_("title"), max_length=300, blank=True)
    year = models.CharField(_("year"), max_length=20, blank=True)
    source = models.CharField(_("where it was published"), max_length=500, blank=True)
    on_match = models.CharField(
        _("what a match should do"),
        max_length=24,
        choices=OnMatch.choices,
        blank=True,
        default="",
    )  # empty: this and all other terms are those of the portfolio
    rights = models.CharField(max_length=300, blank=True)  # a rights statement's address, where one was given
    state = models.CharField(max_length=16, choices=WorkState.choices, default=WorkState.PENDING)
    failure = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    registered = models.DateTimeField(auto_now_add=True)
    nudged_at = models.DateTimeField(auto_now_add=True)
    matchable_since = models.DateTimeField(null=True, blank=True)
    examined_at = models.DateTimeField(null=True, blank=True)  # see registry.examining
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)  # when the last of its files was gone

    original = models.FileField(upload_to=original_path, blank=True)
    original_name = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    media_type = models.CharField(max_length=40, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    display = models.FileField(upload_to=picture_path, blank=True)
    thumbnail = models.FileField(upload_to=picture_path, blank=True)
    pdq = models.BinaryField(null=True, blank=True)  # PDQ of the upright picture, 32 bytes
    pdq_quality = models.PositiveSmallIntegerField(null=True, blank=True)
    features = models.BinaryField(null=True, blank=True)  # matching.engine.features.Features.to_bytes()

    objects = WorkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["artist", "-id"], name="work_portfolio"),
            models.Index(fields=["nudged_at"], condition=Q(state=WorkState.PENDING), name="work_waiting"),
            models.Index(
                fields=["withdrawn_at"],
                condition=Q(state=WorkState.WITHDRAWN, erased_at=None),
                name="work_to_erase",
            ),
            models.Index(
                fields=["nudged_at"],
                condition=Q(state=WorkState.MATCHABLE, examined_at=None),
                name="work_to_examine",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["artist", "sha256"],
                condition=~Q(state=WorkState.WITHDRAWN),
                name="one_work_a_file_and_artist",
            ),
            models.CheckConstraint(condition=Q(state__in=WorkState.values), name="work_state_known"),
            wish_is_known("work_wish_known", may_follow=True),
            share_has_a_percentage("work_share_has_a_percentage"),
            models.CheckConstraint(
                condition=~Q(state=WorkState.MATCHABLE)
                | Q(matchable_since__isnull=False, pdq__isnull=False, features__isnull=False),
                name="matchable_work_has_what_matching_needs",
            ),
            models.CheckConstraint(
                condition=~Q(state=WorkState.WITHDRAWN)
                | Q(
                    withdrawn_at__isnull=False,
                    pdq=None,
                    features=None,
                    original="",
                    display="",
                    thumbnail="",
                ),
                name="withdrawn_work_keeps_no_picture",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.original_name or str(self.public_id)

    @property
    def failure_sentence(self) -> str:
        """Why it could not be read, or nothing."""
        return str(Failure(self.failure).label) if self.failure in Failure.values else self.failure


class CoOwner(Terms):
    """Somebody who owns a work beside the artist who registered it; their terms count once they accept."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="co_owners")
    email = models.EmailField(_("e-mail address"))  # of the account that was asked
    artist = models.ForeignKey(
        Artist, on_delete=models.CASCADE, related_name="shared_works", null=True, blank=True
    )  # under which profile they accepted
    on_match = models.CharField(
        _("what a match should do"), max_length=24, choices=OnMatch.choices, blank=True, default=""
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["work", "email"], name="one_co_owner_an_account"),
            wish_is_known("co_owner_wish_known", may_follow=True),
            share_has_a_percentage("co_owner_share_has_a_percentage"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, artist=None)
                | Q(accepted_at__isnull=False, artist__isnull=False),
                name="co_owner_accepts_as_an_artist",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.artist or self.email}: {self.work}"


class WorkVector(models.Model):
    """A work under one encoder: half floats, little-endian. Vectors of two identities are never compared."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="vectors")
    identity = models.CharField(max_length=120)
    vector = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "identity"], name="one_vector_an_encoder")]

    def __str__(self) -> str:
        return f"{self.work} under {self.identity}"


class Change(models.Model):
    """What an index must follow: works that became matchable or were withdrawn, in the order of commits.

    Writers take a lock until they commit (``registry.changes.note``), so that whoever has seen one number has
    seen all lower ones.
    """

    class Kind(models.TextChoices):
        ADDED = "added"
        WITHDRAWN = "withdrawn"

    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind}: {self.work}"
