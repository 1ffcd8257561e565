"""Second opinions: detectors that others wrote, each a finding of its own.

A package offers one by an entry point of the group ``vernissage.second_opinions`` that names an object with
``name``, ``version`` and ``judge`` (see ``SecondOpinion``). What it says is shown beside the estimate and
never averaged with it; it holds no work, because nobody knows how often it accuses human works here.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Final, Protocol

from matching.engine.images import Pixels

GROUP: Final = "vernissage.second_opinions"


class SecondOpinion(Protocol):
    """What a plug-in is."""

    name: str
    version: str

    def judge(self, pixels: Pixels) -> float:
        """The probability in [0, 1] that the picture, ``[height, width, 3]`` uint8 sRGB, was generated."""


@dataclass(frozen=True)
class Opinion:
    """What a plug-in said, or why it said nothing."""

    by: str
    version: str
    score: float | None
    problem: str = ""


def ask(pixels: Pixels) -> Iterator[Opinion]:
    """The opinion of every installed plug-in, by name. One that fails says so; it stops nobody."""
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            plugin: SecondOpinion = point.load()
            score = float(plugin.judge(pixels))
        except Exception as error:
            yield Opinion(point.name, "", None, f"{type(error).__name__}: {error}")
            continue
        said = math.isfinite(score) and 0 <= score <= 1
        problem = "" if said else "its score lies outside 0 to 1"
        yield Opinion(str(plugin.name), str(plugin.version), score if said else None, problem)
