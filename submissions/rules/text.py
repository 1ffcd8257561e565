"""A rules document as people read and write it: TOML, with the line of everything that is wrong."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from submissions.rules.choices import QUESTIONS, SECTIONS
from submissions.rules.problems import InvalidRules, Problem, Wrong
from submissions.rules.value import FORMAT, Rules

MOST_CHARACTERS: Final = 20_000
_COMMENT_AT: Final = 44
_BY_PATH: Final = {question.path: question for question in QUESTIONS.values()}


def parse(text: str) -> Rules:
    """The rules that ``text`` says; raises ``InvalidRules`` with every problem and its line."""
    if len(text) > MOST_CHARACTERS:
        raise InvalidRules([Problem(Wrong.TOO_LONG)])
    text = text.replace("\r\n", "\n")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidRules([_syntax(str(error), text)]) from error
    except RecursionError as error:
        raise InvalidRules([Problem(Wrong.SYNTAX, given="nested too deeply")]) from error
    try:
        return Rules.from_json({"format": FORMAT} | document)
    except InvalidRules as invalid:
        lines = _lines(text)
        found = [replace(one, line=_line_of(one.key, lines)) for one in invalid.problems]
        raise InvalidRules(sorted(found, key=lambda one: one.line or 0)) from invalid


def as_toml(rules: Rules) -> str:
    """The whole document, with what would be possible beside each answer."""
    document = rules.as_json()
    lines = [f"format = {FORMAT}"]
    for section, about in SECTIONS.items():
        lines += ["", f"# {about}", f"[{section}]"]
        lines += [_line(section, key, value) for key, value in document[section].items()]
    return "\n".join(lines) + "\n"


def _line(section: str, key: str, value: str | int) -> str:
    line = f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
    question = _BY_PATH.get(f"{section}.{key}")
    others = [str(one) for one in question.allowed if one != value] if question else []
    return f"{line:<{_COMMENT_AT}}# or: {', '.join(others)}" if others else line


def _syntax(said: str, text: str) -> Problem:
    """Python's words name line and column, or the end of the document."""
    found = re.search(r"\(at line (\d+), column \d+\)", said)
    line = int(found[1]) if found else len(text.splitlines()) or 1
    return Problem(Wrong.SYNTAX, given=re.sub(r" \(at .*\)$", "", said), line=line)


def _lines(text: str) -> dict[str, int]:
    """The line of each section and key, as far as one a line is written."""
    found: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\s*([\w.-]+)\s*\]", line):
            section = header[1]
            found.setdefault(section, number)
        elif pair := re.match(r"""\s*["']?([\w.-]+)["']?\s*=""", line):
            found.setdefault(f"{section}.{pair[1]}" if section else pair[1], number)
    return found


def _line_of(key: str, lines: Mapping[str, int]) -> int | None:
    """Its own line, or that of what it stands in."""
    while key:
        if key in lines:
            return lines[key]
        key = key.rpartition(".")[0]
    return None
