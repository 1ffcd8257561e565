"""What each level of AI use asks of a statement. What it does not ask is no part of what is signed."""

from collections.abc import Mapping
from typing import Any, Final

from submissions.models import Disclosure
from submissions.rules import AILevel

ASKED: Final[Mapping[AILevel, frozenset[str]]] = {
    AILevel.NONE: frozenset(),
    AILevel.ASSISTIVE: frozenset({"purposes", "explanation", "tools"}),
    AILevel.EDITED: frozenset({"parts", "explanation", "prompts", "tools"}),
    AILevel.GENERATED: frozenset({"explanation", "prompts", "tools"}),
}
EMPTY: Final[Mapping[str, Any]] = {"purposes": [], "parts": "", "explanation": "", "prompts": ""}


def asks(level: AILevel, part: str) -> bool:
    return part in ASKED[level]


def fit(disclosure: Disclosure) -> None:
    """Leave out what the chosen level does not ask: the form folded it away. A draft keeps it until then."""
    level = AILevel(disclosure.level)
    folded = {name: empty for name, empty in EMPTY.items() if not asks(level, name)}
    for name, empty in folded.items():
        setattr(disclosure, name, empty)
    disclosure.save(update_fields=list(folded))
    if not asks(level, "tools"):
        disclosure.tools.all().delete()
