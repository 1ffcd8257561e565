"""How a contest wants its cases reviewed."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.models import Contest


class ReviewSettings(models.Model):
    """What holds for those who review a contest's cases. A contest without a row has the defaults."""

    contest = models.OneToOneField(Contest, on_delete=models.CASCADE, related_name="review_settings")
    impression_first = models.BooleanField(_("the estimate is shown after a first impression"), default=True)
    two_for_rejection = models.BooleanField(_("two people for a rejection"), default=False)
    blind = models.BooleanField(_("reviewers see no names"), default=False)
    assigned = models.BooleanField(_("cases are assigned by the desk"), default=False)
    twice_of_100 = models.PositiveSmallIntegerField(
        _("of 100 cases, how many a second person reads"), default=0, validators=[MaxValueValidator(100)]
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(twice_of_100__lte=100), name="read_twice_is_of_100")
        ]

    def __str__(self) -> str:
        return f"how {self.contest} is reviewed"


def review_settings(contest: Contest) -> ReviewSettings:
    """Those of ``contest``, stored or the defaults."""
    found = ReviewSettings.objects.filter(contest=contest).first()
    return found or ReviewSettings(contest=contest)


def known_settings(contest: Contest) -> ReviewSettings:
    """As ``review_settings``, of a contest that was read together with its row: for lists of many."""
    found: ReviewSettings | None = getattr(contest, "review_settings", None)
    return found or ReviewSettings(contest_id=contest.pk)
