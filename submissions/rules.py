"""A contest's rules as data: what is accepted where, and what the desk may do by itself.

Knows no Django. Rules are stored as JSON, one row a version; ``moderation.policy`` applies them.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any


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

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                words = ", ".join(allowed)
                raise InvalidRules(f"{name}: {getattr(self, name)!r} is not possible here (one of: {words})")

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Rules":
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(document) - known):
            raise InvalidRules(f"unknown rules: {', '.join(unknown)}")
        try:
            return cls(**{name: Action(value) for name, value in document.items()})
        except ValueError as error:
            raise InvalidRules(str(error)) from error

    def as_json(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}

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
