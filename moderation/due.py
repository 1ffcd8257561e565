"""How soon something is due: each queue tells it by a rule of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.models import Case


class Due(StrEnum):
    OVERDUE = "overdue"
    SOON = "soon"
    IN_TIME = "in_time"


BY_DATE: Mapping[Due, Promise] = {
    Due.OVERDUE: _("Was due"),
    Due.SOON: _("Due soon:"),
    Due.IN_TIME: _("Due"),
}
IN_FAVOUR: Mapping[Due, Promise] = {
    Due.OVERDUE: _("Ran out in the entrant's favour"),
    Due.SOON: _("Runs out soon:"),
    Due.IN_TIME: _("Runs out"),
}
BACK: Mapping[Due, Promise] = dict.fromkeys(Due, _("Comes back"))


@dataclass(frozen=True)
class DueRule:
    """Which of a case's dates counts, and how long before it "soon" begins."""

    soon: timedelta
    words: Mapping[Due, Promise]
    column: str = "due_at"

    def at(self, case: Case) -> datetime:
        moment: datetime = getattr(case, self.column) or case.due_at
        return moment

    def state(self, case: Case, now: datetime) -> Due:
        if self.at(case) < now:
            return Due.OVERDUE
        return Due.SOON if self.at(case) - now <= self.soon else Due.IN_TIME


REVIEWED = DueRule(timedelta(days=1), BY_DATE)
ANSWERED = DueRule(timedelta(days=3), IN_FAVOUR)
PUT_ASIDE = DueRule(timedelta(0), BACK, column="on_hold_until")
