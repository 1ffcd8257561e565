"""Organizations, contests, entries and what entrants state about them."""

import uuid
import zoneinfo
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions.rules import AILevel, Rules
from submissions.states import State

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class UserManager(BaseUserManager["User"]):
    """People are known by their e-mail address; there are no user names to choose or leak."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("%(name)s is not a time zone."), params={"name": name})


class User(AbstractUser):
    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.display_name or self.email.split("@")[0]


class Organization(models.Model):
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(unique=True, max_length=80)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="organizations"
    )
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ORGANIZER = "organizer", _("Organizer")
    JUROR = "juror", _("Juror")


class Membership(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="one_membership_a_person"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} of {self.organization}"


class ContestQuerySet(models.QuerySet["Contest"]):
    def public(self) -> "ContestQuerySet":
        return self.filter(published=True)

    def open(self) -> "ContestQuerySet":
        now = timezone.now()
        return self.public().filter(opens_at__lte=now, closes_at__gt=now)


class Contest(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="contests")
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(unique=True, max_length=80)
    description = models.TextField(_("description"), blank=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    published = models.BooleanField(_("published"), default=False)
    created = models.DateTimeField(auto_now_add=True)

    objects = ContestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="contest_closes_after_opening"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.published and self.opens_at <= timezone.now() < self.closes_at

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def policy(self) -> "PolicyVersion":
        """The version of the rules that judges what arrives now."""
        return self.policies.latest("number")


class PolicyVersion(models.Model):
    """One version of a contest's rules; a new row replaces it, nothing edits it."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="policies")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    created = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contest", "number"], name="policy_numbers_count_up")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.contest}, rules {self.number}"

    @property
    def rules(self) -> Rules:
        return Rules.from_json(self.document)


class CategoryKind(models.TextChoices):
    HUMAN = "human", _("Human")
    AI = "ai", _("AI")


class Category(models.Model):
    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="categories")
    kind = models.CharField(max_length=8, choices=CategoryKind.choices)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name_plural = "categories"
        constraints = [models.UniqueConstraint(fields=["contest", "kind"], name="one_category_a_kind")]

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="entries")
    entrant = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="entries")
    title = models.CharField(_("title"), max_length=200)
    statement = models.TextField(_("statement"), blank=True, max_length=5000)
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    shown_apart = models.BooleanField(
        default=False
    )  # in the AI category, under the label "without permission"
    created = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["contest", "state"]), models.Index(fields=["entrant", "-created"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="entry_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.HUNG, category__isnull=False)
                | (~Q(state=State.HUNG) & Q(category=None)),
                name="entry_hangs_in_a_category_or_nowhere",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.WITHDRAWN]) | Q(submitted_at__isnull=False),
                name="entry_past_draft_was_submitted",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def disclosure(self) -> "Disclosure | None":
        """What the entrant states now: the latest version."""
        return self.disclosures.order_by("-version").first()

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT


def original_path(artwork: "Artwork", _name: str) -> str:
    """Where the untouched bytes lie: neither the person's file name nor its ending goes into a path."""
    return f"originals/{artwork.entry.public_id}/{artwork.public_id}"


def picture_path(artwork: "Artwork", name: str) -> str:
    return f"pictures/{artwork.entry.public_id}/{artwork.public_id}/{name}"


class Artwork(models.Model):
    """A file of an entry. ``original`` keeps the bytes as they came; the rest is derived from them."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="artworks")
    position = models.PositiveSmallIntegerField(default=0)
    original = models.FileField(upload_to=original_path)
    original_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    media_type = models.CharField(max_length=40)
    uploaded = models.DateTimeField(auto_now_add=True)

    # Written by the worker once it has decoded the file; empty until then, or where it could not.
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    display = models.FileField(upload_to=picture_path, blank=True)
    thumbnail = models.FileField(upload_to=picture_path, blank=True)
    pdq = models.BinaryField(null=True, blank=True)  # PDQ of the upright picture, 32 bytes

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.entry} · {self.position + 1}"


class ProcessFile(models.Model):
    """Sketches, layers, recordings: how the work came to be. Private to those who judge."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="process_files")
    original = models.FileField(upload_to="process/%Y/%m")
    original_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.original_name


class LicenceClass(models.TextChoices):
    """Under what right a tool's training data was used, as the entrant states it."""

    PUBLIC_DOMAIN = "public_domain", _("Public domain only")
    LICENSED = "licensed_or_consented", _("Licensed or with the makers' consent")
    MIXED = "mixed", _("Mixed")
    UNKNOWN = "unknown", _("I don't know")
    SCRAPED = "scraped_without_permission", _("Includes works used without permission")


class Cloak(models.TextChoices):
    GLAZE = "glaze", "Glaze"
    NIGHTSHADE = "nightshade", "Nightshade"
    MIST = "mist", "Mist"


class Disclosure(models.Model):
    """How a work was made, as its entrant states it. Amending adds a version; what was signed stays."""

    LEVELS = [
        (AILevel.NONE, _("No generative AI")),
        (AILevel.ASSISTIVE, _("Assistive: AI helped, nothing generated is visible")),
        (AILevel.EDITED, _("Part of the picture was generated or edited by AI")),
        (AILevel.GENERATED, _("Generated by AI")),
    ]

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="disclosures")
    version = models.PositiveIntegerField(default=1)
    level = models.CharField(_("use of AI"), max_length=16, choices=LEVELS, blank=True)
    explanation = models.TextField(_("how AI was used"), blank=True, max_length=5000)
    prompts = models.TextField(_("prompts"), blank=True, max_length=20_000)
    cloaks = ArrayField(
        models.CharField(max_length=16, choices=Cloak.choices),
        default=list,
        blank=True,
        verbose_name=_("protection"),
    )
    attested_at = models.DateTimeField(null=True, blank=True)
    attested_name = models.CharField(_("signed"), max_length=200, blank=True)
    attestation_sha256 = models.CharField(max_length=64, blank=True)  # of the text that was signed
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "version"], name="disclosure_versions_count_up"),
            models.CheckConstraint(
                condition=Q(attested_at=None)
                | ~(Q(level="") | Q(attested_name="") | Q(attestation_sha256="")),
                name="attested_disclosure_is_complete",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="attested_is_kept",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__attested_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.get_level_display()}"


class DisclosedTool(models.Model):
    """A generator that the entrant names, and what they say of its data."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.CASCADE, related_name="tools")
    model = models.CharField(max_length=80, blank=True)  # a catalogue id; empty where only words were given
    model_words = models.CharField(_("tool or model"), max_length=200, blank=True)
    version = models.CharField(_("version"), max_length=80, blank=True)
    datasets = ArrayField(models.CharField(max_length=80), default=list, blank=True)  # catalogue ids
    dataset_words = models.CharField(_("datasets"), max_length=500, blank=True)
    licence_class = models.CharField(
        _("rights in the data"), max_length=40, choices=LicenceClass.choices, default=LicenceClass.UNKNOWN
    )
    is_fine_tuned = models.BooleanField(_("fine-tuned, or used with a LoRA"), default=False)
    fine_tune_words = models.CharField(_("data of the fine-tune"), max_length=500, blank=True)
    fine_tune_licence_class = models.CharField(
        _("rights in the fine-tune's data"), max_length=40, choices=LicenceClass.choices, blank=True
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.model or self.model_words} {self.version}".strip()


class Move(models.Model):
    """A change of an entry's state and why. Rows are added, never edited."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="moves")
    old = models.CharField(max_length=16, choices=State.choices)
    new = models.CharField(max_length=16, choices=State.choices)
    because = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}: {self.because}"


class NoticeKind(models.TextChoices):
    RECEIVED = "received", _("received")
    HUNG = "hung", _("accepted")
    HELD = "held", _("with a person")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Notice(models.Model):
    """A letter waiting in the outbox. Written with the move it tells of, sent by a worker at most once."""

    move = models.OneToOneField(Move, on_delete=models.PROTECT, related_name="notice")
    kind = models.CharField(max_length=16, choices=NoticeKind.choices)
    created = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)  # a worker took it, and may have died with it
    sent_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["created"], condition=Q(claimed_at=None), name="notice_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.move.entry.entrant}"
