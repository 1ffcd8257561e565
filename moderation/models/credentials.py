"""Whom an organization trusts to sign, who may be named, and the copies it has signed itself."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.models import APPEND_ONLY, Artwork, CategoryKind, Entry, Organization


class TrustedAuthority(models.Model):
    """A list of certificates under which an organization recognises signers, an art school's own say.

    One that is taken off keeps its row: findings name the version that they were made with.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="trusted_authorities"
    )
    name = models.CharField(_("name"), max_length=120)
    pem = models.TextField()
    certificates = models.PositiveSmallIntegerField()
    expires_at = models.DateTimeField()  # of the certificate that ends first
    version = models.CharField(max_length=16)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name_plural = "trusted authorities"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "version"],
                condition=Q(removed_at=None),
                name="an_authority_is_trusted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.organization})"


class NameConsent(models.Model):
    """Whether an entrant wants to be named in signed copies of an entry. The newest row speaks."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="name_consents")
    name = models.CharField(max_length=120, blank=True)  # as it is to be written; empty: no name
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.entry}: {self.name or 'unnamed'}"


def signed_path(copy: "SignedCopy", _name: str) -> str:
    return f"signed/{copy.artwork.entry.public_id}/{copy.public_id}"


class SignedCopyQuerySet(models.QuerySet["SignedCopy"]):
    def waiting(self) -> "SignedCopyQuerySet":
        return self.filter(finished_at=None)

    def ready(self) -> "SignedCopyQuerySet":
        return self.exclude(file="")


class SignedCopy(models.Model):
    """A copy of a hung picture, signed with where it hung. The original stays as it came."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    artwork = models.ForeignKey(Artwork, on_delete=models.PROTECT, related_name="signed_copies")
    category = models.CharField(max_length=8, choices=CategoryKind.choices)
    name = models.CharField(max_length=120, blank=True)  # of the entrant, as it stands in the copy
    certificate = models.CharField(max_length=64)  # SHA-256 of the signer's, in hex
    signer_name = models.CharField(max_length=200, blank=True)
    is_demonstration = models.BooleanField(default=False)  # no real certificate was configured
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True)  # a word of ``copies.Problem``
    file = models.FileField(upload_to=signed_path, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True)

    objects = SignedCopyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "signed copies"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["artwork"], condition=Q(finished_at=None), name="one_copy_is_signed_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | ~Q(file="") | ~Q(problem=""),
                name="finished_copy_is_there_or_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"signed copy of {self.artwork}"
