"""Hanging an entry in the category that a verdict or a decision names."""

from moderation.verdicts import Route
from submissions.models import CategoryKind, Entry
from submissions.states import State
from submissions.transitions import move


def hang(entry: Entry, route: Route, *, because: str) -> None:
    """Hang ``entry`` where ``route`` says, in the category its contest has for that."""
    kind = CategoryKind.HUMAN if route == Route.HUMAN else CategoryKind.AI
    category, _ = entry.contest.categories.get_or_create(kind=kind, defaults={"name": str(kind.label)})
    move(entry, State.HUNG, because=because, category=category, shown_apart=route == Route.AI_APART)
