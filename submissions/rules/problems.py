"""What is wrong with a rules document, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Wrong(StrEnum):
    """What can be wrong with a rules document."""

    SYNTAX = "syntax"  # it is no TOML
    TOO_LONG = "too long"
    FORMAT = "format"  # of a later format than this desk reads
    UNKNOWN = "unknown"  # no such section or key
    NO_SECTION = "no section"  # a section that holds a value
    CHOICE = "choice"  # none of the possible answers
    NUMBER = "number"  # no whole number, or out of bounds


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, by the key that it is about, and the line where the text is known."""

    wrong: Wrong
    key: str = ""
    given: str = ""
    allowed: tuple[str, ...] = ()
    line: int | None = None

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        about = f"{self.key}: " if self.key else ""
        said = {
            Wrong.SYNTAX: f"this is not TOML ({self.given})",
            Wrong.TOO_LONG: "the document is too long",
            Wrong.FORMAT: f"format {self.given} is not known here",
            Wrong.UNKNOWN: "there is no such rule",
            Wrong.NO_SECTION: "this is a section, not a value",
            Wrong.CHOICE: f"{self.given!r} is not possible here (one of: {', '.join(self.allowed)})",
            Wrong.NUMBER: f"{self.given} is not possible here ({' to '.join(self.allowed)})",
        }[self.wrong]
        return where + about + said


class InvalidRules(ValueError):
    """A rules document that cannot be applied; every problem says where, and what would be possible."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))
