"""What a code is called and how it is said, to the entrant and to a reviewer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    Text = _StrOrPromise  # what forms and models take
else:
    Text = str | Promise

Sentences = tuple[Text, ...]


@dataclass(frozen=True)
class Words:
    """One code.

    Each audience has one or more sentences, the most exact first; the first whose parameters are all known is
    said. The last has no parameters, so that there is always something to say. The entrant's sentences never
    name thresholds, other entrants, or anything of an artist but the public reference of a work.
    """

    title: Text
    entrant: Sentences
    reviewer: Sentences

    def to_entrant(self, facts: Mapping[str, str]) -> str:
        return _first_sayable(self.entrant, facts)

    def to_reviewer(self, facts: Mapping[str, str]) -> str:
        return _first_sayable(self.reviewer, facts)


def _first_sayable(sentences: Sentences, facts: Mapping[str, str]) -> str:
    for sentence in sentences[:-1]:
        try:
            return str(sentence) % facts
        except KeyError:
            continue
    return str(sentences[-1])
