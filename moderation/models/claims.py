"""An artist says that an entry uses their work; the entrant's answer; how it ended."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.models import Artist, Work
from moderation.models.cases import Case, Decision
from moderation.models.sightings import Sighting
from moderation.verdicts import Route
from submissions.models import APPEND_ONLY, WORDS, Artwork, Chained, Entry, only_erased

_OF_CLAIM = "(select entry_id from moderation_claim where id = {row}.claim_id)"
_CLAIM_WORDS = {"words": WORDS}
_ANSWER_WORDS = {"words": WORDS, "file": "''", "file_name": "''"}


class ClaimQuerySet(models.QuerySet["Claim"]):
    def open(self) -> "ClaimQuerySet":
        """Claims that have not ended."""
        return self.filter(ending=None)

    def holding(self, entry: Entry) -> "ClaimQuerySet":
        """Those that keep ``entry`` from hanging now: their case is open, and they hold."""
        open_cases = Case.objects.open().filter(entry=entry, claim__holds=True)
        return self.filter(pk__in=open_cases.values("claim"))


class Claim(models.Model):
    """What an artist says, once, and what a case then decides."""

    STOOD: ClassVar = [(route, route) for route in (Route.HUMAN, Route.AI, Route.AI_APART)]

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="claims")
    artwork = models.ForeignKey(Artwork, on_delete=models.PROTECT, related_name="+")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="claims")
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="claims")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="claims")
    # The match that gave cause; empty where the artist found the entry by themselves.
    sighting = models.ForeignKey(
        Sighting, on_delete=models.PROTECT, related_name="claims", null=True, blank=True
    )
    region = models.JSONField()  # [[x, y], …] from 0 to 1 of the picture's width and height
    words = models.TextField(_("what you say"), max_length=5000)
    stood = models.CharField(max_length=16, choices=STOOD)  # where the entry hung, or would hang
    holds = models.BooleanField()  # the entry is taken down while it runs
    answer_until = models.DateTimeField()
    at = models.DateTimeField(auto_now_add=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        triggers = [
            only_erased(_CLAIM_WORDS),
            Chained(
                "claim",
                entry="{row}.entry_id",
                facts=["entry_id", "artwork_id", "work_id", "region", "stood", "holds", "at"],
                sealed=["by_id", "artist_id"],
                erasable=_CLAIM_WORDS,
                erased_by="exists(select 1 from moderation_claimerasure x where x.claim_id = {row}.id)",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="claim_says_something"),
            models.CheckConstraint(
                condition=Q(stood__in=[Route.HUMAN, Route.AI, Route.AI_APART]), name="claimed_entry_hung"
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}: {self.work} in {self.entry}"

    @property
    def end(self) -> "ClaimEnd | None":
        """How it ended; None while it is open."""
        return ClaimEnd.objects.filter(claim=self).select_related("decision").first()


class AnswerKind(models.TextChoices):
    LICENCE = "licence", _("I have a licence, or permission")
    OWN_WORK = "own_work", _("It is my own work")
    QUOTATION = "quotation", _("It is a parody, a pastiche or a quotation")
    NOT_THE_SAME = "not_the_same", _("It is not the same work")


def answer_path(answer: "ClaimAnswer", _name: str) -> str:
    """Beside the entry's other files, so that its erasure finds it."""
    return f"answers/{answer.claim.entry.public_id}/{answer.claim.public_id}"


class ClaimAnswer(models.Model):
    """What the entrant says to a claim, once; a licence may come as a file."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="answer")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("your answer"), max_length=16, choices=AnswerKind.choices)
    words = models.TextField(_("why"), max_length=5000)
    file = models.FileField(upload_to=answer_path, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [
            only_erased(_ANSWER_WORDS),
            Chained(
                "claim_answer",
                entry=_OF_CLAIM,
                facts=["claim_id", "kind", "at"],
                sealed=["by_id", "file_sha256"],
                erasable=_ANSWER_WORDS,
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AnswerKind.values), name="claim_answer_known"),
            models.CheckConstraint(condition=~Q(words=""), name="claim_answer_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.claim}"


class Outcome(models.TextChoices):
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")
    INVALID = "invalid", _("Plainly unfounded")
    WITHDRAWN = "withdrawn", _("Withdrawn by the artist")
    LAPSED = "lapsed", _("Nobody decided in time")
    MOOT = "moot", _("The entry left first")


DECIDED = (Outcome.UPHELD, Outcome.DISMISSED, Outcome.INVALID)


class ClaimEnd(models.Model):
    """How a claim ended, and why: by a person's decision, or without one."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="ending")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, related_name="claim_end", null=True, blank=True
    )
    bad_faith = models.BooleanField(default=False)  # who decided says so of the entrant's answer
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [
            APPEND_ONLY,
            Chained(
                "claim_end",
                entry=_OF_CLAIM,
                facts=["claim_id", "outcome", "decision_id", "bad_faith", "at"],
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="claim_end_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=DECIDED, decision__isnull=False)
                | (~Q(outcome__in=DECIDED) & Q(decision=None)),
                name="claim_is_decided_by_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.outcome}"


class ClaimErasure(models.Model):
    """The artist had the words of an ended claim erased. That it happened is a link itself."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="erasure")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [
            APPEND_ONLY,
            Chained("claim_erasure", entry=_OF_CLAIM, facts=["claim_id", "at"]),
        ]

    def __str__(self) -> str:
        return f"words of {self.claim} erased"


class ClaimSuspensionQuerySet(models.QuerySet["ClaimSuspension"]):
    def in_force(self) -> "ClaimSuspensionQuerySet":
        return self.filter(lifted_at=None, until__gt=timezone.now())


class ClaimSuspension(models.Model):
    """A person may file no claim for a time. ``claim`` gave occasion; its page says so."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="claim_suspensions"
    )
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="suspensions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), max_length=2000)
    until = models.DateTimeField()
    at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    lifted_because = models.TextField(blank=True, max_length=2000)

    objects = ClaimSuspensionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="suspension_gives_a_reason"),
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="suspension_lasts"),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | (Q(lifted_by__isnull=False) & ~Q(lifted_because="")),
                name="suspension_lifted_by_somebody_who_says_why",
            ),
            models.UniqueConstraint(fields=["claim"], name="one_suspension_a_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.person} until {self.until:%Y-%m-%d}"
