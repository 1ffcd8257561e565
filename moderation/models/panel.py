"""Who decides: who has an interest in an entry, who is away, whose opinion waits for a second one."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from moderation import verdicts
from moderation.models.barring import NOT_BARRED
from moderation.models.cases import Case, Decision, Ground
from submissions.models import WORDS, Chained, Entry, only_erased


class InterestSource(models.TextChoices):
    ENTRANT = "entrant", _("Named by the entrant")
    ARTIST = "artist", _("Named by an artist whose work was matched")
    DECLARED = "declared", _("Declared by the reviewer")
    ABSTAINED = "abstained", _("The reviewer abstains")


NAMED = (InterestSource.ENTRANT, InterestSource.ARTIST)
"""What others said of a reviewer. It may be false, and then an owner dismisses it."""

_NAMING = {"reason": WORDS, "named": "''"}
_REASON = {"reason": WORDS}


class Interest(models.Model):
    """A reviewer should not decide about an entry: somebody says so, or they say so themselves.

    ``named`` is what a side typed; ``reviewer`` is empty where nobody in the house bears that name.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="interests")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interests", null=True, blank=True
    )
    named = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=16, choices=InterestSource.choices)
    reason = models.TextField(_("reason"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["reviewer", "entry"], name="interest_of_reviewer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=InterestSource.values), name="interest_source_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="interest_gives_a_reason"),
            models.CheckConstraint(
                condition=Q(source__in=NAMED) | Q(reviewer=F("by")), name="who_abstains_says_so_themselves"
            ),
        ]
        triggers = [
            only_erased(_NAMING),
            Chained(
                "interest",
                entry="{row}.entry_id",
                facts=["entry_id", "source", "at"],
                sealed=["reviewer_id", "by_id"],
                erasable=_NAMING,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer or self.named} in {self.entry}"


class Recognition(models.Model):
    """An owner says whom a side meant by a name that nobody bears: ``reviewer``, or nobody here.

    The entrant's receipt has the link and not whom it is about: it tells nobody who judges.
    """

    interest = models.OneToOneField(Interest, on_delete=models.PROTECT, related_name="recognition")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.TextField(_("reason"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="recognition_gives_a_reason"),
        ]
        triggers = [
            only_erased(_REASON),
            Chained(
                "recognition",
                entry="(select entry_id from moderation_interest where id = {row}.interest_id)",
                facts=["interest_id", "at"],
                sealed=["reviewer_id", "by_id"],
                erasable=_REASON,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interest}: {self.reviewer or 'nobody'}"


class Dismissal(models.Model):
    """An owner finds that what keeps a reviewer from an entry does not. It counts against what was said
    until then, and against a house that both belong to; never against the reviewer's own word."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="dismissals")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="dismissal_gives_a_reason"),
            models.CheckConstraint(condition=~Q(by=F("reviewer")), name="nobody_dismisses_for_themselves"),
        ]
        triggers = [
            only_erased(_REASON),
            Chained(
                "dismissal",
                entry="{row}.entry_id",
                facts=["entry_id", "at"],
                sealed=["reviewer_id", "by_id"],
                erasable=_REASON,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} may decide about {self.entry}"


class Acquaintance(models.Model):
    """A reviewer knows a person, by their address: they decide about none of that person's entries.

    The address is kept as it was typed, whether or not an account has it: the page must not tell.
    """

    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="acquaintances"
    )
    address = models.EmailField(_("e-mail address"))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("reviewer", Lower("address"), name="an_acquaintance_is_named_once")
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} knows {self.address}"


class Absence(models.Model):
    """A reviewer is away: nothing is given to them. They come back by themselves, or on a day."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absence")
    until = models.DateField(_("back on"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person} is away"


class Opinion(models.Model):
    """One person would reject an entry where the contest asks for two. It moves nothing by itself."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="opinion")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="opinions")
    route = models.CharField(max_length=16, choices=Decision.ROUTES)
    grounds = ArrayField(models.CharField(max_length=16, choices=Ground.choices), default=list, blank=True)
    reason = models.TextField(_("reason"), max_length=5000)
    # By name, for whoever concludes a case of that kind; see ``decisions.decide``.
    remarks = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(route=verdicts.Route.REJECT)
                & Q(grounds__overlap=Ground.values)
                & Q(grounds__contained_by=Ground.values),
                name="opinion_is_a_rejection_with_grounds",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="opinion_gives_a_reason"),
        ]
        triggers = [
            only_erased(_REASON),
            pgtrigger.Trigger(
                name="not_barred", when=pgtrigger.Before, operation=pgtrigger.Insert, func=NOT_BARRED
            ),
            # What it said is sealed: the entrant reads it where somebody else came to the same, and else not.
            Chained(
                "opinion",
                entry="(select entry_id from moderation_case where id = {row}.case_id)",
                facts=["case_id", "at"],
                sealed=["by_id", "route", "grounds"],
                erasable=_REASON,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: an opinion"


class Unveiling(models.Model):
    """An owner lets those who review one case see whose work it is, and says why."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="unveilings")
    reason = models.TextField(_("reason"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="unveiling_gives_a_reason")]
        triggers = [
            only_erased(_REASON),
            Chained(
                "unveiling",
                entry="(select entry_id from moderation_case where id = {row}.case_id)",
                facts=["case_id", "at"],
                sealed=["by_id"],
                erasable=_REASON,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}, names shown"
