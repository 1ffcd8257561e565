"""An entry's way so far, in the words of those who judge."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.models import Decision, Verdict
from moderation.wording import labels
from submissions.models import Entry, Move
from submissions.states import State

BECAUSE = re.compile(r"^(verdict|decision|appeal) (\d+)$")
OF_CLAIM = re.compile(r"^claim \d+( ended)?$")
# Why an entry moved where neither rules nor a person judged it, as the row says it.
ACTS = {
    "handed in": gettext_lazy("Handed in by the entrant."),
    "withdrawn by the entrant": gettext_lazy("Withdrawn by the entrant."),
    "checked again": gettext_lazy("To be checked again."),
}
TAKEN_BACK = re.compile(r"^undoing \d+$")


@dataclass(frozen=True)
class Step:
    at: datetime
    what: str
    why: str
    reason: str = ""  # a person's own words
    is_exact: bool = True  # whether the hour is told, or the day alone


def steps(entry: Entry, *, names: bool = True) -> list[Step]:
    """Every move and appeal of ``entry``, oldest first, with the verdict or the decision behind it.

    Without ``names`` nobody learns who decided: whoever decides an appeal weighs words, not a colleague.
    """
    decisions = {one.pk: one for one in Decision.objects.filter(case__entry=entry).select_related("by")}
    verdicts = {
        one.pk: one for one in Verdict.objects.filter(screening__entry=entry).select_related("screening")
    }
    moves = [_step(move, verdicts, decisions, names=names) for move in entry.moves.all()]
    return sorted([*moves, *_appeals(entry)], key=lambda step: step.at)


def _step(
    move: Move, verdicts: Mapping[int, Verdict], decisions: Mapping[int, Decision], *, names: bool
) -> Step:
    what = str(State(move.new).label)
    kind, number = found.groups() if (found := BECAUSE.match(move.because)) else ("", "0")
    if kind == "decision" and (decision := decisions.get(int(number))):
        route = labels.label(labels.ROUTES, decision.route)
        person = decision.by if names else _("A person")
        why = _("%(person)s decided: %(route)s") % {"person": person, "route": route}
        return Step(move.at, what, why, decision.reason)
    if kind == "verdict" and (verdict := verdicts.get(int(number))):
        route = labels.label(labels.ROUTES, verdict.route)
        why = _("The rules concluded from screening %(number)s: %(route)s") % {
            "number": verdict.screening.number,
            "route": route,
        }
        return Step(move.at, what, why)
    if kind == "appeal":
        return Step(move.at, what, _("Nobody decided the appeal in time: it ended as the entrant asked."))
    if TAKEN_BACK.match(move.because):
        return Step(move.at, what, _("Whoever had decided took it back, before anybody was told."))
    if found := OF_CLAIM.match(move.because):
        ended = _("A claim ended without a decision, so it hangs again where it hung.")
        return Step(move.at, what, ended if found[1] else _("An artist claims that it uses their work."))
    return Step(move.at, what, str(ACTS.get(move.because, move.because)))


def _appeals(entry: Entry) -> Iterator[Step]:
    for appeal in entry.appeals.select_related("end").order_by("pk"):
        asks = labels.label(labels.ROUTES, appeal.asks)
        why = _("The entrant asks for: %(asks)s") % {"asks": asks}
        yield Step(appeal.at, _("Appealed"), why, appeal.words)
        if hasattr(appeal, "end"):
            yield Step(appeal.end.at, _("The appeal ended"), appeal.end.get_outcome_display())
