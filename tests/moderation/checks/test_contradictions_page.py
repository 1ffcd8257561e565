"""The page that lists the rules says what the registry holds."""

import re
from pathlib import Path

from moderation.checks.statement import RULES

PAGE = Path(__file__).parents[3] / "docs" / "contradictions.md"
ROW = re.compile(r"^\| `(\w+)` \| `(\w+)` \| `?(\w*)`? \| (.+?) \| (.+?) \|$", re.MULTILINE)


def test_the_page_lists_every_rule_as_it_is() -> None:
    listed = {
        name: (severity, speaks_for) for name, severity, speaks_for, *_ in ROW.findall(PAGE.read_text())
    }

    assert listed == {rule.name: (rule.severity, rule.speaks_for or "") for rule in RULES.values()}


def test_every_rule_is_listed_with_when_and_with_an_innocent_explanation() -> None:
    rows = ROW.findall(PAGE.read_text())

    assert all(when.strip() and innocent.strip() for *_, when, innocent in rows)
