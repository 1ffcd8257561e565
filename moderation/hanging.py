"""Where an entry stands in the words of verdicts and decisions, and bringing it there."""

from datetime import datetime, timedelta

from django.db.models import Q

from moderation.models import AppealEnd, AppealOutcome, Case, CaseKind, Claim, Decision, Verdict
from moderation.verdicts import Route
from submissions.models import CategoryKind, Entry, Move
from submissions.states import State
from submissions.transitions import move


def standing(entry: Entry) -> Route | None:
    """Where a judgement has brought ``entry``; None while it waits for one, or where it left."""
    if entry.state == State.REJECTED:
        return Route.REJECT
    if entry.state != State.HUNG or entry.category is None:
        return None
    if entry.category.kind == CategoryKind.HUMAN:
        return Route.HUMAN
    return Route.AI_APART if entry.shown_apart else Route.AI


def hang(
    entry: Entry,
    route: Route,
    *,
    because: str,
    quietly: bool = False,
    letter_waits: timedelta = timedelta(0),
) -> Move | None:
    """Hang ``entry`` where ``route`` says, in the category its contest has for that.

    While a claim holds it, or a first question is open, it waits instead: ``release`` hangs it later, where
    the newest judgement says.
    """
    if entry.state != State.HUNG and _must_wait(entry):
        if entry.state == State.HELD:
            return None
        return move(entry, State.HELD, because=because, quietly=True)
    kind = CategoryKind.HUMAN if route == Route.HUMAN else CategoryKind.AI
    category, _ = entry.contest.categories.get_or_create(kind=kind, defaults={"name": str(kind.label)})
    return move(
        entry,
        State.HUNG,
        because=because,
        category=category,
        shown_apart=route == Route.AI_APART,
        quietly=quietly,
        letter_waits=letter_waits,
    )


def _must_wait(entry: Entry) -> bool:
    holding = Q(kind=CaseKind.REVIEW) | Q(kind=CaseKind.CLAIM, claim__holds=True)
    return Case.objects.open().filter(holding, entry=entry).exists()


def resting(entry: Entry) -> Route | None:
    """Where ``entry`` hangs when nothing holds it: what was said last, by a verdict, a person, an appeal that
    nobody decided in time, or the wall itself when a claim was filed. None where nothing ever let it hang."""
    on_wall = [Route.HUMAN, Route.AI, Route.AI_APART]
    decided = Decision.objects.standing().filter(case__entry=entry, route__in=on_wall)
    concluded = Verdict.objects.filter(
        screening__entry=entry, screening__abandoned_at=None, route__in=on_wall
    )
    lapsed = AppealEnd.objects.filter(appeal__entry=entry, outcome=AppealOutcome.LAPSED)
    said: list[tuple[datetime, str]] = [
        *decided.order_by("-at").values_list("at", "route")[:1],
        *concluded.order_by("-at").values_list("at", "route")[:1],
        *Claim.objects.filter(entry=entry).order_by("-at").values_list("at", "stood")[:1],
        *lapsed.order_by("-at").values_list("at", "appeal__asks")[:1],
    ]
    return Route(max(said)[1]) if said else None


def judged(entry: Entry) -> Route | None:
    """Where the judgement in force on ``entry`` puts it: where it stands, or, while nothing but a claim holds
    it, where it would hang. None while it waits for a judgement, or where it left."""
    here = standing(entry)
    if here is not None or entry.state != State.HELD or not Claim.objects.holding(entry).exists():
        return here
    reviewed = Case.objects.open().filter(entry=entry, kind=CaseKind.REVIEW)
    return None if reviewed.exists() else resting(entry)


def release(entry: Entry, *, because: str) -> Move | None:
    """Hang ``entry`` again where it hung, deadline or not, unless something else still holds it."""
    rows = Entry.objects.select_for_update(of=("self",)).select_related("contest", "category")
    locked = rows.get(pk=entry.pk)
    route = resting(locked)
    others = Case.objects.open().filter(entry=locked).exclude(kind=CaseKind.CLAIM)
    if locked.state != State.HELD or route is None or others.exists():
        return None
    return hang(locked, route, because=because, quietly=True)


def bring(
    entry: Entry,
    route: Route,
    *,
    because: str,
    quietly: bool = False,
    letter_waits: timedelta = timedelta(0),
) -> Move | None:
    """Hang or reject ``entry`` as ``route`` says; nothing moves where it stands there already."""
    if standing(entry) == route:
        return None
    if route == Route.REJECT:
        return move(entry, State.REJECTED, because=because, quietly=quietly, letter_waits=letter_waits)
    return hang(entry, route, because=because, quietly=quietly, letter_waits=letter_waits)
