"""The registry: artists and the works they want protected."""

import re
import uuid
from collections.abc import Iterable

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Below these lengths a name is also an everyday word. Hangul and Han write a name in two or three signs.
SHORTEST_NAME, SHORTEST_EAST_ASIAN_NAME = 5, 2


class ArtistQuerySet(models.QuerySet["Artist"]):
    def named_in(self, text: str) -> list["Artist"]:
        """Artists whose name, or another name they go by, stands in ``text`` as words of its own."""
        text = text.casefold()
        rows = self.values_list("pk", "name", "aliases").iterator(chunk_size=10_000)
        named = [pk for pk, name, aliases in rows if _stands_in(text, [name, *aliases.split(",")])]
        return list(self.filter(pk__in=named))


def _stands_in(text: str, names: Iterable[str]) -> bool:
    return any(_is_named(text, name.strip().casefold()) for name in names)


def _is_named(text: str, name: str) -> bool:
    """Whether ``name`` stands in ``text``. Korean particles may follow a name directly, other letters not."""
    east_asian = any(ord(letter) >= 0x2E80 for letter in name)
    if len(name) < (SHORTEST_EAST_ASIAN_NAME if east_asian else SHORTEST_NAME) or name not in text:
        return False
    return re.search(rf"(?<!\w){re.escape(name)}" + ("" if east_asian else r"(?!\w)"), text) is not None


class Artist(models.Model):
    """A rights holder. Imported artists have no ``owner`` until somebody claims the name."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="artists", null=True, blank=True
    )
    name = models.CharField(_("name"), max_length=200)
    aliases = models.CharField(_("other names"), max_length=500, blank=True)
    biography = models.TextField(_("about"), blank=True, max_length=5000)
    website = models.URLField(_("website"), blank=True)
    created = models.DateTimeField(auto_now_add=True)

    objects = ArtistQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(owner=None), name="one_ownerless_artist_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OnMatch(models.TextChoices):
    """What the artist asks for when an entry repeats a work."""

    BLOCK = "block", _("It must not be accepted")
    AI_CATEGORY_ONLY = "ai_category_only", _("It may hang in the AI category only")
    ALLOW_WITH_CREDIT = "allow_with_credit", _("It may hang with my name beside it")
    NOTIFY_ONLY = "notify_only", _("Only tell me")


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


class Work(models.Model):
    """A protected work. Withdrawn, it stays as a record without any picture data."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="works")
    title = models.CharField(_("title"), max_length=300, blank=True)
    year = models.CharField(_("year"), max_length=20, blank=True)
    source = models.CharField(_("where it was published"), max_length=500, blank=True)
    on_match = models.CharField(
        _("what a match should do"), max_length=24, choices=OnMatch.choices, default=OnMatch.BLOCK
    )
    state = models.CharField(max_length=16, choices=WorkState.choices, default=WorkState.PENDING)
    failure = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    registered = models.DateTimeField(auto_now_add=True)
    nudged_at = models.DateTimeField(auto_now_add=True)
    matchable_since = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

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
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["artist", "sha256"],
                condition=~Q(state=WorkState.WITHDRAWN),
                name="one_work_a_file_and_artist",
            ),
            models.CheckConstraint(condition=Q(state__in=WorkState.values), name="work_state_known"),
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


class ImportState(models.TextChoices):
    RUNNING = "running", _("Being taken in")
    DONE = "done", _("Finished")
    REFUSED = "refused", _("Could not be read")


def import_path(run: "Import", name: str) -> str:
    return f"imports/{run.public_id}/{name}"


class Import(models.Model):
    """A zip of works on its way into a portfolio. Its files go when it ends; what was not taken stays."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="imports")
    archive = models.FileField(upload_to=import_path, blank=True)
    listed = models.FileField(upload_to=import_path, blank=True)  # a CSV beside the zip
    original_name = models.CharField(max_length=255, blank=True)
    on_match = models.CharField(max_length=24, choices=OnMatch.choices, default=OnMatch.BLOCK)
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
