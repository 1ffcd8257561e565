"""Filters that a reviewer keeps under a name."""

from collections.abc import Mapping

from django.db import transaction
from django.http import QueryDict

from moderation.filters import CaseFilter
from moderation.models import SavedFilter
from submissions.models import User

MOST_FILTERS = 20
KEPT = ("queue", *CaseFilter.base_filters)


class TooMany(Exception):
    """A person keeps ``MOST_FILTERS`` already."""


def as_query(asked: Mapping[str, str]) -> str:
    """The part of a queue's address that says what is shown: the queue and its filters, not the page."""
    kept = QueryDict(mutable=True)
    for name in KEPT:
        if value := asked.get(name, "").strip():
            kept[name] = value
    return kept.urlencode()


@transaction.atomic
def keep(person: User, *, name: str, asked: Mapping[str, str]) -> SavedFilter:
    """Keep what ``asked`` shows as ``name``, in place of an earlier one of that name; raises ``TooMany``."""
    User.objects.select_for_update().get(pk=person.pk)  # two windows count one after the other
    others = SavedFilter.objects.filter(person=person).exclude(name=name)
    if others.count() >= MOST_FILTERS:
        raise TooMany
    kept, _is_new = SavedFilter.objects.update_or_create(
        person=person, name=name, defaults={"query": as_query(asked)}
    )
    return kept
