"""An estimate of generation as pages draw it: on a line, among human works, over the picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from moderation import detector, wording
from moderation.detector import Band, HeadError, Judgement, Medium
from moderation.detector.explain import read_map
from moderation.detector.judgement import trained, version_of
from moderation.models import CheckResult
from moderation.wording import labels

BARS = 25


@dataclass(frozen=True)
class Bar:
    """A column of the drawing, in hundredths of its width and height."""

    x: str
    width: str
    y: str
    height: str


@dataclass(frozen=True)
class Cell:
    """A quarter of the picture's side, and how strongly it is tinted."""

    x: int
    y: int
    opacity: str
    says: str


@dataclass(frozen=True)
class Estimate:
    """One stored estimate."""

    result: CheckResult
    named: Medium | None = None
    """The medium that a reviewer has named."""

    @property
    def data(self) -> Mapping[str, Any]:
        data: Mapping[str, Any] = self.result.data
        return data

    @property
    def medium(self) -> str:
        return str(self.data.get("medium") or "")

    @property
    def is_by_reviewer(self) -> bool:
        return bool(self.data.get("medium_by") == "reviewer")

    @property
    def percent(self) -> str:
        return wording.share(self.result.score)

    @cached_property
    def among(self) -> list[Bar]:
        """The scores of the human works of its medium that the mark was drawn from; empty where the estimate
        is another model's, or no such work is known."""
        try:
            head, calibration = trained()
        except HeadError:
            return []
        if self.result.versions.get("model") != version_of(head, calibration) or not self.medium:
            return []
        known = np.array(calibration.human.get(Medium(self.medium), ()))
        if not len(known):
            return []
        counts, _edges = np.histogram(calibration.probability(known), bins=BARS, range=(0, 1))
        # The root keeps the few high scores, of which everything depends, from vanishing beside the many low.
        heights = np.sqrt(counts / counts.max()) * 100
        return [
            Bar(f"{100 * at / BARS:.1f}", f"{100 / BARS:.1f}", f"{100 - height:.1f}", f"{height:.1f}")
            for at, height in enumerate(heights)
            if height
        ]

    @cached_property
    def cells(self) -> list[Cell]:
        """The map over the picture; empty where none was made."""
        found = read_map(self.data.get("map"))
        if found is None:
            return []
        return [
            Cell(x, y, f"{0.7 * score:.2f}", wording.share(score))
            for y, line in enumerate(found.cells())
            for x, score in enumerate(line)
        ]

    @property
    def corrected_to(self) -> Medium | None:
        """What a reviewer has named since, where it differs from what the estimate was made for."""
        return self.named if self.named is not None and self.named != self.medium else None

    @property
    def corrected_label(self) -> str:
        return labels.label(labels.MEDIUMS, self.corrected_to or "")

    @cached_property
    def as_corrected(self) -> Judgement | None:
        """What the same value means in the medium that a reviewer named; None where that cannot be said."""
        if self.corrected_to is None or self.data.get("logit") is None:
            return None
        rules = self.result.screening.policy.rules
        return detector.judge_again(
            str(self.result.versions.get("model")),
            float(self.data["logit"]),
            self.corrected_to,
            budget=rules.budget(self.corrected_to),
        )

    @property
    def corrected_band(self) -> str:
        judged = self.as_corrected
        return labels.label(labels.BANDS, judged.band) if judged else ""

    @property
    def corrected_silence(self) -> str:
        judged = self.as_corrected
        if judged is None or judged.band != Band.CANNOT_TELL:
            return ""
        return labels.label(labels.SILENCES, judged.reason or "")

    @property
    def media(self) -> list[tuple[str, str, bool]]:
        """Every medium with its name, and whether it is the one in force."""
        chosen = str(self.corrected_to or self.medium)
        return [
            (medium.value, labels.label(labels.MEDIUMS, medium), medium.value == chosen) for medium in Medium
        ]
