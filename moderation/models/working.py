"""What those who review do around a case: hold it, talk about it, look before the machine speaks."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation.models.cases import Case, Decision, Ground
from submissions.models import APPEND_ONLY, WORDS, Contest, Entry, User, only_erased


class CaseLock(models.Model):
    """Who works on a case now. It runs out by itself; until then nobody else decides the case."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="lock")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case}, held by {self.holder}"

    @property
    def runs(self) -> bool:
        return self.until > timezone.now()


class PendingDecision(models.Model):
    """What somebody decided about an appeal or a claim, as long as they may take it back.

    How such a case ends is told to several people and is for good. So until ``effective_at`` nothing happens
    and nobody learns of it; then it becomes a ``Decision``, and this row goes.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="pending")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    route = models.CharField(max_length=16, choices=Decision.ROUTES)
    grounds = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    remarks = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    reason = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    effective_at = models.DateTimeField()

    class Meta:
        # When it was said is what counts where the time to decide an appeal runs out.
        triggers = [pgtrigger.Protect(name="not_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.case}: {self.route} from {self.effective_at:%H:%M}"


class NoteKind(models.TextChoices):
    COMMENT = "comment", _("Comment")
    ASIDE = "aside", _("Put aside")
    RESUMED = "resumed", _("Taken up again")
    ESCALATED = "escalated", _("Escalated to the owners")
    ASSIGNED = "assigned", _("Reassigned")
    TAKEN_OVER = "taken_over", _("Taken over")


class CaseNote(models.Model):
    """What somebody did with a case short of deciding it, or said about it. Read by those who review alone.

    It is talk of the desk and no part of the chained record: receipts and heads tell nothing of it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=16, choices=NoteKind.choices, default=NoteKind.COMMENT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="case_notes")
    text = models.TextField(max_length=5000, blank=True)
    # To whom the case was given, or from whom it was taken over.
    other = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    until = models.DateTimeField(null=True, blank=True)  # aside until then
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        triggers = [only_erased({"text": WORDS})]
        constraints = [models.CheckConstraint(condition=Q(kind__in=NoteKind.values), name="note_kind_known")]

    def __str__(self) -> str:
        return f"{self.case}: {self.kind}"


class Mention(models.Model):
    """A note is meant for a colleague. They find it on their first page until they have opened the case."""

    note = models.ForeignKey(CaseNote, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "person"], name="one_mention_a_person")]
        indexes = [models.Index(fields=["person"], condition=Q(seen_at=None), name="mention_unseen")]

    def __str__(self) -> str:
        return f"{self.person}, in {self.note}"


class Guess(models.TextChoices):
    HAND = "hand", _("Made by hand")
    MACHINE = "machine", _("Made by a machine, wholly or in part")
    UNSURE = "unsure", _("I cannot tell")


class Impression(models.Model):
    """What a reviewer took an entry for before the desk showed them the machine's estimate."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="impressions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="impressions")
    guess = models.CharField(max_length=16, choices=Guess.choices)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [APPEND_ONLY]
        constraints = [
            models.UniqueConstraint(fields=["entry", "by"], name="one_first_impression"),
            models.CheckConstraint(condition=Q(guess__in=Guess.values), name="guess_known"),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.guess}"


class CannedReasonQuerySet(models.QuerySet["CannedReason"]):
    def in_use(self) -> "CannedReasonQuerySet":
        return self.filter(retired_at=None)


class CannedReason(models.Model):
    """A text that a contest keeps for decisions of one kind, in both languages.

    ``instead_of`` names a ready text that it stands in for; retired, it hides that text.
    """

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="canned_reasons")
    name = models.CharField(_("name"), max_length=80)
    route = models.CharField(_("for the decision"), max_length=16, choices=Decision.ROUTES)
    ground = models.CharField(
        _("for the ground of a rejection"), max_length=16, choices=Ground.choices, blank=True
    )
    text_en = models.TextField(_("text in English"), max_length=2000)
    text_ko = models.TextField(_("text in Korean"), max_length=2000)
    instead_of = models.CharField(max_length=24, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = CannedReasonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "instead_of"],
                condition=~Q(instead_of=""),
                name="one_text_instead_of_a_ready_one",
            )
        ]

    def __str__(self) -> str:
        return self.name


class DeskView(models.Model):
    """How the desk shows itself to one person. Who has no row sees pictures as they are, and keys work."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_view"
    )
    blur = models.BooleanField(default=False)
    grey = models.BooleanField(default=False)
    keys = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"how the desk looks to {self.person}"


def desk_view(person: User) -> DeskView:
    """That of ``person``, stored or the defaults."""
    found = DeskView.objects.filter(person=person).first()
    return found or DeskView(person=person)
