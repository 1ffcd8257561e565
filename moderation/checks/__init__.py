"""The checks, cheapest first. A check never decides: it says what it saw; ``policy`` weighs it.

Each module has ``NAME``, ``LANE``, ``VERSION`` and ``run(look) -> list[Finding]``. To add one, copy the nearest,
add it to ``STAGES``, copy its test.
"""

from typing import Protocol

from moderation.checks import duplicate, file, provenance, registry, statement, synthetic, traces
from moderation.checks.look import Look
from moderation.verdicts import Finding, Lane


class Check(Protocol):
    NAME: str
    LANE: Lane
    VERSION: str

    def run(self, look: Look) -> list[Finding]: ...


# Each stage is one task, so that the machines with a GPU need to take only the second.
STAGES: dict[str, tuple[Check, ...]] = {
    "screen": (file, provenance, traces, duplicate),
    "see": (registry, synthetic),
    "conclude": (statement,),
}
CHECKS: tuple[Check, ...] = tuple(check for stage in STAGES.values() for check in stage)
