"""What waits for a person, and what a person decided."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation import verdicts
from moderation.models.barring import CLAIM_ENDS, NOT_BARRED, SECONDED
from moderation.models.screenings import Verdict
from submissions.models import APPEND_ONLY, WORDS, Chained, Contest, Entry, User, only_erased


class CaseKind(models.TextChoices):
    REVIEW = "review", _("First decision")
    APPEAL = "appeal", _("Appeal")
    CLAIM = "claim", _("Claim")
    EXERCISE = "exercise", _("Exercise")


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        """Cases that wait. Whatever ends an entry's waiting closes its cases."""
        return self.filter(closed_at=None).exclude(kind=CaseKind.EXERCISE)

    def before(self, reviewer: User) -> "CaseQuerySet":
        """Cases that wait, and among them the exercises that were given to ``reviewer``."""
        return self.filter(~Q(kind=CaseKind.EXERCISE) | Q(assigned_to=reviewer), closed_at=None)


class Case(models.Model):
    """A question about an entry that waits for a person.

    ``contest``, ``topics``, ``severity`` and the columns from ``lanes`` on repeat what the entry and the
    verdict say, so that queues of many thousands are counted, ordered and searched in this table alone;
    ``moderation.opening`` writes them.
    """

    kind = models.CharField(max_length=16, choices=CaseKind.choices, default=CaseKind.REVIEW)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="cases")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="cases")
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="cases")
    claim = models.OneToOneField(
        "moderation.Claim", on_delete=models.PROTECT, related_name="case", null=True, blank=True
    )
    topics = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    severity = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="assigned_cases",
        null=True,
        blank=True,
    )
    on_hold_until = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)  # from then on owners alone work it

    lanes = ArrayField(models.CharField(max_length=16), default=list, blank=True)  # in which something speaks
    codes = ArrayField(models.CharField(max_length=80), default=list, blank=True)  # of what speaks
    # Folded for comparison, see ``moderation.searching``: title, tools and artists; the entrant's name.
    words = models.TextField(default="", blank=True)
    entrant_words = models.TextField(default="", blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            # Whatever queues are counted, filtered and ordered by: the table itself is not opened.
            models.Index(
                fields=["contest", "-severity", "opened_at"],
                include=["id", "kind", "entry", "topics", "assigned_to", "on_hold_until", "escalated_at"],
                condition=Q(closed_at=None),
                name="case_open",
            ),
            models.Index(
                fields=["entry"],
                condition=Q(closed_at=None, kind__in=[CaseKind.APPEAL, CaseKind.CLAIM]),
                name="case_filed_open",
            ),
        ]
        constraints = [
            # Several artists may claim one entry; everything else is one question at a time.
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(closed_at=None) & ~Q(kind__in=[CaseKind.CLAIM, CaseKind.EXERCISE]),
                name="one_open_case_an_entry",
            ),
            models.CheckConstraint(condition=Q(kind__in=CaseKind.values), name="case_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=CaseKind.EXERCISE)
                | Q(assigned_to__isnull=False)
                | Q(closed_at__isnull=False),
                name="exercise_is_given_to_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}: {self.entry}"


class Ground(models.TextChoices):
    """What a person's rejection may stand on. Likeness of style and a detector's score are not among them."""

    COPY = "copy", _("It repeats a protected work")
    STATEMENT = "statement", _("The statement is untrue or breaks the contest's rules on AI")
    RULES = "rules", _("It breaks another rule of the contest")


_ERASABLE = {"reason": WORDS}

# Whoever decided about an entry before has no second say: appeals and claims are decided by somebody else.
SOMEBODY_ELSE = pgtrigger.Trigger(
    name="somebody_else",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
if exists (
    select 1 from moderation_case asked
    join moderation_case earlier on earlier.entry_id = asked.entry_id and earlier.id <> asked.id
    where asked.id = new.case_id and asked.kind <> 'review' and (
        exists (
            select 1 from moderation_decision said
            where said.case_id = earlier.id and said.by_id = new.by_id)
        or exists (
            select 1 from moderation_opinion said
            where said.case_id = earlier.id and said.by_id = new.by_id)
    )
) then
    raise exception 'whoever decided about an entry before does not decide its appeal or claim'
        using errcode = 'check_violation';
end if;
return new;
""",
)

# What is decided about an appeal lies between where the entry stood and what its entrant asks for: nobody
# ends worse for having appealed, and after its last day nobody decides it; what was said in time and takes
# effect later was decided in time. The order is that of ``moderation.appeals.ladder``.
NO_WORSE = pgtrigger.Trigger(
    name="no_appeal_ends_worse",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
if exists (
    select 1 from moderation_appeal asked, (values (array['reject', 'ai_apart', 'ai', 'human'])) one(ladder)
    where asked.case_id = new.case_id and not coalesce(
        array_position(ladder, new.route::text) between
            least(array_position(ladder, asked.stood::text), array_position(ladder, asked.asks::text)) and
            greatest(array_position(ladder, asked.stood::text), array_position(ladder, asked.asks::text)),
        false
    )
) then
    raise exception 'an appeal is decided between where the entry stood and what was asked for'
        using errcode = 'check_violation';
end if;
if exists (
    select 1 from moderation_appeal asked
    left join moderation_pendingdecision said on said.case_id = new.case_id and said.by_id = new.by_id
    where asked.case_id = new.case_id and asked.decide_by < coalesce(said.at, new.at)
) then
    raise exception 'the time to decide this appeal has run out' using errcode = 'check_violation';
end if;
return new;
""",
)


def _refusal(name: str, func: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=pgtrigger.Insert, func=func)


class DecisionQuerySet(models.QuerySet["Decision"]):
    def standing(self) -> "DecisionQuerySet":
        """Decisions that were not taken back."""
        return self.filter(undoing=None)


class Decision(models.Model):
    """What a person decided, and their words for the entrant.

    Of a case that closed there is one at most, and it stays: who takes it back opens another case.
    """

    ROUTES: ClassVar = [
        (verdicts.Route.HUMAN, _("Hang in the human category")),
        (verdicts.Route.AI, _("Hang in the AI category")),
        (verdicts.Route.AI_APART, _("Hang in the AI category, labelled “training data not cleared”")),
        (verdicts.Route.REJECT, _("Reject")),
    ]

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="decision")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    route = models.CharField(_("decision"), max_length=16, choices=ROUTES)
    grounds = ArrayField(models.CharField(max_length=16, choices=Ground.choices), default=list, blank=True)
    reason = models.TextField(_("reason"), max_length=5000)
    at = models.DateTimeField(auto_now_add=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        triggers = [
            only_erased(_ERASABLE),
            SOMEBODY_ELSE,
            NO_WORSE,
            _refusal("not_barred", NOT_BARRED),
            _refusal("seconded", SECONDED),
            _refusal("claim_ends", CLAIM_ENDS),
            Chained(
                "decision",
                entry="(select entry_id from moderation_case where id = {row}.case_id)",
                facts=["case_id", "route", "grounds", "at"],
                sealed=["by_id"],
                erasable=_ERASABLE,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(route=verdicts.Route.REJECT)
                | Q(grounds__overlap=Ground.values) & Q(grounds__contained_by=Ground.values),
                name="rejection_names_its_grounds",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_gives_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.route}"


class Undoing(models.Model):
    """A decision was taken back by who had made it, before anybody was told."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="undoing")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [
            APPEND_ONLY,
            Chained(
                "undoing",
                entry="(select entry_id from moderation_case where id = "
                "(select case_id from moderation_decision where id = {row}.decision_id))",
                facts=["decision_id", "at"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision}, taken back"
