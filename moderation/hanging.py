"""Where an entry stands in the words of verdicts and decisions, and bringing it there."""

from datetime import timedelta

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
) -> Move:
    """Hang ``entry`` where ``route`` says, in the category its contest has for that."""
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
