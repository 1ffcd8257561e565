"""The model card for everybody: what ``manage.py detector evaluate --card`` measured and compared last."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Final

from moderation import detector
from moderation.detector import Band, HeadError
from moderation.detector.evaluation.ablation import Row
from moderation.detector.evaluation.measure import Result
from moderation.detector.head import DATA, Head
from moderation.detector.judgement import trained
from moderation.wording import labels, measures

CARD_FILE: Final = DATA / "evaluation.json"
TRIED_FILE: Final = DATA / "ablation.json"
FEWEST_PICTURES: Final = 5
"""A generator with fewer has no line of its own."""
PLOTS: Final = ("roc", "reliability", "scores", "generators", "media", "alterations")


@dataclass(frozen=True)
class Card:
    """The measurement, and what is installed."""

    measured: dict[str, Any]
    model: str
    is_current: bool
    """Whether the installed head and calibration are those that were measured."""

    @property
    def overall(self) -> dict[str, dict[str, float]]:
        """By a name that templates can read."""
        figures: dict[str, dict[str, float]] = self.measured["overall"]
        names = {"found_at_0.5%": "found_half", "found_at_1.0%": "found_one", "found_at_5.0%": "found_five"}
        return {names.get(name, name): figure for name, figure in figures.items()}

    @property
    def bands(self) -> list[tuple[str, float, float]]:
        """Band, the share of human works in it, the share of generated pictures in it."""
        human, generated = self.measured["bands"]["human"], self.measured["bands"]["generated"]
        return [(labels.label(labels.BANDS, band), human[band], generated[band]) for band in Band]

    @property
    def media(self) -> list[dict[str, Any]]:
        """Human works by the medium they were taken for."""
        silent = self.measured["silent"]
        return [
            part | {"label": labels.label(labels.MEDIUMS, part["name"]), "silent": part["name"] in silent}
            for part in self.measured["media"]
        ]

    @property
    def silent(self) -> list[str]:
        return [labels.label(labels.MEDIUMS, medium) for medium in self.measured["silent"]]

    @property
    def generators(self) -> list[dict[str, Any]]:
        return [part for part in self.measured["generators"] if part["pictures"] >= FEWEST_PICTURES]

    @property
    def plots(self) -> list[tuple[str, str]]:
        """File and words of each drawing."""
        return [(f"detector/{name}.svg", str(measures.PLOTS[name])) for name in PLOTS]

    @property
    def tried(self) -> list[dict[str, Any]]:
        """A line for each variant, by one protocol; empty where another head's variants were compared."""
        found = _tried()
        rows: list[dict[str, Any]] = found["rows"] if found.get("head") == self.measured["head"] else []
        return rows

    @property
    def alterations(self) -> list[dict[str, Any]]:
        return [
            one | {"label": labels.label(measures.ALTERATIONS, one["name"])}
            for one in self.measured["alterations"]
        ]


def write(result: Result) -> None:
    """Keep what was measured beside the head, to be committed with it."""
    CARD_FILE.write_text(json.dumps(result.as_json(), sort_keys=True) + "\n")


def write_tried(rows: Sequence[Row], head: Head) -> None:
    """Keep what was compared with ``head``, to be committed with it."""
    value = {"head": head.sha256, "rows": [asdict(row) for row in rows]}
    TRIED_FILE.write_text(json.dumps(value, sort_keys=True, indent=0) + "\n")


def read() -> Card | None:
    """The card, or None where nothing was measured or no head is installed."""
    try:
        measured = _measured()
        head, calibration = trained()
    except (OSError, ValueError, HeadError):
        return None
    current = (measured["head"], measured["calibration"]) == (head.sha256, calibration.sha256)
    return Card(measured, detector.model_version(), current)


@lru_cache(maxsize=1)
def _measured() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(CARD_FILE.read_bytes())
    return found


@lru_cache(maxsize=1)
def _tried() -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(TRIED_FILE.read_bytes())
    except (OSError, ValueError):
        return {}  # nothing was compared on this installation
    return found
