"""Who judges a picture in a measurement: the installed head, or one that has not seen its maker."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from moderation.detector import training
from moderation.detector.calibration import Calibration
from moderation.detector.features import Features, FeatureStore, Progress
from moderation.detector.head import Head
from moderation.detector.judgement import Band, judge_with
from moderation.detector.manifest import Manifest


@dataclass(frozen=True, eq=False)
class Judge:
    """The head and calibration of each picture, and what they say of it."""

    heads: list[Head]
    calibrations: list[Calibration]
    of: NDArray[np.int64]
    """``[n]``: which of them judges the row."""

    @property
    def crops(self) -> int:
        """Native crops that all of them judge beside the whole."""
        return self.calibrations[0].crops

    def logits(self, rows: NDArray[np.int64], seen: Features) -> NDArray[np.float64]:
        """Of the features of ``rows``, in their order."""
        found = np.zeros(len(rows))
        for judge, head in enumerate(self.heads):
            mine = self.of[rows] == judge
            found[mine] = head.logits(seen.class_tokens[mine])
        return found

    def probabilities(self, rows: NDArray[np.int64], logits: NDArray[np.float64]) -> NDArray[np.float64]:
        pairs = zip(self.of[rows], logits, strict=True)
        return np.array([float(self.calibrations[judge].probability(logit)) for judge, logit in pairs])

    def bands(self, rows: NDArray[np.int64], seen: Features, budget: int) -> list[tuple[Band, str]]:
        """Band and medium of the features of ``rows``."""
        found = []
        for at, row in enumerate(rows):
            head, calibration = self.heads[self.of[row]], self.calibrations[self.of[row]]
            judged = judge_with(
                head, calibration, seen.class_tokens[at], seen.final[at], encoder=head.encoder, budget=budget
            )
            found.append((judged.band, judged.medium))
        return found


def without_makers(
    pictures: Manifest, store: FeatureStore, crops: int, progress: Progress
) -> tuple[Judge, NDArray[np.float64]]:
    """For each fold, a head and a calibration from the other folds alone; and the highest scores."""
    recipe = replace(training.RECIPE, crops=crops)
    seen = training.see(pictures, store, recipe, progress)
    scores = training.out_of_fold(seen, recipe)
    calibrations = [
        training.calibrated(one, seen, scores, recipe, among=scores.folds != fold)
        for fold, one in enumerate(scores.heads)
    ]
    return Judge(scores.heads, calibrations, scores.folds), scores.highest
