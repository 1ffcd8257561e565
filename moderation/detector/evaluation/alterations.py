"""What alterations do to the scores of the same pictures: above all, whom they accuse."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moderation.detector.evaluation import figures
from moderation.detector.evaluation.figures import Interval
from moderation.detector.evaluation.judges import Judge
from moderation.detector.features import FeatureStore, Progress
from moderation.detector.judgement import Band
from moderation.detector.manifest import Labelled, Manifest


@dataclass(frozen=True)
class Altered:
    """What an alteration does to the scores of the same pictures."""

    name: str
    human: int
    generated: int
    auc: float
    found: float
    """True positives above the score that 1 % of all unaltered human works exceed."""
    false: Interval
    """Human works above that score."""
    held: Interval
    """Human works with signs of generation, by the thresholds in force."""


def measure(
    view: str,
    rows: NDArray[np.int64],
    pictures: Manifest,
    store: FeatureStore,
    judge: Judge,
    *,
    one_percent: float,
    budget: int,
    progress: Progress,
) -> Altered:
    """Judge ``rows`` seen through ``view``; 1 % of all human works exceed the score ``one_percent``."""
    seen = store.judged(view, [pictures.files[at] for at in rows], judge.crops, progress)
    scores = judge.probabilities(rows, judge.logits(rows, seen))
    bands = judge.bands(rows, seen, budget)
    generated = pictures.generated[rows]
    human = np.flatnonzero(~generated)
    return Altered(
        name=view,
        human=len(human),
        generated=int(generated.sum()),
        auc=figures.auc(scores, generated),
        found=float((scores[generated] > one_percent).mean()),
        false=figures.share_interval(int((scores[human] > one_percent).sum()), len(human)),
        held=figures.share_interval(sum(bands[at][0] == Band.SIGNS for at in human), len(human)),
    )


def some(rows: Sequence[Labelled], count: int) -> NDArray[np.int64]:
    """Half of ``count`` human rows and a fifth of it generated ones; the same ones every time.

    What matters of an alteration is whom it accuses.
    """
    draw = np.random.default_rng(0)
    chosen = []
    for side, share in ((False, 2), (True, 5)):
        mine = [at for at, row in enumerate(rows) if row.generated == side]
        chosen += draw.permutation(mine)[: max(1, count // share)].tolist()
    return np.array(sorted(chosen), dtype=np.int64)
