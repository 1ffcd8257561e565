"""What entrants hand in."""

import uuid
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.models.contests import Category, Contest
from submissions.states import State

if TYPE_CHECKING:
    from submissions.models.statements import Disclosure


class Entry(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="entries")
    entrant = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="entries")
    title = models.CharField(_("title"), max_length=200)
    statement = models.TextField(_("statement"), blank=True, max_length=5000)
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    shown_apart = models.BooleanField(
        default=False
    )  # in the AI category, under the label "without permission"
    created = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["contest", "state"]), models.Index(fields=["entrant", "-created"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="entry_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.HUNG, category__isnull=False)
                | (~Q(state=State.HUNG) & Q(category=None)),
                name="entry_hangs_in_a_category_or_nowhere",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.WITHDRAWN]) | Q(submitted_at__isnull=False),
                name="entry_past_draft_was_submitted",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def disclosure(self) -> "Disclosure | None":
        """What the entrant states now: the latest version."""
        return self.disclosures.order_by("-version").first()

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT


def original_path(artwork: "Artwork", _name: str) -> str:
    """Where the untouched bytes lie: neither the person's file name nor its ending goes into a path."""
    return f"originals/{artwork.entry.public_id}/{artwork.public_id}"


def picture_path(artwork: "Artwork", name: str) -> str:
    return f"pictures/{artwork.entry.public_id}/{artwork.public_id}/{name}"


class CredentialLabel(models.TextChoices):
    """The one neutral word that a picture's Content Credentials may give it on a public page."""

    AI_GENERATED = "ai_generated", _("AI-generated")
    AI_EDITED = "ai_edited", _("AI-edited")
    CAPTURED = "captured", _("Camera-captured")


# Whoever writes a hash, it is numbered in the transaction that writes it. The lock is held until the commit,
# so that whoever has seen one number has seen all lower ones.
NOTE_HASH = """
if (tg_op = 'INSERT' and new.pdq is null) or (tg_op = 'UPDATE' and new.pdq is not distinct from old.pdq)
    or (tg_op = 'DELETE' and old.pdq is null) then
    return null;
end if;
perform pg_advisory_xact_lock(20263);
insert into submissions_hashchange (artwork, at)
    values (case when tg_op = 'DELETE' then old.id else new.id end, now());
return null;
"""


class Artwork(models.Model):
    """A file of an entry. ``original`` keeps the bytes as they came; the rest is derived from them."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="artworks")
    position = models.PositiveSmallIntegerField(default=0)
    original = models.FileField(upload_to=original_path)
    original_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    media_type = models.CharField(max_length=40)
    uploaded = models.DateTimeField(auto_now_add=True)

    # Written by the worker once it has decoded the file; empty until then, or where it could not.
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    display = models.FileField(upload_to=picture_path, blank=True)
    thumbnail = models.FileField(upload_to=picture_path, blank=True)
    pdq = models.BinaryField(null=True, blank=True)  # PDQ of the upright picture, 32 bytes
    credential_label = models.CharField(max_length=16, blank=True, choices=CredentialLabel.choices)
    # Whether the file itself asks not to be trained on; None until somebody has looked.
    training_opt_out = models.BooleanField(null=True, blank=True)
    # The entrant lends the picture to measure and improve the desk's own detector.
    may_calibrate = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "pk"]
        triggers = [
            pgtrigger.Trigger(
                name="note_hash",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("pdq") | pgtrigger.Delete,  # type: ignore[no-untyped-call]
                func=NOTE_HASH,
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(may_calibrate=False) | Q(training_opt_out=False, training_opt_out__isnull=False),
                name="opted_out_is_never_trained_on",
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry} · {self.position + 1}"


class HashChange(models.Model):
    """An artwork's hash came, changed or went: what an index of entries follows. Written by a trigger."""

    artwork = models.BigIntegerField()  # no foreign key: the artwork may be gone
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"hash of artwork {self.artwork}"


class ProcessRole(models.TextChoices):
    PROCESS = "process", _("How it was made: layers, sketches, a recording, a RAW file")
    REFERENCE = "reference", _("A picture that was used as a reference or given to a generator")
    APPEAL = "appeal", _("Evidence of an appeal")


class ProcessFile(models.Model):
    """Sketches, layers, recordings: how the work came to be. Private to those who judge."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="process_files")
    role = models.CharField(max_length=16, choices=ProcessRole.choices, default=ProcessRole.PROCESS)
    original = models.FileField(upload_to="process/%Y/%m")
    original_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.original_name
