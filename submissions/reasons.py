"""Why an entry stands where it stands, in sentences for its entrant.

Those who know the reasons live a floor above; they add a provider when they start, so that imports still run
down only.
"""

from collections.abc import Callable, Sequence

from django.utils.functional import Promise

from submissions.models import Entry, User

Provider = Callable[[Entry, User], Sequence[str | Promise]]

providers: list[Provider] = []


def of(entry: Entry, reader: User) -> list[str]:
    """Every provider's sentences, in the language that is active."""
    return [str(sentence) for provider in providers for sentence in provider(entry, reader)]
