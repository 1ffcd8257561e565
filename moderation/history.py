"""An entry's way so far, in the words of those who judge."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.models import Decision, Verdict
from moderation.wording import labels
from submissions.models import Entry, Move
from submissions.states import State

BECAUSE = re.compile(r"^(verdict|decision) (\d+)$")
# Why an entry moved where neither rules nor a person judged it, as the row says it.
ACTS = {
    "handed in": gettext_lazy("Handed in by the entrant."),
    "withdrawn by the entrant": gettext_lazy("Withdrawn by the entrant."),
    "checked again": gettext_lazy("To be checked again."),
}


@dataclass(frozen=True)
class Step:
    at: datetime
    what: str
    why: str
    reason: str = ""  # a person's own words
    is_exact: bool = True  # whether the hour is told, or the day alone


def steps(entry: Entry) -> list[Step]:
    """Every move of ``entry``, oldest first, with the verdict or the decision behind it."""
    decisions = {one.pk: one for one in Decision.objects.filter(case__entry=entry).select_related("by")}
    verdicts = {
        one.pk: one for one in Verdict.objects.filter(screening__entry=entry).select_related("screening")
    }
    return [_step(move, verdicts, decisions) for move in entry.moves.all()]


def _step(move: Move, verdicts: Mapping[int, Verdict], decisions: Mapping[int, Decision]) -> Step:
    what = str(State(move.new).label)
    kind, number = found.groups() if (found := BECAUSE.match(move.because)) else ("", "0")
    if kind == "decision" and (decision := decisions.get(int(number))):
        route = labels.label(labels.ROUTES, decision.route)
        why = _("%(person)s decided: %(route)s") % {"person": decision.by, "route": route}
        return Step(move.at, what, why, decision.reason)
    if kind == "verdict" and (verdict := verdicts.get(int(number))):
        route = labels.label(labels.ROUTES, verdict.route)
        why = _("The rules concluded from screening %(number)s: %(route)s") % {
            "number": verdict.screening.number,
            "route": route,
        }
        return Step(move.at, what, why)
    return Step(move.at, what, str(ACTS.get(move.because, move.because)))
