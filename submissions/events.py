"""What happened to an entry, for its entrant: its moves, and what else those who judge wrote down.

Those who know of more live a floor above; they add a provider when they start.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from submissions import wording
from submissions.models import Entry


@dataclass(frozen=True)
class Event:
    at: datetime
    sentence: str | Promise


Provider = Callable[[Entry], Iterable[Event]]

providers: list[Provider] = []


def of(entry: Entry) -> list[Event]:
    """Everything, the oldest first."""
    found = [
        Event(move.at, wording.move_sentence(move.old, move.new, move.because)) for move in entry.moves.all()
    ]
    for provider in providers:
        found += provider(entry)
    return sorted(found, key=lambda event: event.at)
