"""A category is closed: its results stand."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation.models.appeals import Appeal
from submissions.models import WORDS, Category, Chained, only_erased

# An open appeal of an entry that hangs in the category, or asks to.
WAIVED = """
if (new.signed = '' or new.reason = '') and exists (
    select 1 from moderation_appeal asked
    join submissions_entry entry on entry.id = asked.entry_id
    join submissions_category closed on closed.id = new.category_id
    where not exists (select 1 from moderation_appealend ended where ended.appeal_id = asked.id)
        and entry.contest_id = closed.contest_id
        and (entry.category_id = closed.id
            or case when asked.asks = 'human' then 'human' else 'ai' end = closed.kind)
) then
    raise exception 'a category with an open appeal is closed by a signed waiver only'
        using errcode = 'check_violation';
end if;
return new;
"""


class CategoryClosing(models.Model):
    """An organizer closed a category; ``signed`` and ``reason`` where appeals were open and were passed over.

    No link of the chain, for links are of entries; each appeal that was passed over is one (``Waiver``).
    """

    category = models.OneToOneField(Category, on_delete=models.PROTECT, related_name="closing")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed = models.CharField(_("signed"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = [
            only_erased({"signed": WORDS, "reason": WORDS}),
            pgtrigger.Trigger(
                name="open_appeals_are_waived",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=WAIVED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}, closed on {self.at:%Y-%m-%d}"


class Waiver(models.Model):
    """A category was closed though this appeal was open. The appeal goes on, and is decided all the same."""

    closing = models.ForeignKey(CategoryClosing, on_delete=models.PROTECT, related_name="waivers")
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="waivers")
    reason = models.TextField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = [
            only_erased({"reason": WORDS}),
            Chained(
                "waiver",
                entry="(select entry_id from moderation_appeal where id = {row}.appeal_id)",
                facts=["closing_id", "appeal_id", "at"],
                erasable={"reason": WORDS},
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["closing", "appeal"], name="an_appeal_is_waived_once_a_closing")
        ]

    def __str__(self) -> str:
        return f"{self.appeal}, passed over by {self.closing}"
