"""Figures of merit of scores against labels, with intervals that respect who made what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Labels = NDArray[np.bool_]
Figure = Callable[[Scores, Labels], float]


@dataclass(frozen=True)
class Interval:
    """A figure and the middle 95 % of what resampling gives for it."""

    value: float
    low: float
    high: float


def auc(scores: Scores, generated: Labels) -> float:
    """Area under the ROC curve: the chance that a generated picture scores above a human one."""
    positives, negatives = scores[generated], np.sort(scores[~generated])
    below = np.searchsorted(negatives, positives, side="left")
    not_above = np.searchsorted(negatives, positives, side="right")
    return float((below + not_above).sum() / (2 * len(positives) * len(negatives)))


def threshold_at(scores: Scores, generated: Labels, share: float) -> float:
    """The least score that at most ``share`` of the human works exceed."""
    human = np.sort(scores[~generated])
    return float(human[len(human) - 1 - int(share * len(human) + 1e-9)])


def found_at(share: float) -> Figure:
    """The true-positive rate where at most ``share`` of the human works are called generated."""

    def figure(scores: Scores, generated: Labels) -> float:
        return float((scores[generated] > threshold_at(scores, generated, share)).mean())

    return figure


def accuracy(probabilities: Scores, generated: Labels) -> float:
    """At probability one half."""
    return float(((probabilities > 0.5) == generated).mean())


def calibration_error(probabilities: Scores, generated: Labels) -> float:
    """Expected calibration error (ECE) over ten equal bins."""
    return float(sum(row.share * abs(row.stated - row.seen) for row in reliability(probabilities, generated)))


@dataclass(frozen=True)
class Bin:
    """Pictures of similar probability."""

    stated: float
    """Their mean probability."""
    seen: float
    """The share of them that is generated."""
    share: float
    """Their share of all pictures."""


def reliability(probabilities: Scores, generated: Labels, bins: int = 10) -> list[Bin]:
    """Stated against seen, for the bins that hold any picture."""
    of = np.minimum((probabilities * bins).astype(int), bins - 1)
    return [
        Bin(
            float(probabilities[of == at].mean()), float(generated[of == at].mean()), float((of == at).mean())
        )
        for at in range(bins)
        if (of == at).any()
    ]


def interval(
    figure: Figure, scores: Scores, generated: Labels, groups: Sequence[str], *, times: int = 400
) -> Interval:
    """Resample whole groups within each class: pictures of one maker are not independent."""
    draw = np.random.default_rng(0)
    members = [_members(groups, np.flatnonzero(generated == side)) for side in (True, False)]
    found = []
    for _ in range(times):
        rows = np.concatenate([np.concatenate(_resample(one, draw)) for one in members])
        found.append(figure(scores[rows], generated[rows]))
    low, high = np.quantile(found, [0.025, 0.975])
    return Interval(figure(scores, generated), float(low), float(high))


def share_interval(count: int, total: int) -> Interval:
    """Wilson's 95 % interval of a share."""
    if not total:
        return Interval(0.0, 0.0, 1.0)
    z, share = 1.96, count / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    reach = z / (1 + z * z / total) * np.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return Interval(share, max(0.0, float(middle - reach)), min(1.0, float(middle + reach)))


def _members(groups: Sequence[str], rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    found: dict[str, list[int]] = {}
    for row in rows.tolist():
        found.setdefault(groups[row], []).append(row)
    return [np.array(rows) for rows in found.values()]


def _resample(members: list[NDArray[np.int64]], draw: np.random.Generator) -> list[NDArray[np.int64]]:
    return [members[at] for at in draw.integers(0, len(members), len(members))]
