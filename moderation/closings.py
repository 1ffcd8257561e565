"""Closing a category: its results stand. What comes to hang later hangs all the same, and says so."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from moderation.models import Appeal, AppealQuerySet, CategoryClosing, Waiver
from moderation.verdicts import Route
from submissions.models import Category, CategoryKind, Contest, Entry, User
from submissions.states import State


class StillOpen(Exception):
    """The contest still takes entries."""


class AlreadyClosed(Exception):
    """The category was closed before; that is not done twice."""


class NeedsWaiver(Exception):
    """Appeals are open that touch the category, and nobody signed that it is closed all the same."""


@dataclass(frozen=True)
class Standing:
    """A category before or after its closing."""

    category: Category
    closing: CategoryClosing | None
    hung: int
    waiting: int
    """Entries of the contest that still wait for a judgement, wherever they may come to hang."""
    appeals: list[Appeal]
    """Open appeals of entries that hang in it, or ask to."""


def of(category: Category) -> CategoryClosing | None:
    return CategoryClosing.objects.filter(category=category).first()


def in_contest(contest: Contest) -> list[CategoryClosing]:
    """Those of ``contest``, the oldest first."""
    found = CategoryClosing.objects.filter(category__contest=contest).select_related("category")
    return list(found.order_by("at", "pk"))


def touching(category: Category) -> AppealQuerySet:
    """Open appeals of entries that hang in ``category``, or ask to. The database asks the same."""
    human = category.kind == CategoryKind.HUMAN
    asked = Q(asks=Route.HUMAN) if human else Q(asks__in=[Route.AI, Route.AI_APART])
    return (
        Appeal.objects.open()
        .filter(entry__contest=category.contest_id)
        .filter(Q(entry__category=category) | asked)
        .order_by("decide_by", "pk")
    )


def standings(contest: Contest) -> list[Standing]:
    waiting = contest.entries.filter(state__in=[State.RECEIVED, State.HELD]).count()
    return [
        Standing(
            category,
            of(category),
            category.entries.filter(state=State.HUNG).count(),
            waiting,
            list(touching(category)),
        )
        for category in contest.categories.order_by("-kind")
    ]


@transaction.atomic
def close(category: Category, *, by: User, signed: str = "", reason: str = "") -> CategoryClosing:
    """Close ``category``; with ``signed`` and ``reason`` also over open appeals, each of which then has a
    waiver on the record, and goes on.

    Raises ``StillOpen``, ``AlreadyClosed`` or ``NeedsWaiver``.
    """
    category = Category.objects.select_for_update(of=("self",)).select_related("contest").get(pk=category.pk)
    if timezone.now() < category.contest.closes_at:
        raise StillOpen(category.pk)
    if of(category):
        raise AlreadyClosed(category.pk)
    appeals = list(touching(category))
    if appeals and not (signed.strip() and reason.strip()):
        raise NeedsWaiver(category.pk)
    if not appeals:
        signed = reason = ""
    closing = CategoryClosing.objects.create(
        category=category, by=by, signed=signed.strip(), reason=reason.strip()
    )
    for appeal in appeals:
        Waiver.objects.create(closing=closing, appeal=appeal, reason=closing.reason)
    return closing


def hung_after(entry: Entry) -> bool:
    """Whether ``entry`` came to hang in its category after that was closed."""
    if entry.state != State.HUNG or entry.category_id is None:
        return False
    closing = CategoryClosing.objects.filter(category=entry.category_id).first()
    return closing is not None and entry.moves.filter(new=State.HUNG, at__gt=closing.at).exists()
