"""Contests, their categories, and the versions of their rules."""

import zoneinfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions.models.append_only import APPEND_ONLY
from submissions.models.people import Organization, validate_time_zone
from submissions.rules import Rules, as_toml


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
    # ISO 3166-1, two letters. Empty is online or everywhere: then an artist's terms for any country apply.
    country = models.CharField(_("country"), max_length=2, blank=True)
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
    # As it was written, comments and all; empty where the form of choices wrote it.
    text = models.TextField(blank=True)
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

    @property
    def toml(self) -> str:
        """The document as text."""
        return self.text or as_toml(self.rules)


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
