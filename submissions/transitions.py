"""The one way an entry changes state."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from submissions.models import Category, Entry, Move, Notice, NoticeKind
from submissions.states import MOVES, State


class StaleState(Exception):
    """Somebody else moved the entry first."""


@transaction.atomic
def move(
    entry: Entry,
    to: State,
    *,
    because: str,
    category: Category | None = None,
    shown_apart: bool = False,
    quietly: bool = False,
    letter_waits: timedelta = timedelta(0),
) -> Move:
    """Move ``entry`` to ``to`` and write down why, or raise ``StaleState``.

    A letter goes with it, after ``letter_waits``, unless it is made ``quietly``: the entrant knows, nothing
    changes for them, or another letter tells it.
    """
    old = State(entry.state)
    if to not in MOVES[old]:
        raise ValueError(f"no move from {old} to {to}")
    changed = Entry.objects.filter(pk=entry.pk, state=old).update(
        state=to, category=category, shown_apart=shown_apart
    )
    if not changed:
        raise StaleState(entry.pk)
    entry.state, entry.category, entry.shown_apart = to, category, shown_apart
    made = Move.objects.create(entry=entry, old=old, new=to, because=because)
    if to in NoticeKind.values and not quietly:
        Notice.objects.create(
            kind=NoticeKind(to),
            reader=entry.entrant,
            entry=entry,
            move=made,
            not_before=timezone.now() + letter_waits,
        )
    return made
