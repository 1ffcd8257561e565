"""A contest's rules as data: what is accepted where, and what the desk may do by itself.

Knows no Django. A version of the rules is a small document in TOML, checked against a schema and stored as
JSON, one row a version; ``moderation.policy`` applies it. ``docs/policy.md`` explains the document.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from submissions.rules.choices import (
    CHOICES,
    HELD_OF_1000,
    MEDIA,
    MOST_DAYS,
    MOST_HELD_OF_1000,
    QUESTIONS,
    SECTIONS,
    Action,
    AILevel,
    Choice,
    OnFlag,
    Permission,
    Question,
)
from submissions.rules.problems import InvalidRules, Problem, Wrong
from submissions.rules.text import MOST_CHARACTERS, as_toml, parse
from submissions.rules.value import CLOCKS, FORMAT, Clocks, Rules

__all__ = [
    "CHOICES",
    "CLOCKS",
    "FORMAT",
    "HELD_OF_1000",
    "MEDIA",
    "MOST_CHARACTERS",
    "MOST_DAYS",
    "MOST_HELD_OF_1000",
    "PRESETS",
    "PRESET_TEXTS",
    "QUESTIONS",
    "SECTIONS",
    "AILevel",
    "Action",
    "Choice",
    "Clocks",
    "InvalidRules",
    "OnFlag",
    "Permission",
    "Problem",
    "Question",
    "Rules",
    "Wrong",
    "as_toml",
    "parse",
]

_PRESETS: Final = ("apart", "human_only", "clean_data_only", "open")
_FOLDER: Final = Path(__file__).parent / "presets"

PRESET_TEXTS: Final[Mapping[str, str]] = {
    name: (_FOLDER / f"{name}.toml").read_text(encoding="utf-8") for name in _PRESETS
}
PRESETS: Final[Mapping[str, Rules]] = {name: parse(text) for name, text in PRESET_TEXTS.items()}
