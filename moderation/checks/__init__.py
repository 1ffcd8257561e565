"""The checks. A check never decides: it says what it saw; ``policy`` weighs it.

Each module has ``NAME``, ``LANE``, ``VERSION`` and ``run(look) -> list[Finding]``. To add one, copy the
nearest, add it to ``CHECKS`` and to a stage in ``moderation.stages``, copy its test.
"""

from typing import Protocol

from moderation.checks import duplicate, file, provenance, registry, statement, style, synthetic, traces
from moderation.checks.look import Look
from moderation.verdicts import Finding, Lane

__all__ = ["CHECKS", "Check", "Look"]


class Check(Protocol):
    NAME: str
    LANE: Lane
    VERSION: str

    def run(self, look: Look) -> list[Finding]: ...


_ALL: tuple[Check, ...] = (file, provenance, traces, duplicate, registry, style, synthetic, statement)
CHECKS: dict[str, Check] = {check.NAME: check for check in _ALL}
