"""What an artist asks for: what a match does, where, for whom it never applies, and training."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OnMatch(models.TextChoices):
    """What the artist asks for when an entry repeats a work, from the most restrictive to the mildest."""

    BLOCK = "block", _("It must not be accepted")
    AI_CATEGORY_ONLY = "ai_category_only", _("It may hang in the AI category only")
    SHARE_REVENUE = "share_revenue", _("It may hang for a share of what it earns")
    ALLOW_WITH_CREDIT = "allow_with_credit", _("It may hang with my name beside it")
    NOTIFY_ONLY = "notify_only", _("Only tell me")


class Terms(models.Model):
    """One owner's wish, for a portfolio or for a single work.

    The rows that have terms carry a field ``on_match`` of their own; a work's may be empty, which means "as
    the portfolio says" for all of its terms.
    """

    share_percent = models.PositiveSmallIntegerField(
        _("share of the revenue, in percent"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    # ISO 3166-1 codes of two letters; none means everywhere.
    territories = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    licensed_accounts = ArrayField(models.EmailField(), default=list, blank=True)
    # Slugs: the registry knows no organizations. Their members are who is meant.
    licensed_organizations = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    no_training = models.BooleanField(_("not for training models"), default=True)

    class Meta:
        abstract = True


def share_has_a_percentage(name: str) -> models.CheckConstraint:
    asks = Q(share_percent__isnull=False, share_percent__gte=1, share_percent__lte=100)
    return models.CheckConstraint(condition=asks | ~Q(on_match=OnMatch.SHARE_REVENUE), name=name)


def wish_is_known(name: str, *, may_follow: bool) -> models.CheckConstraint:
    known = [*OnMatch.values, ""] if may_follow else OnMatch.values
    return models.CheckConstraint(condition=Q(on_match__in=known), name=name)
