"""One version of a contest's rules, and how it is stored.

What a document leaves out is as in the preset "human and AI apart". What it says beyond the schema is
refused: a misspelt rule must not be a rule that silently does nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final

from submissions.rules.choices import (
    HELD_OF_1000,
    MEDIA,
    MOST_DAYS,
    MOST_HELD_OF_1000,
    QUESTIONS,
    SECTIONS,
    Action,
    OnFlag,
    Permission,
)
from submissions.rules.first_format import is_of_first_format, upgraded
from submissions.rules.problems import InvalidRules, Problem, Wrong

FORMAT: Final = 2


@dataclass(frozen=True)
class Clocks:
    """Days that people have."""

    review: int = 7  # to decide a case that waits for a person
    appeal: int = 30  # for an entrant to appeal
    appeal_decision: int = 10  # to decide an appeal
    claim: int = 30  # for an artist to claim a work that hangs
    answer: int = 7  # for the entrant to answer a claim
    claim_decision: int = 10  # to decide a claim


CLOCKS: Final = tuple(one.name for one in fields(Clocks))


@dataclass(frozen=True)
class Rules:
    """One version of a contest's rules. The defaults are the preset "human and AI apart"."""

    assistive: Action = Action.HUMAN
    edited: Action = Action.AI
    generated: Action = Action.AI
    licensed_data: Action = Action.AI
    mixed_data: Action = Action.PERSON
    undisclosed_data: Action = Action.PERSON
    unknown_data: Action = Action.PERSON
    unpermitted_data: Action = Action.REJECT
    statement_doubt: OnFlag = OnFlag.HOLD
    statement_grave: OnFlag = OnFlag.HOLD
    provenance_flag: OnFlag = OnFlag.HOLD
    verified_copy: OnFlag = OnFlag.HOLD
    file_flag: OnFlag = OnFlag.HOLD
    synthetic_signs: OnFlag = OnFlag.PROPOSE_AI
    style_likeness: OnFlag = OnFlag.NOTE
    hang_human: Permission = Permission.ALLOWED
    hang_ai: Permission = Permission.ALLOWED
    reject_breach: Permission = Permission.ALLOWED
    reject_copy: Permission = Permission.NEVER
    held_of_1000: tuple[tuple[str, int], ...] = ()
    """Of 1,000 human works of a medium, how many signs of generation may hold; ascending by medium. Media
    that are not named have ``HELD_OF_1000``; with 0, signs hold nothing."""
    clocks: Clocks = field(default_factory=Clocks)

    def __post_init__(self) -> None:
        if problems := [*self._wrong_choices(), *self._wrong_numbers()]:
            raise InvalidRules(problems)

    def _wrong_choices(self) -> Iterator[Problem]:
        for name, question in QUESTIONS.items():
            given = getattr(self, name)
            if given not in question.allowed:
                yield Problem(Wrong.CHOICE, question.path, str(given), question.allowed)

    def _wrong_numbers(self) -> Iterator[Problem]:
        for medium, held in self.held_of_1000:
            if medium not in MEDIA:
                yield Problem(Wrong.UNKNOWN, f"held_of_1000.{medium}")
            elif not _is_whole(held, 0, MOST_HELD_OF_1000):
                bounds = ("0", str(MOST_HELD_OF_1000))
                yield Problem(Wrong.NUMBER, f"held_of_1000.{medium}", str(held), bounds)
        for name in CLOCKS:
            days = getattr(self.clocks, name)
            if not _is_whole(days, 1, MOST_DAYS):
                yield Problem(Wrong.NUMBER, f"clocks.{name}", str(days), ("1", str(MOST_DAYS)))

    def budget(self, medium: str) -> int:
        """Of 1,000 human works of ``medium``, how many signs of generation may hold."""
        return dict(self.held_of_1000).get(medium, HELD_OF_1000)

    def with_budgets(self, held: Mapping[str, int]) -> "Rules":
        """The same rules with other budgets; those at ``HELD_OF_1000`` need no line."""
        kept = {medium: number for medium, number in held.items() if number != HELD_OF_1000}
        return replace(self, held_of_1000=tuple(sorted(kept.items())))

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Rules":
        """The rules of a stored document, of this format or of the first one."""
        if is_of_first_format(document):
            document = upgraded(document)
        if problems := list(_problems(document)):
            raise InvalidRules(problems)
        answers: dict[str, Any] = {
            name: next(one for one in question.allowed if one == document[question.section][question.key])
            for name, question in QUESTIONS.items()
            if question.key in document.get(question.section, {})
        }
        rules = cls(**answers, clocks=Clocks(**document.get("clocks", {})))
        return rules.with_budgets(document.get("held_of_1000", {}))

    def as_json(self) -> dict[str, Any]:
        """The whole document, nothing left out, so that a later default changes no version of before."""
        document: dict[str, Any] = {"format": FORMAT} | {section: {} for section in SECTIONS}
        for name, question in QUESTIONS.items():
            document[question.section][question.key] = str(getattr(self, name))
        document["held_of_1000"] = {medium: self.budget(medium) for medium in MEDIA}
        document["clocks"] = asdict(self.clocks)
        return document

    @property
    def has_ai_category(self) -> bool:
        """Whether anything stated as made with AI can hang, and not only be refused."""
        return Action.AI in (self.assistive, self.edited, self.generated)


_BY_PATH: Final = {question.path: question for question in QUESTIONS.values()}
_NUMBERS: Final = {"held_of_1000": (MEDIA, 0, MOST_HELD_OF_1000), "clocks": (CLOCKS, 1, MOST_DAYS)}


def _problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    if (given := document.get("format", FORMAT)) != FORMAT:
        yield Problem(Wrong.FORMAT, "format", str(given))
        return
    for section, lines in document.items():
        if section == "format":
            continue
        if section not in SECTIONS:
            yield Problem(Wrong.UNKNOWN, section)
        elif not isinstance(lines, Mapping):
            yield Problem(Wrong.NO_SECTION, section)
        else:
            for key, value in lines.items():
                yield from _wrong_line(section, key, value)


def _wrong_line(section: str, key: str, value: object) -> Iterator[Problem]:
    path = f"{section}.{key}"
    if section in _NUMBERS:
        known, least, most = _NUMBERS[section]
        if key not in known:
            yield Problem(Wrong.UNKNOWN, path)
        elif not _is_whole(value, least, most):
            yield Problem(Wrong.NUMBER, path, str(value), (str(least), str(most)))
    elif path not in _BY_PATH:
        yield Problem(Wrong.UNKNOWN, path)
    elif value not in (allowed := tuple(map(str, _BY_PATH[path].allowed))):
        yield Problem(Wrong.CHOICE, path, str(value), allowed)


def _is_whole(value: object, least: int, most: int) -> bool:
    """Whether ``value`` is a whole number in bounds; a truth value is none."""
    return type(value) is int and least <= value <= most
