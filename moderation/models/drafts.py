"""Rules that are tried out beside those in force, and what they would have concluded."""

from django.conf import settings
from django.db import models

from moderation import verdicts
from moderation.models.screenings import Verdict
from submissions.models import APPEND_ONLY, Contest, PolicyVersion
from submissions.rules import Rules, as_toml


class RulesDraftQuerySet(models.QuerySet["RulesDraft"]):
    def running(self, contest: Contest) -> "RulesDraft | None":
        """The draft that ``contest`` tries out now, if any: the newest, unless it has ended."""
        newest = self.filter(contest=contest).select_related("end").order_by("-pk").first()
        return newest if newest and not newest.has_ended else None


class RulesDraft(models.Model):
    """Rules that judge every new entry of a contest without effect. A newer draft takes its place."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="drafts")
    document = models.JSONField()
    text = models.TextField(blank=True)  # as in ``PolicyVersion``
    created = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = RulesDraftQuerySet.as_manager()

    class Meta:
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.contest}, draft of rules {self.pk}"

    @property
    def rules(self) -> Rules:
        return Rules.from_json(self.document)

    @property
    def toml(self) -> str:
        return self.text or as_toml(self.rules)

    @property
    def has_ended(self) -> bool:
        return hasattr(self, "end")


class DraftEnd(models.Model):
    """A draft was turned on, as ``policy``, or discarded."""

    draft = models.OneToOneField(RulesDraft, on_delete=models.PROTECT, related_name="end")
    policy = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.draft}: {'turned on' if self.policy_id else 'discarded'}"


class ShadowVerdict(models.Model):
    """What a draft would have concluded where the rules in force concluded ``verdict``. It moves nothing."""

    draft = models.ForeignKey(RulesDraft, on_delete=models.PROTECT, related_name="verdicts")
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="shadows")
    route = models.CharField(max_length=16, choices=[(route, route) for route in verdicts.Route])
    proposal = models.CharField(
        max_length=16, choices=[(route, route) for route in verdicts.Route], blank=True
    )
    reasons = models.JSONField(default=list)  # as in ``Verdict``
    medium = models.CharField(max_length=20, blank=True)  # as stated, else as estimated
    policy_engine = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [APPEND_ONLY]
        constraints = [models.UniqueConstraint(fields=["draft", "verdict"], name="a_draft_concludes_once")]

    def __str__(self) -> str:
        return f"{self.draft} on {self.verdict}"
