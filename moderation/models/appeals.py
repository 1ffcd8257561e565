"""What entrants say against a judgement, and how that ended."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation import verdicts
from moderation.models.cases import Case, Decision
from moderation.models.screenings import Verdict
from submissions.models import APPEND_ONLY, WORDS, Chained, Entry, only_erased

_ERASABLE = {"words": WORDS}
_ROUTES = [
    (verdicts.Route.HUMAN, _("The human category")),
    (verdicts.Route.AI, _("The AI category")),
    (verdicts.Route.AI_APART, _("The AI category, under the label “training data not cleared”")),
]


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> "AppealQuerySet":
        """Appeals that wait for a decision."""
        return self.filter(end=None)


class Appeal(models.Model):
    """An entrant contests a judgement: ``decision`` where a person judged, else ``verdict`` by itself.

    ``stood`` is where the judgement had brought the entry, ``asks`` where its entrant wants it. Whatever is
    decided lies between the two, both included; see ``moderation.appeals.ladder``.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="appeals")
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="appeals")
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, related_name="appeal", null=True, blank=True
    )
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="appeal")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appeals")
    stood = models.CharField(max_length=16, choices=Decision.ROUTES)
    asks = models.CharField(_("what you ask for"), max_length=16, choices=_ROUTES)
    words = models.TextField(_("your words"), max_length=5000)
    evidence = ArrayField(models.CharField(max_length=64), default=list, blank=True)  # SHA-256 of the files
    at = models.DateTimeField(default=timezone.now)
    file_by = models.DateTimeField()  # until when it could be filed
    decide_by = models.DateTimeField()  # what is not decided by then ends as the entrant asks

    objects = AppealQuerySet.as_manager()

    class Meta:
        triggers = [
            only_erased(_ERASABLE),
            Chained(
                "appeal",
                entry="{row}.entry_id",
                facts=["entry_id", "verdict_id", "decision_id", "case_id", "stood", "asks", "evidence", "at"],
                sealed=["by_id"],
                erasable=_ERASABLE,
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["verdict"], condition=Q(decision=None), name="a_verdict_is_appealed_once"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="appeal_says_why"),
            models.CheckConstraint(condition=~Q(stood=F("asks")), name="appeal_asks_for_a_change"),
            models.CheckConstraint(
                condition=Q(asks__in=[route for route, _label in _ROUTES]), name="appeal_asks_to_hang"
            ),
        ]

    def __str__(self) -> str:
        return f"appeal {self.pk}: {self.entry}"


class AppealOutcome(models.TextChoices):
    UPHELD = "upheld", _("The judgement stands")
    PARTLY = "partly", _("Overturned in part")
    OVERTURNED = "overturned", _("Overturned")
    LAPSED = "lapsed", _("Nobody decided in time: it ended as the entrant asked")
    WITHDRAWN = "withdrawn", _("Withdrawn by the entrant")
    OVERTAKEN = "overtaken", _("Another judgement came before")


BY_DECISION = (AppealOutcome.UPHELD, AppealOutcome.PARTLY, AppealOutcome.OVERTURNED)


class AppealEnd(models.Model):
    """How an appeal ended. ``decision``: what a person decided about it."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="end")
    outcome = models.CharField(max_length=16, choices=AppealOutcome.choices)
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, related_name="appeal_ended", null=True, blank=True
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = [
            APPEND_ONLY,
            Chained(
                "appeal_end",
                entry="(select entry_id from moderation_appeal where id = {row}.appeal_id)",
                facts=["appeal_id", "outcome", "decision_id", "at"],
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=BY_DECISION, decision__isnull=False)
                | Q(decision=None) & ~Q(outcome__in=BY_DECISION),
                name="an_appeal_is_upheld_or_overturned_by_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=AppealOutcome.values), name="appeal_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal}: {self.outcome}"
