"""Appeals in words: on the entrant's timeline, in letters, with moments on both clocks."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.models import Appeal, AppealOutcome
from moderation.wording import labels
from submissions import reasons
from submissions.events import Event
from submissions.models import Entry, Notice

ENDS: Mapping[AppealOutcome, Promise] = {
    AppealOutcome.UPHELD: gettext_lazy("Your appeal was decided: the judgement stands."),
    AppealOutcome.PARTLY: gettext_lazy("Your appeal was decided: the judgement was overturned in part."),
    AppealOutcome.OVERTURNED: gettext_lazy("Your appeal was decided: the judgement was overturned."),
    AppealOutcome.LAPSED: gettext_lazy("Nobody decided your appeal in time. It ended as you had asked."),
    AppealOutcome.WITHDRAWN: gettext_lazy("You took your appeal back."),
    AppealOutcome.OVERTAKEN: gettext_lazy(
        "Your appeal ended without a decision, for another judgement came before. You may appeal that one."
    ),
}


def moment(at: datetime, entry: Entry) -> str:
    """``at`` by the clock of the entrant's time zone, and of the contest's where that is another."""
    names = dict.fromkeys((entry.entrant.time_zone, entry.contest.time_zone))
    return " / ".join(
        f"{date_format(at.astimezone(ZoneInfo(name)), 'DATETIME_FORMAT')} ({name})" for name in names
    )


def of(entry: Entry) -> Iterator[Event]:
    """The provider behind the entrant's timeline."""
    for appeal in entry.appeals.select_related("end").order_by("pk"):
        asks = labels.label(labels.ROUTES, appeal.asks)
        yield Event(appeal.at, _("You appealed, and asked for: %(asks)s.") % {"asks": asks})
        if hasattr(appeal, "end"):
            yield Event(appeal.end.at, ENDS[AppealOutcome(appeal.end.outcome)])


def filed(notice: Notice) -> dict[str, Any]:
    """What the letter about an appeal that was filed tells."""
    appeal = Appeal.objects.get(pk=notice.about or 0)
    return {
        "asks": labels.label(labels.ROUTES, appeal.asks),
        "decide_by": moment(appeal.decide_by, notice.entry),
    }


def ended(notice: Notice) -> dict[str, Any]:
    """What the letter about an appeal's end tells: how it ended, and why the entry stands where it stands."""
    appeal = Appeal.objects.select_related("end").get(pk=notice.about or 0)
    return {
        "how": ENDS[AppealOutcome(appeal.end.outcome)],
        "stands": _where(notice.entry),
        "reasons": reasons.of(notice.entry, notice.reader),
        "statement": reasons.statement(notice.entry),
    }


def _where(entry: Entry) -> str:
    if entry.category is None:
        return str(entry.get_state_display())
    return str(entry.category)
