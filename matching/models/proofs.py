"""What shows that a work is its artist's, and what makes it doubtful."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.models.artists import Artist
from matching.models.works import Work


class Grade(models.IntegerChoices):
    """How well a work is proved to be its artist's. Below the second, a match informs and holds nothing."""

    SELF_CLAIMED = 0, _("Claimed by the artist alone")
    SIGNED_ORIGINAL = 1, _("Signed or camera original")
    DATED_PUBLICATION = 2, _("Published under the artist's name, with a date")
    VOUCHED = 3, _("An organization vouches for it")


class ProofKind(models.TextChoices):
    SIGNED_ORIGINAL = "signed_original", _("Signed or camera original")
    DATED_PUBLICATION = "dated_publication", _("Dated publication")
    VOUCHED = "vouched", _("Vouched for by an organization")


GRADES = {
    ProofKind.SIGNED_ORIGINAL: Grade.SIGNED_ORIGINAL,
    ProofKind.DATED_PUBLICATION: Grade.DATED_PUBLICATION,
    ProofKind.VOUCHED: Grade.VOUCHED,
}


class ProofState(models.TextChoices):
    OPEN = "open", _("To be looked at")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Not accepted")
    REVOKED = "revoked", _("Taken back")


class Proof(models.Model):
    """One piece of proof: for a single work, or where ``work`` is empty, for the whole portfolio."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="proofs")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="proofs", null=True, blank=True)
    kind = models.CharField(max_length=24, choices=ProofKind.choices)
    state = models.CharField(max_length=16, choices=ProofState.choices, default=ProofState.OPEN)
    url = models.URLField(_("address of the page"), max_length=500, blank=True)
    code = models.CharField(max_length=40, blank=True)  # what the page must carry
    published_on = models.DateField(_("published on"), null=True, blank=True)
    organization = models.CharField(max_length=80, blank=True)  # slug of who vouches, or is asked to
    evidence = models.JSONField(default=dict, blank=True)  # what was seen: of the file, or of the page
    note = models.TextField(blank=True, max_length=2000)  # of the person who decided
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )  # empty where a worker decided
    created = models.DateTimeField(auto_now_add=True)
    asked_at = models.DateTimeField(null=True, blank=True)  # when a worker was last asked to fetch the page
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ProofState.values), name="proof_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ProofKind.values), name="proof_kind_known"),
            models.CheckConstraint(
                condition=Q(state=ProofState.OPEN, decided_at=None)
                | (~Q(state=ProofState.OPEN) & Q(decided_at__isnull=False)),
                name="decided_proof_says_when",
            ),
            models.UniqueConstraint(
                fields=["work", "kind"],
                condition=Q(kind=ProofKind.SIGNED_ORIGINAL),
                name="one_look_at_an_original",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ProofKind.VOUCHED) | ~Q(organization=""), name="somebody_vouches"
            ),
            models.CheckConstraint(
                condition=~Q(kind=ProofKind.DATED_PUBLICATION)
                | (~Q(url="") & ~Q(code="") & Q(published_on__isnull=False)),
                name="publication_has_page_code_and_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.work or self.artist}"

    @property
    def grade(self) -> Grade:
        return GRADES[ProofKind(self.kind)] if self.state == ProofState.ACCEPTED else Grade.SELF_CLAIMED


class QuarantineReason(models.TextChoices):
    PUBLIC_DOMAIN = "public_domain", _("It may be in the public domain")
    MASS_DUPLICATE = "mass_duplicate", _("The registry holds many copies of it")
    CONFLICT = "conflict", _("Another artist registered it first, and that was not answered")


class Quarantine(models.Model):
    """A doubt about a registered work: until it is lifted, a match with the work holds nothing."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="quarantines")
    reason = models.CharField(max_length=24, choices=QuarantineReason.choices)
    data = models.JSONField(default=dict, blank=True)
    since = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    lifted_because = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["work", "reason"], name="one_quarantine_a_reason"),
            models.CheckConstraint(
                condition=Q(reason__in=QuarantineReason.values), name="quarantine_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | (Q(lifted_by__isnull=False) & ~Q(lifted_because="")),
                name="lifted_by_somebody_who_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work}: {self.get_reason_display()}"
