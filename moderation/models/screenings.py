"""What the desk saw of an entry and concluded. Rows are added, never edited, except work in progress."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from moderation import verdicts
from submissions.models import Artwork, Chained, Disclosure, Entry, PolicyVersion, only_erased

# The only lanes on which a machine's rejection may stand. Style and synthetic are not among them, and the
# constraints below see to it that no code can add them.
REJECTION_LANES = [verdicts.Lane.COPY, verdicts.Lane.STATEMENT]

_ENTRY = "(select entry_id from moderation_screening where id = {row}.screening_id)"
# What stays of an erased finding: the medium, for the counts of how often the detector errs. Of an erased
# verdict: which rules spoke, and of which codes.
_FINDING = {"data": "jsonb_strip_nulls(jsonb_build_object('medium', {column} -> 'medium'))"}
_VERDICT = {
    "reasons": "coalesce((select jsonb_agg(one || '{{\"data\": {{}}}}'::jsonb) "
    "from jsonb_array_elements({column}) one), '[]'::jsonb)"
}


class ScreeningQuerySet(models.QuerySet["Screening"]):
    def unfinished(self) -> "ScreeningQuerySet":
        return self.filter(verdict=None, abandoned_at=None)


class Screening(models.Model):
    """One passage of an entry through all checks, under one statement and one version of the rules."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="screenings")
    number = models.PositiveIntegerField()
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    nudged_at = models.DateTimeField(auto_now_add=True)  # when the queue was last told
    abandoned_at = models.DateTimeField(null=True, blank=True)  # the entry left before a verdict

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="screenings_count_up")]

    def __str__(self) -> str:
        return f"{self.entry}, screening {self.number}"


class CheckRun(models.Model):
    """How far one check of a screening has come. ``attempts`` is counted before each try, so that a file that
    kills its process is known by its second death."""

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="runs")
    check_name = models.CharField(max_length=40)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_attempt_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["screening", "check_name"], name="one_run_a_check")]

    def __str__(self) -> str:
        return f"{self.check_name} of {self.screening}"


class CheckResult(models.Model):
    """A stored finding."""

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="results")
    artwork = models.ForeignKey(
        Artwork, on_delete=models.PROTECT, null=True, blank=True, related_name="results"
    )
    check_name = models.CharField(max_length=40)
    lane = models.CharField(max_length=16, choices=[(lane, lane) for lane in verdicts.Lane])
    outcome = models.CharField(max_length=16, choices=[(outcome, outcome) for outcome in verdicts.Outcome])
    code = models.CharField(max_length=80)
    score = models.FloatField(null=True, blank=True)
    data = models.JSONField(default=dict)
    versions = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        triggers = [
            only_erased(_FINDING),
            Chained(
                "finding",
                entry=_ENTRY,
                facts=["screening_id", "artwork_id", "check_name", "versions", "at"],
                sealed=["lane", "outcome", "code", "score"],
                erasable=_FINDING,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=1), name="finding_score_is_a_share"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.outcome})"

    @property
    def finding(self) -> verdicts.Finding:
        return verdicts.Finding(
            check=self.check_name,
            lane=verdicts.Lane(self.lane),
            outcome=verdicts.Outcome(self.outcome),
            code=self.code,
            data=self.data,
            score=self.score,
            artwork=self.artwork_id,
            versions=self.versions,
        )


class Verdict(models.Model):
    """What the rules concluded from the findings of a screening; exactly one a screening."""

    screening = models.OneToOneField(Screening, on_delete=models.PROTECT, related_name="verdict")
    route = models.CharField(max_length=16, choices=[(route, route) for route in verdicts.Route])
    proposal = models.CharField(
        max_length=16, choices=[(route, route) for route in verdicts.Route], blank=True
    )
    reasons = models.JSONField(default=list)  # [{"rule", "codes", "data"}]
    grounds = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    policy_engine = models.CharField(max_length=40)  # which version of the reading of rules spoke
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [
            only_erased(_VERDICT),
            Chained(
                "verdict",
                entry=_ENTRY,
                facts=["screening_id", "route", "grounds", "policy_engine", "at"],
                sealed=["proposal"],
                erasable=_VERDICT,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(route=verdicts.Route.REJECT)
                | Q(grounds__overlap=REJECTION_LANES) & Q(grounds__contained_by=REJECTION_LANES),
                name="no_score_rejects",
            )
        ]

    def __str__(self) -> str:
        return f"{self.screening.entry}: {self.route}"
