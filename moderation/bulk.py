"""Deciding many cases in one way: what it would do to each is shown first, and what forbids it is said.

Nothing here decides by itself: each case goes through ``moderation.decisions`` in a transaction of its own,
so that one that fails takes no other with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation import decisions, impressions, locks, reasons, taking
from moderation.models import Case, CaseLock, Ground, ReviewSettings
from moderation.panel import FILED, MayNotDecide, contests_of
from moderation.queues import shown, workable
from moderation.verdicts import Lane, Route
from moderation.wording import labels
from submissions.models import User

MOST_CASES = 100


@dataclass(frozen=True)
class Wish:
    """What is to be decided about every chosen case."""

    route: Route
    reason: str
    grounds: Sequence[str] = ()


@dataclass(frozen=True)
class Line:
    """A chosen case: why it waits, and either what would become of it or why that cannot be."""

    case: Case
    reasons: list[str]
    outcome: str = ""
    obstacle: str = ""


@dataclass(frozen=True)
class Desk:
    """Who asks, for what, and how the chosen cases stand at this moment."""

    by: User
    wish: Wish | None
    open: frozenset[int]  # cases that wait
    workable: frozenset[int]  # cases that ``by`` may work
    for_two: frozenset[int]  # contests that ask for two people where something is rejected
    veiled: frozenset[int]  # cases of which ``by`` has not said a first impression
    locks: Mapping[int, CaseLock]  # by the case that somebody else works on now

    @property
    def rejects(self) -> bool:
        return self.wish is not None and self.wish.route == Route.REJECT


# What forbids that a case is decided together with others; the first that speaks is said.
Obstacle = Callable[[Case, Desk], str | Promise | None]


def _gone(case: Case, desk: Desk) -> str | None:
    return None if case.pk in desk.open else _("Decided meanwhile, or withdrawn.")


def _own_entry(case: Case, desk: Desk) -> str | None:
    return _("It is about an entry of your own.") if case.entry.entrant_id == desk.by.pk else None


def _one_by_one(case: Case, _desk: Desk) -> str | None:
    return _("Appeals and claims are decided one by one.") if case.kind in FILED else None


def _others_case(case: Case, desk: Desk) -> str | None:
    if case.pk in desk.workable:
        return None
    return _("Others decide it: it was escalated.") if case.escalated_at else _("Others decide it.")


def _held(case: Case, desk: Desk) -> str | None:
    lock = desk.locks.get(case.pk)
    return _("%(person)s works on it now.") % {"person": lock.holder} if lock else None


def _two_needed(case: Case, desk: Desk) -> str | None:
    if desk.rejects and case.contest_id in desk.for_two:
        return _("This contest asks for two people where something is rejected.")
    return None


def _ungrounded(case: Case, desk: Desk) -> str | None:
    """A ground that nothing in the case speaks for is one that the entrant could not understand."""
    if desk.wish is None or not desk.rejects:
        return None
    unfit = [Ground(one).label for one in desk.wish.grounds if not _fits(case, Ground(one))]
    if not unfit:
        return None
    return _("Nothing in the case speaks for: %(grounds)s") % {"grounds": "; ".join(map(str, unfit))}


def _fits(case: Case, ground: Ground) -> bool:
    if ground == Ground.COPY:
        return "copies" in case.topics
    return ground != Ground.STATEMENT or Lane.STATEMENT in case.lanes or "contradictions" in case.topics


OBSTACLES: list[Obstacle] = [_gone, _own_entry, _one_by_one, _others_case, _held, _two_needed, _ungrounded]

# What a verb raises when the case was quicker than the person.
REFUSALS: dict[type[Exception], Promise] = {
    decisions.HeldByAnother: gettext_lazy("Somebody else works on it now."),
    decisions.AlreadyDecided: gettext_lazy("Decided meanwhile, or withdrawn."),
    MayNotDecide: gettext_lazy("Others decide it."),
    IntegrityError: gettext_lazy("The record does not allow that you decide it."),
}


def chosen(by: User, keys: Sequence[int]) -> list[Case]:
    """The cases with ``keys`` in contests that ``by`` organizes; of others nobody learns that they exist."""
    seen = Case.objects.filter(pk__in=keys[:MOST_CASES], contest__in=contests_of(by))
    known = set(seen.values_list("pk", flat=True))
    return shown([key for key in dict.fromkeys(keys[:MOST_CASES]) if key in known])


def plan(by: User, cases: Sequence[Case], wish: Wish | None = None) -> list[Line]:
    """What would become of each of ``cases``; without a ``wish``, which of them can be decided so at all."""
    desk = _desk(by, cases, wish)
    return [_planned(case, desk) for case in cases]


def _desk(by: User, cases: Sequence[Case], wish: Wish | None) -> Desk:
    keys = [case.pk for case in cases]
    asking = ReviewSettings.objects.filter(two_for_rejection=True, contest__cases__in=keys)
    return Desk(
        by,
        wish,
        open=frozenset(Case.objects.open().filter(pk__in=keys).values_list("pk", flat=True)),
        workable=frozenset(workable(by).filter(pk__in=keys).values_list("pk", flat=True)),
        for_two=frozenset(asking.values_list("contest", flat=True)),
        veiled=frozenset(impressions.veiled(cases, by)),
        locks=locks.of_others(keys, by),
    )


def _why(case: Case, desk: Desk) -> list[str]:
    return reasons.in_a_row(case, veiled=case.pk in desk.veiled)


def _planned(case: Case, desk: Desk) -> Line:
    why = _why(case, desk)
    for obstacle in OBSTACLES:
        if said := obstacle(case, desk):
            return Line(case, why, obstacle=str(said))
    return Line(case, why, outcome=labels.label(labels.ROUTES, desk.wish.route) if desk.wish else "")


def decide(by: User, cases: Sequence[Case], wish: Wish) -> list[Line]:
    """Decide each of ``cases`` that nothing forbids now, and tell of each what became of it."""

    def act(case: Case) -> str:
        decisions.answer(case, by=by, route=wish.route, reason=wish.reason, grounds=wish.grounds)
        return _("Decided: %(route)s") % {"route": labels.label(labels.ROUTES, wish.route)}

    # Each is looked at when its turn comes: the others took a while.
    return [_done(line, act) for case in cases for line in plan(by, [case], wish)]


def check_again(by: User, cases: Sequence[Case]) -> list[Line]:
    def act(case: Case) -> str:
        decisions.check_again(case, by=by)
        return _("Goes through all checks once more.")

    return [_done(line, act) for case in cases for line in plan(by, [case])]


def assign(by: User, cases: Sequence[Case], to: User | None) -> list[Line]:
    """Say who works ``cases``: appeals and claims like all others, as long as ``by`` may work them."""

    def act(case: Case) -> str:
        taking.assign(case, to=to, by=by)
        return _("Assigned to you.") if to else _("Assigned to nobody.")

    desk = _desk(by, cases, None)
    lines = [Line(case, _why(case, desk), obstacle=_others_case(case, desk) or "") for case in cases]
    return [_done(line, act) for line in lines]


def _done(line: Line, act: Callable[[Case], str]) -> Line:
    """``line`` after ``act``: what happened, or what spoke against it at the last moment."""
    if line.obstacle:
        return line
    try:
        return Line(line.case, line.reasons, outcome=act(line.case))
    except tuple(REFUSALS) as error:
        said = next(words for kind, words in REFUSALS.items() if isinstance(error, kind))
        return Line(line.case, line.reasons, obstacle=str(said))
