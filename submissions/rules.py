"""A contest's rules as data: what is accepted where, and what the desk may do by itself.

Knows no Django. Rules are stored as JSON, one row a version; ``moderation.policy`` applies them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final


class AILevel(StrEnum):
    """How far generative AI made the work, in the entrant's words."""

    NONE = "none"
    ASSISTIVE = "assistive"  # ideas, references, denoising: nothing generated is visible in the work
    EDITED = "edited"  # a part of the picture was generated
    GENERATED = "generated"


class Action(StrEnum):
    """What a rule does with an entry."""

    HUMAN = "human"  # hang in the human category
    AI = "ai"  # hang in the AI category
    APART = "apart"  # hang in the AI category, under a label
    PERSON = "person"  # a person decides
    REJECT = "reject"
    NOTE = "note"  # tell the reviewer, change nothing


class InvalidRules(ValueError):
    """A rules document that cannot be applied; the text says which line and why."""


# What each rule may do. Where rejection is missing, no contest can switch it on: no score rejects.
CHOICES: Mapping[str, tuple[Action, ...]] = {
    "assistive": (Action.HUMAN, Action.AI, Action.PERSON),
    "edited": (Action.AI, Action.PERSON, Action.REJECT),
    "generated": (Action.AI, Action.PERSON, Action.REJECT),
    "unpermitted_data": (Action.REJECT, Action.APART, Action.PERSON),
    "unknown_data": (Action.PERSON, Action.APART, Action.REJECT),
    "verified_copy": (Action.PERSON, Action.REJECT),
    "synthetic_signs": (Action.PERSON, Action.NOTE),
}


HELD_OF_1000: Final = 10
MOST_HELD_OF_1000: Final = 100


@dataclass(frozen=True)
class Rules:
    """One version of a contest's rules. The defaults are the preset "human and AI apart"."""

    assistive: Action = Action.HUMAN
    edited: Action = Action.AI
    generated: Action = Action.AI
    unpermitted_data: Action = Action.REJECT
    unknown_data: Action = Action.PERSON
    verified_copy: Action = Action.PERSON
    synthetic_signs: Action = Action.PERSON
    held_of_1000: tuple[tuple[str, int], ...] = ()
    """Of 1,000 human works of a medium, how many signs of generation may hold; ascending by medium. Media
    that are not named have ``HELD_OF_1000``; with 0, signs hold nothing."""

    def __post_init__(self) -> None:
        for medium, held in self.held_of_1000:
            if type(held) is not int or not 0 <= held <= MOST_HELD_OF_1000:
                raise InvalidRules(
                    f"held_of_1000: {held!r} is not possible for {medium} (0 to {MOST_HELD_OF_1000})"
                )
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                words = ", ".join(allowed)
                raise InvalidRules(f"{name}: {getattr(self, name)!r} is not possible here (one of: {words})")

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Rules":
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(document) - known):
            raise InvalidRules(f"unknown rules: {', '.join(unknown)}")
        held = document.get("held_of_1000", {})
        if not isinstance(held, Mapping):
            raise InvalidRules("held_of_1000: names a number for each medium")
        try:
            actions = {name: Action(document[name]) for name in CHOICES if name in document}
        except ValueError as error:
            raise InvalidRules(str(error)) from error
        return cls(**actions, held_of_1000=tuple(sorted(held.items())))

    def as_json(self) -> dict[str, Any]:
        actions = {name: str(getattr(self, name)) for name in CHOICES}
        return actions | ({"held_of_1000": dict(self.held_of_1000)} if self.held_of_1000 else {})

    def budget(self, medium: str) -> int:
        """Of 1,000 human works of ``medium``, how many signs of generation may hold."""
        return dict(self.held_of_1000).get(medium, HELD_OF_1000)

    def with_budgets(self, held: Mapping[str, int]) -> "Rules":
        """The same rules with other budgets; those at ``HELD_OF_1000`` need no line."""
        kept = {medium: number for medium, number in held.items() if number != HELD_OF_1000}
        return replace(self, held_of_1000=tuple(sorted(kept.items())))

    @property
    def has_ai_category(self) -> bool:
        return {Action.AI, Action.APART} & {
            self.edited,
            self.generated,
            self.assistive,
            self.unpermitted_data,
        } != set()


PRESETS: Mapping[str, Rules] = {
    "apart": Rules(),
    "human_only": Rules(edited=Action.REJECT, generated=Action.REJECT),
    "clean_data_only": Rules(unknown_data=Action.REJECT),
    "open": Rules(unpermitted_data=Action.APART, unknown_data=Action.APART, synthetic_signs=Action.NOTE),
}
