"""Why an entry stands where it stands, in sentences for its entrant.

Those who know the reasons live a floor above; they add a provider when they start, so that imports still run
down only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from submissions.models import Entry, User


@dataclass(frozen=True)
class Statement:
    """What a letter about a judgement tells beside the facts, in the reader's language."""

    rules: Sequence[str]
    """The rules that were applied, the first naming their version."""
    automation: str
    contest: str
    """How the reader can have it looked at again."""


Provider = Callable[[Entry, User], Sequence[str | Promise]]

providers: list[Provider] = []
statements: list[Callable[[Entry], Statement | None]] = []


def of(entry: Entry, reader: User) -> list[str]:
    """Every provider's sentences, in the language that is active."""
    return [str(sentence) for provider in providers for sentence in provider(entry, reader)]


def statement(entry: Entry) -> Statement | None:
    """The rule, the part of machines, and the way to contest it; nothing where nothing was judged."""
    told = (provider(entry) for provider in statements)
    return next((one for one in told if one is not None), None)
