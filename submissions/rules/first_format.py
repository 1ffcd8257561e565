"""Rules that were stored before there was a text to read: a flat list of seven answers.

Rows are never edited, so the reader knows both; what an old row said stays what it says.
"""

from collections.abc import Mapping
from typing import Any, Final

from submissions.rules.choices import SECTIONS, Action, OnFlag, Permission

_LEVELS: Final = ("assistive", "edited", "generated")
_DATA: Final[Mapping[str, tuple[str, ...]]] = {
    "unpermitted_data": ("scraped_without_permission",),
    "unknown_data": ("mixed", "undisclosed", "unknown"),
}
_SIGNS: Final[Mapping[str, OnFlag]] = {Action.PERSON: OnFlag.PROPOSE_AI}
_COPY: Final[Mapping[str, tuple[OnFlag, Permission]]] = {
    Action.PERSON: (OnFlag.HOLD, Permission.NEVER),
    Action.REJECT: (OnFlag.PROPOSE_REJECT, Permission.ALLOWED),
}


def is_of_first_format(document: Mapping[str, Any]) -> bool:
    """Whether it has no section but the budgets, which both formats call the same."""
    return not set(document) & ({"format", *SECTIONS} - {"held_of_1000"})


def upgraded(old: Mapping[str, Any]) -> dict[str, Any]:
    """The same rules in today's format; what cannot be read is carried on, so that the schema refuses it."""
    new: dict[str, Any] = {"levels": {}, "data": {}, "lanes": {}, "automatic": {}}
    for key, value in old.items():
        if key in _LEVELS:
            new["levels"][key] = value
        elif key in _DATA:
            new["data"] |= dict.fromkeys(_DATA[key], value)
        elif key == "verified_copy":
            lane, permission = _COPY.get(value, (value, Permission.NEVER))
            new["lanes"]["copy"] = str(lane)
            new["automatic"]["reject_for_copy"] = str(permission)
        elif key == "synthetic_signs":
            new["lanes"]["synthetic"] = str(_SIGNS.get(value, value))
        else:
            new[key] = value
    return new
