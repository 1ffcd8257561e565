"""What a contest's rules can say: every question with its possible answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class AILevel(StrEnum):
    """How far generative AI made the work, in the entrant's words."""

    NONE = "none"
    ASSISTIVE = "assistive"  # ideas, references, denoising: nothing generated is visible in the work
    EDITED = "edited"  # a part of the picture was generated
    GENERATED = "generated"


class Action(StrEnum):
    """Where what was stated would bring an entry."""

    HUMAN = "human"  # hang in the human category
    AI = "ai"  # hang in the AI category
    APART = "apart"  # hang in the AI category, under a label
    PERSON = "person"  # a person decides
    REJECT = "reject"


class OnFlag(StrEnum):
    """What a flag of a lane does. All but a note hold the entry for a person."""

    HOLD = "hold"  # a person looks, and is proposed what the evidence itself speaks for
    PROPOSE_AI = "propose ai"  # a person looks, and is asked to consider the AI category
    PROPOSE_REJECT = "propose reject"  # a person looks, and is asked to consider a rejection
    NOTE = "note"  # the reviewer is told, nothing changes


class Permission(StrEnum):
    """Whether the desk may do something before a person has looked."""

    ALLOWED = "allowed"
    NEVER = "never"


Choice = Action | OnFlag | Permission


@dataclass(frozen=True)
class Question:
    """One line of a rules document: where it stands, and what may stand there."""

    section: str
    key: str
    allowed: tuple[Choice, ...]

    @property
    def path(self) -> str:
        return f"{self.section}.{self.key}"


_BREACH: Final = (Action.APART, Action.PERSON, Action.REJECT)
_MAY: Final = (Permission.ALLOWED, Permission.NEVER)

# Every choice, by the name of the field that carries it. Where rejection is missing, no contest can ask for
# it: neither style nor signs of generation reject, or even propose it; a contradiction and a verified copy
# are never a mere note.
QUESTIONS: Final[Mapping[str, Question]] = {
    "assistive": Question("levels", "assistive", (Action.HUMAN, Action.AI, Action.PERSON)),
    "edited": Question("levels", "edited", (Action.AI, Action.PERSON, Action.REJECT)),
    "generated": Question("levels", "generated", (Action.AI, Action.PERSON, Action.REJECT)),
    "licensed_data": Question("data", "licensed_or_consented", (Action.AI, Action.PERSON, Action.REJECT)),
    "mixed_data": Question("data", "mixed", _BREACH),
    "undisclosed_data": Question("data", "undisclosed", _BREACH),
    "unknown_data": Question("data", "unknown", _BREACH),
    "unpermitted_data": Question("data", "scraped_without_permission", _BREACH),
    "statement_doubt": Question(
        "lanes", "statement", (OnFlag.HOLD, OnFlag.PROPOSE_AI, OnFlag.PROPOSE_REJECT)
    ),
    "statement_grave": Question(
        "lanes", "statement_grave", (OnFlag.HOLD, OnFlag.PROPOSE_AI, OnFlag.PROPOSE_REJECT)
    ),
    "provenance_flag": Question("lanes", "provenance", (OnFlag.HOLD, OnFlag.PROPOSE_AI, OnFlag.NOTE)),
    "verified_copy": Question("lanes", "copy", (OnFlag.HOLD, OnFlag.PROPOSE_REJECT)),
    "file_flag": Question("lanes", "file", (OnFlag.HOLD, OnFlag.PROPOSE_REJECT, OnFlag.NOTE)),
    "synthetic_signs": Question("lanes", "synthetic", (OnFlag.HOLD, OnFlag.PROPOSE_AI, OnFlag.NOTE)),
    "style_likeness": Question("lanes", "style", (OnFlag.NOTE,)),
    "hang_human": Question("automatic", "hang_in_human", _MAY),
    "hang_ai": Question("automatic", "hang_in_ai", _MAY),
    "reject_breach": Question("automatic", "reject_for_statement", _MAY),
    "reject_copy": Question("automatic", "reject_for_copy", _MAY),
}
CHOICES: Final[Mapping[str, tuple[Choice, ...]]] = {
    name: question.allowed for name, question in QUESTIONS.items()
}

SECTIONS: Final[Mapping[str, str]] = {
    "levels": "Where a work belongs, by how far AI made it. Without AI: always human.",
    "data": "What the AI category takes, by the rights in the training data. Public domain: always.",
    "lanes": "What a flag does. A check that could not look always waits for a person.",
    "automatic": "What the desk may do before a person has looked.",
    "held_of_1000": "Of 1,000 human works of a kind, how many signs of generation may hold.",
    "clocks": "Days.",
}

HELD_OF_1000: Final = 10
MOST_HELD_OF_1000: Final = 100
MOST_DAYS: Final = 365

# The kinds of work that have a budget: those of ``submissions.models.Medium``, held equal by a test.
MEDIA: Final = ("photograph", "digital_painting", "line_art", "pixel_art", "render_3d", "traditional_scan")
